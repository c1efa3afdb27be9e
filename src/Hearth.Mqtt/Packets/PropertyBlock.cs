using System.Buffers;

namespace Hearth.Mqtt.Packets;

/// <summary>
/// Collects the properties of one packet, because their length stands before them. It is reused
/// from packet to packet; a value that is null is left out.
/// </summary>
internal sealed class PropertyBlock
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Add(PropertyId id, byte? value)
    {
        if (value is { } number)
        {
            var wire = Begin(id, 1);
            wire.WriteByte(number);
            _bytes.Advance(wire.Written);
        }
    }

    public void Add(PropertyId id, ushort? value)
    {
        if (value is { } number)
        {
            var wire = Begin(id, 2);
            wire.WriteUInt16(number);
            _bytes.Advance(wire.Written);
        }
    }

    public void Add(PropertyId id, uint? value)
    {
        if (value is { } number)
        {
            var wire = Begin(id, 4);
            wire.WriteUInt32(number);
            _bytes.Advance(wire.Written);
        }
    }

    public void Add(PropertyId id, string? value)
    {
        if (value is not null)
        {
            var wire = Begin(id, WireWriter.SizeOf(value));
            wire.WriteString(value);
            _bytes.Advance(wire.Written);
        }
    }

    public void Add(PropertyId id, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
        {
            var wire = Begin(id, 2 + bytes.Length);
            wire.WriteBinary(bytes.Span);
            _bytes.Advance(wire.Written);
        }
    }

    public void AddVariableInteger(PropertyId id, uint value)
    {
        var wire = Begin(id, 4);
        wire.WriteVariableInteger(value);
        _bytes.Advance(wire.Written);
    }

    public void Add(MessageProperties properties)
    {
        Add(PropertyId.PayloadFormat, properties.PayloadFormat);
        Add(PropertyId.MessageExpiry, properties.ExpirySeconds);
        Add(PropertyId.ContentType, properties.ContentType);
        Add(PropertyId.ResponseTopic, properties.ResponseTopic);
        Add(PropertyId.CorrelationData, properties.CorrelationData);
        foreach (var (name, value) in properties.UserProperties)
        {
            var wire = Begin(
                PropertyId.UserProperty,
                WireWriter.SizeOf(name) + WireWriter.SizeOf(value)
            );
            wire.WriteString(name);
            wire.WriteString(value);
            _bytes.Advance(wire.Written);
        }
    }

    private WireWriter Begin(PropertyId id, int sizeMax)
    {
        var wire = new WireWriter(_bytes.GetSpan(1 + sizeMax));
        wire.WriteByte((byte)id);
        return wire;
    }
}
