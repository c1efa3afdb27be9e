using System.Buffers;
using System.Text;
using Hearth.Mqtt.Packets;
using static Hearth.Mqtt.Packets.MqttVersion;

namespace Hearth.Mqtt.Tests.Packets;

public sealed class Decoding
{
    // [MQTT-3.1.3-1] [MQTT-3.1.3-3]
    [Fact]
    public void Connect_of_3_1_1_gives_all_its_fields()
    {
        var connect = Wire.DecodeConnect(
            "10 1D 0004 4D515454 04 F6 000A 0002 6964 0001 77 0003 627965 0001 75 0002 7077"
        );

        Assert.Equal(V311, connect.Version);
        Assert.Equal("id", connect.ClientId);
        Assert.True(connect.Clean);
        Assert.Equal(10, connect.KeepAliveSeconds);
        Assert.Equal("u", connect.UserName);
        Assert.Equal("pw"u8, connect.Password!.Value.Span);
        Assert.Equal("w", connect.Will!.Topic);
        Assert.Equal("bye"u8, connect.Will.Payload.Span);
        Assert.Equal(Qos.ExactlyOnce, connect.Will.Qos);
        Assert.True(connect.Will.Retain);
    }

    [Theory]
    [InlineData("10 0C 0004 4D515454 04 02 003C 0000", 0u)]
    [InlineData("10 0D 0004 4D515454 04 00 003C 0001 61", uint.MaxValue)]
    [InlineData("10 12 0004 4D515454 05 00 003C 05 1100000E10 0000", 3600u)]
    [InlineData("10 0D 0004 4D515454 05 00 003C 00 0000", 0u)]
    public void Connect_says_how_long_its_session_stays_MQTT_3_1_2_23(string hex, uint seconds)
    {
        Assert.Equal(seconds, Wire.DecodeConnect(hex).SessionExpirySeconds);
    }

    [Fact]
    public void Connect_of_5_gives_its_properties()
    {
        var connect = Wire.DecodeConnect(
            "10 29 0004 4D515454 05 02 003C"
                + "1A 21 0014 27 00001000 22 0005 17 00 19 01 26 0001 61 0001 62 15 0001 6D"
                + "0002 6964"
        );

        Assert.Equal(20, connect.ReceiveMaximum);
        Assert.Equal(4096u, connect.MaximumPacketSize);
        Assert.Equal(5, connect.TopicAliasMaximum);
        Assert.False(connect.RequestProblemInformation);
        Assert.Equal("m", connect.AuthenticationMethod);
    }

    [Fact]
    public void Publish_of_5_gives_its_properties_in_order_MQTT_3_3_2_18()
    {
        var publish = Wire.Decode<Packet.Publish>(
            V5,
            "35 2A 0001 61 0007"
                + "22 01 01 02 00000E10 03 0001 63 08 0001 72 09 0002 0102"
                + "26 0001 61 0001 31 26 0001 61 0001 32"
                + "6869"
        );

        Assert.Equal("a", publish.Topic);
        Assert.Equal("hi"u8, publish.Payload.Span);
        Assert.Equal(Qos.ExactlyOnce, publish.Qos);
        Assert.True(publish.Retain);
        Assert.Equal(7, publish.Id);
        Assert.Equal((byte)1, publish.Properties.PayloadFormat);
        Assert.Equal(3600u, publish.Properties.ExpirySeconds);
        Assert.Equal("c", publish.Properties.ContentType);
        Assert.Equal("r", publish.Properties.ResponseTopic);
        Assert.Equal([1, 2], publish.Properties.CorrelationData!.Value.ToArray());
        Assert.Equal([new("a", "1"), new("a", "2")], publish.Properties.UserProperties);
    }

    [Fact]
    public void A_topic_alias_stands_for_the_topic_it_came_with_last_MQTT_3_3_2_12()
    {
        var decoder = Wire.Connected(V5);
        Wire.Decode(decoder, Wire.Bytes("30 07 0001 61 03 23000A"));
        Wire.Decode(decoder, Wire.Bytes("30 07 0001 62 03 23000A"));

        var publish = Wire.Decode(decoder, Wire.Bytes("30 06 0000 03 23000A"));

        Assert.Equal("b", Assert.IsType<Packet.Publish>(publish).Topic);
    }

