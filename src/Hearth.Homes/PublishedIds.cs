using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Homes;

/// <summary>
/// The ids of programs' events that the log's own table may not show yet: those decided but not
/// committed, and those committed after the oldest look-up that is still waiting was begun. Time is
/// counted in commits.
/// </summary>
internal sealed class PublishedIds
{
    private readonly Dictionary<PublishedId, Sequence> _known = [];
    private readonly Queue<(long Commit, PublishedId Id)> _committed = new();

    /// <summary>How many commits this home has seen; a look-up notes it when it begins.</summary>
    public long Commits { get; private set; }

    public int Count => _known.Count;

    public Sequence? Find(PublishedId id) =>
        _known.TryGetValue(id, out var sequence) ? sequence : null;

    public void Add(PublishedId id, Sequence sequence) => _known.Add(id, sequence);

    /// <summary>One more commit is durable, with these ids.</summary>
    public void Commit(IReadOnlyList<PublishedId> ids)
    {
        Commits++;
        foreach (var id in ids)
        {
            _committed.Enqueue((Commits, id));
        }
    }

    /// <summary>Forgets what every waiting look-up must have seen in the table.</summary>
    /// <param name="oldest">When the oldest waiting look-up began.</param>
    public void Forget(long oldest)
    {
        while (_committed.TryPeek(out var entry) && entry.Commit <= oldest)
        {
            _known.Remove(_committed.Dequeue().Id);
        }
    }
}

/// <summary>One call to a home, waiting for its turn; its look-ups run while it waits.</summary>
internal sealed class PendingCall(IReadOnlyList<Submission> submissions)
{
    private readonly TaskCompletionSource<IReadOnlyList<Answer>> _answered = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private Task<IReadOnlyList<Sequence?>>? _lookedUp;
    private int[] _starts = [];

    public IReadOnlyList<Submission> Submissions { get; } = submissions;

    public Task<IReadOnlyList<Answer>> Answered => _answered.Task;

    /// <summary>Completes when it is known which of its events were published before; null when
    /// there is nothing to wait for.</summary>
    public Task? LookedUp => _lookedUp;

    /// <summary>The commits that had been seen when the look-ups began.</summary>
    public long LookedUpAt { get; private set; }

    public IReadOnlyList<Answer> Answers { get; set; } = [];

    public void Answer() => _answered.TrySetResult(Answers);

    public void Fail(Exception fault) => _answered.TrySetException(fault);

    /// <summary>Begins to look for every program's event among these inputs, for all at once.
    /// </summary>
    public void LookUp(IEventLog log, HomeId home, long commits)
    {
        LookedUpAt = commits;
        List<PublishedId>? ids = null;
        for (var index = 0; index < Submissions.Count; index++)
        {
            if (Submissions[index].Input is not PublishEvents publish)
            {
                continue;
            }

            if (ids is null)
            {
                ids = new List<PublishedId>(publish.Events.Count);
                _starts = new int[Submissions.Count];
            }

            _starts[index] = ids.Count;
            foreach (var item in publish.Events)
            {
                ids.Add(new PublishedId(publish.Principal, item.Source, item.Id));
            }
        }

        _lookedUp = ids is null ? null : log.FindPublishedAsync(home, ids, CancellationToken.None);
    }

    /// <summary>What the log said of an event of an input; only after <see cref="LookedUp"/>.
    /// </summary>
    public Sequence? FoundInLog(int input, int index) =>
        _lookedUp!.GetAwaiter().GetResult()[_starts[input] + index];
}
