using System.Collections.Concurrent;
using Hearth.Core.Events;
using Hearth.Mqtt.Packets;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// A message as subscribers get it, made once for all of them: a publish by a client or by the
/// home on its topic, any other event as a CloudEvent below <c>hearth/events/</c>.
/// </summary>
internal sealed class OutgoingMessage
{
    public required string Topic { get; init; }
    public required ReadOnlyMemory<byte> Payload { get; init; }
    public required Qos Qos { get; init; }
    public bool Retain { get; init; }
    public Packets.MessageProperties Properties { get; init; } = Packets.MessageProperties.None;

    /// <summary>Who published it; null for what the home says.</summary>
    public string? Client { get; init; }

    /// <summary>After this nobody gets it any more.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required Sequence Sequence { get; init; }

    /// <summary>
    /// Its properties when it is sent now. [MQTT-3.3.2-6]: the expiry interval is what is left.
    /// </summary>
    public Packets.MessageProperties PropertiesAt(DateTimeOffset now) =>
        ExpiresAt is { } end
            ? Properties with
            {
                ExpirySeconds = (uint)Math.Clamp((end - now).TotalSeconds, 1, uint.MaxValue),
            }
            : Properties;

    public static OutgoingMessage Of(Event item)
    {
        if (item.Data is not MessageEvent message)
        {
            return new OutgoingMessage
            {
                Sequence = item.Sequence,
                Topic = EventTopic.Of(item.Type),
                Payload = CloudEventFormat.ToBytes(item),
                Qos = Qos.AtLeastOnce,
                Properties = EventTopic.Properties,
            };
        }

        return new OutgoingMessage
        {
            Sequence = item.Sequence,
            Topic = message.Topic,
            Payload = message.Payload.Bytes,
            Qos = (Qos)message.Qos,
            Retain = message.Retain,
            Properties = MessageTranslation.ToPacket(message.Properties),
            Client = (message as MessageReceived)?.Client,
            ExpiresAt = item.ExpiryTime ?? ExpiryOf(item.RecordedTime, message.Properties),
        };
    }

    public static OutgoingMessage Of(RetainedRecord record) =>
        new()
        {
            Sequence = record.Sequence,
            Topic = record.Topic,
            Payload = record.Payload.Bytes,
            Qos = (Qos)record.Qos,
            Retain = true,
            Properties = MessageTranslation.ToPacket(record.Properties),
            Client = record.Client,
            ExpiresAt = ExpiryOf(record.Time, record.Properties),
        };

    private static DateTimeOffset? ExpiryOf(
        DateTimeOffset time,
        Core.Events.MessageProperties? properties
    ) =>
        properties?.ExpirySeconds is { } seconds
            ? time + TimeSpan.FromSeconds(seconds)
            : (DateTimeOffset?)null;
}

/// <summary>The topics on which events are CloudEvents: <c>hearth/events/{type}</c>.</summary>
internal static class EventTopic
{
    public const string Prefix = "hearth/events/";

    public static readonly Packets.MessageProperties Properties = new()
    {
        PayloadFormat = 1,
        ContentType = CloudEventFormat.ContentType,
    };

    // There are a few dozen types; what programs make up beyond this many is put together anew.
    private const int RememberedMax = 1_000;
    private static readonly ConcurrentDictionary<string, string> Remembered = new();

    /// <summary>The topic of a type; what cannot stand in a level is percent-encoded.</summary>
    public static string Of(string type)
    {
        if (Remembered.TryGetValue(type, out var topic))
        {
            return topic;
        }

        topic = Prefix + Encode(type);
        if (Remembered.Count < RememberedMax)
        {
            Remembered.TryAdd(type, topic);
        }

        return topic;
    }

    /// <summary>The topic of what an event goes out as.</summary>
    public static string Of(Event item) =>
        item.Data is MessageEvent message ? message.Topic : Of(item.Type);

    private static string Encode(string type) =>
        type.AsSpan().IndexOfAny("%/+#\0") < 0
            ? type
            : type.Replace("%", "%25")
                .Replace("/", "%2F")
                .Replace("+", "%2B")
                .Replace("#", "%23")
                .Replace("\0", "%00");
}
