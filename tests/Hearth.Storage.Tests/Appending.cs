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
}
