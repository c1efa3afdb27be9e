namespace Hearth.Mqtt.Packets;

/// <summary>
/// SUBSCRIBE and UNSUBSCRIBE, sections 3.8 and 3.10. A filter's wildcards are not judged here: each
/// filter gets a reason code of its own in the answer.
/// </summary>
internal static class SubscribeDecoder
{
    private static readonly ulong SubscribeProperties = PropertyReader.Set(
        PropertyId.SubscriptionId,
        PropertyId.UserProperty
    );

    private static readonly ulong UnsubscribeProperties = PropertyReader.Set(
        PropertyId.UserProperty
    );

    public static Packet.Subscribe DecodeSubscribe(ref WireReader wire, bool isV5)
    {
        var id = PublishDecoder.ReadPacketId(ref wire);
        var subscriptionId = isV5 ? DecodeSubscriptionId(ref wire) : 0;
        var requests = new List<SubscriptionRequest>();
        while (wire.Left > 0)
        {
            var filter = ReadFilter(ref wire);
            requests.Add(DecodeOptions(filter, wire.ReadByte(), isV5));
        }

        // [MQTT-3.8.3-2], in 3.1.1 [MQTT-3.8.3-3]
        return requests.Count > 0
            ? new Packet.Subscribe(id, requests) { SubscriptionId = subscriptionId }
            : throw MqttProtocolException.ProtocolError("SUBSCRIBE names no filter.");
    }

    public static Packet.Unsubscribe DecodeUnsubscribe(ref WireReader wire, bool isV5)
    {
        var id = PublishDecoder.ReadPacketId(ref wire);
        if (isV5)
        {
            var properties = new PropertyReader(ref wire, UnsubscribeProperties);
            while (properties.MoveNext(out _))
            {
                properties.ReadUserProperty();
            }
        }

        var filters = new List<string>();
        while (wire.Left > 0)
        {
            filters.Add(ReadFilter(ref wire));
        }

        // [MQTT-3.10.3-2]
        return filters.Count > 0
            ? new Packet.Unsubscribe(id, filters)
            : throw MqttProtocolException.ProtocolError("UNSUBSCRIBE names no filter.");
    }

    private static uint DecodeSubscriptionId(ref WireReader wire)
    {
        uint subscriptionId = 0;
        var properties = new PropertyReader(ref wire, SubscribeProperties);
        while (properties.MoveNext(out var property))
        {
            if (property == PropertyId.UserProperty)
            {
                properties.ReadUserProperty();
                continue;
            }

            subscriptionId = properties.ReadVariableInteger();
            if (subscriptionId == 0)
            {
                throw MqttProtocolException.ProtocolError("The subscription identifier is 0.");
            }
        }

        return subscriptionId;
    }

    // [MQTT-4.7.3-1]
    private static string ReadFilter(ref WireReader wire)
    {
        var filter = wire.ReadString();
        return filter.Length > 0
            ? filter
            : throw MqttProtocolException.Malformed("A topic filter is empty.");
    }

    private static SubscriptionRequest DecodeOptions(string filter, byte options, bool isV5)
    {
        var qos = options & 0b11;
        var noLocal = (options & 0b100) != 0;
        var retainHandling = (options >> 4) & 0b11;
        // [MQTT-3.8.3-5], in 3.1.1 [MQTT-3-8.3-4]
        if ((options & (isV5 ? 0b1100_0000 : 0b1111_1100)) != 0)
        {
            throw MqttProtocolException.Malformed("SUBSCRIBE sets reserved bits.");
        }

        if (qos == 3)
        {
            throw isV5
                ? MqttProtocolException.ProtocolError("SUBSCRIBE asks for QoS 3.")
                : MqttProtocolException.Malformed("SUBSCRIBE asks for QoS 3.");
        }

        if (retainHandling == 3)
        {
            throw MqttProtocolException.ProtocolError("SUBSCRIBE has retain handling 3.");
        }

        // [MQTT-3.8.3-4]
        if (noLocal && filter.StartsWith("$share/", StringComparison.Ordinal))
        {
            throw MqttProtocolException.ProtocolError("A shared subscription sets No Local.");
        }

        return new SubscriptionRequest(filter, (Qos)qos)
        {
            NoLocal = noLocal,
            RetainAsPublished = (options & 0b1000) != 0,
            RetainHandling = (RetainHandling)retainHandling,
        };
    }
}
