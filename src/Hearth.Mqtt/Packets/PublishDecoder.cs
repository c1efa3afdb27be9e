using Hearth.Mqtt.Topics;

namespace Hearth.Mqtt.Packets;

/// <summary>PUBLISH: MQTT 3.1.1 and 5, section 3.3.</summary>
internal static class PublishDecoder
{
    public static Packet.Publish Decode(
        int flags,
        ref WireReader wire,
        bool isV5,
        TopicAliases aliases
    )
    {
        var qos = (flags >> 1) & 0b11;
        var duplicate = (flags & 0b1000) != 0;
        // [MQTT-3.3.1-4]
        if (qos == 3)
        {
            throw MqttProtocolException.Malformed("PUBLISH has QoS 3.");
        }

        // [MQTT-3.3.1-2]
        if (duplicate && qos == 0)
        {
            throw MqttProtocolException.Malformed("PUBLISH with QoS 0 claims to be a duplicate.");
        }

        var topic = wire.ReadString();
        var id = qos > 0 ? ReadPacketId(ref wire) : (ushort)0;
        var properties = MessageProperties.None;
        if (isV5)
        {
            properties = MessagePropertiesDecoder.DecodeOfPublish(ref wire, out var alias);
            topic = ResolveTopic(topic, alias, aliases);
        }
        else
        {
            CheckTopic(topic);
        }

        return new Packet.Publish(topic, wire.ReadRest().ToArray())
        {
            Qos = (Qos)qos,
            Duplicate = duplicate,
            Retain = (flags & 1) != 0,
            Id = id,
            Properties = properties,
        };
    }

    /// <summary>Not empty [MQTT-4.7.3-1], without wildcards [MQTT-3.3.2-2].</summary>
    public static void CheckTopic(string topic)
    {
        if (!TopicName.IsValid(topic))
        {
            throw new MqttProtocolException(
                ReasonCode.TopicNameInvalid,
                topic.Length == 0 ? "The topic is empty." : "The topic contains a wildcard."
            );
        }
    }

    /// <summary>[MQTT-2.2.1-3], in 3.1.1 [MQTT-2.3.1-1].</summary>
    public static ushort ReadPacketId(ref WireReader wire)
    {
        var id = wire.ReadUInt16();
        return id > 0
            ? id
            : throw MqttProtocolException.ProtocolError("The packet identifier is 0.");
    }

    private static string ResolveTopic(string topic, ushort? alias, TopicAliases aliases)
    {
        if (topic.Length == 0 && alias is null)
        {
            throw MqttProtocolException.ProtocolError("PUBLISH has neither topic nor alias.");
        }

        if (topic.Length > 0)
        {
            CheckTopic(topic);
        }

        return alias is { } number ? aliases.Resolve(topic, number) : topic;
    }
}
