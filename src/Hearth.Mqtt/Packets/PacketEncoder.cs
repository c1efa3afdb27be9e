using System.Buffers;
using System.Diagnostics;

namespace Hearth.Mqtt.Packets;

/// <summary>
/// Writes the packets that a server sends, in the version of the connection, and never one that is
/// larger than the client takes. One writer at a time: it owns a buffer for properties.
/// </summary>
internal sealed class PacketEncoder(MqttVersion version, uint bytesMax)
{
    private readonly PropertyBlock _properties = new();
    private readonly Dictionary<string, ushort> _aliases = [];

    /// <summary>How many topic aliases the client takes: the first topics get them, because what a
    /// home publishes comes again and again. 0 for none. [MQTT-3.1.2-26] [MQTT-3.1.2-27]</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>False when the client does not want reasons in words, which is allowed in CONNACK
    /// and DISCONNECT only then. [MQTT-3.1.2-29]</summary>
    public bool WithReasonStrings { get; init; } = true;

    // What an alias takes in a packet; a shorter topic is not worth one.
    private const int AliasBytes = 3;

    private bool IsV5 => version == MqttVersion.V5;

    /// <returns>
    /// False when the client does not take a packet that large; nothing is written then, and a
    /// message counts as sent. [MQTT-3.1.2-24] [MQTT-3.1.2-25]
    /// </returns>
    public bool TryWrite(Packet packet, IBufferWriter<byte> target)
    {
        _properties.Clear();
        switch (packet)
        {
            case Packet.Publish publish:
                return TryWriteWithAlias(publish, target);
            case Packet.Ack ack:
                return TryWriteAck(ack, target);
            case Packet.ConnAck connAck:
                return TryWriteConnAck(connAck, target);
            case Packet.SubAck subAck:
                return TryWriteReasons(PacketType.SubAck, subAck.Id, subAck.Reasons, target);
            case Packet.UnsubAck unsubAck:
                return TryWriteReasons(PacketType.UnsubAck, unsubAck.Id, unsubAck.Reasons, target);
            case Packet.PingResp:
                return TryBegin(PacketType.PingResp, 0, 0, target, out var wire)
                    && Advance(target, wire);
            case Packet.Disconnect disconnect:
                return TryWriteDisconnect(disconnect, target);
            default:
                throw new UnreachableException($"A server does not send {packet.GetType().Name}.");
        }
    }

    /// <summary>A topic that has an alias is not named any more. [MQTT-3.3.2-12]</summary>
    private bool TryWriteWithAlias(Packet.Publish publish, IBufferWriter<byte> target)
    {
        // A client keeps a message with QoS 2 until its release, and mqtt.js 5.16 keeps it without
        // its topic.
        if (publish.Qos == Qos.ExactlyOnce)
        {
            return TryWritePublish(publish, null, target);
        }

        if (_aliases.TryGetValue(publish.Topic, out var known))
        {
            return TryWritePublish(publish with { Topic = "" }, known, target);
        }

        var next = (ushort)(_aliases.Count + 1);
        if (publish.Topic.Length <= AliasBytes || next > TopicAliasMaximum)
        {
            return TryWritePublish(publish, null, target);
        }

        if (TryWritePublish(publish, next, target))
        {
            _aliases.Add(publish.Topic, next);
            return true;
        }

        // Those three bytes may be what is too much.
        _properties.Clear();
        return TryWritePublish(publish, null, target);
    }

    private bool TryWritePublish(Packet.Publish publish, ushort? alias, IBufferWriter<byte> target)
    {
        if (IsV5)
        {
            _properties.Add(PropertyId.TopicAlias, alias);
            _properties.Add(publish.Properties);
            foreach (var id in publish.SubscriptionIds)
            {
                _properties.AddVariableInteger(PropertyId.SubscriptionId, id);
            }
        }

        var length =
            WireWriter.SizeOf(publish.Topic)
            + (publish.Qos > Qos.AtMostOnce ? 2 : 0)
            + (IsV5 ? SizeOfProperties : 0)
            + publish.Payload.Length;
        var flags =
            (publish.Duplicate ? 0b1000 : 0) | ((int)publish.Qos << 1) | (publish.Retain ? 1 : 0);
        if (!TryBegin(PacketType.Publish, flags, length, target, out var wire))
        {
            return false;
        }

        wire.WriteString(publish.Topic);
        if (publish.Qos > Qos.AtMostOnce)
        {
            wire.WriteUInt16(publish.Id);
        }

        WriteProperties(ref wire);
        wire.WriteBytes(publish.Payload.Span);
        return Advance(target, wire);
    }

