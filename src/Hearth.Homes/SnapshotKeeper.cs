using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Homes;

/// <summary>
/// Takes a snapshot after so many rows or bytes: the state is captured on the home's turn, kept
/// back until the rows that it contains are durable, and written elsewhere.
/// </summary>
internal sealed partial class SnapshotKeeper(HomeId id, HomeSurroundings around)
{
    private long _rows;
    private long _bytes;
    private long _owner;
    private Sequence _newest;
    private Task _saving = Task.CompletedTask;

    public void Opened(RestoredHome opened)
    {
        _owner = opened.Owner;
        _newest = opened.SnapshotAt;
        _rows = opened.Home.Last.Value - opened.SnapshotAt.Value;
        _bytes = 0;
    }

    /// <summary>Right before the gathered rows are handed over, when the state is exactly what
    /// they lead to.</summary>
    public void CaptureWhenDue(Epoch epoch)
    {
        var isDue = _rows >= around.Options.SnapshotRows || _bytes >= around.Options.SnapshotBytes;
        if (isDue && _saving.IsCompleted)
        {
            epoch.Gathering.Snapshot = epoch.Home.Capture();
            (_rows, _bytes) = (0, 0);
        }
    }

    public void Committed(RowCommit commit)
    {
        _rows += commit.Rows.Count;
        _bytes += commit.Rows.Sum(row => (long)row.Body.Length);
        if (commit.Snapshot is { } snapshot)
        {
            _saving = SaveAsync(_owner, snapshot);
        }
    }

    /// <summary>The last snapshot of a clean stop, unless something is not durable yet.</summary>
    public async Task TakeLastAsync(Epoch? epoch)
    {
        await _saving;
        if (epoch is { IsDead: false, UncommittedRows: 0 } && epoch.Home.Last > _newest)
        {
            await SaveAsync(_owner, epoch.Home.Capture());
        }
    }

    private async Task SaveAsync(long owner, HomeSnapshot snapshot)
    {
        try
        {
            var bytes = await Task.Factory.StartNew(
                snapshot.ToBytes,
                CancellationToken.None,
                TaskCreationOptions.DenyChildAttach,
                around.Background
            );
            await around.Log.SaveSnapshotAsync(
                id,
                owner,
                new StoredSnapshot(snapshot.Sequence, HomeSnapshot.Version, snapshot.Time, bytes),
                CancellationToken.None
            );
            _newest = snapshot.Sequence;
        }
        catch (Exception fault)
        {
            // Nothing is lost: the log has it all, and the next snapshot is due soon.
            Log.NotSaved(around.Logger, id, snapshot.Sequence.Value, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Home {Home}: no snapshot at {Sequence} this time.")]
        public static partial void NotSaved(
            ILogger logger,
            HomeId home,
            long sequence,
            Exception fault
        );
    }
}
