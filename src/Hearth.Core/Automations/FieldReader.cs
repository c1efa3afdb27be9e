using System.Globalization;
using System.Text.Json;
using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads the members of an automation as loosely as Home Assistant writes them, and keeps
/// everything that is wrong, each with its JSON pointer.
/// </summary>
internal sealed class FieldReader
{
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<Fault> Faults => _faults;

    public void Fault(string pointer, string detail) => _faults.Add(new Fault(pointer, detail));

    public void RefuseUnknown(JsonElement json, string pointer, params string[][] known)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Any(keys => keys.Contains(member.Name)))
            {
                Fault(
                    $"{pointer}/{member.Name}",
                    "is not known here; known are " + string.Join(", ", known.SelectMany(k => k))
                );
            }
        }
    }

    public IReadOnlyList<EntityId> Entities(JsonElement json, string pointer, bool required)
    {
        var names = Values(json, pointer, "entity_id") ?? [];
        foreach (var name in names)
        {
            if (name.Split('.') is not [{ Length: > 0 }, { Length: > 0 }])
            {
                Fault(pointer + "/entity_id", $"'{name}' is no entity id, such as light.desk");
            }
        }

        if (required && names.Count == 0)
        {
            Fault(pointer + "/entity_id", "is missing; name the entity to watch");
        }

        return [.. names.Select(name => new EntityId(name))];
    }

    /// <summary>A string or a list of them; null where the member is absent or null.</summary>
    public IReadOnlyList<string>? Values(JsonElement json, string pointer, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return [.. value.EnumerateArray().Select(item => ScalarText(item))];
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            Fault($"{pointer}/{name}", "must be a value or a list of values");
        }

        return value.ValueKind == JsonValueKind.String && name == "entity_id"
            ? [.. value.GetString()!.Split(',').Select(part => part.Trim())]
            : [ScalarText(value)];
    }

    private static string ScalarText(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.True => "on",
            JsonValueKind.False => "off",
            _ => value.GetRawText(),
        };

    public string? OptionalText(JsonElement json, string pointer, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            return ScalarText(value);
        }

        // `trigger` and `action` at the top are lists; there they are not read as text.
        Fault($"{pointer}/{name}", "must be text");
        return null;
    }

    public double? Number(JsonElement json, string pointer, string name)
    {
        if (!json.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (
            double.TryParse(
                ScalarText(value),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            ) && double.IsFinite(number)
        )
        {
            return number;
        }

        Fault($"{pointer}/{name}", $"is {value.GetRawText()}; write a number");
        return null;
    }

    public TimeField? For(JsonElement json, string pointer)
    {
        if (!json.TryGetProperty("for", out var value))
        {
            return null;
        }

        if (Duration.TryRead(value, out var duration))
        {
            return duration > TimeSpan.Zero ? TimeField.Of(duration) : null;
        }

        Fault(
            pointer + "/for",
            $"is {value.GetRawText()}; write \"HH:MM:SS\", seconds, or {{\"minutes\": 5}}"
        );
        return null;
    }
}
