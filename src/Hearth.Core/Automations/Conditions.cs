using System.Globalization;
using System.Text;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;
using Hearth.Core.Time;

namespace Hearth.Core.Automations;

/// <summary>Says whether conditions hold now, and writes down why.</summary>
/// <param name="trigger">The id of the trigger that set the run off; null by hand.</param>
internal sealed class Conditions(HomeState state, Sight sight, string? trigger, Trace trace)
{
    /// <summary>Whether a condition holds. What cannot be said, because a template fails or an
    /// entity is not there, is not so, as in Home Assistant.</summary>
    public bool Hold(Condition condition)
    {
        if (condition is AndCondition list && !char.IsAsciiDigit(list.Path[^1]))
        {
            return HoldAll(list);
        }

        if (!condition.Enabled)
        {
            trace.Add(condition.Path, sight.Now, """{"enabled":false}""");
            return true;
        }

        try
        {
            var (holds, why) = Check(condition);
            trace.Add(condition.Path, sight.Now, Result(holds, why));
            return holds;
        }
        catch (TemplateException failure)
        {
            trace.Add(condition.Path, sight.Now, Result(false, ""), failure.Message);
            return false;
        }
    }

    /// <summary>All conditions of a list; the first that does not hold ends it. The list itself,
    /// which nobody wrote as a condition, leaves no trace.</summary>
    public bool HoldAll(AndCondition list) => list.Conditions.All(Hold);

    private static string Result(bool holds, string why) =>
        $"{{\"result\":{(holds ? "true" : "false")}{why}}}";

    private (bool Holds, string Why) Check(Condition condition) =>
        condition switch
        {
            AndCondition and => (and.Conditions.All(Hold), ""),
            OrCondition or => (or.Conditions.Any(Hold), ""),
            NotCondition not => (!not.Conditions.Any(Hold), ""),
            StateCondition wanted => Check(wanted),
            NumericStateCondition wanted => Check(wanted),
            TimeCondition wanted => Check(wanted),
            SunCondition wanted => Check(wanted),
            TemplateCondition { Value: var value } => Check(value),
            TriggerCondition { Ids: var ids } => (trigger is not null && ids.Contains(trigger), ""),
            _ => throw new System.Diagnostics.UnreachableException(condition.Kind),
        };

    // As in Home Assistant, only `true` will do: a template trigger is content with `on` or 1.
    private (bool, string) Check(DataTemplate value)
    {
        var text = value.RenderText(sight.Context()).Trim();
        return (text.Equals("true", StringComparison.OrdinalIgnoreCase), "");
    }

    private (bool, string) Check(StateCondition wanted)
    {
        var met = 0;
        var why = "";
        foreach (var id in wanted.Entities)
        {
            var found = sight.StateOf(id);
            var value = found is null ? null : ValueOf(found, wanted.Attribute);
            var holds = value is not null && wanted.States.Any(state => Meant(state) == value);
            if (holds && wanted.For is { } lasts)
            {
                holds = Since(id, wanted.Attribute) <= sight.Now - lasts.Render(sight.Context());
            }

            met += holds ? 1 : 0;
            if (!holds && why.Length == 0)
            {
                why =
                    $",\"entity_id\":{JsonWriter.Quote(id.Value)},\"state\":"
                    + (value is null ? "null" : JsonWriter.Quote(value));
            }
        }

        var all = wanted.Any ? met > 0 : met == wanted.Entities.Count;
        return (all, all ? "" : why);
    }

    private (bool, string) Check(NumericStateCondition wanted)
    {
        foreach (var id in wanted.Entities)
        {
            var found = sight.StateOf(id);
            string? fault = null;
            var number = found is null ? null : wanted.Test.NumberOf(id, found, sight, out fault);
            if (fault is not null)
            {
                throw new TemplateException(fault);
            }

            if (!wanted.Test.Holds(number, sight, 0))
            {
                var told = number?.ToString("R", CultureInfo.InvariantCulture) ?? "null";
                return (false, $",\"entity_id\":{JsonWriter.Quote(id.Value)},\"state\":{told}");
            }
        }

        return (true, "");
    }

    private (bool, string) Check(TimeCondition wanted)
    {
        TimeOnly? after = null;
        TimeOnly? before = null;
        if (wanted.After is { } from && (after = state.Clocks.TimeOf(from, sight.Now)) is null)
        {
            return (false, "");
        }

        if (wanted.Before is { } to && (before = state.Clocks.TimeOf(to, sight.Now)) is null)
        {
            return (false, "");
        }

        var days = Clocks.DaysOf(wanted.Weekdays);
        var local = state.Location.Local(sight.Now);
        var holds = new Time.TimeCondition(after, before, days).Holds(local);
        return (holds, $",\"now\":\"{local:HH:mm:ss}\"");
    }

    private (bool, string) Check(SunCondition wanted)
    {
        var (holds, after, before, detail) = state.Location.Allows(wanted, sight.Now);
        var why = new StringBuilder();
        Add("wanted_time_after", after is null ? null : Timestamp.ToText(after.Value));
        Add("wanted_time_before", before is null ? null : Timestamp.ToText(before.Value));
        Add("message", detail);
        return (holds, why.ToString());

        void Add(string name, string? text)
        {
            if (text is not null)
            {
                why.Append($",\"{name}\":{JsonWriter.Quote(text)}");
            }
        }
    }

    private DateTimeOffset Since(EntityId id, string? attribute)
    {
        if (state.Devices.Entities.TryGetValue(id, out var entity))
        {
            return attribute is null ? entity.Changed : entity.Updated;
        }

        return sight.View.State(id.Value)?.LastChanged ?? sight.Now;
    }

    private static string ValueOf(EntityState found, string? attribute) =>
        attribute is null ? found.Shown : found.Attributes.Plain(attribute) ?? "None";

    // `state: input_select.mode` means the state of that.
    private string Meant(string wanted) =>
        wanted.StartsWith("input_", StringComparison.Ordinal)
        && sight.StateOf(new EntityId(wanted)) is { } found
            ? found.Shown
            : wanted;
}
