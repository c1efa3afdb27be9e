using System.Globalization;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>Why a trigger came, from what its run carries along: <c>Desk meter power was 63.2 W,
/// above 50 W for 10 s, since 21:14:05; first reading 61 W</c>.</summary>
internal sealed class TriggerWords(Findings findings, Happening happening)
{
    public void Tell(Telling telling, Event item, AutomationTriggered triggered)
    {
        var facts = TriggerFacts.Of(triggered);
        var cause = findings.Find(item.Cause);
        var trigger = TriggerOf(item, triggered);
        switch (facts.Platform)
        {
            case "numeric_state" when facts.Entity is { } entity:
                Number(telling, facts, entity, trigger as NumericStateTrigger, cause);
                break;
            case "state" when facts.Entity is { } entity:
                State(telling, facts, entity, trigger as StateTrigger, cause);
                break;
            case "template":
                Template(telling, facts, cause);
                break;
            case "sun" when facts.At is { } at:
                Sun(telling, at, trigger as SunTrigger);
                break;
            case "time" or "time_pattern" when facts.At is { } at:
                telling.Say("it was ").Time(at);
                break;
            case "mqtt":
                Message(telling, facts, cause);
                break;
            case "event" when cause is not null:
                happening.Tell(telling, cause);
                break;
            case "event":
                telling.Say("event ").Quote(facts.EventType ?? "").Say(" was published by ");
                telling.Source(facts.Source ?? "");
                break;
            case "webhook":
                telling.Say("its webhook was called");
                break;
            case "homeassistant":
                telling.Say(
                    trigger is HubTrigger { IsStart: false }
                        ? "the hub was about to stop"
                        : "the hub started"
                );
                break;
            case "manual":
                Hand(telling, facts, cause);
                break;
            default:
                Other(telling, facts, cause);
                break;
        }
    }

    /// <summary>The trigger as the automation said it then; null where that is not known.</summary>
    public Trigger? TriggerOf(Event item, AutomationTriggered triggered) =>
        findings.RulesOf(item)?.Triggers is { } triggers
        && triggered.Index >= 0
        && triggered.Index < triggers.Count
            ? triggers[triggered.Index]
            : null;

    /// <summary>The threshold, with the unit of the values.</summary>
    public static void Bounds(Telling telling, TriggerFacts facts, NumberTest? test)
    {
        var above = Bound(facts, facts.Above, test?.Above?.Entity);
        var below = Bound(facts, facts.Below, test?.Below?.Entity);
        if (
            above.Number is null
            && above.Entity is null
            && below.Number is null
            && below.Entity is null
        )
        {
            telling.Say("across its threshold");
            return;
        }

        Bound(telling, "above ", above);
        telling.Say(IsSaid(above) && IsSaid(below) ? " and " : "");
        Bound(telling, "below ", below);
    }

    private static bool IsSaid((string? Number, EntityId? Entity) bound) =>
        bound.Number is not null || bound.Entity is not null;

    private static (string? Number, EntityId? Entity) Bound(
        TriggerFacts facts,
        double? number,
        EntityId? entity
    ) => (number is { } value ? facts.Shown(value) : null, number is null ? entity : null);

    private static void Bound(
        Telling telling,
        string word,
        (string? Number, EntityId? Entity) bound
    )
    {
        if (bound.Number is { } number)
        {
            telling.Say(word).Value(number);
        }
        else if (bound.Entity is { } entity)
        {
            telling.Say(word).Entity(entity);
        }
    }

    private static void Number(
        Telling telling,
        TriggerFacts facts,
        EntityId entity,
        NumericStateTrigger? trigger,
        Event? cause
    )
    {
        var test = trigger?.Test;
        // What was compared then is not the state that the facts have.
        if (test is { Attribute: not null } or { ValueTemplate: not null })
        {
            telling.Say(
                test.Attribute is { } name ? name.Replace('_', ' ') + " of " : "a number of "
            );
            telling.Entity(entity).Say(" was ");
        }
        else if (facts.For > TimeSpan.Zero || facts.ElapsedWhileDown || facts.From is null)
        {
            telling.Entity(entity).Say(" was ").Value(facts.Shown(facts.To ?? "")).Say(", ");
        }
        else
        {
            telling
                .Entity(entity)
                .Say(" went from ")
                .Value(facts.Shown(facts.From))
                .Say(" to ")
                .Value(facts.Shown(facts.To ?? ""))
                .Say(", ");
        }

        Bounds(telling, facts, test);
        Held(telling, facts);
        if (
            facts.For > TimeSpan.Zero
            && test is not ({ Attribute: not null } or { ValueTemplate: not null })
        )
        {
            First(telling, facts, cause);
        }
    }

