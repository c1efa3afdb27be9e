using Hearth.Core.Events;
using Hearth.Simulation;
using Hearth.Storage;

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

    [Fact]
    public async Task Two_hubs_live_beside_each_other_on_one_machine()
    {
        await using var one = await AHub.StartAsync();
        await using var other = await AHub.StartAsync();

        var here = await one.Home.SubmitAsync([AHub.Message("here")], Token);
        var there = await other.Home.SubmitAsync([AHub.Message("there")], Token);

        Assert.Equal(here[0].Row!.First, there[0].Row!.First);
    }

    [Fact]
    public async Task A_home_with_something_pending_is_woken_after_a_start_though_nobody_calls()
    {
        var log = new MemoryLog(TimeProvider.System);
        await log.OpenAsync(HomeId.Default, Token);
        var wakeup = new HomeCommit(
            HomeId.Default,
            1,
            Sequence.None,
            [],
            DateTimeOffset.MaxValue,
            []
        );
        await log.AppendAsync(wakeup);

        await using var hub = await AHub.StartAsync(log);

        await log.WhenAsync(() => log.Last(HomeId.Default) > Sequence.None, Token);
    }

    [Fact]
    public async Task A_hub_that_stops_in_order_says_so_in_every_log()
    {
        var log = new MemoryLog(TimeProvider.System);
        var hub = await AHub.StartAsync(log);
        await hub.Home.SubmitAsync([AHub.Message("a")], Token);

        await hub.DisposeAsync();

        Assert.IsType<HubStopped>(log.Rows(HomeId.Default)[^1].Events[^1].Data);
    }
}
