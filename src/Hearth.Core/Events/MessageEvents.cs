using System.Text.Json;

namespace Hearth.Core.Events;

/// <summary>A publish on a topic: what goes to whoever subscribes to it.</summary>
public abstract record MessageEvent(
    string Topic,
    Payload Payload,
    int Qos,
    bool Retain,
    MessageProperties? Properties
) : EventData
{
    public override string Subject => Topic;

    public override RetentionClass Retention => RetentionClass.Message;

    private protected void WriteMessage(JsonWriter json, Words words)
    {
        json.Name(words.Topic).String(Topic);
        Payload.Write(json, words);
        if (Qos != 0)
        {
            json.Name(words.Qos).Number(Qos);
        }

        if (Retain)
        {
            json.Name(words.Retain).Boolean(true);
        }

        Properties?.Write(json);
    }
}

/// <summary>A client published a message.</summary>
public sealed record MessageReceived(
    string Topic,
    Payload Payload,
    int Qos,
    bool Retain,
    string Client,
    MessageProperties? Properties = null
) : MessageEvent(Topic, Payload, Qos, Retain, Properties)
{
    public const string TypeName = "hearth.message.received";

    public override string Type => TypeName;

    internal override void Write(JsonWriter json) => Write(json, Words.Whole);

    internal override void WriteInRow(JsonWriter json) => Write(json, Words.Letters);

    internal static MessageReceived Read(JsonElement json) => Read(json, Words.Whole);

    internal static MessageReceived Read(JsonElement json, Words words) =>
        new(
            JsonRead.Required(json, words.Topic),
            Payload.Read(json, words),
            (int)JsonRead.Number(json, words.Qos),
            JsonRead.Flag(json, words.Retain),
            JsonRead.Required(json, words.Client),
            MessageProperties.Read(json)
        );

    private void Write(JsonWriter json, Words words)
    {
        json.BeginObject();
        WriteMessage(json, words);
        json.Name(words.Client).String(Client).EndObject();
    }
}

/// <summary>The home published a message, most often a command on its way to a device.</summary>
/// <param name="Command">The command it carries out, if any.</param>
public sealed record MessagePublished(
    string Topic,
    Payload Payload,
    int Qos,
    bool Retain,
    Sequence? Command,
    MessageProperties? Properties = null
) : MessageEvent(Topic, Payload, Qos, Retain, Properties)
{
    public const string TypeName = "hearth.message.published";

    public override string Type => TypeName;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject();
        WriteMessage(json, Words.Whole);
        if (Command is { } command)
        {
            json.Name("command").Number(command.Value);
        }

        json.EndObject();
    }

    internal static MessagePublished Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "topic"),
            Payload.Read(json, Words.Whole),
            (int)JsonRead.Number(json, "qos"),
            JsonRead.Flag(json, "retain"),
            json.TryGetProperty("command", out var command)
                ? new Sequence(command.GetInt64())
                : null,
            MessageProperties.Read(json)
        );
}

/// <summary>
/// The properties of an MQTT 5 PUBLISH that travel with a message untouched (MQTT 5 section
/// 3.3.2.3).
/// </summary>
public sealed record MessageProperties(
    string? ContentType = null,
    string? ResponseTopic = null,
    string? CorrelationData = null,
    uint? ExpirySeconds = null,
    bool Utf8 = false,
    IReadOnlyList<KeyValuePair<string, string>>? User = null
)
{
    /// <summary>Writes them as the member <c>properties</c> of an object.</summary>
    public void Write(JsonWriter json)
    {
        json.Name("properties").BeginObject();
        Optional(json, "content_type", ContentType);
        Optional(json, "response_topic", ResponseTopic);
        Optional(json, "correlation_data", CorrelationData);
        if (ExpirySeconds is { } expiry)
        {
            json.Name("expiry_seconds").Number(expiry);
        }

        if (Utf8)
        {
            json.Name("utf8").Boolean(true);
        }

        if (User is { Count: > 0 } user)
        {
            json.Name("user").BeginArray();
            foreach (var (name, value) in user)
            {
                json.BeginArray().String(name).String(value).EndArray();
            }

            json.EndArray();
        }

        json.EndObject();
    }

    /// <summary>The member <c>properties</c> of an object, or null where there is none.</summary>
    public static MessageProperties? Read(JsonElement data)
    {
        if (!data.TryGetProperty("properties", out var json))
        {
            return null;
        }

        var user = json.TryGetProperty("user", out var pairs)
            ? pairs
                .EnumerateArray()
                .Select(pair => KeyValuePair.Create(pair[0].GetString()!, pair[1].GetString()!))
                .ToArray()
            : null;
        return new MessageProperties(
            JsonRead.Text(json, "content_type"),
            JsonRead.Text(json, "response_topic"),
            JsonRead.Text(json, "correlation_data"),
            json.TryGetProperty("expiry_seconds", out var expiry) ? expiry.GetUInt32() : null,
            JsonRead.Flag(json, "utf8"),
            user
        );
    }

    private static void Optional(JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.Name(name).String(value);
        }
    }
}
