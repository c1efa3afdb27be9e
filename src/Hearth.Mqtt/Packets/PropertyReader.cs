namespace Hearth.Mqtt.Packets;

/// <summary>MQTT 5, table 2-4.</summary>
internal enum PropertyId : byte
{
    PayloadFormat = 0x01,
    MessageExpiry = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionId = 0x0B,
    SessionExpiry = 0x11,
    AssignedClientId = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelay = 0x18,
    RequestResponseInformation = 0x19,
    ResponseInformation = 0x1A,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    UserProperty = 0x26,
    MaximumPacketSize = 0x27,
    SharedSubscriptionAvailable = 0x2A,
}

/// <summary>
/// Walks one block of properties. What the packet does not allow is malformed, what comes twice is
/// a protocol error (MQTT 5, section 2.2.2.2), so a caller's switch sees each at most once.
/// </summary>
internal ref struct PropertyReader
{
    private readonly ulong _allowed;
    private ulong _seen;
    private WireReader _wire;

    /// <summary>What the packet may carry comes as one bit for each identifier.</summary>
    public PropertyReader(ref WireReader packet, ulong allowed)
    {
        _wire = packet.ReadSection(packet.ReadVariableInteger());
        _allowed = allowed;
    }

    public static ulong Set(params ReadOnlySpan<PropertyId> ids)
    {
        var set = 0UL;
        foreach (var id in ids)
        {
            set |= 1UL << (int)id;
        }

        return set;
    }

    public bool MoveNext(out PropertyId id)
    {
        id = default;
        if (_wire.Left == 0)
        {
            return false;
        }

        var number = _wire.ReadVariableInteger();
        if (number >= 64 || (_allowed & (1UL << (int)number)) == 0)
        {
            throw MqttProtocolException.Malformed($"Property 0x{number:X2} does not belong here.");
        }

        id = (PropertyId)number;
        var bit = 1UL << (int)number;
        if ((_seen & bit) != 0 && id != PropertyId.UserProperty)
        {
            throw MqttProtocolException.ProtocolError($"Property 0x{number:X2} comes twice.");
        }

        _seen |= bit;
        return true;
    }

    public readonly bool Has(PropertyId id) => (_seen & (1UL << (int)id)) != 0;

    public ushort ReadUInt16() => _wire.ReadUInt16();

    public uint ReadUInt32() => _wire.ReadUInt32();

    public string ReadString() => _wire.ReadString();

    public byte[] ReadBinary() => _wire.ReadBinary().ToArray();

    public uint ReadVariableInteger() => _wire.ReadVariableInteger();

    public UserProperty ReadUserProperty() => new(_wire.ReadString(), _wire.ReadString());

    public byte ReadZeroOrOne()
    {
        var value = _wire.ReadByte();
        return value <= 1
            ? value
            : throw MqttProtocolException.ProtocolError("A property is neither 0 nor 1.");
    }
}
