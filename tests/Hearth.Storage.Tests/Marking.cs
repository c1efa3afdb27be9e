using Hearth.Core.Events;
using Hearth.Storage.Sqlite;

namespace Hearth.Storage.Tests;

public sealed class Marking : IDisposable
{
    private readonly AFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_home_was_never_alive()
    {
        await using var log = await _folder.OpenAsync();

        Assert.Null((await new AHome(log).OpenAsync()).LastAlive);
    }

    [Fact]
    public async Task A_home_was_alive_until_its_hub_stopped()
    {
        await using (var log = await _folder.OpenAsync())
        {
            var home = new AHome(log);
            await home.OpenAsync();
            await home.ReadingAsync(1);
            _folder.Time.Advance(TimeSpan.FromMinutes(10));
        }

        var stopped = _folder.Time.GetUtcNow();
        _folder.Time.Advance(TimeSpan.FromHours(3));
        await using var again = await _folder.OpenAsync();

        Assert.Equal(stopped, (await new AHome(again).OpenAsync()).LastAlive);
    }

    [Fact]
    public async Task Without_traffic_the_sign_of_life_is_given_all_the_same()
    {
        await using var log = await _folder.OpenAsync();
        await new AHome(log).OpenAsync();
        _folder.Time.Advance(TimeSpan.FromSeconds(90));

        await UntilAsync(() => SignOfLife() == _folder.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_home_that_is_opened_again_was_alive_with_its_hub()
    {
        await using var log = await _folder.OpenAsync();
        await new AHome(log).OpenAsync();
        _folder.Time.Advance(TimeSpan.FromSeconds(90));
        await UntilAsync(() => SignOfLife() == _folder.Time.GetUtcNow());

        var opened = await new AHome(log).OpenAsync();

        Assert.Equal(_folder.Time.GetUtcNow(), opened.LastAlive);
    }

    [Fact]
    public async Task A_mark_that_is_no_mark_says_nothing()
    {
        await using (var log = await _folder.OpenAsync())
        {
            var home = new AHome(log);
            await home.OpenAsync();
            await home.ReadingAsync(1);
        }

        await File.WriteAllTextAsync(
            _folder.Mark,
            new string('7', 999),
            TestContext.Current.CancellationToken
        );
        await using var again = await _folder.OpenAsync();
        var opened = await new AHome(again).OpenAsync();

        Assert.Null(opened.LostUpTo);
        // The newest row is a sign of life, too.
        Assert.Equal(AHome.Start.AddMilliseconds(1), opened.LastAlive);
    }

    [Fact]
    public async Task A_database_that_has_forgotten_a_home_is_said_aloud()
    {
        await using (var log = await _folder.OpenAsync())
        {
            await new AHome(log, "first").OpenAsync();
            var home = new AHome(log);
            await home.OpenAsync();
            await home.ReadingAsync(1);
        }

        File.Delete(_folder.Database);
        await using var again = await _folder.OpenAsync();
        var opened = await new AHome(again).OpenAsync();

        Assert.Equal(Sequence.None, opened.Last);
        Assert.Equal(new Sequence(2), opened.LostUpTo);
        Assert.Single(_folder.Spoken.Errors);
    }

    private DateTimeOffset? SignOfLife()
    {
        using var mark = Mark.Open(_folder.Mark);
        return mark.LastAlive;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "It did not come to be.");
            await Task.Yield();
        }
    }
}
