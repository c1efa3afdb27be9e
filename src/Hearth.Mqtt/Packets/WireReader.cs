using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Hearth.Mqtt.Packets;

/// <summary>
/// Reads MQTT's data types from one packet's body. What it hands out is a copy, and it never
/// reads beyond the body: a length that points past the end is a malformed packet.
/// </summary>
internal ref struct WireReader
{
    private ReadOnlySpan<byte> _rest;

    public WireReader(ReadOnlySpan<byte> body)
    {
        _rest = body;
    }

    public readonly int Left => _rest.Length;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>
    /// At most four bytes, and no more of them than the value needs. [MQTT-1.5.5-1]
    /// </summary>
    public uint ReadVariableInteger()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var digit = ReadByte();
            value |= (uint)(digit & 0x7F) << shift;
            if (digit < 0x80)
            {
                return digit > 0 || shift == 0
                    ? value
                    : throw MqttProtocolException.Malformed(
                        "A number uses more bytes than needed."
                    );
            }
        }

        throw MqttProtocolException.Malformed("A number is longer than four bytes.");
    }

    public ReadOnlySpan<byte> ReadBinary() => Take(ReadUInt16());

    public string ReadString() => ToText(ReadBinary());

    public ReadOnlySpan<byte> ReadRest() => Take(_rest.Length);

    /// <summary>A reader of the next bytes alone, which this one then has behind it.</summary>
    public WireReader ReadSection(uint length)
    {
        return length <= (uint)_rest.Length
            ? new WireReader(Take((int)length))
            : throw MqttProtocolException.Malformed("A length points past the packet's end.");
    }

    public readonly void ExpectEnd()
    {
        if (_rest.Length > 0)
        {
            throw MqttProtocolException.Malformed("The packet goes on after its last field.");
        }
    }

    /// <summary>Well-formed UTF-8 without U+0000. [MQTT-1.5.4-1] [MQTT-1.5.4-2]</summary>
    public static string ToText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw MqttProtocolException.Malformed("A text is not valid UTF-8.");
        }

        return utf8.Contains((byte)0)
            ? throw MqttProtocolException.Malformed("A text contains U+0000.")
            : Encoding.UTF8.GetString(utf8);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw MqttProtocolException.Malformed("A field points past the packet's end.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
