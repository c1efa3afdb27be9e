using Hearth.Core.Events;
using Hearth.Storage;
using Hearth.Storage.Sqlite;

namespace Hearth.Hub;

/// <summary>
/// The log from the moment that it begins to open, so that the rest of the hub starts beside it;
/// whoever asks it something waits until it is there.
/// </summary>
internal sealed class OpeningLog(Task<SqliteEventLog> opening) : IEventLog, ICurrentTruths
{
    private int _disposed;

    public Task<SqliteEventLog> Opened => opening;

    public async Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken) =>
        await (await opening).OpenAsync(home, cancellationToken);

    public Task AppendAsync(HomeCommit commit) =>
        opening.IsCompletedSuccessfully
            ? opening.Result.AppendAsync(commit)
            : AppendWhenOpenAsync(commit);

    public async Task<IReadOnlyList<Row>> ReadAsync(
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    ) => await (await opening).ReadAsync(home, after, rowsMax, bytesMax, cancellationToken);

    public async Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    ) => await (await opening).SaveSnapshotAsync(home, owner, snapshot, cancellationToken);

    public async Task<Sequence?> FindPublishedAsync(
        HomeId home,
        PublishedId id,
        CancellationToken cancellationToken
    ) => await (await opening).FindPublishedAsync(home, id, cancellationToken);

    public async Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(
        CancellationToken cancellationToken
    ) => await (await opening).WakeupsAsync(cancellationToken);

    public async Task<IReadOnlyList<DeviceRecord>> DevicesAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => await (await opening).DevicesAsync(home, cancellationToken);

    public async Task<IReadOnlyList<EntityRecord>> EntitiesAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => await (await opening).EntitiesAsync(home, cancellationToken);

    public async Task<IReadOnlyList<AutomationRecord>> AutomationsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => await (await opening).AutomationsAsync(home, cancellationToken);

    public async Task<IReadOnlyList<RetainedRecord>> RetainedAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => await (await opening).RetainedAsync(home, cancellationToken);

    public async Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => await (await opening).SessionsAsync(home, cancellationToken);

    public async Task SaveSessionsAsync(
        HomeId home,
        IReadOnlyList<SessionRecord> saved,
        IReadOnlyList<string> removed,
        IReadOnlyList<ReceivedPacket> released,
        CancellationToken cancellationToken
    ) => await (await opening).SaveSessionsAsync(home, saved, removed, released, cancellationToken);

    /// <summary>Closes it once, however many roles the container knows it in.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully)
            {
                await opening.Result.DisposeAsync();
            }
        }
    }

    private async Task AppendWhenOpenAsync(HomeCommit commit) =>
        await (await opening).AppendAsync(commit);
}
