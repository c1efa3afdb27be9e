using System.Globalization;
using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>A condition that kept a run from beginning.</summary>
/// <param name="Path">As Home Assistant's traces say it: <c>condition/0</c>.</param>
/// <param name="Result">What it saw, a JSON object.</param>
public sealed record HeldCondition(string Path, string Kind, string Result, Sentence Sentence);

/// <summary>What kept a run from beginning, in words.</summary>
internal sealed class StopWords(Findings findings)
{
    public void Tell(Telling telling, Event item, AutomationTriggered triggered)
    {
        switch (triggered.StoppedBy)
        {
            case "failed_conditions":
                Conditions(telling, item, triggered);
                break;
            case "failed_single":
                telling.Say("it was running already, and its mode lets it run once at a time");
                break;
            case "failed_max_runs":
                telling.Say("as many runs as it may have at once were under way");
                break;
            default:
                telling.Say("its variables could not be worked out: ");
                telling.Say(Errors(triggered) ?? "the trace does not say why");
                break;
        }
    }

    /// <summary>The conditions that did it; those inside others rather than the others.</summary>
    public IReadOnlyList<HeldCondition> Held(
        NameBook names,
        Event item,
        AutomationTriggered triggered
    )
    {
        var results = Results(triggered);
        var held = new List<HeldCondition>();
        foreach (var (condition, holds) in Culprits(item, results))
        {
            var telling = new Telling(names, item.Time);
            Tell(telling, item, condition, results[condition.Path], holds);
            held.Add(
                new HeldCondition(
                    condition.Path,
                    condition.Kind,
                    results[condition.Path].GetRawText(),
                    telling.End()
                )
            );
        }

        return held;
    }

    private void Conditions(Telling telling, Event item, AutomationTriggered triggered)
    {
        var results = Results(triggered);
        var culprits = Culprits(item, results).ToArray();
        if (culprits.Length == 0)
        {
            telling.Say("its conditions did not hold");
        }

        foreach (var (index, (condition, holds)) in culprits.Index())
        {
            telling.Say(index == 0 ? "" : "; ");
            Tell(telling, item, condition, results[condition.Path], holds);
        }
    }

    private static string? Errors(AutomationTriggered triggered) =>
        triggered.Trace is { } trace
            ? JsonElement
                .Parse(trace)
                .EnumerateArray()
                .Select(step => JsonRead.Text(step, "error"))
                .LastOrDefault(error => error is not null)
                ?.TrimEnd('.')
            : null;

    private static Dictionary<string, JsonElement> Results(AutomationTriggered triggered)
    {
        var results = new Dictionary<string, JsonElement>();
        if (triggered.Trace is not { } trace)
        {
            return results;
        }

        foreach (var step in JsonRead.Parse(trace).EnumerateArray())
        {
            if (
                JsonRead.Text(step, "path") is { } path
                && step.TryGetProperty("result", out var result)
                && result.ValueKind == JsonValueKind.Object
            )
            {
                results[path] = result;
            }
        }

        return results;
    }

    // The first that does not hold ends the list, so it is the last that was asked.
    private IEnumerable<(Condition Condition, bool Holds)> Culprits(
        Event item,
        Dictionary<string, JsonElement> results
    ) =>
        findings.RulesOf(item)?.Condition.Conditions is { } conditions
        && conditions.FirstOrDefault(each => Holds(each, results) == false) is { } first
            ? Within(first, false, results)
            : [];

    private static IEnumerable<(Condition, bool)> Within(
        Condition condition,
        bool holds,
        Dictionary<string, JsonElement> results
    )
    {
        var (inner, wanted) = condition switch
        {
            AndCondition and => (and.Conditions, holds),
            OrCondition or => (or.Conditions, holds),
            NotCondition not => (not.Conditions, !holds),
            _ => ([], holds),
        };
        var guilty = inner.Where(each => Holds(each, results) == wanted).ToArray();
        return guilty.Length == 0
            ? [(condition, holds)]
            : guilty.SelectMany(each => Within(each, wanted, results));
    }

    private static bool? Holds(Condition condition, Dictionary<string, JsonElement> results) =>
        results.TryGetValue(condition.Path, out var result)
        && result.TryGetProperty("result", out var holds)
            ? holds.GetBoolean()
        : condition is AndCondition { Conditions: var all }
        && all.Count > 0
        && all.Any(each => Holds(each, results) == false)
            ? false
        : null;

