using System.Buffers;
using Hearth.Mqtt.Packets;
using static Hearth.Mqtt.Packets.MqttVersion;

namespace Hearth.Mqtt.Tests.Packets;

/// <summary>Each row breaks one statement of the standard, and nothing else.</summary>
public sealed class Refusals
{
    // Statement, protocol level, reason code, what is wrong: the frame.
    private const string AfterConnect = """
        MQTT-1.5.4-1 4 81 A topic with a cut-off character: 30 04 0002 61C3
        MQTT-1.5.4-1 5 81 A topic with an overlong slash: 30 05 0002 C0AF 00
        MQTT-1.5.4-1 5 81 A topic with half a surrogate pair: 30 06 0003 EDA080 00
        MQTT-1.5.4-2 4 81 A topic with U+0000: 30 04 0002 6100
        MQTT-1.5.4-2 5 81 A filter with U+0000: 82 08 0001 00 0002 6100 00
        MQTT-1.5.7-1 5 81 A property's name not in UTF-8: 30 0A 0001 61 06 26 0001 FF 0000
        MQTT-1.5.7-1 5 81 A property's value not in UTF-8: 30 0A 0001 61 06 26 0000 0001 FF
        MQTT-1.5.5-1 4 81 A remaining length of five bytes: 30 FFFFFFFF01 00
        MQTT-1.5.5-1 5 81 A remaining length with a needless byte: 30 8400 0001 61 00
        MQTT-1.5.5-1 5 81 A property length with a needless byte: 30 05 0001 61 8000
        MQTT-2.1.2 4 81 Packet type 0: 00 00
        MQTT-2.1.2 4 82 AUTH in 3.1.1: F0 00
        MQTT-2.1.2 4 82 CONNACK from a client: 20 02 0000
        MQTT-2.1.2 5 82 SUBACK from a client: 90 04 0001 00 00
        MQTT-2.1.2 4 82 UNSUBACK from a client: B0 02 0001
        MQTT-2.1.2 5 82 PINGRESP from a client: D0 00
        MQTT-2.1.3-1 4 81 PINGREQ with flags: C1 00
        MQTT-2.1.3-1 5 81 PUBACK with flags: 42 02 0001
        MQTT-2.1.3-1 5 81 PUBREC with flags: 52 02 0001
        MQTT-2.1.3-1 5 81 PUBCOMP with flags: 72 02 0001
        MQTT-2.2.1-3 5 82 PUBLISH with packet identifier 0: 32 06 0001 61 0000 00
        MQTT-2.3.1-1 4 82 PUBLISH with packet identifier 0: 32 05 0001 61 0000
        MQTT-2.2.1-3 5 82 SUBSCRIBE with packet identifier 0: 82 07 0000 00 0001 61 00
        MQTT-2.2.1-3 5 82 UNSUBSCRIBE with packet identifier 0: A2 06 0000 00 0001 61
        MQTT-2.2.1-3 5 82 PUBACK with packet identifier 0: 40 02 0000
        MQTT-2.2.2.2 5 81 A property of another packet: 30 07 0001 61 03 210001
        MQTT-2.2.2.2 5 81 A property that does not exist: 30 06 0001 61 02 7F00
        MQTT-2.2.2.2 5 82 A property twice: 30 0E 0001 61 0A 0200000001 0200000002
        MQTT-2.2.2.1 5 81 Properties past the packet's end: 30 05 0001 61 09 00
        MQTT-2.2.2.1 5 81 A property cut off: 30 06 0001 61 02 0200
        MQTT-3.1.0-2 4 82 A second CONNECT: 10 0C 00044D515454 04 02003C 0000
        MQTT-3.3.1-2 4 81 A duplicate with QoS 0: 38 03 0001 61
        MQTT-3.3.1-4 4 81 PUBLISH with QoS 3: 36 05 0001 61 0001
        MQTT-3.3.1-4 5 81 PUBLISH with QoS 3: 36 06 0001 61 0001 00
        MQTT-3.3.2-1 4 81 PUBLISH whose topic is longer than it: 30 03 0009 61
        MQTT-3.3.2-2 4 90 PUBLISH to a #: 30 03 0001 23
        MQTT-3.3.2-2 5 90 PUBLISH to a +: 30 06 0003 612F2B 00
        MQTT-4.7.3-1 4 90 PUBLISH to an empty topic: 30 02 0000
        MQTT-3.3.2.1 5 82 PUBLISH with neither topic nor alias: 30 03 0000 00
        MQTT-3.3.2-8 5 94 Topic alias 0: 30 07 0001 61 03 230000
        MQTT-3.3.2-9 5 94 A topic alias above the maximum: 30 07 0001 61 03 23000B
        MQTT-3.3.2.3.4 5 82 A topic alias that was never set: 30 06 0000 03 230001
        MQTT-3.3.2.3.2 5 82 A payload format that does not exist: 30 06 0001 61 02 0102
        MQTT-3.3.2-13 5 81 A response topic not in UTF-8: 30 08 0001 61 04 08 0001 FF
        MQTT-3.3.2-19 5 81 A content type not in UTF-8: 30 08 0001 61 04 03 0001 FF
        MQTT-3.3.2-14 5 82 A response topic with a wildcard: 30 08 0001 61 04 08000123
        MQTT-3.3.4-6 5 82 A subscription identifier from a client: 30 06 0001 61 02 0B01
        MQTT-3.4.2 4 81 PUBACK with a body that goes on: 40 03 0001 00
        MQTT-3.4.2-1 5 82 PUBACK with a reason that does not exist: 40 03 0001 42
        MQTT-3.5.2-1 5 82 PUBREC with a reason of SUBACK: 50 03 0001 8F
        MQTT-3.6.1-1 4 81 PUBREL without its flags: 60 02 0001
        MQTT-3.6.2-1 5 82 PUBREL with a reason of PUBACK: 62 03 0001 10
        MQTT-3.7.2-1 5 82 PUBCOMP with a reason of PUBACK: 70 03 0001 97
        MQTT-3.8.1-1 4 81 SUBSCRIBE without its flags: 80 06 0001 0001 61 00
        MQTT-3.8.3-1 5 81 A filter not in UTF-8: 82 07 0001 00 0001 FF 00
        MQTT-3.8.3-2 5 82 SUBSCRIBE without a filter: 82 03 0001 00
        MQTT-3.8.3-3 4 82 SUBSCRIBE without a filter: 82 02 0001
        MQTT-3.8.3-4 5 82 Shared with No Local: 82 10 0001 00 000A 2473686172652F672F61 04
        MQTT-3-8.3-4 4 81 SUBSCRIBE for QoS 3: 82 06 0001 0001 61 03
        MQTT-3-8.3-4 4 81 SUBSCRIBE with MQTT 5's options: 82 06 0001 0001 61 04
        MQTT-3.8.3.1 5 82 SUBSCRIBE for QoS 3: 82 07 0001 00 0001 61 03
        MQTT-3.8.3.1 5 82 SUBSCRIBE with retain handling 3: 82 07 0001 00 0001 61 30
        MQTT-3.8.3-5 5 81 SUBSCRIBE with reserved bits: 82 07 0001 00 0001 61 40
        MQTT-3.8.2.1.2 5 82 Subscription identifier 0: 82 09 0001 02 0B00 0001 61 00
        MQTT-4.7.3-1 4 81 SUBSCRIBE to an empty filter: 82 05 0001 0000 00
        MQTT-3.8.3 4 81 SUBSCRIBE without options: 82 05 0001 0001 61
        MQTT-3.10.1-1 4 81 UNSUBSCRIBE without its flags: A0 05 0001 0001 61
        MQTT-3.10.3-1 5 81 UNSUBSCRIBE with a filter not in UTF-8: A2 06 0001 00 0001 FF
        MQTT-3.10.3-2 4 82 UNSUBSCRIBE without a filter: A2 02 0001
        MQTT-3.12.1 4 81 PINGREQ with a body: C0 01 00
        MQTT-3.14.1-1 5 81 DISCONNECT with flags: E1 00
        MQTT-3.14.1 4 81 DISCONNECT with a body: E0 01 00
        MQTT-3.14.2-1 5 82 DISCONNECT with a server's reason: E0 01 8E
        MQTT-3.14.2-2 5 81 DISCONNECT with a server reference: E0 06 00 04 1C000161
        MQTT-3.15.1-1 5 81 AUTH with flags: F1 00
        MQTT-3.15.2-1 5 82 AUTH that says success: F0 00
        """;

