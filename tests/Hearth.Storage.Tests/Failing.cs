using System.Diagnostics;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Tests;

public sealed class Failing : IDisposable
{
    private readonly AFolder _folder = new();
    private SqliteConnection? _writer;
    private string? _fault;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_full_database_takes_nothing_and_goes_on_when_there_is_room() =>
        FailsAndGoesOnAsync("PRAGMA max_page_count = 1");

    [Fact]
    public Task A_read_only_database_takes_nothing_and_goes_on_when_it_can_be_written() =>
        FailsAndGoesOnAsync("PRAGMA query_only = ON");

    [Fact]
    public async Task A_full_disk_takes_nothing_and_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(_folder.Path);
        Assert.SkipWhen(disk is null, "Mounting a small disk needs root.");
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var taken = 0;
        try
        {
            while (taken < 100_000)
            {
                await home.AppendAsync([.. Enumerable.Range(1, 100).Select(AHome.Reading)]);
                taken += 100;
            }

            Assert.Fail("The small disk was never full.");
        }
        catch (LogUnavailableException exception)
        {
            Assert.Contains("full", exception.Message);
        }

        Assert.Equal(taken, (await ReadAllAsync(log)).Count);

        disk!.Grow();
        await home.OpenAsync();
        Assert.Equal(2L * taken, home.Last.Value);
        await home.ReadingAsync(1);
        Assert.Equal(taken + 1, (await ReadAllAsync(log)).Count);
    }

    [Fact]
    public async Task What_is_queued_behind_a_failed_commit_is_not_there_either()
    {
        await using var log = await OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.ReadingAsync(1);
        Break("PRAGMA query_only = ON");

        var queued = Enumerable.Range(2, 40).Select(home.ReadingAsync).ToList();
        await Assert.ThrowsAsync<LogUnavailableException>(() => queued[0]);
        Repair();

        // Those that came into a later transaction find the log shorter than they thought.
        foreach (var task in queued.Skip(1))
        {
            var exception = await Record.ExceptionAsync(() => task);
            Assert.True(exception is LogUnavailableException or LogFencedException);
        }

        await home.OpenAsync();
        Assert.Equal(new Sequence(2), home.Last);
    }

    [Fact]
    public async Task A_failed_commit_fails_every_home_in_it()
    {
        await using var log = await OpenAsync();
        var homes = new[] { new AHome(log, "one"), new AHome(log, "two") };
        foreach (var home in homes)
        {
            await home.OpenAsync();
        }

        Break("PRAGMA query_only = ON");

        foreach (var task in homes.Select(home => home.ReadingAsync(1)).ToList())
        {
            await Assert.ThrowsAsync<LogUnavailableException>(() => task);
        }

        Assert.True(log.Statistics.Failures > 0);
        Assert.Contains(
            _folder.Spoken.Errors,
            line => line.Contains("nothing of it is in the log")
        );
    }

    [Fact]
    public async Task What_cannot_be_written_concerns_its_home_alone()
    {
        await using var log = await OpenAsync();
        var odd = new AHome(log, "odd");
        var sound = new AHome(log, "sound");
        await odd.OpenAsync();
        await sound.OpenAsync();
        // In its place lies a row already, so its own fails after the fence has moved.
        Execute(
            "INSERT INTO log SELECT (no << 44) + 2, 1, 0, 0, 0, '' FROM homes WHERE home = 'odd'"
        );

        var failed = odd.ReadingAsync(1);
        var written = sound.ReadingAsync(1);

        await Assert.ThrowsAsync<LogUnavailableException>(() => failed);
        await written;
        Execute("DELETE FROM log WHERE checksum = 0");
        await odd.OpenAsync();
        Assert.Equal(Sequence.None, odd.Last);
        await odd.ReadingAsync(1);
        Assert.Single(await log.ReadAsync(sound.Id, Sequence.None, 9, int.MaxValue, Token));
    }

    [Fact]
    public async Task A_closed_log_takes_nothing()
    {
        var log = await OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await log.DisposeAsync();

        await Assert.ThrowsAsync<LogUnavailableException>(() => home.ReadingAsync(1));
    }

    private async Task FailsAndGoesOnAsync(string fault)
    {
        await using var log = await OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.ReadingAsync(1);
        Break(fault);
        var big = new string('x', 300_000);
        var message = new MessageReceived("big", Payload.FromText(big), 1, false, "client");

        // Again and again, on the connections that take the place of the one that failed.
        for (var round = 0; round < 3; round++)
        {
            var refused = await Assert.ThrowsAsync<LogUnavailableException>(() =>
                log.AppendAsync(home.Commit([message]))
            );
            Assert.DoesNotContain(_folder.Path, refused.Message);
            Assert.Single(await ReadAllAsync(log));
        }

        Repair();
        await home.OpenAsync();
        Assert.Equal(new Sequence(2), home.Last);
        await home.AppendAsync([message]);
        var rows = await ReadAllAsync(log);
        Assert.Equal(2, rows.Count);
        Assert.Equal(big, ((MessageReceived)rows[1].Events[0].Data).Payload.Text);
    }

    private Task<SqliteEventLog> OpenAsync() =>
        _folder.OpenAsync(options =>
            options with
            {
                WriterConnected = connection =>
                {
                    _writer = connection;
                    if (_fault is not null)
                    {
                        Execute(_fault);
                    }
                },
            }
        );

    private void Break(string fault)
    {
        _fault = fault;
        Execute(fault);
    }

    /// <summary>The writer's next connection is sound.</summary>
    private void Repair() => _fault = null;

    private void Execute(string sql)
    {
        using var command = _writer!.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Task<IReadOnlyList<Row>> ReadAllAsync(SqliteEventLog log) =>
        log.ReadAsync(HomeId.Default, Sequence.None, int.MaxValue, int.MaxValue, Token);
}

/// <summary>A file system of one megabyte, where this process may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    public static SmallDisk? Mount(string path) =>
        OperatingSystem.IsLinux() && Run("-t", "tmpfs", "-o", "size=1m", "tmpfs", path)
            ? new SmallDisk(path)
            : null;

    public void Grow() =>
        Assert.True(Run("-o", "remount,size=16m", _path), "The disk could not be made larger.");

    public void Dispose()
    {
        using var process = Process.Start("umount", ["-l", _path]);
        process.WaitForExit();
    }

    private static bool Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("mount")
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
