using Hearth.Core.Events;

namespace Hearth.Core;

/// <summary>
/// One call of <see cref="Home.Decide"/>: what it has emitted so far, each event already applied,
/// and which of them the rules have not looked at yet. Consequences come breadth first: all that a
/// message changes, then all that follows from it.
/// </summary>
internal sealed class Turn
{
    private readonly HomeState _state;
    private readonly Action<Event> _apply;
    private readonly List<Event> _events = [];
    private int _reacted;

    /// <param name="apply">What becomes of an event; null = it changes the state.</param>
    public Turn(
        HomeState state,
        Principal principal,
        DateTimeOffset now,
        Action<Event>? apply = null
    )
    {
        _state = state;
        _apply = apply ?? state.Apply;
        Recorded = now;
        Time = now;
        Principal = principal;
    }

    /// <summary>When what is being decided happens: the turn's time, or a deadline's own.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>When it is decided, whatever it is that happens.</summary>
    public DateTimeOffset Recorded { get; }

    /// <summary>Who acts.</summary>
    public Principal Principal { get; }

    public IReadOnlyList<Event> Events => _events;

    /// <summary>Makes an event a fact: numbers it, applies it, lets the rules see it.</summary>
    public Event Emit(
        EventData data,
        Cause? cause = null,
        Principal? by = null,
        DateTimeOffset? expires = null,
        int deeper = 0
    )
    {
        var sequence = _state.Last.Next;
        return Add(
            new Event
            {
                Sequence = sequence,
                Id = sequence.ToString(),
                Source = _state.Source,
                Time = Time,
                RecordedTime = Recorded,
                Principal = by ?? Principal,
                Cause = cause?.Ref,
                Root = cause?.Root ?? new EventRef(sequence, sequence.ToString()),
                Depth = (cause?.Depth ?? 0) + deeper,
                ExpiryTime = expires,
                Data = data,
            }
        );
    }

    /// <summary>An event that a program made: its id, source and time are the program's.</summary>
    public Event Emit(NewEvent published)
    {
        var sequence = _state.Last.Next;
        return Add(
            new Event
            {
                Sequence = sequence,
                Id = published.Id,
                Source = published.Source,
                Time = published.Time ?? Time,
                RecordedTime = Recorded,
                Principal = Principal,
                Root = new EventRef(sequence, published.Id),
                Data = published.Data,
            }
        );
    }

    /// <summary>The next event that the rules have not looked at; null when there is none.
    /// </summary>
    public Event? NextUnseen() => _reacted < _events.Count ? _events[_reacted++] : null;

    private Event Add(Event item)
    {
        _apply(item);
        _events.Add(item);
        return item;
    }
}