    private const string FirstPackets = """
        MQTT-3.1.0-1 4 82 PINGREQ before CONNECT: C0 00
        MQTT-3.1.2-1 4 84 Another protocol's name: 10 0C 0004 4D515455 04 02003C 0000
        MQTT-3.1.2-2 4 84 MQTT 3.1: 10 0E 0006 4D5149736470 03 02003C 0000
        MQTT-3.1.2-2 5 84 MQTT 6: 10 0D 00044D515454 06 02003C 00 0000
        MQTT-3.1.2-3 4 81 The reserved flag: 10 0C 00044D515454 04 03003C 0000
        MQTT-3.1.2-9 5 81 A will flag and no will: 10 0D 00044D515454 05 06003C 00 0000
        MQTT-3.1.2-11 5 81 Will QoS without a will: 10 0D 00044D515454 05 0A003C 00 0000
        MQTT-3.1.2-12 4 81 Will QoS 3: 10 12 00044D515454 04 1E003C 0000 0001 61 0001 62
        MQTT-3.1.2-13 5 81 Will retain without a will: 10 0D 00044D515454 05 22003C 00 0000
        MQTT-3.1.2-16 5 81 A user name and no flag: 10 10 00044D515454 05 02003C 00 0000 0001 75
        MQTT-3.1.2-17 5 81 A flag and no user name: 10 0D 00044D515454 05 82003C 00 0000
        MQTT-3.1.2-18 5 81 A password, no flag: 10 13 00044D515454 05 82003C 00 0000 0001 75 0001 70
        MQTT-3.1.2-19 5 81 A flag and no password: 10 10 00044D515454 05 C2003C 00 0000 0001 75
        MQTT-3.1.2-22 4 81 A password without a user name: 10 0F 00044D515454 04 42003C 0000 0001 61
        MQTT-3.1.2.11.3 5 82 Receive maximum 0: 10 10 00044D515454 05 02003C 03 210000 0000
        MQTT-3.1.2.11.4 5 82 Maximum packet size 0: 10 12 00044D515454 05 02003C 05 2700000000 0000
        MQTT-3.1.2.11.6 5 82 Response information 2: 10 0F 00044D515454 05 02003C 02 1902 0000
        MQTT-3.1.2.11.7 5 82 Problem information 2: 10 0F 00044D515454 05 02003C 02 1702 0000
        MQTT-3.1.2.11.10 5 82 Data without a method: 10 11 00044D515454 05 02003C 04 16000161 0000
        MQTT-3.1.3-8 4 85 No name for a session that stays: 10 0C 00044D515454 04 00003C 0000
        MQTT-3.1.3-11 4 90 A will topic #: 10 12 00044D515454 04 06003C 0000 0001 23 0001 62
        MQTT-3.1.3-11 5 81 A will topic in Latin-1: 10 14 00044D515454 05 06003C 00 0000 00 0001 FF 0001 62
        MQTT-3.1.3-12 5 81 A user name not in UTF-8: 10 10 00044D515454 05 82003C 00 0000 0001 FF
        MQTT-3.1.3-4 5 81 An identifier not in UTF-8: 10 0E 00044D515454 05 02003C 00 0001 FF
        MQTT-3.1.3 4 81 A body that goes on: 10 0D 00044D515454 04 02003C 0000 FF
        MQTT-3.1.3 4 81 A body that is cut off: 10 0A 00044D515454 04 02003C
        """;

