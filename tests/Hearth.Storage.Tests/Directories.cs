using Hearth.Core.Events;
using Hearth.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Tests;

public sealed class Directories : IDisposable
{
    private readonly AFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_hubs_do_not_open_the_same_directory()
    {
        await using var first = await _folder.OpenAsync();

        var refused = await Assert.ThrowsAsync<DataDirectoryException>(() => _folder.OpenAsync());

        Assert.Equal(
            $"The data directory {_folder.Path} is in use by another hub. Stop that one, or start "
                + "this one with a directory of its own.",
            refused.Message
        );
    }

    [Fact]
    public async Task A_directory_is_free_again_when_its_hub_has_stopped()
    {
        await (await _folder.OpenAsync()).DisposeAsync();

        await using var log = await _folder.OpenAsync();

        Assert.NotNull(log);
    }

    [Fact]
    public async Task What_it_makes_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions.");
            return;
        }

        var path = Path.Combine(_folder.Path, "deep", "data");
        var options = new SqliteLogOptions(path);
        await using var log = await SqliteEventLog.OpenAsync(
            options,
            _folder.Time,
            loggers: null,
            TestContext.Current.CancellationToken
        );
        await new AHome(log).OpenAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(path)
        );
        Assert.Equal(4, Directory.GetFiles(path).Length);
        foreach (var file in Directory.GetFiles(path))
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(file)
            );
        }
    }

    [Fact]
    public async Task No_file_of_it_is_mapped_because_a_disk_that_fails_would_end_the_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such file system of SQLite.");
        await File.WriteAllTextAsync(
            _folder.Database + "-shm",
            "of a version that was killed",
            TestContext.Current.CancellationToken
        );
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.ReadingAsync(1);

        Assert.True(File.Exists(_folder.WriteAhead));
        Assert.False(File.Exists(_folder.Database + "-shm"));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_with_a_sentence()
    {
        await (await _folder.OpenAsync()).DisposeAsync();
        Execute("PRAGMA user_version = 99");

        var refused = await Assert.ThrowsAsync<DataDirectoryException>(() => _folder.OpenAsync());

        Assert.Contains("has schema 99, which a newer Hearth wrote", refused.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_a_sentence()
    {
        await File.WriteAllTextAsync(
            _folder.Database,
            new string('x', 8192),
            TestContext.Current.CancellationToken
        );

        var refused = await Assert.ThrowsAsync<DataDirectoryException>(() => _folder.OpenAsync());

        Assert.Contains($"The database {_folder.Database} cannot be opened", refused.Message);
    }

    [Fact]
    public async Task A_file_in_the_directorys_place_is_refused_with_a_sentence()
    {
        var path = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<DataDirectoryException>(() =>
            SqliteEventLog.OpenAsync(
                new SqliteLogOptions(path),
                _folder.Time,
                loggers: null,
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains($"The data directory {path} cannot be used", refused.Message);
    }

    [Fact]
    public async Task A_clean_stop_leaves_everything_in_the_database()
    {
        await using (var log = await _folder.OpenAsync())
        {
            var home = new AHome(log);
            await home.OpenAsync();
            await home.ReadingAsync(1);
            Assert.True(new FileInfo(_folder.WriteAhead).Length > 0);
        }

        Assert.False(File.Exists(_folder.WriteAhead));
    }

    [Fact]
    public async Task The_write_ahead_log_is_carried_over_before_it_grows_long()
    {
        await using var log = await _folder.OpenAsync(options =>
            options with
            {
                CheckpointPages = 50,
            }
        );
        var home = new AHome(log);
        await home.OpenAsync();
        // Whoever reads keeps a part of the write-ahead log from being carried over.
        await log.SearchIsWholeAsync(home.Id);
        for (var number = 1; number <= 300; number++)
        {
            await home.ReadingAsync(number);
        }

        Assert.True(log.Statistics.Checkpoints > 3);
        // Whoever reads in that moment may hold one back.
        Assert.True(new FileInfo(_folder.WriteAhead).Length < 300 * 4120);
        var rows = await log.ReadAsync(
            HomeId.Default,
            Sequence.None,
            999,
            int.MaxValue,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(300, rows.Count);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={_folder.Database};Pooling=False"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
