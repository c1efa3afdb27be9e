using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>What goes into the mark and when: the ends of the logs after commits, a few times a
/// second at most, and the sign of life. Used by the writer's thread only.</summary>
internal sealed class Marks(Mark mark, TimeProvider time, TimeSpan every)
{
    private readonly Dictionary<long, Sequence> _opened = [];
    private readonly Dictionary<long, (HomeId Home, Sequence Last)> _due = [];
    private long _written = time.GetTimestamp();
    private DateTimeOffset? _alive;

    /// <summary>A home as its new owner finds it, but for the snapshots: when it was last alive,
    /// and whether its log is shorter than it was.</summary>
    public OpenedHome Open(HomeId home, HomeHead head)
    {
        // Once this process has had the home, it is alive as long as the process is.
        var isReopened = !_opened.TryAdd(head.Number, head.Last);
        var isNew = head is { Owner: 1, Last.Value: 0 };
        var marked =
            isReopened ? null
            : isNew ? mark.FindLast(home)
            : mark.LastOf(head.Number, home);
        _due[head.Number] = (home, head.Last);
        return new OpenedHome(
            head.Owner,
            head.Last,
            Snapshots: [],
            LastAlive: isReopened ? _alive
                : isNew && marked is null ? null
                : mark.LastAlive,
            LostUpTo: marked > head.Last ? marked : null
        );
    }

    public void Committed(long number, HomeId home, Sequence last) => _due[number] = (home, last);

    /// <summary>After a commit: writes when the last time is long enough ago.</summary>
    public void WriteWhenDue()
    {
        if (time.GetElapsedTime(_written) >= every)
        {
            Write();
        }
    }

    /// <exception cref="IOException">The disk did not take it; what is due stays due.</exception>
    public void Write()
    {
        _written = time.GetTimestamp();
        _alive = time.GetUtcNow();
        mark.Touch(_alive.Value);
        foreach (var (number, (home, last)) in _due)
        {
            mark.Write(number, home, last);
        }

        _due.Clear();
    }
}