    public static TheoryData<string, byte, byte, string, string> Frames { get; } =
        Rows(AfterConnect);

    public static TheoryData<string, byte, byte, string, string> Connects { get; } =
        Rows(FirstPackets);

    // [MQTT-3.2.2-17] [MQTT-4.7.0-1] [MQTT-4.7.3-2]
    // 3.1.1: [MQTT-1.5.3-1] [MQTT-2.2.2-2] [MQTT-4.8.0-1]
    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_that_breaks_a_statement_is_refused_with_the_right_reason(
        string statement,
        byte version,
        byte reason,
        string what,
        string hex
    )
    {
        var decoder = Wire.Connected((MqttVersion)version);
        AssertRefused(decoder, hex, (ReasonCode)reason, $"[{statement}] {what}");
    }

    [Theory]
    [MemberData(nameof(Connects))]
    public void A_first_packet_that_breaks_a_statement_is_refused_with_the_right_reason(
        string statement,
        byte version,
        byte reason,
        string what,
        string hex
    )
    {
        var decoder = Wire.NewDecoder();
        AssertRefused(decoder, hex, (ReasonCode)reason, $"[{statement}] {what}");
        // How the refusal has to be written, where the client said so much.
        Assert.True(decoder.Version is null || decoder.Version == (MqttVersion)version, what);
    }

    [Fact]
    public void A_packet_over_the_limit_is_refused_by_its_header_alone_MQTT_3_2_2_15()
    {
        var decoder = Wire.Connected(V5);
        // 256 KiB of body: the body itself never comes.
        AssertRefused(decoder, "30 808010", ReasonCode.PacketTooLarge, "[MQTT-3.2.2-15]");
    }

    [Fact]
    public void A_remaining_length_with_needless_bytes_is_taken_from_3_1_1_clients()
    {
        var publish = Wire.Decode<Packet.Publish>(V311, "30 8300 0001 61");

        Assert.Equal("a", publish.Topic);
    }

    private static void AssertRefused(
        PacketDecoder decoder,
        string hex,
        ReasonCode reason,
        string what
    )
    {
        var bytes = Wire.Bytes(hex);
        var buffer = new ReadOnlySequence<byte>(bytes);
        var exception = Assert.ThrowsAny<Exception>(() => decoder.TryDecode(ref buffer, out _));

        var refusal = Assert.IsType<MqttProtocolException>(exception);
        Assert.True(refusal.Reason == reason, $"{what}: {refusal.Reason}, {refusal.Message}");
    }

    private static TheoryData<string, byte, byte, string, string> Rows(string table)
    {
        var data = new TheoryData<string, byte, byte, string, string>();
        foreach (var line in table.Split('\n'))
        {
            var head = line.Split(' ', 4);
            var (what, hex) = (head[3].Split(": ")[0], head[3].Split(": ")[1]);
            data.Add(head[0], byte.Parse(head[1]), Convert.FromHexString(head[2])[0], what, hex);
        }

        return data;
    }
}
