using Hearth.Core.Events;
using Hearth.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace Hearth.Homes.Tests;

public sealed class Feeds
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_ring_keeps_the_newest_rows_within_its_bounds()
    {
        var ring = new RowRing(3, 1 << 20, new FakeTimeProvider());
        foreach (var row in Rows(1, 2, 3, 4, 5))
        {
            ring.Add([row]);
        }

        Assert.Equal([3L, 4, 5], First(ring.Read(new Sequence(2), 10, 1 << 20)));
        Assert.Empty(ring.Read(new Sequence(1), 10, 1 << 20));
        Assert.Equal(5, ring.Head.Value);
    }

    [Fact]
    public void A_ring_holds_few_bytes_but_always_the_newest_row()
    {
        var ring = new RowRing(100, 10, new FakeTimeProvider());
        ring.Add(Rows(1, 2));

        Assert.Equal([2L], First(ring.Read(new Sequence(1), 10, 1)));
    }

    [Fact]
    public void A_cursor_inside_a_row_gets_it_whole()
    {
        var ring = new RowRing(10, 1 << 20, new FakeTimeProvider());
        ring.Add([Row.Of(HomeId.Default, [Event(1), Event(2), Event(3)]), .. Rows(4)]);

        Assert.Equal([1L, 4], First(ring.Read(new Sequence(2), 10, 1 << 20)));
        Assert.Equal([4L], First(ring.Read(new Sequence(3), 10, 1 << 20)));
        Assert.Equal([1L], First(ring.Read(new Sequence(0), 1, 1 << 20)));
    }

    [Fact]
    public async Task Who_waits_is_woken_by_rows_by_a_reload_and_by_the_end()
    {
        var ring = new RowRing(10, 1 << 20, new FakeTimeProvider());
        var byRows = ring.WaitAsync(Sequence.None, Token);
        ring.Add(Rows(1));
        await byRows;
        var byReload = ring.WaitAsync(new Sequence(1), Token);
        ring.MoveTo(new Sequence(7));
        await byReload;
        Assert.Empty(ring.Read(new Sequence(1), 10, 1 << 20));
        var byTheEnd = ring.WaitAsync(new Sequence(7), Token);
        ring.Close();
        await byTheEnd;
    }

    [Fact]
    public async Task Waiting_ends_with_its_token()
    {
        var ring = new RowRing(10, 1 << 20, new FakeTimeProvider());
        using var source = new CancellationTokenSource();
        var waiting = ring.WaitAsync(Sequence.None, source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Rows_older_than_the_ring_come_from_the_log_without_a_gap()
    {
        await using var hub = await AHub.StartAsync(options: new HomesOptions { RingRows = 2 });
        var home = hub.Home;
        for (var number = 0; number < 20; number++)
        {
            await home.SubmitAsync([AHub.Message($"t/{number}")], Token);
        }

        var seen = new List<Row>();
        while (seen.Count == 0 || seen[^1].Last < home.Feed.Head)
        {
            var after = seen.Count == 0 ? Sequence.None : seen[^1].Last;
            seen.AddRange(await home.Feed.ReadAsync(after, 7, 1 << 20, Token));
        }

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(one => (long)one), First(seen));
        Assert.Equal(21, seen.Count);
    }

    [Fact]
    public async Task A_cursor_that_retention_has_overtaken_is_told_where_the_log_goes_on()
    {
        var log = new MemoryLog(TimeProvider.System);
        await using var hub = await AHub.StartAsync(
            log,
            options: new HomesOptions { RingRows = 2 }
        );
        var home = hub.Home;
        for (var number = 0; number < 10; number++)
        {
            await home.SubmitAsync([AHub.Message($"t/{number}")], Token);
        }

        log.TakeOldest(home.Id, 4);

        var gone = await Assert.ThrowsAsync<CursorGoneException>(() =>
            home.Feed.ReadAsync(new Sequence(2), 10, 1 << 20, Token).AsTask()
        );
        Assert.Equal(5, gone.Oldest.Value);
        var rows = await home.Feed.ReadAsync(new Sequence(4), 1, 1 << 20, Token);
        Assert.Equal(5, rows[0].First.Value);
    }

    private static IEnumerable<long> First(IEnumerable<Row> rows) =>
        rows.Select(row => row.First.Value);

    private static Row[] Rows(params long[] sequences) =>
        [.. sequences.Select(one => Row.Of(HomeId.Default, [Event(one)]))];

    private static Event Event(long sequence) =>
        new()
        {
            Sequence = new Sequence(sequence),
            Id = new Sequence(sequence).ToString(),
            Source = HomeId.Default.Source,
            Time = Noon,
            RecordedTime = Noon,
            Principal = Principal.Hub,
            Root = new EventRef(new Sequence(sequence), new Sequence(sequence).ToString()),
            Data = new HubStopped(),
        };
}
