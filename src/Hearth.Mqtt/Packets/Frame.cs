using System.Buffers;
using System.Runtime.InteropServices;

namespace Hearth.Mqtt.Packets;

/// <summary>The fixed header of a packet, and where its body lies.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Frame(byte First, int HeaderLength, int BodyLength)
{
    public PacketType Type => (PacketType)(First >> 4);
    public int Flags => First & 0x0F;
    public int Length => HeaderLength + BodyLength;

    /// <summary>The body's length was written with more bytes than it needs.</summary>
    public bool IsOverlong => HeaderLength > 2 && BodyLength < 1 << (7 * (HeaderLength - 2));

    /// <returns>False while the header is not all there.</returns>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, out Frame frame)
    {
        frame = default;
        Span<byte> joined = stackalloc byte[5];
        scoped var available = buffer.FirstSpan;
        if (available.Length < 5 && !buffer.IsSingleSegment)
        {
            var length = (int)Math.Min(5, buffer.Length);
            buffer.Slice(0, length).CopyTo(joined);
            available = joined[..length];
        }

        var bodyLength = 0;
        for (var at = 1; at < 5; at++)
        {
            if (at >= available.Length)
            {
                return false;
            }

            bodyLength |= (available[at] & 0x7F) << (7 * (at - 1));
            if (available[at] < 0x80)
            {
                frame = new Frame(available[0], at + 1, bodyLength);
                return true;
            }
        }

        throw MqttProtocolException.Malformed("The remaining length is longer than four bytes.");
    }
}
