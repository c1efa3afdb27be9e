using System.Buffers.Binary;
using System.Text;

namespace Hearth.Mqtt.Packets;

/// <summary>Writes MQTT's data types into a span that was measured before.</summary>
internal ref struct WireWriter
{
    private readonly Span<byte> _target;

    public WireWriter(Span<byte> target)
    {
        _target = target;
    }

    public int Written { get; private set; }

    public static int SizeOf(string text) => 2 + Encoding.UTF8.GetByteCount(text);

    public static int SizeOfVariableInteger(uint value) =>
        value switch
        {
            < 1 << 7 => 1,
            < 1 << 14 => 2,
            < 1 << 21 => 3,
            _ => 4,
        };

    public void WriteByte(byte value) => _target[Written++] = value;

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_target[Written..], value);
        Written += 2;
    }

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_target[Written..], value);
        Written += 4;
    }

    public void WriteVariableInteger(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            WriteByte((byte)(value | 0x80));
        }

        WriteByte((byte)value);
    }

    public void WriteString(string text)
    {
        var length = Encoding.UTF8.GetBytes(text, _target[(Written + 2)..]);
        WriteUInt16(checked((ushort)length));
        Written += length;
    }

    public void WriteBinary(ReadOnlySpan<byte> bytes)
    {
        WriteUInt16(checked((ushort)bytes.Length));
        WriteBytes(bytes);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[Written..]);
        Written += bytes.Length;
    }
}
