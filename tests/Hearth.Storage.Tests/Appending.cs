using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

public sealed class Appending : IDisposable
{
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_appended_is_read_back_as_it_was()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var row = home.RowOf(new Sequence(1), AHome.Reading(1));
        await home.AppendAsync(AHome.Reading(1), AHome.Reading(2));

        var rows = await log.ReadAsync(home.Id, Sequence.None, 10, int.MaxValue, Token);

        Assert.Equal(2, rows.Count);
        Assert.Equal(row.Body.ToArray(), rows[0].Body.ToArray());
        Assert.Equal((row.First, row.Last), (rows[0].First, rows[0].Last));
        Assert.Equal(row.Class, rows[0].Class);
        Assert.Equal(row.Time, rows[0].Time);
        Assert.Equal(row.Events[1].Type, rows[0].Events[1].Type);
    }

    [Fact]
    public async Task A_restart_finds_what_was_committed()
    {
        var home = new AHome(null!);
        await using (var log = await _folder.OpenAsync())
        {
            home = new AHome(log);
            await home.OpenAsync();
            await home.ReadingAsync(1);
        }

        await using var again = await _folder.OpenAsync();
        var opened = await again.OpenAsync(home.Id, Token);

        Assert.Equal(new Sequence(2), opened.Last);
        Assert.Equal(2, opened.Owner);
        Assert.Single(await again.ReadAsync(home.Id, Sequence.None, 10, int.MaxValue, Token));
    }

    [Theory]
    [InlineData(0, new[] { 2L, 4, 6 })]
    [InlineData(1, new[] { 2L, 4, 6 })]
    [InlineData(2, new[] { 4L, 6 })]
    [InlineData(3, new[] { 4L, 6 })]
    [InlineData(5, new[] { 6L })]
    [InlineData(6, new long[0])]
    [InlineData(99, new long[0])]
    public async Task A_row_that_the_reader_stands_inside_comes_whole(long after, long[] lasts)
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.AppendAsync(AHome.Reading(1), AHome.Reading(2), AHome.Reading(3));

        var rows = await log.ReadAsync(home.Id, new Sequence(after), 10, int.MaxValue, Token);

        Assert.Equal(lasts, rows.Select(row => row.Last.Value));
    }

    [Fact]
    public async Task Reading_stops_at_either_maximum_but_always_comes_on()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.AppendAsync(AHome.Reading(1), AHome.Reading(2), AHome.Reading(3));
        var size = (await log.ReadAsync(home.Id, Sequence.None, 1, 1, Token))[0].Body.Length;

        Assert.Equal(2, (await log.ReadAsync(home.Id, Sequence.None, 2, 9999, Token)).Count);
        Assert.Equal(2, (await log.ReadAsync(home.Id, Sequence.None, 9, 2 * size, Token)).Count);
        Assert.Single(await log.ReadAsync(home.Id, Sequence.None, 9, 1, Token));
    }

    [Fact]
    public async Task Rows_that_do_not_follow_each_other_are_a_mistake()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var row = home.RowOf(new Sequence(2), AHome.Reading(1));
        var commit = new HomeCommit(home.Id, home.Owner, Sequence.None, [row], null, []);

        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync(commit));
    }

    [Fact]
    public async Task Appends_that_nobody_awaited_keep_their_order_and_share_commits()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var before = log.Statistics.Commits;

        await Task.WhenAll(Enumerable.Range(1, 500).Select(home.ReadingAsync).ToList());

        var rows = await log.ReadAsync(home.Id, Sequence.None, 999, int.MaxValue, Token);
        Assert.Equal(
            Enumerable.Range(1, 500).Select(number => $"{number}.5"),
            rows.Select(row => ((Core.Devices.StateChanged)row.Events[1].Data).To.Value)
        );
        Assert.True(log.Statistics.Commits - before < 400, "Hardly any commit was shared.");
        Assert.Equal(500, log.Statistics.Rows);
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_and_loses_nothing()
    {
        await using var log = await _folder.OpenAsync(options => options with { QueueMax = 2 });
        var home = new AHome(log);
        await home.OpenAsync();

        await Task.WhenAll(Enumerable.Range(1, 300).Select(home.ReadingAsync).ToList());

        var rows = await log.ReadAsync(home.Id, Sequence.None, 999, int.MaxValue, Token);
        Assert.Equal(300, rows.Count);
    }

    [Fact]
    public async Task Many_homes_append_and_read_at_once()
    {
        await using var log = await _folder.OpenAsync();
        await Task.WhenAll(
            Enumerable.Range(1, 8).Select(number => Task.Run(() => LiveAsync(number), Token))
        );

        async Task LiveAsync(int number)
        {
            var home = new AHome(log, "home-" + number);
            await home.OpenAsync();
            var cursor = Sequence.None;
            for (var round = 1; round <= 40; round++)
            {
                await home.AppendAsync(AHome.Reading(round), AHome.Reading(round + 1));
                var rows = await log.ReadAsync(home.Id, cursor, 10, int.MaxValue, Token);
                Assert.Equal(2, rows.Count);
                Assert.All(rows, row => Assert.Equal(home.Id, row.Home));
                cursor = rows[^1].Last;
            }

            Assert.Equal(new Sequence(160), cursor);
        }
    }

    [Fact]
    public async Task Closing_writes_what_is_queued()
    {
        var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var queued = Enumerable.Range(1, 100).Select(home.ReadingAsync).ToList();

        await log.DisposeAsync();

        await Task.WhenAll(queued);
        await using var again = await _folder.OpenAsync();
        Assert.Equal(new Sequence(200), (await again.OpenAsync(home.Id, Token)).Last);
    }

    [Fact]
    public async Task Homes_with_something_pending_are_known()
    {
        await using var log = await _folder.OpenAsync();
        var idle = new AHome(log, "idle");
        var later = new AHome(log, "later") { NextWakeup = AHome.Start.AddHours(2) };
        var soon = new AHome(log, "soon") { NextWakeup = AHome.Start.AddHours(1) };
        var done = new AHome(log, "done") { NextWakeup = AHome.Start };
        foreach (var home in new[] { idle, later, soon, done })
        {
            await home.OpenAsync();
            await home.ReadingAsync(1);
        }

        done.NextWakeup = null;
        await done.AppendAsync();

        Assert.Equal(
            [
                new HomeWakeup(soon.Id, AHome.Start.AddHours(1)),
                new HomeWakeup(later.Id, AHome.Start.AddHours(2)),
            ],
            await log.WakeupsAsync(Token)
        );
    }
}
