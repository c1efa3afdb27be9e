using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Homes;

/// <summary>A home as the log has it.</summary>
/// <param name="SnapshotAt">Where the newest snapshot that could be read stands.</param>
internal sealed record RestoredHome(
    Home Home,
    long Owner,
    Sequence SnapshotAt,
    DateTimeOffset? LastAlive
);

/// <summary>
/// Takes a home over and brings it back from its newest good snapshot and the log after it. Taking
/// over is a commit of its own, so it is also the probe that says whether the log takes commits
/// again.
/// </summary>
internal sealed partial class HomeOpening(HomeId id, HomeSurroundings around)
{
    private const int PageRows = 4_096;
    private const int PageBytes = 4 << 20;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    /// <summary>Waits after so many failures in a row: 50 ms, doubled each time up to 2 s, and
    /// somewhere in the upper half of that, so that the homes of a hub do not all come at once.
    /// </summary>
    public Task WaitAfterAsync(int failures, CancellationToken cancellationToken)
    {
        var most = TimeSpan.FromMilliseconds(50) * Math.Pow(2, Math.Min(failures - 1, 10));
        var wait = (most < WaitMax ? most : WaitMax) * (0.5 + (0.5 * around.Random.NextDouble()));
        return Task.Delay(wait, around.Clock, cancellationToken);
    }

    public async Task<RestoredHome> OpenAsync(CancellationToken cancellationToken)
    {
        var opened = await around.Log.OpenAsync(id, cancellationToken);
        var (home, snapshotAt) = FromSnapshot(opened.Snapshots);
        while (home.Last < opened.Last)
        {
            var rows = await around.Log.ReadAsync(
                id,
                home.Last,
                PageRows,
                PageBytes,
                cancellationToken
            );
            home = Continue(home, rows);
        }

        return new RestoredHome(home, opened.Owner, snapshotAt, opened.LastAlive);
    }

    /// <summary>What whoever asks is told: what the disk says helps them, a bug of ours does not.
    /// </summary>
    public static string Reason(Exception fault) =>
        fault is LogUnavailableException
            ? $"The home cannot be opened now: {fault.Message.Trim().TrimEnd('.')}."
            : "The home cannot be opened now; try again.";

    private (Home Home, Sequence At) FromSnapshot(IReadOnlyList<StoredSnapshot> snapshots)
    {
        foreach (var stored in snapshots)
        {
            try
            {
                var snapshot = HomeSnapshot.FromBytes(stored.Bytes);
                return (Home.Restore(id, snapshot, []), stored.Sequence);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // An older snapshot and more of the log lead to the same state.
                Log.SnapshotUnreadable(around.Logger, id, stored.Sequence.Value, fault);
            }
        }

        return (Home.Restore(id, null, []), Sequence.None);
    }

    /// <summary>A page at a time, so that a long log is never in memory as a whole.</summary>
    private Home Continue(Home home, IReadOnlyList<Row> rows)
    {
        if (rows.Count == 0 || rows[0].First != home.Last.Next)
        {
            throw new LogDamagedException(
                $"The log of home {id} does not go on after sequence {home.Last.Value}."
            );
        }

        return Home.Restore(id, home.Capture(), rows.SelectMany(row => row.Events));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Home {Home}: the snapshot at {Sequence} is unreadable.")]
        public static partial void SnapshotUnreadable(
            ILogger logger,
            HomeId home,
            long sequence,
            Exception fault
        );
    }
}