    [Fact]
    public void A_byte_order_mark_is_kept_MQTT_1_5_4_3()
    {
        var publish = Wire.Decode<Packet.Publish>(V311, "30 06 0004 EFBBBF61");

        Assert.Equal("\uFEFFa", publish.Topic);
    }

    [Fact]
    public void Subscribe_gives_its_filters_in_order_with_their_options()
    {
        var subscribe = Wire.Decode<Packet.Subscribe>(
            V5,
            "82 0F 0009 02 0B05 0003 612F2B 2D 0001 23 02"
        );

        Assert.Equal(9, subscribe.Id);
        Assert.Equal(5u, subscribe.SubscriptionId);
        Assert.Equal(
            [
                new SubscriptionRequest("a/+", Qos.AtLeastOnce)
                {
                    NoLocal = true,
                    RetainAsPublished = true,
                    RetainHandling = RetainHandling.DoNotSend,
                },
                new SubscriptionRequest("#", Qos.ExactlyOnce),
            ],
            subscribe.Requests
        );
    }

    [Fact]
    public void Unsubscribe_gives_its_filters()
    {
        var unsubscribe = Wire.Decode<Packet.Unsubscribe>(V311, "A2 08 0009 0001 61 0001 62");

        Assert.Equal(9, unsubscribe.Id);
        Assert.Equal(["a", "b"], unsubscribe.Filters);
    }

    [Theory]
    [InlineData("40 02 0007", PacketType.PubAck, ReasonCode.Success)]
    [InlineData("40 03 0007 10", PacketType.PubAck, ReasonCode.NoMatchingSubscribers)]
    [InlineData("50 04 0007 80 00", PacketType.PubRec, ReasonCode.UnspecifiedError)]
    [InlineData(
        "62 08 0007 92 04 1F000161",
        PacketType.PubRel,
        ReasonCode.PacketIdentifierNotFound
    )]
    [InlineData(
        "70 0B 0007 92 07 26 0001 61 0001 62",
        PacketType.PubComp,
        ReasonCode.PacketIdentifierNotFound
    )]
    internal void Acknowledgements_may_leave_out_what_says_nothing(
        string hex,
        PacketType type,
        ReasonCode reason
    )
    {
        var ack = Wire.Decode<Packet.Ack>(V5, hex);

        Assert.Equal((type, (ushort)7, reason), (ack.Type, ack.Id, ack.Reason));
    }

    [Theory]
    [InlineData("E0 00", ReasonCode.Success, null)]
    [InlineData("E0 01 04", ReasonCode.DisconnectWithWill, null)]
    [InlineData("E0 07 00 05 1100000E10", ReasonCode.Success, 3600u)]
    internal void Disconnect_may_leave_out_what_says_nothing(
        string hex,
        ReasonCode reason,
        uint? expirySeconds
    )
    {
        var disconnect = Wire.Decode<Packet.Disconnect>(V5, hex);

        Assert.Equal((reason, expirySeconds), (disconnect.Reason, disconnect.SessionExpirySeconds));
    }

    [Fact]
    public void Packets_come_out_the_same_however_the_bytes_are_cut()
    {
        var topic = Encoding.UTF8.GetBytes(new string('t', 200));
        byte[] publish = [0x30, .. Wire.Bytes("D2 01 00C8"), .. topic, .. "payload!"u8];
        byte[] stream = [.. publish, .. Wire.Bytes("C0 00"), .. publish];
        for (var length = 1; length <= stream.Length; length++)
        {
            var decoder = Wire.Connected(V311);
            var buffer = Wire.InSegments(stream, length);
            Assert.True(decoder.TryDecode(ref buffer, out var first));
            Assert.True(decoder.TryDecode(ref buffer, out var second));
            Assert.True(decoder.TryDecode(ref buffer, out var third));
            Assert.False(decoder.TryDecode(ref buffer, out _));
            Assert.Equal("payload!"u8, Assert.IsType<Packet.Publish>(first).Payload.Span);
            Assert.IsType<Packet.PingReq>(second);
            Assert.Equal(200, Assert.IsType<Packet.Publish>(third).Topic.Length);
        }
    }

    [Fact]
    public void A_packet_that_is_not_all_there_is_waited_for()
    {
        var frame = Wire.Bytes("32 07 0001 61 0001 6869");
        for (var length = 0; length < frame.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(frame, 0, length);
            Assert.False(Wire.Connected(V311).TryDecode(ref buffer, out _));
            Assert.Equal(length, buffer.Length);
        }
    }
}
