using Hearth.Core.Events;

namespace Hearth.Homes.Tests;

public sealed class HomesInASilo
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Inputs_of_one_call_are_answered_with_their_rows_in_order()
    {
        await using var hub = await AHub.StartAsync();

        var answers = await hub.Home.SubmitAsync(
            [AHub.Message("a"), AHub.Message("b"), AHub.Message("c")],
            Token
        );

        Assert.Equal(["a", "b", "c"], answers.Select(answer => answer.Row!.Events[0].Data.Subject));
        Assert.Equal(
            [1L, 2, 3],
            answers.Select(answer => answer.Row!.First.Value - answers[0].Row!.First.Value + 1)
        );
    }

    [Fact]
    public async Task Calls_that_one_caller_makes_without_waiting_are_decided_in_order()
    {
        await using var hub = await AHub.StartAsync();
        var home = hub.Home;

        var calls = Enumerable
            .Range(0, 5_000)
            .Select(number => home.SubmitAsync([AHub.Message($"t/{number}")], Token))
            .ToArray();
        var answers = await Task.WhenAll(calls);

        var sequences = answers.Select(answer => answer[0].Row!.First.Value).ToArray();
        Assert.Equal(sequences.Order(), sequences);
        Assert.Equal(5_000, sequences.Distinct().Count());
    }

    [Fact]
    public async Task A_follower_sees_every_row_once_and_in_order_with_the_very_objects()
    {
        await using var hub = await AHub.StartAsync();
        var home = hub.Home;
        var after = await home.Feed.HeadAsync(Token);
        var submitted = new List<Row>();
        for (var number = 0; number < 10; number++)
        {
            var answers = await home.SubmitAsync([AHub.Message($"t/{number}")], Token);
            submitted.Add(answers[0].Row!);
        }

        var seen = new List<Row>();
        while (seen.Count < 10)
        {
            var rows = await home.Feed.ReadAsync(after, 3, 1 << 20, Token);
            seen.AddRange(rows);
            after = rows[^1].Last;
        }

        Assert.Equal(submitted, seen);
    }
}
