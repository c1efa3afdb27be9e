using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// A variable of a run as JSON, while the run waits. What JSON has no words for is an object with
/// one member: <c>{"$time":…}</c>, <c>{"$seconds":…}</c>, <c>{"$state":…}</c>.
/// </summary>
internal static class RunValue
{
    public static void Write(JsonWriter json, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.Time:
                json.BeginObject().Name("$time").String(Timestamp.ToText(value.AsTime)).EndObject();
                break;
            case TemplateKind.Duration:
                json.BeginObject().Name("$ticks").Number(value.AsDuration.Ticks).EndObject();
                break;
            case TemplateKind.State:
                Write(json, value.AsState);
                break;
            case TemplateKind.List or TemplateKind.Tuple:
                json.BeginArray();
                foreach (var item in value.AsItems)
                {
                    Write(json, item);
                }

                json.EndArray();
                break;
            case TemplateKind.Dict:
                json.BeginObject();
                foreach (var (key, member) in value.AsDict)
                {
                    json.Name(key.ToString());
                    Write(json, member);
                }

                json.EndObject();
                break;
            default:
                json.Raw(value.ToJson());
                break;
        }
    }

    public static TemplateValue Read(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                return TemplateValue.List([.. json.EnumerateArray().Select(Read)]);
            case JsonValueKind.Object:
                if (Special(json) is { } special)
                {
                    return special;
                }

                var dict = new TemplateDict();
                foreach (var member in json.EnumerateObject())
                {
                    dict.Set(member.Name, Read(member.Value));
                }

                return TemplateValue.From(dict);
            default:
                return TemplateValue.FromJson(json);
        }
    }

    private static void Write(JsonWriter json, StateView state)
    {
        json.BeginObject()
            .Name("$state")
            .BeginObject()
            .Name("entity_id")
            .String(state.EntityId)
            .Name("state")
            .String(state.State)
            .Name("attributes");
        state.Attributes.Write(json);
        json.Name("last_changed")
            .String(Timestamp.ToText(state.LastChanged))
            .Name("last_updated")
            .String(Timestamp.ToText(state.LastUpdated))
            .EndObject()
            .EndObject();
    }

    private static TemplateValue? Special(JsonElement json)
    {
        if (json.TryGetProperty("$time", out var time))
        {
            return TemplateValue.From(Timestamp.Parse(time.GetString()!));
        }

        if (json.TryGetProperty("$ticks", out var ticks))
        {
            return TemplateValue.From(TimeSpan.FromTicks(ticks.GetInt64()));
        }

        if (!json.TryGetProperty("$state", out var state))
        {
            return null;
        }

        var updated = JsonRead.Time(state, "last_updated");
        return TemplateValue.From(
            new StateView
            {
                EntityId = JsonRead.Required(state, "entity_id"),
                State = JsonRead.Required(state, "state"),
                Attributes = Attributes.FromJson(state.GetProperty("attributes")),
                LastChanged = JsonRead.Time(state, "last_changed"),
                LastUpdated = updated,
                LastReported = updated,
            }
        );
    }
}
