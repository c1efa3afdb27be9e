using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

/// <summary>A directory that is there and cannot be written when the log is opened.</summary>
public sealed class ReadOnlyStart : IDisposable
{
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_refuses_with_the_reason_until_there_is_room()
    {
        using var disk = SmallDisk.Mount(_folder.Path);
        Assert.SkipWhen(disk is null, "Mounting a small disk needs root.");
        await File.WriteAllBytesAsync(
            Path.Combine(_folder.Path, "filler"),
            new byte[(1 << 20) - 12_288],
            Token
        );

        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() => home.OpenAsync());
        Assert.Contains("full", refused.Message);
        Assert.DoesNotContain(_folder.Path, refused.Message);
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.WakeupsAsync(Token));
        Assert.Contains(_folder.Spoken.Errors, line => line.Contains("it is tried again"));

        disk!.Grow();
        await home.OpenAsync();
        await home.ReadingAsync(1);
        Assert.Single(await log.ReadAsync(HomeId.Default, Sequence.None, 9, int.MaxValue, Token));
    }

    [Fact]
    public async Task A_log_that_never_opened_is_closed_like_any_other()
    {
        using var disk = SmallDisk.Mount(_folder.Path);
        Assert.SkipWhen(disk is null, "Mounting a small disk needs root.");
        await File.WriteAllBytesAsync(
            Path.Combine(_folder.Path, "filler"),
            new byte[(1 << 20) - 12_288],
            Token
        );
        var log = await _folder.OpenAsync();

        await log.DisposeAsync();

        await Assert.ThrowsAsync<LogUnavailableException>(() => new AHome(log).OpenAsync());
        disk!.Grow();
        await using var next = await _folder.OpenAsync();
        await new AHome(next).OpenAsync();
    }
}
