using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Hearth.Bench;

/// <summary>
/// As little of an MQTT client as a load needs, on a bare socket: frames are built by hand, many
/// go out in one send, and nothing is allocated per message. It speaks 3.1.1, or 5 where a session
/// is to stay.
/// </summary>
/// <param name="bufferBytes">Of each direction: thousands of clients want it small.</param>
internal sealed class RawClient(int bufferBytes = 256 * 1024) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[bufferBytes];
    private readonly byte[] _sending = new byte[bufferBytes];
    private int _receivedLength;
    private int _sendingLength;
    private ushort _packetId;

    public Action<ushort>? Acknowledged { get; set; }

    /// <summary>Topic and payload; the spans are gone when it returns.</summary>
    public Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>>? Arrived { get; set; }

    /// <summary>The reason of a DISCONNECT that has come.</summary>
    public byte? Goodbye { get; private set; }

    /// <summary>Speaks MQTT 5, for a session that outlives its connection by an hour.</summary>
    public bool Stays { get; init; }

    /// <summary>Bytes that the system takes before the client has read them.</summary>
    public int SystemBufferBytes
    {
        set => _socket.ReceiveBufferSize = value;
    }

    public async Task ConnectAsync(string host, int port, string client, CancellationToken stop)
    {
        await _socket.ConnectAsync(host, port, stop);
        var id = Encoding.UTF8.GetBytes(client);
        // Keep-alive 0; session expiry 3,600 s.
        byte[] head = Stays
            ? [.. "\0\u0004MQTT\u0005\0\0\0\u0005\u0011\0\0\u000e\u0010"u8]
            : [.. "\0\u0004MQTT\u0004\u0002\0\0"u8];
        Frame(0x10, head.Length + 2 + id.Length);
        Append(head);
        Append([(byte)(id.Length >> 8), (byte)id.Length]);
        Append(id);
        await FlushAsync(stop);
        await ReceiveAsync(stop);
    }

    public async Task SubscribeAsync(string filter, CancellationToken stop, int qos = 1)
    {
        var name = Encoding.UTF8.GetBytes(filter);
        Frame(0x82, (Stays ? 6 : 5) + name.Length);
        Append([0, 1]);
        if (Stays)
        {
            Append([0]);
        }

        Append([(byte)(name.Length >> 8), (byte)name.Length]);
        Append(name);
        Append([(byte)qos]);
        await FlushAsync(stop);
        await ReceiveAsync(stop);
    }

    /// <summary>Bytes that can still be queued before a flush.</summary>
    public int Room => _sending.Length - _sendingLength;

    /// <summary>Queues a PUBLISH; its packet id, 0 for QoS 0.</summary>
    public ushort Publish(
        ReadOnlySpan<byte> topic,
        ReadOnlySpan<byte> payload,
        int qos,
        bool retain
    )
    {
        Frame(
            (byte)(0x30 | (qos << 1) | (retain ? 1 : 0)),
            2 + topic.Length + (qos > 0 ? 2 : 0) + payload.Length
        );
        Append([(byte)(topic.Length >> 8), (byte)topic.Length]);
        Append(topic);
        ushort id = 0;
        if (qos > 0)
        {
            _packetId = _packetId == ushort.MaxValue ? (ushort)1 : (ushort)(_packetId + 1);
            id = _packetId;
            Append([(byte)(id >> 8), (byte)id]);
        }

        if (Stays)
        {
            throw new InvalidOperationException("It has no properties to publish with.");
        }

        Append(payload);
        return id;
    }

    public async Task FlushAsync(CancellationToken stop)
    {
        var sent = 0;
        while (sent < _sendingLength)
        {
            sent += await _socket.SendAsync(_sending.AsMemory(sent, _sendingLength - sent), stop);
        }

        _sendingLength = 0;
    }

    /// <summary>Takes what has arrived, at least one byte, and hands out what is whole.</summary>
    public async Task ReceiveAsync(CancellationToken stop)
    {
        var read = await _socket.ReceiveAsync(_received.AsMemory(_receivedLength), stop);
        if (read == 0)
        {
            throw new IOException("The broker closed the connection.");
        }

        _receivedLength += read;
        var taken = 0;
        while (TryTake(_received.AsSpan(taken, _receivedLength - taken), out var length))
        {
            taken += length;
        }

        _received.AsSpan(taken, _receivedLength - taken).CopyTo(_received);
        _receivedLength -= taken;
    }

    public void Dispose() => _socket.Dispose();

    private bool TryTake(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        var remaining = 0;
        for (var index = 1; index < Math.Min(bytes.Length, 5); index++)
        {
            remaining |= (bytes[index] & 0x7F) << (7 * (index - 1));
            if ((bytes[index] & 0x80) != 0)
            {
                continue;
            }

            length = index + 1 + remaining;
            if (bytes.Length < length)
            {
                return false;
            }

            Handle(bytes[0], bytes[(index + 1)..length]);
            return true;
        }

        return false;
    }

    private void Handle(byte first, ReadOnlySpan<byte> body)
    {
        switch (first >> 4)
        {
            case 2 when body[1] != 0:
                throw new IOException($"The broker refused the connection: {body[1]}.");
            case 3:
                HandlePublish(first, body);
                break;
            case 5:
                Frame(0x62, 2);
                Append(body[..2]);
                break;
            case 4 or 7:
                Acknowledged?.Invoke(BinaryPrimitives.ReadUInt16BigEndian(body));
                break;
            case 14:
                Goodbye = body.Length > 0 ? body[0] : (byte)0;
                break;
        }
    }

    private void HandlePublish(byte first, ReadOnlySpan<byte> body)
    {
        var topic = body.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(body));
        var rest = body[(2 + topic.Length)..];
        if ((first & 0x06) != 0)
        {
            Frame(0x40, 2);
            Append(rest[..2]);
            rest = rest[2..];
        }

        if (Stays)
        {
            // Of less than 128 bytes, as there are none.
            rest = rest[(1 + rest[0])..];
        }

        Arrived?.Invoke(topic, rest);
    }

    private void Frame(byte first, int remaining)
    {
        Append([first]);
        do
        {
            var digit = (byte)(remaining & 0x7F);
            remaining >>= 7;
            Append([remaining > 0 ? (byte)(digit | 0x80) : digit]);
        } while (remaining > 0);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_sending.AsSpan(_sendingLength));
        _sendingLength += bytes.Length;
    }
}
