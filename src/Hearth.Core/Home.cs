using Hearth.Core.Events;

namespace Hearth.Core;

/// <summary>
/// A home: a deterministic state machine over a durable log of events. The same snapshot and the
/// same inputs give the same outcome, byte for byte. It does no I/O, starts no task, reads no
/// clock; one thread at a time may use it.
/// </summary>
public sealed class Home
{
    private Sequence _last;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    private Home(HomeId id) => Id = id;

    public HomeId Id { get; }

    /// <summary>The sequence of the newest event that this state contains.</summary>
    public Sequence Last => _last;

    /// <summary>When to hand it a <see cref="Wake"/>; null when nothing is pending.</summary>
    public DateTimeOffset? NextWakeup { get; private set; }

    /// <summary>A home as it was: a snapshot, or none, and the events after it. Nothing is
    /// decided again.</summary>
    public static Home Restore(HomeId id, HomeSnapshot? snapshot, IEnumerable<Event> tail)
    {
        var home = new Home(id);
        if (snapshot is not null)
        {
            home._last = snapshot.Sequence;
            home._now = snapshot.Time;
        }

        foreach (var item in tail)
        {
            home.Apply(item);
        }

        return home;
    }

    /// <summary>
    /// Decides upon an input and applies the events that it answers. First fires every deadline
    /// that is not after <paramref name="now"/>. A clock that steps back holds time still.
    /// </summary>
    public Outcome Decide(Input input, DateTimeOffset now)
    {
        var time = now > _now ? now : _now;
        if (input is not ReceiveMessage message)
        {
            return Outcome.Nothing;
        }

        var sequence = _last.Next;
        var item = new Event
        {
            Sequence = sequence,
            Id = sequence.ToString(),
            Source = Id.Source,
            Time = time,
            RecordedTime = time,
            Principal = input.Principal,
            Root = new EventRef(sequence, sequence.ToString()),
            Data = new MessageReceived(
                message.Topic,
                message.Payload,
                message.Qos,
                message.Retain,
                message.Client,
                message.Properties
            ),
        };
        Apply(item);
        return new Outcome([item]);
    }

    /// <summary>The state as it is, as a value that nothing changes any more; cheap enough to
    /// take between two inputs, written elsewhere.</summary>
    public HomeSnapshot Capture() => new() { Sequence = _last, Time = _now };

    private void Apply(Event item)
    {
        _last = item.Sequence;
        _now = item.RecordedTime > _now ? item.RecordedTime : _now;
    }
}