    private bool TryWriteAck(Packet.Ack ack, IBufferWriter<byte> target)
    {
        var flags = ack.Type == PacketType.PubRel ? 0b0010 : 0;
        if (IsV5 && WithReasonStrings)
        {
            _properties.Add(PropertyId.ReasonString, ack.ReasonString);
        }

        // What says nothing is left out: success needs neither a code nor properties.
        var saysMore = IsV5 && (ack.Reason != ReasonCode.Success || _properties.Written.Length > 0);
        var withProperties = saysMore && _properties.Written.Length > 0;
        var length = 2 + (saysMore ? 1 : 0) + (withProperties ? SizeOfProperties : 0);
        if (!TryBegin(ack.Type, flags, length, target, out var wire))
        {
            return withProperties && TryWrite(ack with { ReasonString = null }, target);
        }

        wire.WriteUInt16(ack.Id);
        if (saysMore)
        {
            wire.WriteByte((byte)ack.Reason);
        }

        if (withProperties)
        {
            WriteProperties(ref wire);
        }

        return Advance(target, wire);
    }

    private bool TryWriteConnAck(Packet.ConnAck connAck, IBufferWriter<byte> target)
    {
        if (IsV5)
        {
            _properties.Add(PropertyId.SessionExpiry, connAck.SessionExpirySeconds);
            _properties.Add(PropertyId.ReceiveMaximum, connAck.ReceiveMaximum);
            _properties.Add(PropertyId.MaximumPacketSize, connAck.MaximumPacketSize);
            _properties.Add(PropertyId.AssignedClientId, connAck.AssignedClientId);
            _properties.Add(PropertyId.ServerKeepAlive, connAck.ServerKeepAliveSeconds);
            _properties.Add(PropertyId.ResponseInformation, connAck.ResponseInformation);
            _properties.Add(PropertyId.ReasonString, connAck.ReasonString);
            _properties.Add(
                PropertyId.TopicAliasMaximum,
                connAck.TopicAliasMaximum > 0 ? connAck.TopicAliasMaximum : (ushort?)null
            );
            _properties.Add(
                PropertyId.SharedSubscriptionAvailable,
                connAck.SharedSubscriptionsAvailable ? null : (byte)0
            );
        }

        var length = 2 + (IsV5 ? SizeOfProperties : 0);
        if (!TryBegin(PacketType.ConnAck, 0, length, target, out var wire))
        {
            return connAck.ReasonString is not null
                && TryWrite(connAck with { ReasonString = null }, target);
        }

        wire.WriteByte(connAck.SessionPresent ? (byte)1 : (byte)0);
        wire.WriteByte(IsV5 ? (byte)connAck.Reason : connAck.Reason.ToConnectReturnCode());
        WriteProperties(ref wire);
        return Advance(target, wire);
    }

    private bool TryWriteReasons(
        PacketType type,
        ushort id,
        IReadOnlyList<ReasonCode> reasons,
        IBufferWriter<byte> target
    )
    {
        // 3.1.1 confirms an UNSUBSCRIBE as a whole, and has one code for every failed filter.
        var count = IsV5 || type == PacketType.SubAck ? reasons.Count : 0;
        var length = 2 + (IsV5 ? SizeOfProperties : 0) + count;
        if (!TryBegin(type, 0, length, target, out var wire))
        {
            return false;
        }

        wire.WriteUInt16(id);
        WriteProperties(ref wire);
        for (var at = 0; at < count; at++)
        {
            var reason = reasons[at];
            wire.WriteByte(
                (byte)(!IsV5 && reason.IsError() ? ReasonCode.UnspecifiedError : reason)
            );
        }

        return Advance(target, wire);
    }

    private bool TryWriteDisconnect(Packet.Disconnect disconnect, IBufferWriter<byte> target)
    {
        // A 3.1.1 server has no DISCONNECT: it closes the connection, and that is all it can say.
        if (!IsV5)
        {
            return false;
        }

        _properties.Add(PropertyId.ReasonString, disconnect.ReasonString);
        var length = 1 + SizeOfProperties;
        if (!TryBegin(PacketType.Disconnect, 0, length, target, out var wire))
        {
            return disconnect.ReasonString is not null
                && TryWrite(disconnect with { ReasonString = null }, target);
        }

        wire.WriteByte((byte)disconnect.Reason);
        WriteProperties(ref wire);
        target.Advance(wire.Written);
        return true;
    }

    private static bool Advance(IBufferWriter<byte> target, WireWriter wire)
    {
        target.Advance(wire.Written);
        return true;
    }

    private int SizeOfProperties =>
        WireWriter.SizeOfVariableInteger((uint)_properties.Written.Length)
        + _properties.Written.Length;

    private void WriteProperties(ref WireWriter wire)
    {
        if (IsV5)
        {
            wire.WriteVariableInteger((uint)_properties.Written.Length);
            wire.WriteBytes(_properties.Written);
        }
    }

    private bool TryBegin(
        PacketType type,
        int flags,
        int length,
        IBufferWriter<byte> target,
        out WireWriter wire
    )
    {
        var size = 1 + WireWriter.SizeOfVariableInteger((uint)length) + length;
        if ((uint)size > bytesMax)
        {
            wire = default;
            return false;
        }

        wire = new WireWriter(target.GetSpan(size));
        wire.WriteByte((byte)(((int)type << 4) | flags));
        wire.WriteVariableInteger((uint)length);
        return true;
    }
}
