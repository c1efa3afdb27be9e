using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>What came too late, and that the hub was down where it was.</summary>
internal sealed class Lateness(Findings findings)
{
    /// <summary>Everything that led to the event and came too late, each in a sentence.</summary>
    public void Tell(Telling telling)
    {
        var beside = findings
            .Earlier.Values.SelectMany(earlier => earlier.Causes)
            .ExceptBy(findings.Path().Select(known => known.Sequence), known => known.Sequence);
        foreach (var known in beside.Concat(findings.Path()))
        {
            if (known.Data is AutomationTriggered triggered)
            {
                Run(telling, known, TriggerFacts.Of(triggered));
            }
            else if (known.RecordedTime - known.Time > Teller.IsLate)
            {
                Seen(telling, known);
            }
        }
    }

    private void Run(Telling telling, Event run, TriggerFacts facts)
    {
        if (facts.Due is { } due)
        {
            telling.Say(". It should have been ").Time(due);
            var resumed = findings.Resumed.GetValueOrDefault(run.Sequence);
            if (facts.ElapsedWhileDown)
            {
                Elapsed(telling, run, resumed);
            }
            else
            {
                Down(telling, resumed);
                telling.Say("; it ran ").Lasting(facts.Late).Say(" late");
            }
        }

        if (LateWait(run) is { } late && findings.After(run) is { } next)
        {
            telling.Say(". Its wait should have been over at ").Time(next.Time - late);
            telling.Say("; the hub was down, and it went on ").Lasting(late).Say(" late");
        }
    }

    private static void Elapsed(Telling telling, Event run, Event? resumed)
    {
        Down(telling, resumed);
        telling.Say(
            resumed is null ? ". The hub was down then; it was still so later, and it went on"
            : run.Cause?.Sequence > resumed.Sequence
                ? "; the first report after that was still so, and it went on"
            : "; nothing else was reported within a minute after that, and it went on"
        );
    }

    // What only stood still for a moment has no outage to name.
    private static void Down(Telling telling, Event? resumed)
    {
        if (resumed?.Data is HubResumed { DownSince: var since })
        {
            telling.Say(". The hub was down from ").Time(since).Say(" to ").Time(resumed.Time);
        }
    }

    private void Seen(Telling telling, Event item)
    {
        var resumed = findings.Resumed.GetValueOrDefault(item.Sequence);
        Down(telling, resumed);
        telling.Say(resumed is null ? ". It was seen at " : "; it was seen at ");
        telling.Time(item.RecordedTime);
    }

    // The event after the wait says how late it was over.
    private TimeSpan? LateWait(Event run)
    {
        if (findings.After(run) is not { } next)
        {
            return null;
        }

        var told = findings
            .Runs.GetValueOrDefault(run.Sequence, [])
            .Where(known => known.Sequence > next.Sequence)
            .Select(known => (known.Data as AutomationRunEvent)?.Trace)
            .FirstOrDefault();
        foreach (var step in told is null ? [] : JsonRead.Parse(told).EnumerateArray().ToArray())
        {
            if (
                step.TryGetProperty("result", out var result)
                && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("late", out var late)
            )
            {
                return TimeSpan.FromSeconds(late.GetDouble());
            }
        }

        return null;
    }
}
