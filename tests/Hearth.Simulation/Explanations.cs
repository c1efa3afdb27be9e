using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Why;

namespace Hearth.Simulation;

/// <summary>
/// Whatever happened in a home is explained: every change of state to its root, every command to
/// its end, without a word that is only the event's type.
/// </summary>
internal sealed class Explanations(HomeId home, Event[] log)
{
    public void Hold()
    {
        var names = new NameBook(TimeZoneInfo.Utc);
        foreach (var item in log)
        {
            names.Learn(item.Data);
        }

        foreach (var item in log.Where(item => item.Data is StateChanged))
        {
            Change(item, Explain(item, names));
        }

        foreach (var item in log.Where(item => item.Data is CommandRequested))
        {
            Command(item, Explain(item, names));
        }
    }

    private void Change(Event item, Explanation why)
    {
        var said = $"{home}: {item}: {why.Sentence}";
        World.Check(why.IsComplete, $"{said} is not complete");
        World.Check(!why.Sentence.IsPlain, $"{said} says nothing");
        World.Check(
            item.Cause is null ? why.Causes.Count == 0 : why.Causes[0].Event.Ref == item.Root,
            $"{said} does not lead to its root"
        );
        var command = why.Causes.Select(cause => cause.Event).LastOrDefault(IsCommand);
        if (command is null)
        {
            return;
        }

        var asked = command.Cause is null
            ? $" because {Name(command.Principal)} asked for it"
            : " because automation Lights out fired: ";
        World.Check(
            why.Sentence.ToString().Contains(asked, StringComparison.Ordinal),
            $"{said} does not say who wanted it"
        );
    }

    // How a command ended stands below it, whatever led to that.
    private void Command(Event item, Explanation why)
    {
        var said = $"{home}: {item}: {why.Sentence}";
        World.Check(why.IsComplete && !why.Sentence.IsPlain, $"{said} is not complete");
        foreach (var end in log.Where(other => IsEndOf(item, other)))
        {
            World.Check(
                Below(why.Effects).Any(step => step.Event == end),
                $"{said} does not lead to {end}"
            );
            World.Check(
                end.Data is not CommandAcknowledged || end.Root == item.Root,
                $"{end} is of another chain than its command"
            );
        }
    }

    private Explanation Explain(Event item, NameBook names)
    {
        var inquiry = new Inquiry(item);
        while (inquiry.Next() is { } want)
        {
            inquiry.Take(LookUp(want));
        }

        return inquiry.Explain(names);
    }

    // Sequences have no gaps, so an event's place follows from its sequence.
    private Found LookUp(Want want)
    {
        if (want is not Want.Some some)
        {
            return want.In(Part(((Want.At)want).Sequence, ((Want.At)want).Sequence.Next));
        }

        var events = new List<Event>();
        var part = Part(some.After.Next, some.Before);
        for (var index = 0; index < part.Count && events.Count < some.Max; index++)
        {
            var item = part[some.NewestFirst ? part.Count - 1 - index : index];
            if (some.Matches(item))
            {
                events.Add(item);
            }
        }

        return new Found(events, IsAll: true);
    }

    private ArraySegment<Event> Part(Sequence from, Sequence before)
    {
        var first = (int)Math.Clamp(from.Value - 1, 0, log.Length);
        var end = (int)Math.Clamp(before.Value - 1, first, log.Length);
        return new ArraySegment<Event>(log, first, end - first);
    }

    private static bool IsCommand(Event item) => item.Data is CommandRequested;

    private static bool IsEndOf(Event command, Event other) =>
        other.Data is CommandProgress progress and not CommandSent
        && progress.Command == command.Sequence;

    private static IEnumerable<Step> Below(IEnumerable<Effect> effects) =>
        effects.SelectMany(effect => Below(effect.Effects).Prepend(effect.Step));

    private static string Name(Principal who) =>
        who.Value.StartsWith("user:", StringComparison.Ordinal) ? who.Value[5..] : who.Value;
}
