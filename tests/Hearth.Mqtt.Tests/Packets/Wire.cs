using System.Buffers;
using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Tests.Packets;

/// <summary>Frames as hexadecimal text, where blanks set fields apart.</summary>
internal static class Wire
{
    private const string ConnectV311 = "10 0C 0004 4D515454 04 02 003C 0000";
    private const string ConnectV5 = "10 0D 0004 4D515454 05 02 003C 00 0000";

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    public static PacketDecoder NewDecoder() => new(64 * 1024, 256 * 1024, topicAliasMaximum: 10);

    /// <summary>A decoder whose peer has connected, so that any other packet may come.</summary>
    public static PacketDecoder Connected(MqttVersion version)
    {
        var decoder = NewDecoder();
        Decode(decoder, Bytes(version == MqttVersion.V5 ? ConnectV5 : ConnectV311));
        return decoder;
    }

    public static Packet Decode(PacketDecoder decoder, ReadOnlyMemory<byte> frame)
    {
        var buffer = new ReadOnlySequence<byte>(frame);
        Assert.True(decoder.TryDecode(ref buffer, out var packet), "The frame is not whole.");
        Assert.Equal(0, buffer.Length);
        return packet;
    }

    public static T Decode<T>(MqttVersion version, string hex)
        where T : Packet => Assert.IsType<T>(Decode(Connected(version), Bytes(hex)));

    public static Packet.Connect DecodeConnect(string hex) =>
        Assert.IsType<Packet.Connect>(Decode(NewDecoder(), Bytes(hex)));

    /// <summary>The same bytes, in segments of the given length.</summary>
    public static ReadOnlySequence<byte> InSegments(ReadOnlyMemory<byte> bytes, int length)
    {
        var first = new Segment(bytes[..Math.Min(length, bytes.Length)], null);
        var last = first;
        for (var at = length; at < bytes.Length; at += length)
        {
            last = new Segment(bytes[at..Math.Min(at + length, bytes.Length)], last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            before?.Next = this;
        }
    }
}
