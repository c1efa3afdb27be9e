using System.Globalization;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// Whom an action is for: <c>target</c>, or, as older automations write it, <c>entity_id</c>
/// beside the action or inside its data.
/// </summary>
internal sealed class TargetReader(FieldReader fields)
{
    public CallTarget Read(JsonElement json, string pointer, JsonElement data)
    {
        var entities = fields.Entities(json, pointer, required: false);
        if (data.ValueKind == JsonValueKind.Object && entities.Count == 0)
        {
            entities = fields.Entities(data, pointer + "/data", required: false);
        }

        IReadOnlyList<string> devices = [];
        if (json.TryGetProperty("target", out var target))
        {
            if (target.ValueKind != JsonValueKind.Object)
            {
                fields.Fault(pointer + "/target", "must be an object with entity_id or device_id");
                return Made(entities, []);
            }

            fields.RefuseUnknown(target, pointer + "/target", ["entity_id", "device_id"]);
            var named = fields.Entities(target, pointer + "/target", required: false);
            entities = [.. entities, .. named];
            devices = fields.Values(target, pointer + "/target", "device_id") ?? [];
        }

        if (entities.Count == 0 && devices.Count == 0)
        {
            fields.Fault(pointer + "/target", "is missing; name an entity_id or a device_id");
        }

        return Made(entities, devices);
    }

    private static CallTarget Made(
        IReadOnlyList<EntityId> entities,
        IReadOnlyList<string> devices
    ) =>
        new(
            DataTemplate.Of([.. entities.Select(entity => entity.Value)]),
            DataTemplate.Of([.. devices]),
            null,
            null,
            null
        );

    /// <summary>An action's data without the entity ids that say whom it is for.</summary>
    public static string WithoutTargets(JsonElement data) =>
        Write(data.EnumerateObject().Where(member => member.Name != "entity_id"));

    private static string Write(IEnumerable<JsonProperty> members)
    {
        var json = new JsonWriter();
        json.BeginObject();
        foreach (var member in members)
        {
            json.Name(member.Name).Raw(member.Value.GetRawText());
        }

        json.EndObject();
        return System.Text.Encoding.UTF8.GetString(json.Written);
    }
}

/// <summary>Durations as Home Assistant writes them: "HH:MM:SS", seconds, or a mapping.</summary>
internal static class Duration
{
    private static readonly (string Name, double Seconds)[] Units =
    [
        ("days", 86_400),
        ("hours", 3_600),
        ("minutes", 60),
        ("seconds", 1),
        ("milliseconds", 0.001),
    ];

    public static bool TryRead(TemplateValue value, out TimeSpan duration)
    {
        if (value.Kind == TemplateKind.Duration)
        {
            duration = value.AsDuration;
            return duration >= TimeSpan.Zero;
        }

        return TryRead(
            JsonElement.Parse(PythonJson.Write(value, PythonJson.Layout.Compact)),
            out duration
        );
    }

    public static bool TryRead(JsonElement value, out TimeSpan duration)
    {
        var seconds = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => FromText(value.GetString()!),
            JsonValueKind.Object => FromMapping(value),
            _ => null,
        };
        // Ten years: longer than anything meant, shorter than anything that overflows.
        var inRange = seconds is >= 0 and <= 315_576_000;
        duration = inRange ? TimeSpan.FromSeconds(seconds!.Value) : TimeSpan.Zero;
        return inRange;
    }

    private static double? FromText(string text)
    {
        var parts = text.Split(':');
        if (parts.Length > 3)
        {
            return null;
        }

        double total = 0;
        foreach (var part in parts)
        {
            if (Parse(part) is not { } number)
            {
                return null;
            }

            total = total * 60 + number;
        }

        // "HH:MM" leaves the seconds out.
        return parts.Length == 2 ? total * 60 : total;
    }

    private static double? FromMapping(JsonElement mapping)
    {
        double total = 0;
        foreach (var member in mapping.EnumerateObject())
        {
            var unit = Array.Find(Units, unit => unit.Name == member.Name);
            var number = member.Value.ValueKind switch
            {
                JsonValueKind.Number => member.Value.GetDouble(),
                JsonValueKind.String => Parse(member.Value.GetString()!),
                _ => null,
            };
            if (unit.Name is null || number is null)
            {
                return null;
            }

            total += number.Value * unit.Seconds;
        }

        return total;
    }

    private static double? Parse(string text) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
