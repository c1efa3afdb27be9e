using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Storage;
using Hearth.Storage.Sqlite;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>A log on disk that takes no commits while it is told not to.</summary>
internal sealed class FailingLog(SqliteEventLog log) : IEventLog, ICurrentTruths
{
    private volatile bool _fails;
    private int _commits;

    public bool Fails
    {
        get => _fails;
        set => _fails = value;
    }

    /// <summary>Takes rows, and nothing of sessions.</summary>
    public bool FailsSessions { get; set; }

    /// <summary>How often rows were handed over.</summary>
    public int Commits => Volatile.Read(ref _commits);

    public async Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken)
    {
        Check();
        return await log.OpenAsync(home, cancellationToken);
    }

    public async Task AppendAsync(HomeCommit commit)
    {
        Check();
        Interlocked.Increment(ref _commits);
        await log.AppendAsync(commit);
    }

    public async Task SaveSessionsAsync(
        HomeId home,
        SessionChanges changes,
        CancellationToken cancellationToken
    )
    {
        Check(FailsSessions);
        await log.SaveSessionsAsync(home, changes, cancellationToken);
    }

    public Task<IReadOnlyList<Row>> ReadAsync(
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    ) => log.ReadAsync(home, after, rowsMax, bytesMax, cancellationToken);

    public Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    ) => log.SaveSnapshotAsync(home, owner, snapshot, cancellationToken);

    public Task<Sequence> ThinnedAsync(HomeId home, CancellationToken cancellationToken) =>
        log.ThinnedAsync(home, cancellationToken);

    public Task<IReadOnlyList<Sequence?>> FindPublishedAsync(
        HomeId home,
        IReadOnlyList<PublishedId> ids,
        CancellationToken cancellationToken
    ) => log.FindPublishedAsync(home, ids, cancellationToken);

    public Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(CancellationToken cancellationToken) =>
        log.WakeupsAsync(cancellationToken);

    public Task<IReadOnlyList<DeviceRecord>> DevicesAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => log.DevicesAsync(home, cancellationToken);

    public Task<DeviceRecord?> DeviceAsync(
        HomeId home,
        DeviceId device,
        CancellationToken cancellationToken
    ) => log.DeviceAsync(home, device, cancellationToken);

    public Task<IReadOnlyList<EntityRecord>> EntitiesOfAsync(
        HomeId home,
        DeviceId device,
        CancellationToken cancellationToken
    ) => log.EntitiesOfAsync(home, device, cancellationToken);

    public Task<EntityRecord?> EntityAsync(
        HomeId home,
        EntityId entity,
        CancellationToken cancellationToken
    ) => log.EntityAsync(home, entity, cancellationToken);

    public Task<IReadOnlyList<AreaSaved>> AreasAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => log.AreasAsync(home, cancellationToken);

    public Task<IReadOnlyList<RefusedAnnouncementRecord>> RefusedAnnouncementsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => log.RefusedAnnouncementsAsync(home, cancellationToken);

    public Task<IReadOnlyList<EntityRecord>> EntitiesAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => log.EntitiesAsync(home, cancellationToken);

    public Task<IReadOnlyList<AutomationRecord>> AutomationsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => log.AutomationsAsync(home, cancellationToken);

    public Task<IReadOnlyList<RetainedRecord>> RetainedAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => log.RetainedAsync(home, cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => log.SessionsAsync(home, cancellationToken);

    public Task<IReadOnlyList<WillRecord>> WillsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => log.WillsAsync(home, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Check(bool fails = false)
    {
        if (_fails || fails)
        {
            throw new LogUnavailableException("The disk is full, says the test.");
        }
    }
}
