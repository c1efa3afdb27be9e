using System.Collections;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// An entity's attributes: names in ordinal order, each with its value as JSON text. Immutable
/// and compared by content, because "did anything change?" is asked on every message. Values stay
/// text, so a number keeps the digits that the device sent.
/// </summary>
public sealed class Attributes : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<Attributes>
{
    public static readonly Attributes Empty = new([]);

    private readonly KeyValuePair<string, string>[] _items;

    private Attributes(KeyValuePair<string, string>[] items) => _items = items;

    public int Count => _items.Length;

    public KeyValuePair<string, string> this[int index] => _items[index];

    /// <summary>
    /// The value of an attribute as JSON text (<c>"on"</c>, <c>128</c>), or null.
    /// </summary>
    public string? Get(string name)
    {
        foreach (var item in _items)
        {
            if (item.Key == name)
            {
                return item.Value;
            }
        }

        return null;
    }

    /// <summary>The value of an attribute as rules compare it, a text without its quotes; or null.
    /// </summary>
    public string? Plain(string name) => Get(name)?.Trim('"');

    /// <summary>The same attributes with one set to a JSON text; null takes it away.</summary>
    public Attributes With(string name, string? json)
    {
        if (Get(name) == json)
        {
            return this;
        }

        var kept = _items.Where(item => item.Key != name);
        return json is null ? Of(kept) : Of(kept.Append(KeyValuePair.Create(name, json)));
    }

    /// <summary>The same attributes with a string value, written as JSON.</summary>
    public Attributes WithText(string name, string? text) =>
        With(name, text is null ? null : JsonWriter.Quote(text));

    /// <summary>Attributes in any order; a name that comes twice keeps its last value.</summary>
    public static Attributes Of(IEnumerable<KeyValuePair<string, string>> items)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, json) in items)
        {
            sorted[name] = json;
        }

        return sorted.Count == 0 ? Empty : new Attributes([.. sorted]);
    }

    /// <summary>The members of a JSON object; anything else has none.</summary>
    public static Attributes FromJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
            ? Of(
                json.EnumerateObject()
                    .Select(member => KeyValuePair.Create(member.Name, member.Value.GetRawText()))
            )
            : Empty;

    public void Write(JsonWriter json)
    {
        json.BeginObject();
        foreach (var (name, value) in _items)
        {
            json.Name(name).Raw(value);
        }

        json.EndObject();
    }

    public bool Equals(Attributes? other) =>
        other is not null
        && (ReferenceEquals(this, other) || _items.AsSpan().SequenceEqual(other._items));

    public override bool Equals(object? obj) => Equals(obj as Attributes);

    public override int GetHashCode() => _items.Length;

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
