using System.Globalization;
using System.Text;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Discovery;

/// <summary>
/// The members of an announcement under their full names, in the order in which they came, each as
/// JSON; read as loosely as devices type them.
/// </summary>
internal sealed class Members
{
    private readonly List<KeyValuePair<string, JsonElement>> _items = [];

    public int Count => _items.Count;

    public static Members Of(JsonElement json, IReadOnlyDictionary<string, string> abbreviations)
    {
        var members = new Members();
        foreach (var member in json.EnumerateObject())
        {
            var name = abbreviations.TryGetValue(member.Name, out var full) ? full : member.Name;
            members.Set(name, member.Value);
        }

        return members;
    }

    public IEnumerable<string> Names => _items.Select(item => item.Key);

    public bool Has(string name) => _items.Exists(item => item.Key == name);

    public bool TryGet(string name, out JsonElement value)
    {
        var place = _items.FindIndex(item => item.Key == name);
        value = place < 0 ? default : _items[place].Value;
        return place >= 0;
    }

    /// <summary>A member as text; null where it is absent, null, or no scalar.</summary>
    public string? Text(string name) => TryGet(name, out var value) ? Loose.Text(value) : null;

    /// <summary>A list of texts, or one text.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        TryGet(name, out var value) ? Loose.Texts(value) : [];

    /// <summary>A list of pairs of texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string name) =>
        TryGet(name, out var value) && value.ValueKind == JsonValueKind.Array
            ?
            [
                .. value
                    .EnumerateArray()
                    .Where(pair =>
                        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
                    )
                    .Select(pair =>
                        KeyValuePair.Create(Loose.Text(pair[0]) ?? "", Loose.Text(pair[1]) ?? "")
                    ),
            ]
            : [];

    /// <summary>Puts the base topic where a topic begins or ends with <c>~</c>.</summary>
    public void ExpandBase(string? baseTopic)
    {
        if (baseTopic is null)
        {
            return;
        }

        for (var index = 0; index < _items.Count; index++)
        {
            var (name, value) = _items[index];
            if (name.EndsWith("topic", StringComparison.Ordinal))
            {
                _items[index] = KeyValuePair.Create(name, Expanded(value, baseTopic));
            }
            else if (name == "availability")
            {
                _items[index] = KeyValuePair.Create(name, ExpandedAvailability(value, baseTopic));
            }
        }
    }

    /// <summary>Takes over what the root of a device announcement says for all.</summary>
    public void Fill(Members root, IEnumerable<string> names)
    {
        var ownAvailability = Has("availability") || Has("availability_topic");
        foreach (var (name, value) in root._items)
        {
            var isAvailability =
                name.StartsWith("availability", StringComparison.Ordinal)
                || name is "payload_available" or "payload_not_available";
            var shared = isAvailability ? !ownAvailability : names.Contains(name);
            if (shared && !Has(name))
            {
                Set(name, value);
            }
        }
    }

    /// <summary>Sets a text where nothing was said.</summary>
    public void Default(string name, string text)
    {
        if (!Has(name))
        {
            Set(name, JsonElement.Parse(JsonWriter.Quote(text)));
        }
    }

    /// <summary>Makes the two forms of availability one: a list with every member written out.
    /// </summary>
    public void NormaliseAvailability()
    {
        var json = new JsonWriter();
        json.BeginArray();
        if (TryGet("availability", out var list))
        {
            var entries =
                list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToArray() : [list];
            foreach (var entry in entries.Where(item => item.ValueKind == JsonValueKind.Object))
            {
                var members = Of(entry, Abbreviations.OfEntity);
                WriteAvailability(json, members, members.Text("topic"), "value_template");
            }
        }
        else if (Text("availability_topic") is { } topic)
        {
            WriteAvailability(json, this, topic, "availability_template");
        }

        json.EndArray();
        _items.RemoveAll(item =>
            item.Key
                is "availability"
                    or "availability_topic"
                    or "availability_template"
                    or "payload_available"
                    or "payload_not_available"
        );
        if (json.Length > 2)
        {
            Set("availability", JsonElement.Parse(json.Written));
        }
    }

    /// <summary>Makes members the texts that they stand for; what is no scalar is left out.
    /// </summary>
    public void NormaliseTexts(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!TryGet(name, out var value))
            {
                continue;
            }

            if (Loose.Text(value) is { } text)
            {
                Set(name, JsonElement.Parse(JsonWriter.Quote(text)));
            }
            else
            {
                _items.RemoveAll(item => item.Key == name);
            }
        }
    }

    /// <summary>Makes members the lists of texts that they stand for.</summary>
    public void NormaliseLists(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (TryGet(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                var items = Loose.Texts(value).Select(JsonWriter.Quote);
                Set(name, JsonElement.Parse("[" + string.Join(',', items) + "]"));
            }
        }
    }

    public void NormaliseFlag(string name)
    {
        if (TryGet(name, out var value))
        {
            Set(name, JsonElement.Parse(Loose.Flag(value) == false ? "false" : "true"));
        }
    }

    /// <summary>The name: null for the device's main entity, also where it is empty.</summary>
    public void NormaliseName()
    {
        if (TryGet("name", out var value))
        {
            var text = Loose.Text(value);
            var json = string.IsNullOrEmpty(text) ? "null" : JsonWriter.Quote(text);
            Set("name", JsonElement.Parse(json));
        }
    }

    public string ToJson(IReadOnlyCollection<string> except)
    {
        var json = new JsonWriter();
        json.BeginObject();
        foreach (var (name, value) in _items.Where(item => !except.Contains(item.Key)))
        {
            // Null is the same as absent, but for the name.
            if (value.ValueKind != JsonValueKind.Null || name == "name")
            {
                json.Name(name).Raw(value.GetRawText());
            }
        }

        json.EndObject();
        return Encoding.UTF8.GetString(json.Written);
    }

    private static void WriteAvailability(
        JsonWriter json,
        Members members,
        string? topic,
        string templateName
    )
    {
        if (topic is null)
        {
            return;
        }

        json.BeginObject()
            .Name("topic")
            .String(topic)
            .Name("payload_available")
            .String(members.Text("payload_available") ?? "online")
            .Name("payload_not_available")
            .String(members.Text("payload_not_available") ?? "offline");
        if (members.Text(templateName) is { } template)
        {
            json.Name("value_template").String(template);
        }

        json.EndObject();
    }

    private static JsonElement Expanded(JsonElement value, string baseTopic)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return value;
        }

        var topic = value.GetString()!;
        if (topic.StartsWith('~'))
        {
            topic = baseTopic + topic[1..];
        }
        else if (topic.EndsWith('~'))
        {
            topic = topic[..^1] + baseTopic;
        }

        return JsonElement.Parse(JsonWriter.Quote(topic));
    }

    private static JsonElement ExpandedAvailability(JsonElement value, string baseTopic)
    {
        var entries =
            value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value];
        var json = new JsonWriter();
        json.BeginArray();
        foreach (var entry in entries.Where(item => item.ValueKind == JsonValueKind.Object))
        {
            var members = Of(entry, Abbreviations.OfEntity);
            members.ExpandBase(baseTopic);
            json.Raw(members.ToJson([]));
        }

        json.EndArray();
        return JsonElement.Parse(json.Written);
    }

    private void Set(string name, JsonElement value)
    {
        var place = _items.FindIndex(item => item.Key == name);
        var item = KeyValuePair.Create(name, value);
        if (place < 0)
        {
            _items.Add(item);
        }
        else
        {
            _items[place] = item;
        }
    }
}
