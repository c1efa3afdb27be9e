using System.Text;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Tests;

public sealed class Snapshots : IDisposable
{
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_last_two_are_kept_and_come_newest_first()
    {
        await SaveAsync(2, 4, 6);

        var snapshots = (await OpenAgainAsync()).Snapshots;

        Assert.Equal([6L, 4L], snapshots.Select(snapshot => snapshot.Sequence.Value));
        Assert.Equal("state at 6", Encoding.UTF8.GetString(snapshots[0].Bytes.Span));
        Assert.Equal(3, snapshots[0].Version);
        Assert.Equal(AHome.Start.AddMinutes(6), snapshots[0].Time);
    }

    [Fact]
    public async Task A_damaged_newest_one_leaves_the_older_one_and_is_said_aloud()
    {
        await SaveAsync(2, 4);
        Damage(4);

        var snapshots = (await OpenAgainAsync()).Snapshots;

        Assert.Equal([2L], snapshots.Select(snapshot => snapshot.Sequence.Value));
        Assert.Contains("The snapshot of home home at 4 is damaged", _folder.Spoken.Errors[0]);
    }

    [Fact]
    public async Task A_damaged_one_does_not_push_out_a_sound_one()
    {
        await SaveAsync(2, 4);
        Damage(4);
        await SaveAsync(6);

        var snapshots = (await OpenAgainAsync()).Snapshots;

        Assert.Equal([6L, 2L], snapshots.Select(snapshot => snapshot.Sequence.Value));
    }

    [Fact]
    public async Task An_earlier_owners_snapshot_is_fenced()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.ReadingAsync(1);
        var owner = home.Owner;
        await home.OpenAsync();

        await Assert.ThrowsAsync<LogFencedException>(() => SaveAsync(log, home.Id, owner, 2));

        Assert.Empty((await home.OpenAsync()).Snapshots);
    }

    [Fact]
    public async Task A_snapshot_ahead_of_the_log_is_fenced()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.ReadingAsync(1);

        await Assert.ThrowsAsync<LogFencedException>(() => SaveAsync(log, home.Id, home.Owner, 3));
    }

    [Fact]
    public async Task A_snapshot_ahead_of_a_log_that_was_shortened_is_not_given_out()
    {
        await SaveAsync(2, 6);
        Execute("UPDATE homes SET last = 4; DELETE FROM log WHERE key & 17592186044415 > 4");

        var opened = await OpenAgainAsync();

        Assert.Equal(new Sequence(6), opened.LostUpTo);
        Assert.Equal([2L], opened.Snapshots.Select(snapshot => snapshot.Sequence.Value));
    }

    [Fact]
    public async Task A_large_one_comes_back_whole_and_leaves_nothing_behind()
    {
        var random = new Random(1);
        var large = new byte[1_000_000];
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        for (var number = 1; number <= 4; number++)
        {
            await home.ReadingAsync(number);
            random.NextBytes(large);
            // Its sequence again, as after a save that broke off: what is sound stays as it is.
            await SaveLargeAsync();
            await SaveLargeAsync();
        }

        var snapshots = (await log.OpenAsync(home.Id, Token)).Snapshots;

        Assert.Equal([8L, 6L], snapshots.Select(snapshot => snapshot.Sequence.Value));
        Assert.Equal(large, snapshots[0].Bytes.ToArray());
        Assert.Equal(1_000_000, snapshots[1].Bytes.Length);

        Task SaveLargeAsync() =>
            log.SaveSnapshotAsync(
                home.Id,
                home.Owner,
                new StoredSnapshot(home.Last, 1, AHome.Start, large.ToArray()),
                Token
            );
    }

    [Fact]
    public async Task Parts_that_came_to_nothing_are_taken_away_with_the_next_one()
    {
        await SaveAsync(2);
        Execute("INSERT INTO snapshot_parts VALUES (1, 4, 0, x'00'), (1, 6, 7, x'00')");
        await SaveAsync(6);

        Assert.Equal(
            "2:0 6:0",
            Ask("SELECT group_concat(sequence || ':' || part, ' ')" + " FROM snapshot_parts")
        );
    }

    /// <summary>Brings the log to each sequence and saves a snapshot there.</summary>
    private async Task SaveAsync(params long[] sequences)
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        foreach (var sequence in sequences)
        {
            while (home.Last.Value < sequence)
            {
                await home.ReadingAsync(1);
            }

            await SaveAsync(log, home.Id, home.Owner, sequence);
        }
    }

    private static Task SaveAsync(SqliteEventLog log, HomeId home, long owner, long sequence) =>
        log.SaveSnapshotAsync(
            home,
            owner,
            new StoredSnapshot(
                new Sequence(sequence),
                Version: 3,
                AHome.Start.AddMinutes(sequence),
                Encoding.UTF8.GetBytes($"state at {sequence}")
            ),
            Token
        );

    private async Task<OpenedHome> OpenAgainAsync()
    {
        await using var log = await _folder.OpenAsync();
        return await log.OpenAsync(HomeId.Default, Token);
    }

    private void Damage(long sequence) =>
        Execute(
            "UPDATE snapshot_parts SET bytes = CAST(x'00' || bytes AS BLOB)"
                + $" WHERE sequence = {sequence}"
        );

    private void Execute(string sql) => Ask(sql);

    private string Ask(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={_folder.Database};Pooling=False"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }
}
