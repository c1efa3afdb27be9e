using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Homes.Tests;

public sealed class PublishedOnce
{
    [Fact]
    public async Task The_same_id_twice_in_one_batch_is_one_event_and_a_duplicate()
    {
        using var home = await AHome.OpenAsync();

        var answers = await home.AskAsync(AHome.Events("1", "2", "1"));

        var published = answers[0].Published;
        Assert.Equal([false, false, true], published.Select(item => item.Duplicate));
        Assert.Equal(published[0].Sequence, published[2].Sequence);
        Assert.Equal(2, answers[0].Row!.Events.Count);
    }

    [Fact]
    public async Task A_duplicate_of_what_is_not_durable_yet_waits_and_tells_its_sequence()
    {
        using var home = await AHome.OpenAsync();
        home.Log.Hold();
        var first = await home.SubmitAsync(AHome.Events("1"));
        var again = await home.SubmitAsync(AHome.Events("1"));
        await home.SettledAsync();
        Assert.False(again.IsCompleted);

        home.Log.LetAll();

        var taken = (await first)[0].Published[0];
        Assert.Equal([taken with { Duplicate = true }], (await again)[0].Published);
        Assert.Single(home.Types, type => type == "test.happened");
    }

    [Fact]
    public async Task A_batch_of_old_and_new_appends_the_new_and_answers_in_the_order_given()
    {
        using var home = await AHome.OpenAsync();
        var old = (await home.AskAsync(AHome.Events("1")))[0].Published[0];

        var answers = await home.AskAsync(AHome.Events("2", "1", "3"));

        Assert.Equal(["2", "1", "3"], answers[0].Published.Select(item => item.Id));
        Assert.Equal([false, true, false], answers[0].Published.Select(item => item.Duplicate));
        Assert.Equal(old.Sequence, answers[0].Published[1].Sequence);
    }

    [Fact]
    public async Task Another_principal_with_the_same_id_is_no_duplicate()
    {
        using var home = await AHome.OpenAsync();
        await home.AskAsync(AHome.Events("1"));

        var other = AHome.Events("1") with { Principal = new Principal("token:other") };
        var answers = await home.AskAsync(other);

        Assert.False(answers[0].Published[0].Duplicate);
    }

    [Fact]
    public async Task A_restart_remembers_what_was_published()
    {
        using var home = await AHome.OpenAsync();
        var first = (await home.AskAsync(AHome.Events("1")))[0].Published[0];
        await home.StopAsync();
        using var next = await AHome.OpenAsync(home.Log, home.Clock);

        var again = await next.AskAsync(AHome.Events("1"));

        Assert.Equal([first with { Duplicate = true }], again[0].Published);
    }
}
