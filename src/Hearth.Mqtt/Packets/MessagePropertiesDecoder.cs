using Hearth.Mqtt.Topics;

namespace Hearth.Mqtt.Packets;

/// <summary>A message's properties, in a PUBLISH or in a will: they are nearly the same.</summary>
internal static class MessagePropertiesDecoder
{
    private static readonly ulong Common = PropertyReader.Set(
        PropertyId.PayloadFormat,
        PropertyId.MessageExpiry,
        PropertyId.ContentType,
        PropertyId.ResponseTopic,
        PropertyId.CorrelationData,
        PropertyId.UserProperty
    );

    // A subscription identifier is for the server to send; reading it tells the right fault.
    private static readonly ulong OfPublish =
        Common | PropertyReader.Set(PropertyId.TopicAlias, PropertyId.SubscriptionId);

    private static readonly ulong OfWill = Common | PropertyReader.Set(PropertyId.WillDelay);

    public static MessageProperties DecodeOfPublish(ref WireReader wire, out ushort? topicAlias)
    {
        var read = Decode(ref wire, OfPublish);
        topicAlias = read.TopicAlias;
        return read.Properties;
    }

    public static MessageProperties DecodeOfWill(ref WireReader wire, out uint delaySeconds)
    {
        var read = Decode(ref wire, OfWill);
        delaySeconds = read.WillDelaySeconds;
        return read.Properties;
    }

    private static (MessageProperties Properties, ushort? TopicAlias, uint WillDelaySeconds) Decode(
        ref WireReader wire,
        ulong allowed
    )
    {
        var reader = new PropertyReader(ref wire, allowed);
        var properties = MessageProperties.None;
        List<UserProperty>? userProperties = null;
        ushort? topicAlias = null;
        uint willDelaySeconds = 0;
        while (reader.MoveNext(out var id))
        {
            switch (id)
            {
                case PropertyId.PayloadFormat:
                    properties = properties with { PayloadFormat = reader.ReadZeroOrOne() };
                    break;
                case PropertyId.MessageExpiry:
                    properties = properties with { ExpirySeconds = reader.ReadUInt32() };
                    break;
                case PropertyId.ContentType:
                    properties = properties with { ContentType = reader.ReadString() };
                    break;
                case PropertyId.ResponseTopic:
                    properties = properties with { ResponseTopic = ReadResponseTopic(ref reader) };
                    break;
                case PropertyId.CorrelationData:
                    properties = properties with { CorrelationData = reader.ReadBinary() };
                    break;
                case PropertyId.TopicAlias:
                    topicAlias = reader.ReadUInt16();
                    break;
                case PropertyId.WillDelay:
                    willDelaySeconds = reader.ReadUInt32();
                    break;
                case PropertyId.SubscriptionId:
                    // [MQTT-3.3.4-6]
                    throw MqttProtocolException.ProtocolError("A client sent a subscription id.");
                default:
                    // [MQTT-3.3.2-18]: their order is kept.
                    (userProperties ??= []).Add(reader.ReadUserProperty());
                    break;
            }
        }

        return (
            userProperties is null
                ? properties
                : properties with
                {
                    UserProperties = userProperties,
                },
            topicAlias,
            willDelaySeconds
        );
    }

    // [MQTT-3.3.2-14]
    private static string ReadResponseTopic(ref PropertyReader reader)
    {
        var topic = reader.ReadString();
        return TopicName.IsValid(topic)
            ? topic
            : throw MqttProtocolException.ProtocolError("The response topic is no topic name.");
    }
}
