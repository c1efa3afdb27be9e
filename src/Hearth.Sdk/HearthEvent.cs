using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Sdk;

/// <summary>An event on the bus: CloudEvents 1.0, as structured JSON.</summary>
/// <param name="Type">What happened, for example <c>energy.threshold_exceeded</c>.</param>
/// <param name="Source">Who says so, a URI reference: <c>/components/tracker</c>.</param>
/// <param name="Id">Unique for its source; the hub drops a second one.</param>
public sealed record HearthEvent(string Type, string Source, string Id)
{
    private const string MediaType = "application/json";

    /// <summary>What it is about, within the source; null if that says nothing more.</summary>
    public string? Subject { get; init; }

    /// <summary>When it happened; null if the publisher did not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Its data as JSON; null if it has none or has bytes.</summary>
    public JsonNode? Data { get; init; }

    /// <summary>
    /// The attributes beyond these, such as the hub's <c>sequence</c> and <c>causationid</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Reads a structured JSON event.</summary>
    /// <exception cref="FormatException">It is not one; the message says why.</exception>
    public static HearthEvent Parse(ReadOnlySpan<byte> json)
    {
        JsonObject envelope;
        try
        {
            var reader = new Utf8JsonReader(json);
            envelope =
                JsonNode.Parse(ref reader) as JsonObject
                ?? throw new FormatException("An event is a JSON object.");
            if (envelope["specversion"]?.ToString() != "1.0")
            {
                throw new FormatException("An event has specversion 1.0.");
            }

            return Read(envelope);
        }
        catch (Exception cause) when (cause is JsonException or ArgumentException)
        {
            throw new FormatException("The event is not JSON.", cause);
        }
    }

    /// <summary>The event as structured JSON in UTF-8.</summary>
    public byte[] ToJson()
    {
        var envelope = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = Id,
            ["source"] = Source,
            ["type"] = Type,
        };
        if (Subject is not null)
        {
            envelope["subject"] = Subject;
        }

        if (Time is { } time)
        {
            envelope["time"] = time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in Extensions)
        {
            envelope[name] = value;
        }

        if (Data is not null)
        {
            envelope["datacontenttype"] = MediaType;
            envelope["data"] = Data.DeepClone();
        }

        return JsonSerializer.SerializeToUtf8Bytes(envelope, JsonSerializerOptions.Web);
    }

    private static HearthEvent Read(JsonObject envelope)
    {
        Dictionary<string, string> extensions = [];
        foreach (var (name, value) in envelope)
        {
            var isOwn =
                name
                is "specversion"
                    or "id"
                    or "source"
                    or "type"
                    or "subject"
                    or "time"
                    or "datacontenttype"
                    or "dataschema"
                    or "data"
                    or "data_base64";
            if (!isOwn && value is JsonValue)
            {
                extensions[name] = value.ToString();
            }
        }

        return new HearthEvent(
            Required(envelope, "type"),
            Required(envelope, "source"),
            Required(envelope, "id")
        )
        {
            Subject = envelope["subject"]?.ToString(),
            Time = DateTimeOffset.TryParse(
                envelope["time"]?.ToString(),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var time
            )
                ? time
                : null,
            Data = envelope["data"]?.DeepClone(),
            Extensions = extensions,
        };
    }

    private static string Required(JsonObject envelope, string name) =>
        envelope[name] is JsonValue value && value.ToString() is { Length: > 0 } text
            ? text
            : throw new FormatException($"An event has a {name}.");
}
