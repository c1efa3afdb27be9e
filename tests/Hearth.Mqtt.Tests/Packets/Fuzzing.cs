using System.Buffers;
using CsCheck;
using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Tests.Packets;

/// <summary>
/// Whatever the bytes, a decoder answers with packets, with "more", or with its one exception.
/// </summary>
public sealed class Fuzzing
{
    // Good frames to damage: every packet a client sends, with what it can carry.
    private static readonly byte[][] Seeds =
    [
        Wire.Bytes(
            "10 1D 0004 4D515454 04 F6 000A 0002 6964 0001 77 0003 627965 0001 75 0002 7077"
        ),
        Wire.Bytes(
            "10 29 0004 4D515454 05 02 003C 1A 21 0014 27 00001000 22 0005"
                + "17 00 19 01 26 0001 61 0001 62 15 0001 6D 0002 6964"
        ),
        Wire.Bytes(
            "35 2A 0001 61 0007 22 01 01 02 00000E10 03 0001 63 08 0001 72 09 0002 0102"
                + "26 0001 61 0001 31 26 0001 61 0001 32 6869"
        ),
        Wire.Bytes("30 07 0001 62 03 23000A"),
        Wire.Bytes("82 0F 0009 02 0B05 0003 612F2B 2D 0001 23 02"),
        Wire.Bytes("A2 09 0009 00 0001 61 0001 62"),
        Wire.Bytes("62 08 0007 92 04 1F000161"),
        Wire.Bytes("70 0B 0007 92 07 26 0001 61 0001 62"),
        Wire.Bytes("E0 07 00 05 1100000E10"),
        Wire.Bytes("F0 06 18 04 15000161"),
        Wire.Bytes("C0 00"),
    ];

    private static readonly Gen<byte[]> RandomBytes = Gen.Byte.Array[0, 64];

    private static readonly Gen<byte[]> DamagedFrames = Gen.Select(
        Gen.Int[0, Seeds.Length - 1],
        Gen.Select(Gen.Int[0, 80], Gen.Byte).Array[0, 4],
        Gen.Int[0, 80],
        (seed, changes, cut) =>
        {
            var frame = Seeds[seed].ToArray();
            foreach (var (at, value) in changes)
            {
                frame[at % frame.Length] = value;
            }

            return cut < frame.Length ? frame[..cut] : frame;
        }
    );

    private static readonly Gen<byte[]> Streams = Gen.OneOf(RandomBytes, DamagedFrames)
        .Array[1, 6]
        .Select(frames => frames.SelectMany(bytes => bytes).ToArray());

    [Fact]
    public void The_frames_to_damage_are_good_ones()
    {
        Assert.All(Seeds[..2], seed => Wire.Decode(Wire.NewDecoder(), seed));
        Assert.All(Seeds[2..], seed => Wire.Decode(Wire.Connected(MqttVersion.V5), seed));
    }

    [Fact]
    public void No_bytes_cause_anything_but_the_one_exception()
    {
        Gen.Select(Streams, Gen.Int[0, 2], Gen.Int[1, 70])
            .Sample(
                (stream, version, cut) => DecodeAll(NewDecoder(version), stream, cut),
                iter: 200_000
            );
    }

    private static PacketDecoder NewDecoder(int version) =>
        version switch
        {
            0 => Wire.NewDecoder(),
            1 => Wire.Connected(MqttVersion.V311),
            _ => Wire.Connected(MqttVersion.V5),
        };

    private static void DecodeAll(PacketDecoder decoder, byte[] stream, int cut)
    {
        // A guard on both sides: an array of its own, of which only the middle is shown.
        byte[] guarded = [0xAA, .. stream, 0xAA];
        var buffer =
            stream.Length == 0
                ? ReadOnlySequence<byte>.Empty
                : Wire.InSegments(guarded.AsMemory(1, stream.Length), cut);
        var left = buffer.Length;
        try
        {
            while (decoder.TryDecode(ref buffer, out _))
            {
                Assert.True(buffer.Length < left, "A packet without bytes.");
                left = buffer.Length;
            }

            Assert.Equal(left, buffer.Length);
        }
        catch (MqttProtocolException refusal)
        {
            Assert.True(refusal.Reason.IsError());
        }
    }
}
