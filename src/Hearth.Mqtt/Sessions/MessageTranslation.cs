using Hearth.Core.Events;
using PacketProperties = Hearth.Mqtt.Packets.MessageProperties;
using UserProperty = Hearth.Mqtt.Packets.UserProperty;

namespace Hearth.Mqtt.Sessions;

/// <summary>Between the properties of a packet and those that the log keeps.</summary>
internal static class MessageTranslation
{
    public static MessageProperties? ToEvent(PacketProperties packet) =>
        ReferenceEquals(packet, PacketProperties.None)
            ? null
            : new MessageProperties(
                packet.ContentType,
                packet.ResponseTopic,
                packet.CorrelationData is { } data ? Convert.ToBase64String(data.Span) : null,
                packet.ExpirySeconds,
                packet.PayloadFormat == 1,
                packet.UserProperties.Count == 0
                    ? null
                    :
                    [
                        .. packet.UserProperties.Select(item =>
                            KeyValuePair.Create(item.Name, item.Value)
                        ),
                    ]
            );

    public static PacketProperties ToPacket(MessageProperties? kept) =>
        kept is null
            ? PacketProperties.None
            : new PacketProperties
            {
                ContentType = kept.ContentType,
                ResponseTopic = kept.ResponseTopic,
                CorrelationData = kept.CorrelationData is { } data
                    ? Convert.FromBase64String(data)
                    : (ReadOnlyMemory<byte>?)null,
                ExpirySeconds = kept.ExpirySeconds,
                PayloadFormat = kept.Utf8 ? (byte)1 : null,
                UserProperties = kept.User is null
                    ? []
                    : [.. kept.User.Select(item => new UserProperty(item.Key, item.Value))],
            };
}
