using System.Buffers;
using Hearth.Mqtt.Packets;
using static Hearth.Mqtt.Packets.MqttVersion;

namespace Hearth.Mqtt.Tests.Packets;

/// <summary>What the hub sends, byte by byte.</summary>
public sealed class WrittenPackets
{
    private const string Sentence = "far too long a sentence";

    /// <summary>A packet with a reason string, its statement, and what is left of it in 25 bytes.
    /// </summary>
    public static TheoryData<string, object, string> WithReasons { get; } =
        new()
        {
            {
                "MQTT-3.2.2-19",
                new Packet.ConnAck(ReasonCode.ServerBusy) { ReasonString = Sentence },
                "20 03 00 89 00"
            },
            { "MQTT-3.4.2-2", Refusal(PacketType.PubAck), "40 03 0007 97" },
            { "MQTT-3.5.2-2", Refusal(PacketType.PubRec), "50 03 0007 97" },
            { "MQTT-3.6.2-2", Refusal(PacketType.PubRel), "62 03 0007 97" },
            { "MQTT-3.7.2-2", Refusal(PacketType.PubComp), "70 03 0007 97" },
            {
                "MQTT-3.14.2-3",
                new Packet.Disconnect(ReasonCode.ServerBusy) { ReasonString = Sentence },
                "E0 02 89 00"
            },
        };

    [Theory]
    [MemberData(nameof(WithReasons))]
    public void A_reason_string_that_does_not_fit_is_left_out(
        string statement,
        object packet,
        string hex
    )
    {
        var target = new ArrayBufferWriter<byte>();

        var isWritten = new PacketEncoder(V5, 25).TryWrite((Packet)packet, target);

        Assert.True(isWritten, statement);
        Assert.Equal(Wire.Bytes(hex), target.WrittenSpan.ToArray());
        Assert.True(Bytes(V5, (Packet)packet).Length > 25, statement);
    }

    [Fact]
    public void A_message_with_QoS_0_has_no_packet_identifier_MQTT_2_2_1_2()
    {
        var message = new Packet.Publish("a", "x"u8.ToArray());
        var other = message with { Qos = Qos.AtLeastOnce, Id = 7 };

        Assert.Equal(Wire.Bytes("30 04 0001 61 78"), Bytes(V311, message));
        Assert.Equal(Wire.Bytes("32 06 0001 61 0007 78"), Bytes(V311, other));
    }

    [Fact]
    public void Where_there_are_no_properties_their_length_is_0_MQTT_2_2_2_1()
    {
        Assert.Equal(
            Wire.Bytes("30 05 0001 61 00 78"),
            Bytes(V5, new Packet.Publish("a", "x"u8.ToArray()))
        );
        Assert.Equal(
            Wire.Bytes("90 04 0007 00 01"),
            Bytes(V5, new Packet.SubAck(7, [ReasonCode.GrantedQos1]))
        );
        Assert.Equal(
            Wire.Bytes("B0 04 0007 00 11"),
            Bytes(V5, new Packet.UnsubAck(7, [ReasonCode.NoSubscriptionExisted]))
        );
        Assert.Equal(
            Wire.Bytes("20 03 00 00 00"),
            Bytes(V5, new Packet.ConnAck(ReasonCode.Success))
        );
    }

    [Theory]
    [InlineData(false, "20 02 00 00")]
    [InlineData(true, "20 02 01 00")]
    public void CONNACK_sets_no_flag_but_session_present_MQTT_3_2_2_1(bool present, string hex)
    {
        var connAck = new Packet.ConnAck(ReasonCode.Success) { SessionPresent = present };

        Assert.Equal(Wire.Bytes(hex), Bytes(V311, connAck));
    }

    [Fact]
    public void The_hubs_goodbye_says_nothing_of_the_session_MQTT_3_14_2_2()
    {
        var goodbye = new Packet.Disconnect(ReasonCode.SessionTakenOver)
        {
            SessionExpirySeconds = 60,
        };

        Assert.Equal(Wire.Bytes("E0 02 8E 00"), Bytes(V5, goodbye));
    }

    private static Packet.Ack Refusal(PacketType type) =>
        new(type, 7) { Reason = ReasonCode.QuotaExceeded, ReasonString = Sentence };

    private static byte[] Bytes(MqttVersion version, Packet packet)
    {
        var target = new ArrayBufferWriter<byte>();
        Assert.True(new PacketEncoder(version, uint.MaxValue).TryWrite(packet, target));
        return target.WrittenSpan.ToArray();
    }
}
