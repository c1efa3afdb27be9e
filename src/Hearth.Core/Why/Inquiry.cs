using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>
/// Gathers what has to be known to answer a question. It asks for one thing after the other and
/// does no I/O itself: while <see cref="Next"/> answers something, look it up and
/// <see cref="Take"/> it.
/// </summary>
public abstract class Question
{
    private IEnumerator<Want>? _wants;

    private protected Question() { }

    /// <summary>What to look up next; null when everything is known.</summary>
    public Want? Next() => (_wants ??= Wants().GetEnumerator()).MoveNext() ? _wants.Current : null;

    /// <summary>What was found of the last want.</summary>
    public void Take(Found found) => LastFound = found;

    /// <summary>Whose names may be said.</summary>
    public abstract Mentions Mentioned();

    private protected Found LastFound { get; private set; } = new([], IsAll: true);

    private protected Event? First => LastFound.First;

    private protected abstract IEnumerable<Want> Wants();
}

/// <summary>Why did this happen, and what did it lead to?</summary>
public sealed class Inquiry : Question
{
    /// <summary>A chain through so many events is told no further back; automations end it long
    /// before.</summary>
    public const int CausesMax = 100;

    /// <summary>Of what an event led to, so many events are told.</summary>
    public const int EffectsMax = 300;

    // Of so many commands the end is looked up where it is of another chain.
    private const int CommandsMax = 20;

    // A hub that dies again and again decides between its deaths.
    private const int OutagesMax = 5;

    private readonly Findings _findings;

    public Inquiry(Event item) => _findings = new Findings(item);

    public override Mentions Mentioned()
    {
        var all = Mentions.In(_findings.All());
        var defined = _findings.Definitions().Select(known => known.Automation);
        return all with { Automations = all.Automations.Except(defined).ToHashSet() };
    }

    /// <summary>Says why, once everything is known.</summary>
    public Explanation Explain(NameBook names)
    {
        foreach (var (automation, definition) in _findings.Definitions())
        {
            names.Add(automation, definition);
        }

        return Explanation.Of(_findings, new Teller(_findings, names), names);
    }

    /// <summary>What was gathered, for a question that has this one within it.</summary>
    internal Findings Findings => _findings;

    /// <summary>False where it does not matter what came of it.</summary>
    internal bool AsksForEffects { get; init; } = true;

    private protected override IEnumerable<Want> Wants()
    {
        var item = _findings.Item;
        foreach (var want in Causes(item, _findings.Causes))
        {
            yield return want;
        }

        foreach (var cause in _findings.Path().ToArray())
        {
            foreach (var want in About(cause))
            {
                yield return want;
            }
        }

        if (!AsksForEffects)
        {
            yield break;
        }

        yield return new Want.Some(
            item.Sequence,
            new Sequence(long.MaxValue),
            NewestFirst: false,
            [],
            null,
            item.Root,
            EffectsMax + 1
        );
        _findings.Effects = [.. LastFound.Events.Take(EffectsMax)];
        _findings.IsCut |= !LastFound.IsAll || LastFound.Events.Count > EffectsMax;
        foreach (var want in Ends())
        {
            yield return want;
        }
    }

    /// <summary>How commands ended whose end something else led to: a later command, somebody who
    /// removed the device.</summary>
    private IEnumerable<Want> Ends()
    {
        var commands = _findings
            .Effects.Prepend(_findings.Item)
            .Where(known => known.Data is CommandRequested)
            .ExceptBy(_findings.Effects.Select(EndedBy), known => known.Sequence)
            .Take(CommandsMax)
            .ToArray();
        foreach (var command in commands)
        {
            yield return new Want.Some(
                command.Sequence,
                new Sequence(long.MaxValue),
                NewestFirst: false,
                [CommandAcknowledged.TypeName, CommandFailed.TypeName, CommandExpired.TypeName],
                command.Data.Subject,
                null,
                Max: 2
            );
            // The first one may be the end of the command before.
            if (LastFound.Events.FirstOrDefault(end => EndedBy(end) == command.Sequence) is { } end)
            {
                _findings.Ends.Add(end);
            }
        }
    }

    private static Sequence EndedBy(Event end) =>
        end.Data is CommandProgress and not CommandSent
            ? ((CommandProgress)end.Data).Command
            : Sequence.None;

