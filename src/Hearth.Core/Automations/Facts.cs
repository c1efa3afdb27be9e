using System.Globalization;
using System.Text;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>
/// Why a trigger came true, by value: what a run carries along, so that its reason can be told when
/// the reading that began it has long left the log.
/// </summary>
internal static class Facts
{
    public static string Of(StateTrigger trigger, StateChanged change)
    {
        var json = Begin(trigger)
            .Name("entity_id")
            .String(change.Entity.Value)
            .Name("from")
            .String(trigger.ValueOf(change.From))
            .Name("to")
            .String(trigger.ValueOf(change.To));
        return End(json);
    }

    public static string Of(Trigger trigger, Hold hold, Entity entity)
    {
        var json = Begin(trigger)
            .Name("entity_id")
            .String(entity.Id.Value)
            .Name("from")
            .String(hold.From)
            .Name("to")
            .String(entity.State.Shown);
        if (trigger is NumericStateTrigger numeric)
        {
            Number(json, "above", numeric.Test.Above?.Number);
            Number(json, "below", numeric.Test.Below?.Number);
        }

        if (entity.Config.Json.TryGetProperty("unit_of_measurement", out var unit))
        {
            json.Name("unit_of_measurement").Raw(unit.GetRawText());
        }

        json.Name("since").String(Timestamp.ToText(hold.Since));
        Number(json, "for", trigger.For?.Fixed?.TotalSeconds ?? 0);
        if (hold.AwaitsReport)
        {
            json.Name("elapsed_while_down").Boolean(true);
        }

        return End(json);
    }

    public static string Of(EventTrigger trigger, Event item)
    {
        var json = Begin(trigger)
            .Name("event_type")
            .String(item.Type)
            .Name("event_id")
            .String(item.Id)
            .Name("source")
            .String(item.Source);
        if (item.Data.Subject is { } subject)
        {
            json.Name("subject").String(subject);
        }

        return End(json);
    }

    public static string Of(Principal principal) =>
        End(
            new JsonWriter()
                .BeginObject()
                .Name("platform")
                .String("manual")
                .Name("by")
                .String(principal.Value)
        );

    private static JsonWriter Begin(Trigger trigger) =>
        new JsonWriter().BeginObject().Name("platform").String(trigger.Platform);

    private static string End(JsonWriter json) => Encoding.UTF8.GetString(json.EndObject().Written);

    private static void Number(JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.Name(name).Raw(number.ToString("R", CultureInfo.InvariantCulture));
        }
    }
}
