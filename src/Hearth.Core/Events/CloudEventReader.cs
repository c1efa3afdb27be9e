using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hearth.Core.Events;

/// <summary>
/// Reads CloudEvents 1.0 as programs send them, over any edge: structured (a JSON object) or
/// binary (attributes beside a payload). Everything that is wrong is found at once, each with
/// where, what was found and what to write instead; an event is answered only when nothing is.
/// </summary>
public static class CloudEventReader
{
    /// <summary>The most that one event may have, as JSON.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>The most characters of id, source, type and subject: they are looked up.</summary>
    public const int TextMax = 1024;

    private const int ExtensionsMax = 64;

    /// <summary>What the hub itself asserts about every event.</summary>
    private static readonly HashSet<string> Asserted =
    [
        "sequence",
        "causationid",
        "correlationid",
        "authtype",
        "authid",
        "recordedtime",
        "expirytime",
        "severitytext",
    ];

    /// <summary>Reads a structured event.</summary>
    /// <param name="at">Where the event lies in what was sent: a JSON pointer.</param>
    /// <param name="faults">Gets what is wrong.</param>
    public static NewEvent? Read(JsonElement json, string at, ICollection<Fault> faults)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault(at, $"An event is a JSON object, and this is {Found(json)}."));
            return null;
        }

        var found = new FoundAttributes(at, faults);
        JsonElement? data = null;
        JsonElement? base64 = null;
        foreach (var member in json.EnumerateObject())
        {
            var name = NameOf(member);
            switch (name)
            {
                case "data":
                    found.Once(name, data is not null);
                    data = member.Value;
                    break;
                case "data_base64":
                    found.Once(name, base64 is not null);
                    base64 = member.Value;
                    break;
                // An attribute that is null is one that is not there (JSON format, section 2.2).
                case not null when member.Value.ValueKind != JsonValueKind.Null:
                    found.Add(name, member.Value);
                    break;
                case null:
                    found.Fault("", "An attribute has a name with an unpaired surrogate.");
                    break;
            }
        }

        return found.Finish((type, builder) => Content(type, data, base64, builder));
    }

    /// <summary>Reads a binary event: the attributes with their names as CloudEvents has them,
    /// the content type and the payload.</summary>
    public static NewEvent? Read(
        IEnumerable<KeyValuePair<string, string>> attributes,
        string? contentType,
        Payload payload,
        ICollection<Fault> faults
    )
    {
        var found = new FoundAttributes("", faults);
        foreach (var (name, value) in attributes)
        {
            if (name is "datacontenttype" or "data" or "data_base64")
            {
                found.Fault(
                    "/" + name,
                    $"{name} is no attribute of its own here: the content type and the body say it."
                );
                continue;
            }

            found.Add(name, value);
        }

        if (contentType is not null)
        {
            found.Add("datacontenttype", contentType);
        }

        return found.Finish((type, builder) => Content(type, payload, builder));
    }

    private static (ContentKind, string?) Content(
        string? contentType,
        JsonElement? data,
        JsonElement? base64,
        FoundAttributes found
    )
    {
        if (data is not null && base64 is not null)
        {
            found.Fault("/data_base64", "Both data and data_base64 are there; write one of them.");
        }
        else if (base64 is { } encoded)
        {
            var text = encoded.ValueKind == JsonValueKind.String ? TextOf(encoded) : null;
            if (text is not null && encoded.TryGetBytesFromBase64(out _))
            {
                return (ContentKind.Base64, text);
            }

            found.Fault(
                "/data_base64",
                $"Expected a string in base64 (RFC 4648, padded), found {Found(encoded)}."
            );
        }
        else if (data is { } value)
        {
            return Content(contentType, value, found);
        }

        return (ContentKind.Json, null);
    }

    private static (ContentKind, string?) Content(
        string? contentType,
        JsonElement data,
        FoundAttributes found
    )
    {
        var isJson = ProgramEvent.IsJson(contentType);
        if (!isJson && data.ValueKind != JsonValueKind.String)
        {
            found.Fault(
                "/data",
                $"datacontenttype is {contentType}, so data is a string, and this is"
                    + $" {Found(data)}. Write a string, data_base64, or a JSON content type."
            );
            return (ContentKind.Json, null);
        }

        if (JsonText.Compact(data.GetRawText()) is not { } compact)
        {
            found.Fault("/data", "A string in it has an unpaired surrogate (\\ud800 to \\udfff).");
            return (ContentKind.Json, null);
        }

        return isJson ? (ContentKind.Json, compact) : (ContentKind.Text, data.GetString());
    }

    private static (ContentKind, string?) Content(
        string? contentType,
        Payload payload,
        FoundAttributes found
    )
    {
        if (payload.IsEmpty)
        {
            return (ContentKind.Json, null);
        }

        if (ProgramEvent.IsJson(contentType) && contentType is not null)
        {
            var json = payload.Json.ValueKind == JsonValueKind.Undefined ? null : payload.Text;
            if (json is not null && JsonText.Compact(json) is { } compact)
            {
                return (ContentKind.Json, compact);
            }

            found.Fault(
                "/data",
                $"The content type is {contentType}, but the body is not JSON in UTF-8 of at most"
                    + " 64 levels with whole surrogate pairs."
            );
            return (ContentKind.Json, null);
        }

        // Without a content type nothing says what the bytes are, so they stay bytes.
        return contentType is not null && IsText(contentType) && payload.Text is { } text
            ? (ContentKind.Text, text)
            : (ContentKind.Base64, Convert.ToBase64String(payload.Bytes.Span));
    }

    private static bool IsText(string contentType) =>
        contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase);

    /// <summary>A member's name; null where it cannot be told as text.</summary>
    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What was found, short enough for a sentence.</summary>
    private static string Found(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            _ => Short(json.GetRawText()),
        };

    private static string Short(string text) => text.Length <= 60 ? text : text[..57] + "…";

    /// <summary>The attributes of one event as they are found, and what is wrong with them.
    /// </summary>
    private sealed class FoundAttributes(string at, ICollection<Fault> faults)
    {
        private readonly Dictionary<string, string> _core = [];
        private readonly SortedDictionary<string, string> _extensions = new(StringComparer.Ordinal);
        private readonly int _faultsBefore = faults.Count;

        public void Fault(string pointer, string detail) =>
            faults.Add(new Fault(at + pointer, detail));

        public void Once(string name, bool isThere)
        {
            if (isThere)
            {
                Fault(PointerTo(name), $"{name} is there twice; write it once.");
            }
        }

        public void Add(string name, JsonElement value)
        {
            var text = value.ValueKind == JsonValueKind.String ? TextOf(value) : null;
            if (text is not null)
            {
                Add(name, text);
            }
            else if (CloudEventAttributes.Core.Contains(name))
            {
                Fault(PointerTo(name), $"{name} is a string, and this is {Found(value)}.");
                Keep(_core, name, "");
            }
            else if (IsExtension(name))
            {
                AddExtension(name, value);
            }
        }

        public void Add(string name, string text)
        {
            if (CloudEventAttributes.Core.Contains(name))
            {
                Keep(_core, name, text);
                if (CloudEventAttributes.FaultOf(name, text) is { } fault)
                {
                    Fault(PointerTo(name), fault);
                }
            }
            else if (IsExtension(name))
            {
                if (CloudEventAttributes.FaultOfText(text) is { } fault)
                {
                    Fault(PointerTo(name), fault);
                }

                Keep(_extensions, name, JsonWriter.Quote(text));
            }
        }

        public NewEvent? Finish(
            Func<string?, FoundAttributes, (ContentKind Kind, string? Content)> read
        )
        {
            foreach (var name in CloudEventAttributes.Required)
            {
                if (!_core.ContainsKey(name))
                {
                    Fault(PointerTo(name), CloudEventAttributes.Missing(name));
                }
            }

            if (_extensions.Count > ExtensionsMax)
            {
                Fault(
                    "",
                    $"It has {_extensions.Count} extension attributes; at most {ExtensionsMax}."
                );
            }

            var contentType = _core.GetValueOrDefault("datacontenttype");
            var (kind, content) = read(contentType, this);
            if (faults.Count > _faultsBefore)
            {
                return null;
            }

            var time = _core.GetValueOrDefault("time");
            return new NewEvent(
                _core["id"],
                _core["source"],
                time is null ? null : CloudEventAttributes.ReadTime(time),
                new ProgramEvent(
                    _core["type"],
                    _core.GetValueOrDefault("subject"),
                    contentType,
                    _core.GetValueOrDefault("dataschema"),
                    kind,
                    content,
                    [.. _extensions]
                )
            );
        }

        private bool IsExtension(string name)
        {
            if (Asserted.Contains(name))
            {
                Fault(PointerTo(name), $"The hub says {name} itself; leave it out.");
                return false;
            }

            if (!CloudEventAttributes.IsName(name))
            {
                Fault(
                    PointerTo(name),
                    $"{Short(JsonWriter.Quote(name))} is no name of an attribute: lower-case"
                        + " letters a to z and digits only."
                );
                return false;
            }

            return true;
        }

        private void AddExtension(string name, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.True or JsonValueKind.False:
                    Keep(_extensions, name, value.GetRawText());
                    break;
                case JsonValueKind.Number when value.TryGetInt32(out var number):
                    Keep(_extensions, name, number.ToString(CultureInfo.InvariantCulture));
                    break;
                default:
                    Fault(
                        PointerTo(name),
                        "An extension attribute is a string, true, false or a whole number of 32"
                            + $" bits, and this is {Found(value)}. Put the rest into data."
                    );
                    break;
            }
        }

        private void Keep(IDictionary<string, string> attributes, string name, string value)
        {
            Once(name, !attributes.TryAdd(name, value));
        }

        private static string PointerTo(string name) => "/" + JsonText.PointerStep(name);
    }
}
