using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>What came of an automation the last time that its trigger came, or why it has not.
/// </summary>
/// <param name="Held">What held it back: <c>conditions</c>, <c>mode</c>, <c>error</c> (of its
/// variables), <c>disabled</c>, <c>never</c> (its trigger has not come, as far as the log
/// goes back); <c>failed</c> where it ran and did not get to its end, <c>nothing</c> where it
/// ran.</param>
/// <param name="Triggered">The event of its last trigger; null where none is known.</param>
public sealed record HeldBack(
    string Automation,
    string Held,
    Event? Triggered,
    Sentence Sentence,
    IReadOnlyList<HeldCondition> Conditions
);

/// <summary>Why did this automation not run?</summary>
/// <param name="definition">What it says now.</param>
/// <param name="enabled">Whether it is switched on now.</param>
/// <param name="lastRan">When it last ran, which may have left the log; null where it never did.
/// </param>
/// <param name="before">The question is about what came before this.</param>
/// <param name="now">When it is asked.</param>
public sealed class WhyNot(
    string automation,
    string definition,
    bool enabled,
    DateTimeOffset? lastRan,
    Sequence before,
    DateTimeOffset now
) : Question
{
    private readonly string _subject = "automation." + automation;
    private Inquiry? _about;
    private Event? _triggered;
    private Event? _switched;
    private Event? _saved;
    private readonly IReadOnlyList<Trigger> _triggers =
        AutomationParser.Parse(definition, out _)?.Triggers ?? [];
    private bool _isAllRead = true;
    private Event? _end;

    public override Mentions Mentioned()
    {
        var known = _about?.Mentioned() ?? Mentions.In([]);
        return known with
        {
            Entities = known
                .Entities.Concat(_triggers.SelectMany(trigger => trigger.Entities))
                .ToHashSet(),
        };
    }

    /// <summary>Says why not, once everything is known.</summary>
    public HeldBack Answer(NameBook names)
    {
        names.Add(automation, definition);
        foreach (var (id, said) in _about?.Findings.Definitions() ?? [])
        {
            if (id != automation)
            {
                names.Add(id, said);
            }
        }

        var telling = new Telling(names, now);
        telling.Automation(automation).Say(" ");
        var held = Tell(telling);
        if (held is "conditions" or "never" or "mode" && enabled)
        {
            Looks(telling, held);
        }

        return new HeldBack(
            automation,
            held,
            _triggered,
            telling.End(),
            held == "conditions"
                ? new StopWords(_about!.Findings).Held(
                    names,
                    _triggered!,
                    (AutomationTriggered)_triggered!.Data
                )
                : []
        );
    }

    private protected override IEnumerable<Want> Wants()
    {
        yield return Want.Newest(before, _subject, AutomationTriggered.TypeName);
        (_triggered, _isAllRead) = (First, LastFound.IsAll);
        if (!enabled)
        {
            yield return Want.Newest(
                before,
                _subject,
                AutomationDisabled.TypeName,
                AutomationCreated.TypeName
            );
            _switched = First;
        }

        if (_triggered is not { Data: AutomationTriggered triggered })
        {
            yield return Want.Definition(automation, before);
            _saved = First;
            yield break;
        }

        _about = new Inquiry(_triggered) { AsksForEffects = false };
        while (_about.Next() is { } want)
        {
            yield return want;
            _about.Take(LastFound);
        }

        if (triggered.StoppedBy is null)
        {
            yield return Want.Run(_triggered, automation);
            (_end, _isAllRead) = (First, LastFound.IsAll);
        }
    }

    private string Tell(Telling telling)
    {
        if (!enabled)
        {
            telling.Say("does not run: it is switched off");
            if (_switched is not null)
            {
                telling.Say(" since ").Time(_switched.Time).Say(", by ").Who(_switched.Principal);
            }

            return "disabled";
        }

        if (_triggered is not { Data: AutomationTriggered triggered })
        {
            NotCome(telling);
            return "never";
        }

        if (triggered.StoppedBy is null)
        {
            return Ran(telling, _triggered, triggered);
        }

        telling.Say("did not run at ").Time(_triggered.Time).Say(": ");
        new StopWords(_about!.Findings).Tell(telling, _triggered, triggered);
        return triggered.StoppedBy switch
        {
            "failed_conditions" => "conditions",
            "failed_single" or "failed_max_runs" => "mode",
            _ => "error",
        };
    }

    // What a condition or its mode stopped is not kept for long.
    private void NotCome(Telling telling)
    {
        if (lastRan is { } ran)
        {
            telling.Say("last ran at ").Time(ran).Say(", and that has left the log; ");
        }
        else
        {
            telling.Say("has not run: ");
        }

        telling.Say(
            _isAllRead
                ? "within what the log has kept, its trigger has not come"
                : "within the newest part of the log, its trigger has not come"
        );
        if (lastRan is null && _saved is not null)
        {
            telling.Say(" since it was saved at ").Time(_saved.Time);
        }
        else if (lastRan is not null)
        {
            telling.Say(" since");
        }
    }

    private string Ran(Telling telling, Event run, AutomationTriggered triggered)
    {
        telling.Say("did run, at ").Time(run.Time).Say(": ");
        var findings = _about!.Findings;
        new TriggerWords(findings, new Happening(findings)).Tell(telling, run, triggered);
        switch (_end?.Data)
        {
            case AutomationFailed failed:
                telling.Say($". It failed at {failed.Step}: ").Say(failed.Reason.TrimEnd('.'));
                return "failed";
            case AutomationFinished { Result: "aborted" }:
                telling.Say(". A condition among its actions did not hold, and it ended there");
                return "failed";
            case AutomationFinished { Result: "cancelled" }:
                telling.Say(". It was cancelled before its end");
                return "failed";
            case null when !_isAllRead:
                telling.Say(". What became of it is not in the newest part of the log");
                return "nothing";
            case AutomationWaiting or null:
                telling.Say(". It is under way");
                return "nothing";
            default:
                telling.Say(", and it came to its end");
                return "nothing";
        }
    }

    private void Looks(Telling telling, string held)
    {
        var open = _triggers.Where(trigger => trigger.Enabled).ToArray();
        if (open.Length == 0)
        {
            return;
        }

        telling.Say(held == "never" ? ". It runs when " : ". It looks again when ");
        const int told = 3;
        foreach (var (index, trigger) in open.Take(told).Index())
        {
            telling.Say(index == 0 ? "" : ", or when ");
            WaitWords.Tell(telling, trigger);
        }

        telling.Say(open.Length > told ? $", or at one of {open.Length - told} others" : "");
    }
}
