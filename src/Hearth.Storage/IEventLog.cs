using Hearth.Core.Events;

namespace Hearth.Storage;

/// <summary>
/// The log of every home on disk, with what moves in the same transaction. Two engines keep it:
/// SQLite and, later, PostgreSQL; a third one in the simulation fails on purpose.
/// </summary>
public interface IEventLog : IAsyncDisposable
{
    /// <summary>
    /// Takes a home over: raises its owner, so that whatever an earlier owner still has queued
    /// fails. Creates the home when it is not there.
    /// </summary>
    /// <exception cref="LogUnavailableException">The disk does not take it now.</exception>
    /// <exception cref="LogDamagedException">The log does not end where it should.</exception>
    Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken);

    /// <summary>
    /// Queues rows of one home for the next shared commit, in the order of the calls; completes
    /// when they are durable. Bounded: waits while the queue is full.
    /// </summary>
    /// <exception cref="LogFencedException">The home has another owner or another last sequence.
    /// </exception>
    /// <exception cref="LogUnavailableException">The commit failed; nothing of it is there.
    /// </exception>
    Task AppendAsync(HomeCommit commit);

    /// <summary>
    /// The committed rows after a sequence, in order, until either maximum is reached; a row that
    /// <paramref name="after"/> stands inside comes whole. What retention has taken is left out.
    /// </summary>
    /// <exception cref="LogDamagedException">A row's checksum does not hold; it names the row.
    /// </exception>
    Task<IReadOnlyList<Row>> ReadAsync(
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    );

    /// <summary>Retention may have taken rows up to this sequence; above it every row is there.
    /// </summary>
    Task<Sequence> ThinnedAsync(HomeId home, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a snapshot, and of older ones the newest verified one. Fenced like a commit, and not
    /// taken before the log itself has come to its sequence: a snapshot of a dead epoch may hold
    /// events that never were.
    /// </summary>
    /// <exception cref="LogFencedException">The home has another owner, or its log ends before the
    /// snapshot.</exception>
    /// <exception cref="LogUnavailableException">The commit failed.</exception>
    Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    );

    /// <summary>For each of these events the sequence under which its principal published it
    /// within seven days, or null; answered at once where all are surely new.</summary>
    Task<IReadOnlyList<Sequence?>> FindPublishedAsync(
        HomeId home,
        IReadOnlyList<PublishedId> ids,
        CancellationToken cancellationToken
    );

    /// <summary>Every home with something pending, so that it is woken after a start.</summary>
    Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(CancellationToken cancellationToken);
}

/// <summary>A home as its new owner finds it.</summary>
/// <param name="Owner">Goes with every commit; a later owner's is higher.</param>
/// <param name="Snapshots">The kept snapshots that verified, newest first.</param>
/// <param name="LastAlive">When the home last gave a sign of life; null for a new home.</param>
/// <param name="LostUpTo">Set when a mark outside the database says that the log had come further
/// than <see cref="Last"/>: the events after it up to here were committed once and are lost.
/// </param>
public sealed record OpenedHome(
    long Owner,
    Sequence Last,
    IReadOnlyList<StoredSnapshot> Snapshots,
    DateTimeOffset? LastAlive,
    Sequence? LostUpTo = null
);

/// <summary>A home's state in its versioned wire form.</summary>
public sealed record StoredSnapshot(
    Sequence Sequence,
    int Version,
    DateTimeOffset Time,
    ReadOnlyMemory<byte> Bytes
);

/// <summary>Rows that become durable together, and what moves with them.</summary>
/// <param name="ExpectedLast">The home's last sequence before these rows.</param>
/// <param name="NextWakeup">When the home wants to be woken after these rows.</param>
/// <param name="Received">Ids of MQTT QoS 2 publishes among the rows, kept until released.</param>
public sealed record HomeCommit(
    HomeId Home,
    long Owner,
    Sequence ExpectedLast,
    IReadOnlyList<Row> Rows,
    DateTimeOffset? NextWakeup,
    IReadOnlyList<ReceivedPacket> Received
);

/// <summary>A QoS 2 publish that was taken and not released yet.</summary>
public readonly record struct ReceivedPacket(string Client, ushort PacketId);

/// <summary>What makes a program's event the same one when it comes again.</summary>
public readonly record struct PublishedId(Principal Principal, string Source, string Id);

public readonly record struct HomeWakeup(HomeId Home, DateTimeOffset At);

/// <summary>Another owner has taken the home, or the log is not where this owner thought.</summary>
public sealed class LogFencedException(HomeId home)
    : Exception($"The log of home {home} has another owner or another end than expected.");

/// <summary>The log could not be written or read; what was to be written is not there.</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner);

/// <summary>Something in the log is not what was written; the message names it.</summary>
public sealed class LogDamagedException(string message) : Exception(message);