    private IEnumerable<Want> Causes(Event item, List<Event> causes)
    {
        var at = item;
        while (at.Cause is { } cause)
        {
            if (causes.Count == CausesMax)
            {
                _findings.AreCausesCut = true;
                yield break;
            }

            yield return new Want.At(cause.Sequence);
            if (First is { } found)
            {
                causes.Insert(0, found);
                at = found;
                continue;
            }

            _findings.Gone.Add((cause, at));
            if (at.Root == cause)
            {
                yield break;
            }

            yield return new Want.At(at.Root.Sequence);
            if (First is { } root)
            {
                causes.Insert(0, root);
            }
            else
            {
                _findings.Gone.Insert(0, (at.Root, at));
            }

            yield break;
        }
    }

    /// <summary>What has to be known besides to tell one event of the path.</summary>
    private IEnumerable<Want> About(Event item)
    {
        var wants = item.Data switch
        {
            AutomationTriggered triggered => AboutRun(item, triggered),
            StateChanged change => AboutChange(item, change),
            CommandProgress progress => AboutCommand(progress),
            AutomationEvent automation => AboutAutomation(item, automation),
            _ => [],
        };
        foreach (var want in wants)
        {
            yield return want;
        }

        // What was due while the hub was down happened at its own time and was seen later.
        if (item.Data is not AutomationTriggered && item.RecordedTime - item.Time > Teller.IsLate)
        {
            foreach (var want in AboutOutage(item, item.Time))
            {
                yield return want;
            }
        }
    }

    /// <summary>The outage in which something was due; it may not have been the last one.</summary>
    private IEnumerable<Want> AboutOutage(Event item, DateTimeOffset due)
    {
        yield return Want.Newest(item.Sequence, null, HubResumed.TypeName) with
        {
            Max = OutagesMax,
        };
        _findings.Resumed[item.Sequence] = LastFound.Events.FirstOrDefault(known =>
            known.Data is HubResumed resumed && resumed.DownSince <= due && due <= known.Time
        );
    }

    private IEnumerable<Want> AboutRun(Event item, AutomationTriggered triggered)
    {
        yield return Want.Definition(triggered.Automation, item.Sequence);
        _findings.Defined[item.Sequence] = First;
        if (TriggerFacts.Of(triggered).Due is { } due)
        {
            foreach (var want in AboutOutage(item, due))
            {
                yield return want;
            }
        }

        if (_findings.After(item) is { } next && next.Time > item.Time)
        {
            yield return Want.Run(item, triggered.Automation) with
            {
                After = next.Sequence,
                NewestFirst = false,
            };
            _findings.Runs[item.Sequence] = LastFound.Events;
        }

        foreach (var entity in Mentions.InTrace(triggered))
        {
            yield return Want.Newest(item.Sequence, entity.Value, StateChanged.TypeName) with
            {
                OnlyShown = true,
            };
            _findings.Before[(item.Sequence, entity)] = First;
        }
    }

    // Itself where it was saved by it: it is called what it says there.
    private IEnumerable<Want> AboutAutomation(Event item, AutomationEvent automation)
    {
        yield return Want.Definition(automation.Automation, item.Sequence.Next);
        _findings.Defined[item.Sequence] = First;
    }

    /// <summary>Whether a change that a device reported was asked for: a device may answer before
    /// it is known that its command was sent.</summary>
    private IEnumerable<Want> AboutChange(Event item, StateChanged change)
    {
        if (
            change.Entity.Domain is "sensor" or "binary_sensor"
            || _findings.Find(item.Cause) is not { Data: MessageReceived }
        )
        {
            yield break;
        }

        var subject = change.Entity.Value;
        yield return Want.Newest(item.Sequence, subject, CommandRequested.TypeName);
        if (First is not { } asked)
        {
            yield break;
        }

        yield return Want.Newest(
            item.Sequence,
            subject,
            CommandAcknowledged.TypeName,
            CommandFailed.TypeName,
            CommandExpired.TypeName
        );
        var ended =
            First is { Data: CommandProgress end } && end.Command == asked.Sequence ? First : null;
        var earlier = new EarlierCommand(asked, ended);
        _findings.Earlier[item.Sequence] = earlier;
        if (!earlier.IsUnderWay(item))
        {
            yield break;
        }

        foreach (var want in Causes(asked, earlier.Causes))
        {
            yield return want;
        }

        foreach (var run in earlier.Causes.Where(cause => cause.Data is AutomationTriggered))
        {
            foreach (var want in AboutRun(run, (AutomationTriggered)run.Data))
            {
                yield return want;
            }
        }
    }

    private IEnumerable<Want> AboutCommand(CommandProgress progress)
    {
        if (_findings.Find(progress.Command) is null)
        {
            yield return new Want.At(progress.Command);
            if (First is { } asked)
            {
                _findings.Asked[progress.Command] = asked;
            }
        }
    }
}
