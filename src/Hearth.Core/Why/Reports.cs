using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>Why a state changed that no command of Hearth's is known to have changed: the device
/// said so, or time did it.</summary>
/// <param name="asked">Tells who asked for a command, and why.</param>
internal sealed class Reports(Findings findings, Action<Telling, Event, int> asked)
{
    // A command that ended longer ago has nothing to do with it.
    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(1);

    /// <summary>Nothing led to it but time.</summary>
    public static void ByItself(Telling telling, StateChanged change)
    {
        var behaviour = telling.Names.ConfigOf(change.Entity)?.Behaviour;
        if (change.From.Available && !change.To.Available)
        {
            telling.Say(": nothing was heard of it for ");
            _ = behaviour?.ExpireAfter is { } silence
                ? telling.Lasting(silence)
                : telling.Say("longer than it may be silent");
        }
        else if (change.Entity.Domain == "binary_sensor" && change.To.Value == "off")
        {
            telling.Say(": it goes off by itself");
            if (behaviour?.OffDelay is { } delay)
            {
                telling.Say(" ").Lasting(delay).Say(" after it went on");
            }
        }
        else if (change.Entity.Domain == "sun")
        {
            telling.Say(", by the clock");
        }
        else
        {
            telling.IsPlain = true;
        }
    }

    /// <summary>A message said so.</summary>
    public void Tell(
        Telling telling,
        Event item,
        StateChanged change,
        MessageReceived message,
        int level
    )
    {
        if (change.From.Available != change.To.Available)
        {
            Availability(telling, change, message);
            return;
        }

        telling.Say(
            StateWords.IsFirst(change) ? ", by itself, on " : ": reported by the device itself, on "
        );
        telling.Quote(message.Topic);
        if (change.Entity.Domain is not ("sensor" or "binary_sensor"))
        {
            Earlier(telling, item, change, level);
        }
    }

    private static void Availability(Telling telling, StateChanged change, MessageReceived message)
    {
        var topics = telling.Names.ConfigOf(change.Entity)?.Behaviour.Availability;
        if (topics is not null && topics.All(topic => topic.Topic != message.Topic))
        {
            telling.Say(": it reported again, on ").Quote(message.Topic);
            return;
        }

        telling.Say(": ");
        Happening.Payload(telling, message.Payload);
        telling.Say(" on its availability topic ").Quote(message.Topic).Say(" said so");
        telling.Say(change.To.Available ? "" : ", sent by the device or left as its last will");
    }

    private void Earlier(Telling telling, Event item, StateChanged change, int level)
    {
        if (
            !findings.Earlier.TryGetValue(item.Sequence, out var earlier)
            || earlier.Asked.Data is not CommandRequested command
            || (earlier.Ended is { } over && item.Time - over.Time > JustNow)
            || (earlier.Ended is null && !earlier.IsUnderWay(item))
        )
        {
            telling.Say(", no command from Hearth preceded it");
            return;
        }

        if (earlier.Ended is { } ended)
        {
            telling.Say("; its last command, to ");
            Happening.Action(telling, command);
            telling.Say(", was over ").Lasting(item.Time - ended.Time).Say(" before");
            return;
        }

        var isWanted = command.Desired is { } desired && Actions.Reaches(change.To, desired);
        telling.Say(isWanted ? ", while its command to " : ", though its command to ");
        Happening.Action(telling, command);
        telling.Say(" was under way");
        if (isWanted)
        {
            telling.Say(" and not known to be sent yet; the command was given because ");
            asked(telling, earlier.Asked, level);
        }
    }
}
