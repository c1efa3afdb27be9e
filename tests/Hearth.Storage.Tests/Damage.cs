using Hearth.Core.Events;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Tests;

public sealed class Damage : IDisposable
{
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flipped_bit_in_the_database_is_found_and_the_row_is_named()
    {
        await WriteAsync(rows: 100);
        Flip(_folder.Database, "\"power\":50.5"u8);

        await using var log = await _folder.OpenAsync();
        var before = await log.ReadAsync(HomeId.Default, Sequence.None, 49, int.MaxValue, Token);
        var damaged = await Assert.ThrowsAsync<LogDamagedException>(() =>
            log.ReadAsync(HomeId.Default, Sequence.None, 100, int.MaxValue, Token)
        );

        Assert.Equal(49, before.Count);
        Assert.Contains("home home", damaged.Message);
        Assert.Contains("100", damaged.Message);
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_row_is_found_or_changes_nothing()
    {
        await WriteAsync(rows: 40);
        var sound = await ReadAllAsync(_folder);
        var bytes = await File.ReadAllBytesAsync(_folder.Database, Token);
        var random = new Random(4711);
        for (var round = 0; round < 60; round++)
        {
            using var folder = new AFolder();
            var copy = bytes.ToArray();
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(folder.Database, copy, Token);

            try
            {
                Assert.Equal(sound, await ReadAllAsync(folder));
            }
            catch (Exception exception)
                when (exception is LogDamagedException or Sqlite.DataDirectoryException)
            {
                // Found, in a row or already when the file was opened.
            }
        }
    }

    [Fact]
    public async Task A_row_that_is_gone_is_a_gap()
    {
        await WriteAsync(rows: 10);
        Change("DELETE FROM log WHERE key & 17592186044415 = 8");

        await using var log = await _folder.OpenAsync();
        var damaged = await Assert.ThrowsAsync<LogDamagedException>(() =>
            log.ReadAsync(HomeId.Default, Sequence.None, 100, int.MaxValue, Token)
        );

        Assert.Contains("goes on with 9–10 where 7 should be", damaged.Message);
    }

    [Fact]
    public async Task Rows_missing_at_the_end_are_missed()
    {
        await WriteAsync(rows: 10);
        Change("DELETE FROM log WHERE key & 17592186044415 > 16");

        await using var log = await _folder.OpenAsync();
        var damaged = await Assert.ThrowsAsync<LogDamagedException>(() =>
            log.ReadAsync(HomeId.Default, new Sequence(10), 100, int.MaxValue, Token)
        );

        Assert.Contains("ends at 16, but it had come to 20", damaged.Message);
    }

    [Fact]
    public async Task Rows_missing_at_the_end_are_missed_by_a_search_too()
    {
        await WriteAsync(rows: 10);
        Change("DELETE FROM log WHERE key & 17592186044415 > 16");

        await using var log = await _folder.OpenAsync();
        var search = new LogSearch(
            new Sequence(10),
            new Sequence(21),
            NewestFirst: false,
            [],
            100,
            int.MaxValue
        );
        var damaged = await Assert.ThrowsAsync<LogDamagedException>(() =>
            log.SearchAsync(HomeId.Default, search, Token)
        );

        Assert.Contains("ends at 16, but it had come to 20", damaged.Message);
    }

    [Fact]
    public async Task Where_retention_has_taken_rows_nothing_is_missed()
    {
        await WriteAsync(rows: 10);
        Change(
            "DELETE FROM log WHERE key & 17592186044415 IN (2, 8);" + "UPDATE homes SET thinned = 8"
        );

        await using var log = await _folder.OpenAsync();
        var rows = await log.ReadAsync(HomeId.Default, Sequence.None, 100, int.MaxValue, Token);

        Assert.Equal([4L, 6, 10, 12, 14, 16, 18, 20], rows.Select(row => row.Last.Value));
    }

    [Fact]
    public async Task A_flipped_bit_in_the_write_ahead_log_shortens_the_log_and_the_mark_says_so()
    {
        using var crashed = await CrashAsync(rows: 60);
        Flip(crashed.WriteAhead, "\"power\":30.5"u8);

        await using var log = await crashed.OpenAsync();
        var opened = await log.OpenAsync(HomeId.Default, Token);

        Assert.True(opened.Last < new Sequence(60), $"The log came to {opened.Last.Value}.");
        Assert.Equal(new Sequence(120), opened.LostUpTo);
        var error = Assert.Single(crashed.Spoken.Errors);
        Assert.Contains($"ends at {opened.Last.Value}, but it had come to 120", error);
        var rows = await log.ReadAsync(HomeId.Default, Sequence.None, 100, int.MaxValue, Token);
        Assert.Equal(opened.Last, rows.Count == 0 ? Sequence.None : rows[^1].Last);
    }

    [Fact]
    public async Task A_crash_without_damage_loses_nothing_and_says_nothing()
    {
        using var crashed = await CrashAsync(rows: 60);

        await using var log = await crashed.OpenAsync();
        var opened = await log.OpenAsync(HomeId.Default, Token);

        Assert.Equal(new Sequence(120), opened.Last);
        Assert.Null(opened.LostUpTo);
        Assert.Empty(crashed.Spoken.Errors);
    }

    /// <summary>The files of a hub that was killed after committing rows one by one.</summary>
    private async Task<AFolder> CrashAsync(int rows)
    {
        await using var log = await _folder.OpenAsync(options =>
            options with
            {
                MarkEvery = TimeSpan.Zero,
            }
        );
        var home = new AHome(log);
        await home.OpenAsync();
        for (var number = 1; number <= rows; number++)
        {
            await home.ReadingAsync(number);
        }

        // Its answer comes after the writer has come to the mark of the commit before.
        await log.OpenAsync(new HomeId("another"), Token);
        return _folder.Crashed();
    }

    private async Task WriteAsync(int rows)
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.AppendAsync([.. Enumerable.Range(1, rows).Select(AHome.Reading)]);
    }

    private static async Task<string> ReadAllAsync(AFolder folder)
    {
        await using var log = await folder.OpenAsync();
        var rows = await log.ReadAsync(HomeId.Default, Sequence.None, 999, int.MaxValue, Token);
        return string.Join(
            '\n',
            rows.Select(row =>
                $"{row.First} {row.Last} {row.Class} {row.Time:O} "
                + System.Text.Encoding.UTF8.GetString(row.Body.Span)
            )
        );
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={_folder.Database};Pooling=False"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Flip(string file, ReadOnlySpan<byte> where)
    {
        var bytes = File.ReadAllBytes(file);
        var at = bytes.AsSpan().IndexOf(where);
        Assert.True(at >= 0, $"{file} does not hold what should be damaged.");
        bytes[at + where.Length - 1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