    // The reading that began it; where that has left the log, what was before is known still.
    private static void First(Telling telling, TriggerFacts facts, Event? cause)
    {
        if (cause?.Data is StateChanged change && cause.Time == facts.Since)
        {
            telling.Say("; first reading ").Value(facts.Shown(change.To.Shown));
            telling.Say(", after ").Value(facts.Shown(change.From.Shown));
        }
        else if (facts.From is { } from)
        {
            telling.Say("; the reading before that was ").Value(facts.Shown(from));
        }
    }

    private static void Held(Telling telling, TriggerFacts facts)
    {
        if (facts.For > TimeSpan.Zero)
        {
            telling.Say(" for ").Lasting(facts.For);
            if (facts.Since is { } since)
            {
                telling.Say(", since ").Time(since);
            }
        }
    }

    private void State(
        Telling telling,
        TriggerFacts facts,
        EntityId entity,
        StateTrigger? trigger,
        Event? cause
    )
    {
        if (facts.For > TimeSpan.Zero || facts.ElapsedWhileDown)
        {
            if (trigger?.Attribute is { } held)
            {
                telling
                    .Say(held.Replace('_', ' ') + " of ")
                    .Entity(entity)
                    .Say(" stayed as it was");
            }
            else
            {
                StateWords.Was(telling, entity, facts.To ?? "");
            }

            Held(telling, facts);
        }
        else if (cause?.Data is StateChanged)
        {
            happening.Tell(telling, cause);
            telling.Say(" at ").Time(cause.Time);
        }
        else if (cause?.Data is AutomationEvent)
        {
            happening.Tell(telling, cause);
        }
        else
        {
            var what = trigger?.Attribute is { } name ? name.Replace('_', ' ') + " of " : "";
            telling.Say(what).Entity(entity).Say(" changed from ").Value(facts.From ?? "nothing");
            telling.Say(" to ").Value(facts.To ?? "nothing");
        }
    }

    private static void Template(Telling telling, TriggerFacts facts, Event? cause)
    {
        telling.Say("its template came true");
        if (facts.Since is { } since)
        {
            telling.Say(" at ").Time(since);
        }

        if (cause?.Data is StateChanged change)
        {
            telling.Say(", when ");
            StateWords.Change(telling, change);
        }
        else if (facts.Entity is { } entity)
        {
            telling.Say(", when ").Entity(entity).Say(" changed");
        }
        else if (cause?.Data is AutomationTriggerChanged)
        {
            telling.Say(", by time alone");
        }

        if (facts.For > TimeSpan.Zero)
        {
            telling.Say(", and stayed so for ").Lasting(facts.For);
        }
    }

    private static void Sun(Telling telling, DateTimeOffset at, SunTrigger? trigger)
    {
        telling.Say("it was ").Time(at);
        if (trigger is null)
        {
            return;
        }

        telling.Say(", ");
        if (trigger.Offset != TimeSpan.Zero)
        {
            telling
                .Lasting(trigger.Offset.Duration())
                .Say(trigger.Offset > TimeSpan.Zero ? " after " : " before ");
        }

        telling.Say(trigger.IsSunrise ? "sunrise" : "sunset");
    }

    private void Message(Telling telling, TriggerFacts facts, Event? cause)
    {
        if (cause is not null)
        {
            happening.Tell(telling, cause);
        }
        else
        {
            telling.Say("a message came on ").Quote(facts.Topic ?? "");
        }
    }

    private static void Hand(Telling telling, TriggerFacts facts, Event? cause)
    {
        var by = facts.By ?? Principal.Anonymous;
        telling.Who(by).Say(cause is null ? " ran it by hand" : " ran it");
    }

    private void Other(Telling telling, TriggerFacts facts, Event? cause)
    {
        if (cause is not null)
        {
            happening.Tell(telling, cause);
        }
        else
        {
            telling.Say(
                string.Create(CultureInfo.InvariantCulture, $"its {facts.Platform} trigger came")
            );
        }
    }
}