    private void Tell(
        Telling telling,
        Event item,
        Condition condition,
        JsonElement result,
        bool holds
    )
    {
        switch (condition)
        {
            case StateCondition state when !holds && Entity(result) is { } id:
                State(telling, item, state, id, JsonRead.Text(result, "state"));
                break;
            case NumericStateCondition number when !holds && Entity(result) is { } id:
                Number(telling, number, id, result);
                break;
            case StateCondition { Entities: [var id], Attribute: null } state when holds:
                StateWords.Was(telling, id, string.Join(" or ", state.States));
                telling.Say(", and was not to be");
                break;
            case NumericStateCondition { Entities: [var id] } number when holds:
                telling.Entity(id).Say(" was ");
                TriggerWords.Bounds(telling, Facts(telling.Names, number, id), number.Test);
                telling.Say(", and was not to be");
                break;
            case TimeCondition time when JsonRead.Text(result, "now") is { } now:
                telling.Say("it was ").Value(now).Say(holds ? ", when it is not to run" : ", not ");
                Time(telling, time, holds);
                break;
            case SunCondition when !holds:
                Sun(telling, result);
                break;
            case TemplateCondition when !holds:
                telling.Say("its template was not true");
                break;
            case TriggerCondition when !holds:
                telling.Say("another of its triggers had set it off");
                break;
            default:
                telling.Say($"its {condition.Kind.Replace('_', ' ')} condition ");
                telling.Say(holds ? "held, and was not to" : "did not hold");
                break;
        }

        telling.Say(condition.Alias is { } alias ? $" ({alias}, " : " (").Say(condition.Path + ")");
    }

    private void State(
        Telling telling,
        Event item,
        StateCondition wanted,
        EntityId id,
        string? value
    )
    {
        if (value is null)
        {
            telling.Entity(id).Say(" had no state");
            return;
        }

        if (wanted.Attribute is { } attribute)
        {
            telling.Say(attribute.Replace('_', ' ') + " of ").Entity(id).Say(" was ").Value(value);
        }
        else
        {
            StateWords.Was(telling, id, value);
        }

        var last = findings.Before.GetValueOrDefault((item.Sequence, id));
        if (wanted.Attribute is null && last is not null)
        {
            var lasted = item.Time - last.Time;
            if (wanted.For?.Fixed is { } lasts && wanted.States.Contains(value))
            {
                telling.Say(" for ").Lasting(lasted).Say(" only, not for ").Lasting(lasts);
                return;
            }

            telling.Say(", since ").Time(last.Time).Say(" (").Lasting(lasted).Say(" before)");
        }

        telling.Say(", and was to be ").Value(string.Join(" or ", wanted.States));
        if (wanted.For?.Fixed is { } time)
        {
            telling.Say(" for ").Lasting(time);
        }
    }

    private static void Number(
        Telling telling,
        NumericStateCondition wanted,
        EntityId id,
        JsonElement result
    )
    {
        var value = result.GetProperty("state");
        if (value.ValueKind != JsonValueKind.Number)
        {
            telling.Entity(id).Say(" had no number");
            return;
        }

        telling.Entity(id).Say(" was ");
        telling.Value(StateWords.Shown(telling.Names, id, value.GetRawText())).Say(", not ");
        TriggerWords.Bounds(telling, Facts(telling.Names, wanted, id), wanted.Test);
    }

    private static TriggerFacts Facts(NameBook names, NumericStateCondition wanted, EntityId id) =>
        new("numeric_state")
        {
            Above = wanted.Test.Above?.Number,
            Below = wanted.Test.Below?.Number,
            Unit = names.UnitOf(id),
        };

    private static void Time(Telling telling, TimeCondition wanted, bool holds)
    {
        if (holds)
        {
            return;
        }

        var (after, before) = (Clock(wanted.After), Clock(wanted.Before));
        telling.Say(
            after is not null && before is not null ? $"between {after} and {before}"
            : after is not null ? $"after {after}"
            : before is not null ? $"before {before}"
            : "at a time that it asks for"
        );
        if (wanted.Weekdays.Count > 0)
        {
            telling.Say(" on " + string.Join(", ", wanted.Weekdays));
        }
    }

    private static string? Clock(TimeOfEntity? at) =>
        at?.Time?.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static void Sun(Telling telling, JsonElement result)
    {
        var after = JsonRead.OptionalTime(result, "wanted_time_after");
        var before = JsonRead.OptionalTime(result, "wanted_time_before");
        if (after is null && before is null)
        {
            telling.Say("the sun was not where it asks for");
            return;
        }

        telling.Say("it was not ");
        if (after is { } from)
        {
            telling.Say("after ").Time(from);
        }

        if (before is { } to)
        {
            telling.Say(after is null ? "before " : " and before ").Time(to);
        }
    }

    private static EntityId? Entity(JsonElement result) =>
        JsonRead.Text(result, "entity_id") is { } id ? new EntityId(id) : null;
}
