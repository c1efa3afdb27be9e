using System.Globalization;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Devices;

namespace Hearth.Hub.Problems;

/// <summary>
/// Reads members of a body that people write by hand, and collects everything that is wrong with
/// them. Null counts as not given.
/// </summary>
internal sealed class BodyReader
{
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<Fault> Faults => _faults;

    public void Fault(string pointer, string detail) => _faults.Add(new Fault(pointer, detail));

    public void Add(IEnumerable<Fault> faults) => _faults.AddRange(faults);

    public void RefuseUnknown(JsonElement json, string pointer, string[] known)
    {
        foreach (var name in json.EnumerateObject().Select(member => member.Name).Except(known))
        {
            Fault(
                $"{pointer}/{name}",
                $"There is no {name} here; there are {string.Join(", ", known)}."
            );
        }
    }

    public static bool IsGiven(JsonElement json, string name, out JsonElement given) =>
        json.TryGetProperty(name, out given) && given.ValueKind != JsonValueKind.Null;

    public string? Text(JsonElement json, string pointer, string name)
    {
        if (!IsGiven(json, name, out var given))
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.String)
        {
            Fault($"{pointer}/{name}", "Expected a text.");
            return null;
        }

        return given.GetString();
    }

    public DateTimeOffset? Time(JsonElement json, string pointer, string name)
    {
        if (Text(json, pointer, name) is not { } text)
        {
            return null;
        }

        if (TryTime(text, out var time))
        {
            return time;
        }

        Fault($"{pointer}/{name}", $"\"{text}\" is no time; write 2026-01-02T03:04:05Z.");
        return null;
    }

    /// <summary>Reads a time with its date: one without would be today's, whenever that is.
    /// </summary>
    public static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out time
        )
        && text.Length >= "2026-01-02".Length
        && text[4] == '-'
        && time.Year is >= 2 and <= 9998;

    public bool IsEntity(string? entityId, string pointer)
    {
        var isId =
            entityId is not null && entityId.Split('.') is [{ Length: > 0 }, { Length: > 0 }];
        if (!isId)
        {
            Fault(pointer, $"\"{entityId}\" is no id of an entity; write it like sensor.outside.");
        }

        return isId;
    }

    public Attributes AttributesOf(JsonElement json, string pointer)
    {
        if (!IsGiven(json, "attributes", out var given))
        {
            return Attributes.Empty;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            Fault($"{pointer}/attributes", "Expected an object, the attributes by name.");
        }

        return Attributes.FromJson(given);
    }
}
