using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Homes.Tests;

public sealed class Epochs
{
    [Fact]
    public async Task A_call_is_answered_and_shown_only_when_its_row_is_durable()
    {
        using var home = await AHome.OpenAsync();
        var before = home.Rows[^1].Last.Value;
        home.Log.Hold();

        var call = await home.SubmitAsync(AHome.Message("a"));
        var read = home.ReadAsync(before);
        await home.SettledAsync();
        Assert.False(call.IsCompleted);
        Assert.False(read.IsCompleted);

        home.Log.LetOne();
        Assert.Same((await call)[0].Row, (await read).Rows[0]);
    }

    [Fact]
    public async Task Calls_decided_while_a_commit_is_under_way_share_the_next()
    {
        using var home = await AHome.OpenAsync();
        home.Log.Hold();
        var before = home.Log.Commits;

        var calls = await home.SubmitTogetherAsync([
            .. Enumerable.Range(0, 5).Select(number => AHome.Message($"t/{number}")),
        ]);
        await home.SettledAsync();
        Assert.Equal(before + 2, home.Log.Commits);

        home.Log.LetAll();
        await Task.WhenAll(calls);
        Assert.Equal(before + 2, home.Log.Commits);
    }

    [Fact]
    public async Task A_failed_commit_fails_every_call_that_waits_also_those_behind_it()
    {
        using var home = await AHome.OpenAsync();
        var rows = home.Rows.Count;
        home.Log.Hold();
        var first = await home.SubmitAsync(AHome.Message("a"));
        var behind = await home.SubmitAsync(AHome.Message("b"));
        var refused = await home.SubmitAsync(new RemoveAutomation("none"));

        home.Log.FailOne();

        await Assert.ThrowsAsync<HomeClosedException>(() => first);
        await Assert.ThrowsAsync<HomeClosedException>(() => behind);
        await Assert.ThrowsAsync<HomeClosedException>(() => refused);
        home.Log.LetAll();
        Assert.Equal(rows, home.Rows.Count);
    }

    [Fact]
    public async Task A_closed_home_refuses_without_deciding_and_comes_back_when_the_log_does()
    {
        using var home = await AHome.OpenAsync();
        home.Log.IsBroken = true;
        await Assert.ThrowsAsync<HomeClosedException>(() => home.AskAsync(AHome.Message("a")));
        var commits = home.Log.Commits;
        await Assert.ThrowsAsync<HomeClosedException>(() => home.AskAsync(AHome.Message("b")));
        Assert.Equal(commits, home.Log.Commits);
        var openings = home.Log.Openings;
        await home.PassAsync(
            TimeSpan.FromMilliseconds(500),
            () => home.Log.Openings > openings + 3
        );

        home.Log.IsBroken = false;
        openings = home.Log.Openings;
        await home.PassAsync(TimeSpan.FromMilliseconds(500), () => home.Log.Openings > openings);
        await home.SettledAsync();

        var answers = await home.AskAsync(AHome.Message("c"));
        Assert.Equal("c", answers[0].Row!.Events[0].Data.Subject);
        Assert.DoesNotContain(home.Rows, row => row.Events[0].Data.Subject is "a" or "b");
        Assert.Equal(openings + 1, home.Log.Openings);
    }

    [Fact]
    public async Task A_commit_that_was_durable_after_all_is_found_shown_and_taken_once()
    {
        using var home = await AHome.OpenAsync();
        var before = home.Rows[^1].Last.Value;
        home.Log.Hold();
        var call = await home.SubmitAsync(AHome.Events("1"));
        home.Log.TearOne();
        await Assert.ThrowsAsync<HomeClosedException>(() => call);
        home.Log.LetAll();
        var openings = home.Log.Openings;
        await home.PassAsync(TimeSpan.FromMilliseconds(100), () => home.Log.Openings > openings);
        await home.SettledAsync();

        var again = await home.AskAsync(AHome.Events("1"));
        var shown = await home.ReadAsync(before);

        var first = new PublishedEvent("1", new Sequence(before + 1), Duplicate: true);
        Assert.Equal([first], again[0].Published);
        Assert.Equal(before + 1, shown.Rows[0].First.Value);
    }

    [Fact]
    public async Task A_refusal_waits_for_what_it_rests_on()
    {
        using var home = await AHome.OpenAsync();
        home.Log.Hold();
        var made = await home.SubmitAsync(Automation());
        var refused = await home.SubmitAsync(Automation());
        await home.SettledAsync();
        Assert.False(refused.IsCompleted);

        home.Log.LetAll();

        Assert.Null((await made)[0].Refusal);
        Assert.Equal(RefusalKind.Conflict, (await refused)[0].Refusal!.Kind);
    }

    [Fact]
    public async Task A_home_that_breaks_on_an_input_goes_on_with_what_the_log_says()
    {
        using var home = await AHome.OpenAsync();
        var broken = new SaveAutomation("a", Definition: null!);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => home.AskAsync(broken));
        var openings = home.Log.Openings;
        await home.PassAsync(TimeSpan.FromMilliseconds(100), () => home.Log.Openings > openings);
        await home.SettledAsync();

        Assert.NotNull((await home.AskAsync(AHome.Message("a")))[0].Row);
    }

    [Fact]
    public async Task A_home_that_another_owner_has_taken_ends()
    {
        using var home = await AHome.OpenAsync();
        using var other = await AHome.OpenAsync(home.Log, home.Clock);

        await Assert.ThrowsAsync<HomeClosedException>(() => home.AskAsync(AHome.Message("a")));

        await home.Ended;
        Assert.NotNull((await other.AskAsync(AHome.Message("b")))[0].Row);
    }

    [Fact]
    public async Task Calls_wait_before_they_are_decided_while_too_much_is_not_durable()
    {
        var options = new HomesOptions { UncommittedRowsMax = 2 };
        using var home = await AHome.OpenAsync(options: options);
        home.Log.Hold();
        await home.SubmitAsync(AHome.Message("a"));
        await home.SubmitAsync(AHome.Message("b"));
        var commits = home.Log.Commits;
        var third = await home.SubmitAsync(AHome.Message("c"));
        await home.SettledAsync();
        Assert.Equal(commits, home.Log.Commits);

        home.Log.LetAll();

        Assert.NotNull((await third)[0].Row);
    }

    private static SaveAutomation Automation() =>
        new(
            "a",
            """
            {"triggers":[{"trigger":"event","event_type":"test.happened"}],
            "actions":[{"action":"light.turn_on","target":{"entity_id":"light.x"}}]}
            """,
            MustBeNew: true
        );
}
