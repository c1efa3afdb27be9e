using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>What a person says of a device, over what it announced itself.</summary>
/// <param name="Name">What it is called; null = as it announced.</param>
/// <param name="Area">The area that it is in, by name, or by id where people had given the area
/// that name; null = what it suggested.</param>
/// <param name="Labels">By name, each once.</param>
public sealed record Arrangement(string? Name, string? Area, IReadOnlyList<string> Labels)
{
    /// <summary>Nobody has said anything.</summary>
    public static readonly Arrangement None = new(null, null, []);

    internal bool IsNone => Name is null && Area is null && Labels.Count == 0;

    internal bool Says(Arrangement other) =>
        Name == other.Name && Area == other.Area && Labels.SequenceEqual(other.Labels);

    /// <summary>As JSON, what is not said left out.</summary>
    public void Write(JsonWriter json)
    {
        json.BeginObject();
        WriteMembers(json);
        json.EndObject();
    }

    internal void WriteMembers(JsonWriter json)
    {
        Optional(json, "name", Name);
        Optional(json, "area", Area);
        WriteTexts(json, "labels", Labels);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Arrangement Read(JsonElement json) =>
        new(JsonRead.Text(json, "name"), JsonRead.Text(json, "area"), ReadTexts(json, "labels"));

    internal static void Optional(JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.Name(name).String(text);
        }
    }

    internal static void WriteTexts(JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.Name(name).BeginArray();
        foreach (var text in texts)
        {
            json.String(text);
        }

        json.EndArray();
    }

    internal static IReadOnlyList<string> ReadTexts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var texts)
            ? [.. texts.EnumerateArray().Select(text => text.GetString()!)]
            : [];
}
