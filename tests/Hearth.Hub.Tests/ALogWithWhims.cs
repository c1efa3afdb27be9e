using Hearth.Core.Events;
using Hearth.Storage;
using Hearth.Storage.Sqlite;

namespace Hearth.Hub.Tests;

/// <summary>A real log that can be told to take no commits, or to have forgotten its beginning.
/// </summary>
internal sealed class ALogWithWhims(SqliteEventLog log) : IEventLog, ILogSearch
{
    public bool IsFull { get; set; }

    /// <summary>Reading finds something that was not written.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>What comes before is as if retention had taken it.</summary>
    public Sequence Oldest { get; set; }

    public Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken) =>
        // Taking a home over is a write, too.
        IsFull
            ? Task.FromException<OpenedHome>(new LogUnavailableException("The disk is full."))
            : log.OpenAsync(home, cancellationToken);

    public Task AppendAsync(HomeCommit commit) =>
        IsFull
            ? Task.FromException(new LogUnavailableException("The disk is full."))
            : log.AppendAsync(commit);

    public async Task<IReadOnlyList<Row>> ReadAsync(
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        return await log.ReadAsync(home, Kept(after), rowsMax, bytesMax, cancellationToken);
    }

    public async Task<FoundRows> SearchAsync(
        HomeId home,
        LogSearch search,
        CancellationToken cancellationToken
    )
    {
        search = search with { After = Kept(search.After) };
        return await log.SearchAsync(home, search, cancellationToken);
    }

    public Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    ) => log.SaveSnapshotAsync(home, owner, snapshot, cancellationToken);

    public Task<Sequence> ThinnedAsync(HomeId home, CancellationToken cancellationToken) =>
        Oldest == Sequence.None
            ? log.ThinnedAsync(home, cancellationToken)
            : Task.FromResult(new Sequence(Oldest.Value - 1));

    public Task<IReadOnlyList<Sequence?>> FindPublishedAsync(
        HomeId home,
        IReadOnlyList<PublishedId> ids,
        CancellationToken cancellationToken
    ) => log.FindPublishedAsync(home, ids, cancellationToken);

    public Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(CancellationToken cancellationToken) =>
        log.WakeupsAsync(cancellationToken);

    /// <summary>Where reading begins, if it may.</summary>
    private Sequence Kept(Sequence after)
    {
        if (IsDamaged)
        {
            throw new LogDamagedException("Row 7 of home home is not what was written.");
        }

        return after.Next < Oldest ? new Sequence(Oldest.Value - 1) : after;
    }

    /// <summary>The real log has its own end.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
