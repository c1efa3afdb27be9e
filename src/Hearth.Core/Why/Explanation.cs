using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>One event of a chain, in words.</summary>
public sealed record Step(Event Event, Sentence Sentence);

/// <summary>What an event led to, and what that led to.</summary>
public sealed record Effect(Step Step, IReadOnlyList<Effect> Effects);

/// <summary>A cause that has left the log.</summary>
/// <param name="Facts">What is known of it by value, a JSON object; null where nothing is.</param>
public sealed record Gone(EventRef Event, Sentence Sentence, string? Facts);

/// <summary>Why an event happened and what it led to.</summary>
/// <param name="Causes">From the first event of the chain to the one that led directly to it.
/// </param>
/// <param name="IsCut">True where the chain is longer than what is told.</param>
/// <param name="IsComplete">True where every cause is there, up to the first event of the chain.
/// </param>
public sealed record Explanation(
    Event Event,
    Sentence Sentence,
    Step Step,
    IReadOnlyList<Step> Causes,
    IReadOnlyList<Effect> Effects,
    IReadOnlyList<Gone> Missing,
    bool IsCut,
    bool IsComplete
)
{
    internal static Explanation Of(Findings findings, Teller teller, NameBook names)
    {
        var item = findings.Item;
        return new Explanation(
            item,
            teller.Whole(item),
            new Step(item, teller.Short(item)),
            [.. findings.Causes.Select(cause => new Step(cause, teller.Short(cause)))],
            Below(item, findings, teller),
            [.. findings.Gone.Select(gone => Missed(gone.Gone, gone.NamedBy, names))],
            findings.IsCut || findings.AreCausesCut,
            findings.Gone.Count == 0 && !findings.AreCausesCut
        );
    }

    // Effects follow their causes, so one pass in order finds who belongs below whom.
    private static List<Effect> Below(Event item, Findings findings, Teller teller)
    {
        var below = new Dictionary<Sequence, List<Effect>> { [item.Sequence] = [] };
        foreach (var later in findings.Effects)
        {
            if (later.Cause is { } cause)
            {
                Add(later, cause.Sequence);
            }
        }

        // Something else may have ended a command: it stands below it all the same.
        foreach (var end in findings.Effects.Concat(findings.Ends))
        {
            if (end.Data is CommandProgress { Command: var command })
            {
                Add(end, command);
            }
        }

        return below[item.Sequence];

        void Add(Event later, Sequence cause)
        {
            if (below.TryGetValue(cause, out var beside) && !below.ContainsKey(later.Sequence))
            {
                below[later.Sequence] = [];
                var step = new Step(later, teller.Short(later));
                beside.Add(new Effect(step, below[later.Sequence]));
            }
        }
    }

    private static Gone Missed(EventRef gone, Event namedBy, NameBook names)
    {
        var telling = new Telling(names, namedBy.Time);
        telling.Say($"event {gone.Sequence.Value} has left the log");
        if (namedBy.Data is not AutomationTriggered triggered || namedBy.Cause != gone)
        {
            return new Gone(gone, telling.End(), null);
        }

        var facts = TriggerFacts.Of(triggered);
        telling.Say("; the run of ").Automation(triggered.Automation).Say(" still knows of it");
        if (facts.Entity is { } entity && facts.From is { } from)
        {
            telling.Say(" that ").Entity(entity).Say(" was ").Value(facts.Shown(from));
            telling.Say(" before").Say(facts.Since is null ? "" : " ");
            if (facts.Since is { } since)
            {
                telling.Time(since);
            }
        }

        return new Gone(gone, telling.End(), triggered.Facts);
    }
}
