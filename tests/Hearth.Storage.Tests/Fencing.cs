using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

public sealed class Fencing : IDisposable
{
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_earlier_owner_appends_nothing()
    {
        await using var log = await _folder.OpenAsync();
        var earlier = new AHome(log);
        await earlier.OpenAsync();
        await earlier.ReadingAsync(1);
        var later = new AHome(log);
        await later.OpenAsync();

        await Assert.ThrowsAsync<LogFencedException>(() => earlier.ReadingAsync(2));
        await later.ReadingAsync(3);

        var rows = await log.ReadAsync(later.Id, Sequence.None, 10, int.MaxValue, Token);
        Assert.Equal([2L, 4L], rows.Select(row => row.Last.Value));
        Assert.Contains("3.5", System.Text.Encoding.UTF8.GetString(rows[1].Body.Span));
    }

    [Fact]
    public async Task An_end_other_than_expected_appends_nothing()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        home.Last = new Sequence(7);

        await Assert.ThrowsAsync<LogFencedException>(() => home.ReadingAsync(1));

        Assert.Empty(await log.ReadAsync(home.Id, Sequence.None, 10, int.MaxValue, Token));
    }

    [Fact]
    public async Task A_home_that_nobody_opened_has_no_owner()
    {
        await using var log = await _folder.OpenAsync();

        await Assert.ThrowsAsync<LogFencedException>(() => new AHome(log).ReadingAsync(1));
    }

    [Fact]
    public async Task In_a_shared_commit_only_the_fenced_home_is_undone()
    {
        await using var log = await _folder.OpenAsync();
        var fenced = new AHome(log, "fenced");
        var sound = new AHome(log, "sound");
        await fenced.OpenAsync();
        await sound.OpenAsync();
        fenced.Owner--;

        // Without awaiting in between they are in one commit, or the second one is alone in its:
        // either way nothing of the first may be there, and everything of the second.
        var tasks = new List<Task>();
        for (var number = 1; number <= 50; number++)
        {
            tasks.Add(fenced.ReadingAsync(number));
            tasks.Add(sound.ReadingAsync(number));
        }

        await Task.WhenAll(tasks.Select(task => task.ContinueWith(_ => { }, Token)));
        Assert.All(tasks.Where((_, index) => index % 2 == 0), task => Assert.True(task.IsFaulted));
        Assert.All(tasks.Where((_, index) => index % 2 == 1), task => Assert.False(task.IsFaulted));
        Assert.Empty(await log.ReadAsync(fenced.Id, Sequence.None, 99, int.MaxValue, Token));
        Assert.Equal(
            50,
            (await log.ReadAsync(sound.Id, Sequence.None, 99, int.MaxValue, Token)).Count
        );
    }

    [Fact]
    public async Task What_is_queued_behind_a_fenced_append_fails_too()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.ReadingAsync(1);
        home.Owner--;

        var queued = Enumerable.Range(2, 20).Select(home.ReadingAsync).ToList();

        foreach (var task in queued)
        {
            await Assert.ThrowsAsync<LogFencedException>(() => task);
        }
    }

    [Fact]
    public async Task Owners_that_race_for_a_home_leave_one_log_without_gaps()
    {
        await using var log = await _folder.OpenAsync();
        var accepted = 0;
        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(owner => Task.Run(() => RaceAsync(owner), Token))
        );

        var rows = await log.ReadAsync(HomeId.Default, Sequence.None, 9999, int.MaxValue, Token);
        Assert.Equal(accepted, rows.Count);
        Assert.Equal(2L * accepted, rows.Count == 0 ? 0 : rows[^1].Last.Value);

        async Task RaceAsync(int owner)
        {
            for (var round = 0; round < 10; round++)
            {
                var home = new AHome(log);
                await home.OpenAsync();
                var tasks = Enumerable
                    .Range(0, 5)
                    .Select(number => home.ReadingAsync(100 * owner + number))
                    .ToList();
                foreach (var task in tasks)
                {
                    try
                    {
                        await task;
                        Interlocked.Increment(ref accepted);
                    }
                    catch (LogFencedException)
                    {
                        // Another owner was faster.
                    }
                }
            }
        }
    }
}
