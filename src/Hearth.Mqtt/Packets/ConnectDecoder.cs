namespace Hearth.Mqtt.Packets;

/// <summary>CONNECT: MQTT 3.1.1 and 5, section 3.1.</summary>
internal static class ConnectDecoder
{
    private static readonly ulong ConnectProperties = PropertyReader.Set(
        PropertyId.SessionExpiry,
        PropertyId.ReceiveMaximum,
        PropertyId.MaximumPacketSize,
        PropertyId.TopicAliasMaximum,
        PropertyId.RequestResponseInformation,
        PropertyId.RequestProblemInformation,
        PropertyId.UserProperty,
        PropertyId.AuthenticationMethod,
        PropertyId.AuthenticationData
    );

    [Flags]
    private enum ConnectFlags
    {
        None = 0,
        Reserved = 0x01,
        Clean = 0x02,
        Will = 0x04,
        WillQos1 = 0x08,
        WillQos2 = 0x10,
        WillQos = WillQos1 | WillQos2,
        WillRetain = 0x20,
        Password = 0x40,
        UserName = 0x80,
    }

    /// <summary>When the version is not spoken, the answer is only good to refuse in.</summary>
    public static MqttVersion DecodeVersion(ref WireReader wire, out bool isSpoken)
    {
        var name = wire.ReadBinary();
        var isMqtt = name.SequenceEqual("MQTT"u8);
        // [MQTT-3.1.2-1]; MQTT 3.1 is named to be refused with a code, not to be spoken.
        if (!isMqtt && !name.SequenceEqual("MQIsdp"u8))
        {
            throw new MqttProtocolException(
                ReasonCode.UnsupportedProtocolVersion,
                "This is not MQTT."
            );
        }

        var level = wire.ReadByte();
        isSpoken = isMqtt && level is 4 or 5;
        return isMqtt && level >= 5 ? MqttVersion.V5 : MqttVersion.V311;
    }

    public static Packet.Connect Decode(ref WireReader wire, MqttVersion version)
    {
        var isV5 = version == MqttVersion.V5;
        var flags = (ConnectFlags)wire.ReadByte();
        CheckFlags(flags, isV5);
        var connect = new Packet.Connect("", version)
        {
            Clean = flags.HasFlag(ConnectFlags.Clean),
            KeepAliveSeconds = wire.ReadUInt16(),
            SessionExpirySeconds = isV5 || flags.HasFlag(ConnectFlags.Clean) ? 0 : uint.MaxValue,
        };
        if (isV5)
        {
            connect = WithProperties(connect, ref wire);
        }

        connect = connect with { ClientId = wire.ReadString() };
        // [MQTT-3.1.3-8] of 3.1.1: without a name a session cannot be found again.
        if (!isV5 && connect.ClientId.Length == 0 && !connect.Clean)
        {
            throw new MqttProtocolException(
                ReasonCode.ClientIdentifierNotValid,
                "Without a client identifier the session must be clean."
            );
        }

        connect = connect with
        {
            Will = flags.HasFlag(ConnectFlags.Will) ? DecodeWill(flags, ref wire, isV5) : null,
            UserName = flags.HasFlag(ConnectFlags.UserName) ? wire.ReadString() : null,
            Password = flags.HasFlag(ConnectFlags.Password)
                ? wire.ReadBinary().ToArray()
                : (ReadOnlyMemory<byte>?)null,
        };
        wire.ExpectEnd();
        return connect;
    }

    private static void CheckFlags(ConnectFlags flags, bool isV5)
    {
        if (flags.HasFlag(ConnectFlags.Reserved))
        {
            throw MqttProtocolException.Malformed("CONNECT sets its reserved flag.");
        }

        const ConnectFlags ofWill = ConnectFlags.WillQos | ConnectFlags.WillRetain;
        if (!flags.HasFlag(ConnectFlags.Will) && (flags & ofWill) != ConnectFlags.None)
        {
            throw MqttProtocolException.Malformed("CONNECT describes a will that it has not.");
        }

        if ((flags & ConnectFlags.WillQos) == ConnectFlags.WillQos)
        {
            throw MqttProtocolException.Malformed("The will has QoS 3.");
        }

        // [MQTT-3.1.2-22] of 3.1.1.
        if (
            !isV5
            && (flags & (ConnectFlags.UserName | ConnectFlags.Password)) == ConnectFlags.Password
        )
        {
            throw MqttProtocolException.Malformed("CONNECT has a password but no user name.");
        }
    }

    private static Packet.Connect WithProperties(Packet.Connect connect, ref WireReader wire)
    {
        var properties = new PropertyReader(ref wire, ConnectProperties);
        while (properties.MoveNext(out var id))
        {
            switch (id)
            {
                case PropertyId.SessionExpiry:
                    connect = connect with { SessionExpirySeconds = properties.ReadUInt32() };
                    break;
                case PropertyId.ReceiveMaximum:
                    connect = connect with { ReceiveMaximum = properties.ReadUInt16() };
                    break;
                case PropertyId.MaximumPacketSize:
                    connect = connect with { MaximumPacketSize = properties.ReadUInt32() };
                    break;
                case PropertyId.TopicAliasMaximum:
                    connect = connect with { TopicAliasMaximum = properties.ReadUInt16() };
                    break;
                case PropertyId.RequestProblemInformation:
                    connect = connect with
                    {
                        RequestProblemInformation = properties.ReadZeroOrOne() == 1,
                    };
                    break;
                case PropertyId.RequestResponseInformation:
                    connect = connect with
                    {
                        RequestResponseInformation = properties.ReadZeroOrOne() == 1,
                    };
                    break;
                case PropertyId.AuthenticationMethod:
                    connect = connect with { AuthenticationMethod = properties.ReadString() };
                    break;
                case PropertyId.AuthenticationData:
                    properties.ReadBinary();
                    break;
                default:
                    properties.ReadUserProperty();
                    break;
            }
        }

        if (connect.ReceiveMaximum == 0 || connect.MaximumPacketSize == 0)
        {
            throw MqttProtocolException.ProtocolError("CONNECT sets a maximum of 0.");
        }

        return properties.Has(PropertyId.AuthenticationData) && connect.AuthenticationMethod is null
            ? throw MqttProtocolException.ProtocolError("Authentication data without a method.")
            : connect;
    }

    private static Will DecodeWill(ConnectFlags flags, ref WireReader wire, bool isV5)
    {
        uint delay = 0;
        var properties = isV5
            ? MessagePropertiesDecoder.DecodeOfWill(ref wire, out delay)
            : MessageProperties.None;
        var topic = wire.ReadString();
        PublishDecoder.CheckTopic(topic);
        return new Will(
            topic,
            wire.ReadBinary().ToArray(),
            (Qos)((int)(flags & ConnectFlags.WillQos) >> 3),
            flags.HasFlag(ConnectFlags.WillRetain)
        )
        {
            DelaySeconds = delay,
            Properties = properties,
        };
    }
}
