using System.Buffers;

namespace Hearth.Mqtt.Packets;

/// <summary>
/// Turns the bytes of one connection into packets, and is strict: what it returns keeps every rule
/// of MQTT 3.1.1 or 5 that one packet can keep or break. It remembers what the rules need: the
/// version that CONNECT named, and the topic aliases. After it threw, the connection is over.
/// </summary>
internal sealed class PacketDecoder
{
    private readonly int _connectBytesMax;
    private readonly int _bytesMax;
    private readonly TopicAliases _aliases;
    private bool _connected;

    /// <param name="connectBytesMax">Of the CONNECT packet, which comes from a stranger.</param>
    /// <param name="bytesMax">Of any later packet; a longer one is refused by its header.</param>
    /// <param name="topicAliasMaximum">What CONNACK grants; 0 for none.</param>
    public PacketDecoder(int connectBytesMax, int bytesMax, ushort topicAliasMaximum)
    {
        _connectBytesMax = connectBytesMax;
        _bytesMax = bytesMax;
        _aliases = new TopicAliases(topicAliasMaximum);
    }

    /// <summary>
    /// Null until a CONNECT named it. For a CONNECT of a version that is not spoken here: in which
    /// one to refuse it, so that the client understands.
    /// </summary>
    public MqttVersion? Version { get; private set; }

    /// <summary>Moves the buffer past the packet that it reads.</summary>
    /// <returns>False while the packet is not all there.</returns>
    /// <exception cref="MqttProtocolException">The only one that any bytes can cause.</exception>
    public bool TryDecode(ref ReadOnlySequence<byte> buffer, out Packet packet)
    {
        packet = Packet.PingReq.Instance;
        if (!Frame.TryRead(buffer, out var frame))
        {
            return false;
        }

        CheckHeader(frame);
        if (buffer.Length < frame.Length)
        {
            return false;
        }

        var body = buffer.Slice(frame.HeaderLength, frame.BodyLength);
        packet = body.IsSingleSegment ? Decode(frame, body.FirstSpan) : DecodeJoined(frame, body);
        buffer = buffer.Slice(frame.Length);
        return true;
    }

    private Packet DecodeJoined(Frame frame, in ReadOnlySequence<byte> body)
    {
        var joined = ArrayPool<byte>.Shared.Rent(frame.BodyLength);
        try
        {
            body.CopyTo(joined);
            return Decode(frame, joined.AsSpan(0, frame.BodyLength));
        }
        finally
        {
            // A CONNECT carries a password, which must not lie about in the pool.
            ArrayPool<byte>.Shared.Return(joined, clearArray: frame.Type == PacketType.Connect);
        }
    }

    private void CheckHeader(Frame frame)
    {
        // [MQTT-3.1.0-1] [MQTT-3.1.0-2]
        if (frame.Type == PacketType.Connect == _connected)
        {
            throw MqttProtocolException.ProtocolError(
                _connected ? "CONNECT came twice." : "The first packet is not CONNECT."
            );
        }

        var flags = frame.Type switch
        {
            PacketType.Publish => frame.Flags,
            PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe => 0b0010,
            PacketType.ConnAck or PacketType.SubAck or PacketType.UnsubAck or PacketType.PingResp =>
                throw MqttProtocolException.ProtocolError($"{frame.Type} is for servers to send."),
            PacketType.Auth when Version == MqttVersion.V311 =>
                throw MqttProtocolException.ProtocolError("MQTT 3.1.1 has no packet type 15."),
            default(PacketType) => throw MqttProtocolException.Malformed(
                "There is no packet type 0."
            ),
            _ => 0,
        };
        // [MQTT-2.1.3-1] [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1]
        if (frame.Flags != flags)
        {
            throw MqttProtocolException.Malformed($"{frame.Type} has wrong flags.");
        }

        var bytesMax = _connected ? _bytesMax : _connectBytesMax;
        if (frame.Length > bytesMax)
        {
            throw new MqttProtocolException(
                ReasonCode.PacketTooLarge,
                $"The packet has {frame.Length} bytes, {bytesMax} are allowed."
            );
        }
    }

    private Packet Decode(Frame frame, ReadOnlySpan<byte> body)
    {
        var wire = new WireReader(body);
        if (frame.Type == PacketType.Connect)
        {
            return DecodeConnect(frame, ref wire);
        }

        CheckLength(frame);
        var isV5 = Version == MqttVersion.V5;
        return frame.Type switch
        {
            PacketType.Publish => PublishDecoder.Decode(frame.Flags, ref wire, isV5, _aliases),
            PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp =>
                SmallPackets.DecodeAck(frame.Type, ref wire, isV5),
            PacketType.Subscribe => SubscribeDecoder.DecodeSubscribe(ref wire, isV5),
            PacketType.Unsubscribe => SubscribeDecoder.DecodeUnsubscribe(ref wire, isV5),
            PacketType.PingReq => SmallPackets.DecodePingReq(ref wire),
            PacketType.Disconnect => SmallPackets.DecodeDisconnect(ref wire, isV5),
            PacketType.Auth => SmallPackets.DecodeAuth(ref wire),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private Packet.Connect DecodeConnect(Frame frame, ref WireReader wire)
    {
        Version = ConnectDecoder.DecodeVersion(ref wire, out var isSpoken);
        if (!isSpoken)
        {
            throw new MqttProtocolException(
                ReasonCode.UnsupportedProtocolVersion,
                "MQTT 3.1.1 and 5 are spoken here."
            );
        }

        CheckLength(frame);
        var connect = ConnectDecoder.Decode(ref wire, Version.Value);
        _connected = true;
        return connect;
    }

    // [MQTT-1.5.5-1]; 3.1.1 has no such rule, and old devices reserve a fixed width for the length.
    private void CheckLength(Frame frame)
    {
        if (Version == MqttVersion.V5 && frame.IsOverlong)
        {
            throw MqttProtocolException.Malformed("The remaining length uses too many bytes.");
        }
    }
}
