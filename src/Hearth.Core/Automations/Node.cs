using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>A part of an automation, and where it stands as a JSON pointer.</summary>
/// <param name="Json">Undefined where the part is not there.</param>
internal readonly record struct Node(JsonElement Json, string Pointer)
{
    private const int ShownMax = 60;

    public JsonValueKind Kind => Json.ValueKind;

    public bool IsMapping => Kind == JsonValueKind.Object;

    public bool IsList => Kind == JsonValueKind.Array;

    /// <summary>True where nothing is written, or null.</summary>
    public bool IsMissing => Kind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>What is written, short enough for a sentence.</summary>
    public string Shown
    {
        get
        {
            var text = Kind == JsonValueKind.String ? $"'{Json.GetString()}'" : Json.GetRawText();
            return text.Length <= ShownMax ? text : text[..ShownMax] + "…";
        }
    }

    /// <summary>True where the member is written, be it as null.</summary>
    public bool Has(string name) => IsMapping && Json.TryGetProperty(name, out _);

    public Node Member(string name) =>
        new(
            IsMapping && Json.TryGetProperty(name, out var member) ? member : default,
            $"{Pointer}/{JsonText.PointerStep(name)}"
        );

    public IEnumerable<Node> Members()
    {
        foreach (var member in Json.EnumerateObject())
        {
            yield return new Node(member.Value, $"{Pointer}/{JsonText.PointerStep(member.Name)}");
        }
    }

    /// <summary>The parts of a list; one that is not in a list is itself the only one.</summary>
    public IEnumerable<Node> Items()
    {
        if (IsMissing)
        {
            yield break;
        }

        if (!IsList)
        {
            yield return this;
            yield break;
        }

        var index = 0;
        foreach (var item in Json.EnumerateArray())
        {
            yield return new Node(item, $"{Pointer}/{index++}");
        }
    }
}
