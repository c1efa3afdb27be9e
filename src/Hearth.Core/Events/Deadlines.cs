namespace Hearth.Core.Events;

/// <summary>What a deadline is about; with its key it names one timer of the home.</summary>
internal enum DeadlineKind
{
    /// <summary>A trigger has held for its time.</summary>
    Hold,

    /// <summary>A command's life ends.</summary>
    Command,

    /// <summary>An entity has not reported for too long.</summary>
    Expiry,

    /// <summary>A binary sensor goes off by itself.</summary>
    OffDelay,

    /// <summary>The clock sets a trigger off.</summary>
    Clock,

    /// <summary>A delay is over, or a wait has taken as long as it may.</summary>
    Wait,

    /// <summary>No trigger of an automation has come for too long.</summary>
    Silence,
}

internal readonly record struct Deadline(DateTimeOffset At, DeadlineKind Kind, string Key);

/// <summary>
/// Every moment that the home waits for, soonest first. An index over what the state says, never a
/// truth of its own: it is rebuilt with the state. Equal moments come in a fixed order, so that
/// the same inputs give the same events.
/// </summary>
internal sealed class Deadlines
{
    private readonly SortedSet<Deadline> _order = new(
        Comparer<Deadline>.Create(
            (left, right) =>
            {
                var order = left.At.CompareTo(right.At);
                order = order != 0 ? order : left.Kind.CompareTo(right.Kind);
                return order != 0 ? order : string.CompareOrdinal(left.Key, right.Key);
            }
        )
    );

    private readonly Dictionary<(DeadlineKind, string), DateTimeOffset> _at = [];

    public Deadline? First => _order.Count == 0 ? null : _order.Min;

    /// <summary>Sets or moves a deadline; null takes it away.</summary>
    public void Set(DeadlineKind kind, string key, DateTimeOffset? at)
    {
        if (_at.Remove((kind, key), out var before))
        {
            _order.Remove(new Deadline(before, kind, key));
        }

        if (at is { } moment)
        {
            _at[(kind, key)] = moment;
            _order.Add(new Deadline(moment, kind, key));
        }
    }
}
