namespace Hearth.Mqtt.Packets;

/// <summary>The packets that are little more than a reason code.</summary>
internal static class SmallPackets
{
    private static readonly ulong AckProperties = PropertyReader.Set(
        PropertyId.ReasonString,
        PropertyId.UserProperty
    );

    private static readonly ulong DisconnectProperties =
        AckProperties | PropertyReader.Set(PropertyId.SessionExpiry);

    private static readonly ulong AuthProperties =
        AckProperties
        | PropertyReader.Set(PropertyId.AuthenticationMethod, PropertyId.AuthenticationData);

    public static Packet.Ack DecodeAck(PacketType type, ref WireReader wire, bool isV5)
    {
        var id = PublishDecoder.ReadPacketId(ref wire);
        if (!isV5 || wire.Left == 0)
        {
            wire.ExpectEnd();
            return new Packet.Ack(type, id);
        }

        var reason = ReadReason(type, ref wire);
        var properties = DecodeRest(ref wire, AckProperties);
        return new Packet.Ack(type, id) { Reason = reason, ReasonString = properties.ReasonString };
    }

    public static Packet.PingReq DecodePingReq(ref WireReader wire)
    {
        wire.ExpectEnd();
        return Packet.PingReq.Instance;
    }

    public static Packet.Disconnect DecodeDisconnect(ref WireReader wire, bool isV5)
    {
        if (!isV5 || wire.Left == 0)
        {
            wire.ExpectEnd();
            return new Packet.Disconnect(ReasonCode.Success);
        }

        var reason = ReadReason(PacketType.Disconnect, ref wire);
        var properties = DecodeRest(ref wire, DisconnectProperties);
        return new Packet.Disconnect(reason)
        {
            SessionExpirySeconds = properties.SessionExpirySeconds,
            ReasonString = properties.ReasonString,
        };
    }

    public static Packet.Auth DecodeAuth(ref WireReader wire)
    {
        // Without a body it means success, which only a server may say.
        var reason = wire.Left == 0 ? ReasonCode.Success : (ReasonCode)wire.ReadByte();
        if (!reason.MayBeReceivedIn(PacketType.Auth))
        {
            throw MqttProtocolException.ProtocolError("AUTH has a reason code of another packet.");
        }

        return new Packet.Auth(reason, DecodeRest(ref wire, AuthProperties).AuthenticationMethod);
    }

    private static ReasonCode ReadReason(PacketType type, ref WireReader wire)
    {
        var reason = (ReasonCode)wire.ReadByte();
        return reason.MayBeReceivedIn(type)
            ? reason
            : throw MqttProtocolException.ProtocolError(
                $"{type} has a reason code of another packet."
            );
    }

    private readonly record struct RestProperties(
        string? ReasonString,
        uint? SessionExpirySeconds,
        string? AuthenticationMethod
    );

    // The length of the properties may be left out when there are none.
    private static RestProperties DecodeRest(ref WireReader wire, ulong allowed)
    {
        var rest = default(RestProperties);
        if (wire.Left == 0)
        {
            return rest;
        }

        var properties = new PropertyReader(ref wire, allowed);
        while (properties.MoveNext(out var id))
        {
            switch (id)
            {
                case PropertyId.ReasonString:
                    rest = rest with { ReasonString = properties.ReadString() };
                    break;
                case PropertyId.SessionExpiry:
                    rest = rest with { SessionExpirySeconds = properties.ReadUInt32() };
                    break;
                case PropertyId.AuthenticationMethod:
                    rest = rest with { AuthenticationMethod = properties.ReadString() };
                    break;
                case PropertyId.AuthenticationData:
                    properties.ReadBinary();
                    break;
                default:
                    properties.ReadUserProperty();
                    break;
            }
        }

        wire.ExpectEnd();
        return rest;
    }
}
