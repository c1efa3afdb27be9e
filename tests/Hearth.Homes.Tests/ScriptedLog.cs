using Hearth.Core.Events;
using Hearth.Simulation;
using Hearth.Storage;

namespace Hearth.Homes.Tests;

/// <summary>
/// A log in memory whose commits wait for a word: hold them, let them through, let one fail or be
/// durable and report a failure.
/// </summary>
internal sealed class ScriptedLog(TimeProvider clock) : IEventLog
{
    private readonly Lock _lock = new();
    private readonly Queue<Held> _held = new();
    private bool _holds;

    public MemoryLog Memory { get; } = new(clock);

    /// <summary>How many commits were asked for.</summary>
    public int Commits { get; private set; }

    public int Openings { get; private set; }

    /// <summary>While set, nothing can be opened, committed or read.</summary>
    public bool IsBroken { get; set; }

    public int HeldCommits
    {
        get
        {
            lock (_lock)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>From now on commits wait.</summary>
    public void Hold() => _holds = true;

    /// <summary>The oldest commit that waits becomes durable.</summary>
    public void LetOne() => Next().Run(durable: true, reported: true);

    /// <summary>Everything that waits becomes durable, and what comes is not held.</summary>
    public void LetAll()
    {
        _holds = false;
        while (HeldCommits > 0)
        {
            LetOne();
        }
    }

    /// <summary>The oldest commit that waits fails: nothing of it is there.</summary>
    public void FailOne() => Next().Run(durable: false, reported: false);

    /// <summary>The oldest commit that waits is durable, and nobody is told.</summary>
    public void TearOne() => Next().Run(durable: true, reported: false);

    public Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken)
    {
        Openings++;
        return IsBroken ? Broken<OpenedHome>() : Memory.OpenAsync(home, cancellationToken);
    }

    public Task AppendAsync(HomeCommit commit)
    {
        Commits++;
        if (IsBroken)
        {
            return Broken<bool>();
        }

        if (!_holds)
        {
            return Memory.AppendAsync(commit);
        }

        var held = new Held(() => Memory.AppendAsync(commit));
        lock (_lock)
        {
            _held.Enqueue(held);
        }

        return held.Done;
    }

    public Task<IReadOnlyList<Row>> ReadAsync(
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    ) =>
        IsBroken
            ? Broken<IReadOnlyList<Row>>()
            : Memory.ReadAsync(home, after, rowsMax, bytesMax, cancellationToken);

    public Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    ) => Memory.SaveSnapshotAsync(home, owner, snapshot, cancellationToken);

    public Task<Sequence> ThinnedAsync(HomeId home, CancellationToken cancellationToken) =>
        IsBroken ? Broken<Sequence>() : Memory.ThinnedAsync(home, cancellationToken);

    public Task<IReadOnlyList<Sequence?>> FindPublishedAsync(
        HomeId home,
        IReadOnlyList<PublishedId> ids,
        CancellationToken cancellationToken
    ) =>
        IsBroken
            ? Broken<IReadOnlyList<Sequence?>>()
            : Memory.FindPublishedAsync(home, ids, cancellationToken);

    public Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(CancellationToken cancellationToken) =>
        Memory.WakeupsAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task<T> Broken<T>() =>
        Task.FromException<T>(new LogUnavailableException("The scripted disk is broken."));

    private Held Next()
    {
        lock (_lock)
        {
            return _held.Dequeue();
        }
    }

    private sealed class Held(Func<Task> execute)
    {
        private readonly TaskCompletionSource _done = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public Task Done => _done.Task;

        public void Run(bool durable, bool reported)
        {
            var executed = durable ? execute() : Task.CompletedTask;
            if (executed.IsFaulted)
            {
                _done.SetException(executed.Exception!.InnerExceptions);
            }
            else if (reported)
            {
                _done.SetResult();
            }
            else
            {
                _done.SetException(new LogUnavailableException("The scripted disk failed."));
            }
        }
    }
}
