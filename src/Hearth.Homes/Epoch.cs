using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Homes;

/// <summary>
/// A home in memory from being loaded until a commit fails, with everything that rests on it: rows
/// on their way to the log and the calls that wait for them. It dies as a whole; nothing that it
/// started reaches the next one. Used on the home's turn only.
/// </summary>
internal sealed class Epoch(Home home, long owner)
{
    private readonly Queue<RowCommit> _underWay = new();
    private RowCommit? _gathering;
    private Sequence _handedOver = home.Last;

    public Home Home { get; } = home;

    public PublishedIds Published { get; } = new();

    public bool IsDead { get; private set; }

    /// <summary>Awaits the commits under way, one after the other.</summary>
    public Task Committing { get; set; } = Task.CompletedTask;

    public Task CheckingOwner { get; set; } = Task.CompletedTask;

    /// <summary>Set while gathered rows wait for the end of a burst.</summary>
    public bool HandOverIsDue { get; set; }

    /// <summary>Rows that are decided and not durable.</summary>
    public int UncommittedRows { get; private set; }

    public bool IsCommitting => _underWay.Count > 0;

    public bool HasGathered => _gathering is not null;

    /// <summary>The commit that what is decided now will be part of.</summary>
    public RowCommit Gathering => _gathering ??= new RowCommit();

    /// <summary>The newest commit that is not durable yet: what is said now rests on it.</summary>
    public RowCommit? Newest => _gathering ?? _underWay.LastOrDefault();

    public void Decided(Row row, ReceivedPacket? received)
    {
        Gathering.Rows.Add(row);
        UncommittedRows++;
        if (received is { } packet)
        {
            Gathering.Received.Add(packet);
        }
    }

    /// <summary>Hands what has been gathered to the log, as one commit.</summary>
    public void HandOver(IEventLog log)
    {
        if (_gathering is not { } commit)
        {
            return;
        }

        _gathering = null;
        _underWay.Enqueue(commit);
        var expected = _handedOver;
        _handedOver = Home.Last;
        commit.Durable = log.AppendAsync(
            new HomeCommit(Home.Id, owner, expected, commit.Rows, Home.NextWakeup, commit.Received)
        );
    }

    /// <summary>The oldest commit under way; commits become durable in the order of their rows.
    /// </summary>
    public RowCommit? Oldest => _underWay.TryPeek(out var commit) ? commit : null;

    /// <summary>The oldest commit is durable.</summary>
    public void Durable()
    {
        var commit = _underWay.Dequeue();
        UncommittedRows -= commit.Rows.Count;
        Published.Commit(commit.Published);
    }

    /// <summary>Ends it; answers every call whose answer rested on it.</summary>
    public IReadOnlyList<PendingCall> Die()
    {
        IsDead = true;
        var waiting = new List<PendingCall>();
        foreach (var commit in _underWay)
        {
            waiting.AddRange(commit.Calls);
            Observe(commit.Durable);
        }

        waiting.AddRange(_gathering?.Calls ?? []);
        _underWay.Clear();
        _gathering = null;
        return waiting;
    }

    /// <summary>What becomes of a dead epoch's commits is nobody's concern any more: the log fails
    /// them, or the next epoch finds them there.</summary>
    private static void Observe(Task commit) =>
        _ = commit.ContinueWith(
            static task => task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
}

/// <summary>Rows that are committed together, and who waits for that.</summary>
internal sealed class RowCommit
{
    public List<Row> Rows { get; } = [];

    public List<ReceivedPacket> Received { get; } = [];

    public List<PublishedId> Published { get; } = [];

    public List<PendingCall> Calls { get; } = [];

    /// <summary>The state right after these rows, where a snapshot is due.</summary>
    public HomeSnapshot? Snapshot { get; set; }

    public Task Durable { get; set; } = Task.CompletedTask;
}
