using System.Buffers;
using Hearth.Mqtt.Packets;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Packets;

/// <summary>
/// What MQTTnet's client codec writes, we read; what we write, it reads: another reading of the
/// same standard than our own.
/// </summary>
public sealed class AgreementWithMqttNet
{
    public static TheoryData<byte> Versions { get; } = [4, 5];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Connect_means_the_same_on_both_sides(byte version)
    {
        var decoder = Wire.NewDecoder();
        var connect = Assert.IsType<Packet.Connect>(
            Wire.Decode(
                decoder,
                Encode(
                    version,
                    new MqttConnectPacket
                    {
                        ClientId = "lamp-ü",
                        CleanSession = true,
                        KeepAlivePeriod = 30,
                        Username = "user",
                        Password = "secret"u8.ToArray(),
                        ReceiveMaximum = 17,
                        SessionExpiryInterval = 90,
                        MaximumPacketSize = 5000,
                        TopicAliasMaximum = 3,
                        WillFlag = true,
                        WillTopic = "lamp/availability",
                        WillMessage = "offline"u8.ToArray(),
                        WillQoS = MqttQualityOfServiceLevel.AtLeastOnce,
                        WillRetain = true,
                        WillDelayInterval = 7,
                        WillContentType = "text/plain",
                    }
                )
            )
        );

        Assert.Equal("lamp-ü", connect.ClientId);
        Assert.True(connect.Clean);
        Assert.Equal(30, connect.KeepAliveSeconds);
        Assert.Equal("user", connect.UserName);
        Assert.Equal("secret"u8, connect.Password!.Value.Span);
        Assert.Equal("lamp/availability", connect.Will!.Topic);
        Assert.Equal("offline"u8, connect.Will.Payload.Span);
        Assert.Equal(Qos.AtLeastOnce, connect.Will.Qos);
        Assert.True(connect.Will.Retain);
        if (version == 5)
        {
            Assert.Equal(17, connect.ReceiveMaximum);
            Assert.Equal(90u, connect.SessionExpirySeconds);
            Assert.Equal(5000u, connect.MaximumPacketSize);
            Assert.Equal(3, connect.TopicAliasMaximum);
            Assert.Equal(7u, connect.Will.DelaySeconds);
            Assert.Equal("text/plain", connect.Will.Properties.ContentType);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_message_survives_both_codecs(byte version)
    {
        var sent = new MqttPublishPacket
        {
            Topic = "zigbee2mqtt/Küche/plug",
            PacketIdentifier = 513,
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = true,
            Dup = true,
            Payload = new ReadOnlySequence<byte>(new byte[300]),
            MessageExpiryInterval = 60,
            ContentType = "application/json",
            ResponseTopic = "answers",
            CorrelationData = [1, 2, 3],
            PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData,
            UserProperties = [new MqttUserProperty("a", "1"u8.ToArray())],
        };

        var read = Assert.IsType<Packet.Publish>(
            Wire.Decode(Wire.Connected((MqttVersion)version), Encode(version, sent))
        );
        var back = Assert.IsType<MqttPublishPacket>(Reencode(version, read));

        Assert.Equal(sent.Topic, back.Topic);
        Assert.Equal(sent.PacketIdentifier, back.PacketIdentifier);
        Assert.Equal(sent.QualityOfServiceLevel, back.QualityOfServiceLevel);
        Assert.Equal((sent.Retain, sent.Dup), (back.Retain, back.Dup));
        Assert.Equal(sent.Payload.ToArray(), back.Payload.ToArray());
        if (version == 5)
        {
            Assert.Equal(sent.MessageExpiryInterval, back.MessageExpiryInterval);
            Assert.Equal(sent.ContentType, back.ContentType);
            Assert.Equal(sent.ResponseTopic, back.ResponseTopic);
            Assert.Equal(sent.CorrelationData, back.CorrelationData);
            Assert.Equal(sent.PayloadFormatIndicator, back.PayloadFormatIndicator);
            Assert.Equal("a", Assert.Single(back.UserProperties).Name);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Subscribe_and_unsubscribe_mean_the_same_on_both_sides(byte version)
    {
        var decoder = Wire.Connected((MqttVersion)version);
        var filter = new MqttTopicFilter
        {
            Topic = "home/+/state",
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            NoLocal = version == 5,
            RetainAsPublished = version == 5,
        };
        var subscribe = Assert.IsType<Packet.Subscribe>(
            Wire.Decode(
                decoder,
                Encode(
                    version,
                    new MqttSubscribePacket { PacketIdentifier = 3, TopicFilters = [filter] }
                )
            )
        );
        var unsubscribe = Assert.IsType<Packet.Unsubscribe>(
            Wire.Decode(
                decoder,
                Encode(
                    version,
                    new MqttUnsubscribePacket { PacketIdentifier = 4, TopicFilters = ["a", "b"] }
                )
            )
        );

        var request = Assert.Single(subscribe.Requests);
        Assert.Equal(3, subscribe.Id);
        Assert.Equal(("home/+/state", Qos.AtLeastOnce), (request.Filter, request.MaximumQos));
        Assert.Equal((version == 5, version == 5), (request.NoLocal, request.RetainAsPublished));
        Assert.Equal(["a", "b"], unsubscribe.Filters);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_acknowledgement_is_read_by_the_client(byte version)
    {
        var ack = new Packet.Ack(PacketType.PubAck, 9)
        {
            Reason = ReasonCode.QuotaExceeded,
            ReasonString = "full",
        };

        var pubAck = Assert.IsType<MqttPubAckPacket>(Reencode(version, ack));
        var pubRec = Assert.IsType<MqttPubRecPacket>(
            Reencode(version, new Packet.Ack(PacketType.PubRec, 9))
        );
        var pubRel = Assert.IsType<MqttPubRelPacket>(
            Reencode(version, new Packet.Ack(PacketType.PubRel, 9))
        );
        var pubComp = Assert.IsType<MqttPubCompPacket>(
            Reencode(version, new Packet.Ack(PacketType.PubComp, 9))
        );

        Assert.Equal(9, pubAck.PacketIdentifier);
        Assert.Equal(9, pubRec.PacketIdentifier);
        Assert.Equal(9, pubRel.PacketIdentifier);
        Assert.Equal(9, pubComp.PacketIdentifier);
        if (version == 5)
        {
            Assert.Equal(MqttPubAckReasonCode.QuotaExceeded, pubAck.ReasonCode);
            Assert.Equal("full", pubAck.ReasonString);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Answers_to_subscriptions_are_read_by_the_client(byte version)
    {
        var subAck = Assert.IsType<MqttSubAckPacket>(
            Reencode(
                version,
                new Packet.SubAck(5, [ReasonCode.GrantedQos1, ReasonCode.TopicFilterInvalid])
            )
        );
        var unsubAck = Assert.IsType<MqttUnsubAckPacket>(
            Reencode(version, new Packet.UnsubAck(6, [ReasonCode.NoSubscriptionExisted]))
        );

        // [MQTT-3.9.3-2]: 3.1.1 knows one failure only.
        var refused = version == 5 ? 0x8F : 0x80;
        Assert.Equal([1, refused], subAck.ReasonCodes.Select(reason => (int)reason));
        Assert.Equal(6, unsubAck.PacketIdentifier);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_answer_to_connect_is_read_by_the_client(byte version)
    {
        var connAck = Assert.IsType<MqttConnAckPacket>(
            Reencode(
                version,
                new Packet.ConnAck(ReasonCode.Success)
                {
                    SessionPresent = true,
                    SessionExpirySeconds = 86400,
                    ReceiveMaximum = 100,
                    MaximumPacketSize = 262144,
                    TopicAliasMaximum = 10,
                    ServerKeepAliveSeconds = 60,
                    AssignedClientId = "auto-1",
                    SharedSubscriptionsAvailable = false,
                }
            )
        );
        var refusal = Assert.IsType<MqttConnAckPacket>(
            Reencode(version, new Packet.ConnAck(ReasonCode.ServerUnavailable))
        );

        Assert.True(connAck.IsSessionPresent);
        if (version == 5)
        {
            Assert.Equal(86400u, connAck.SessionExpiryInterval);
            Assert.Equal(100, connAck.ReceiveMaximum);
            Assert.Equal(262144u, connAck.MaximumPacketSize);
            Assert.Equal(10, connAck.TopicAliasMaximum);
            Assert.Equal(60, connAck.ServerKeepAlive);
            Assert.Equal("auto-1", connAck.AssignedClientIdentifier);
            Assert.False(connAck.SharedSubscriptionAvailable);
            Assert.Equal(MqttConnectReasonCode.ServerUnavailable, refusal.ReasonCode);
        }
        else
        {
            Assert.Equal(
                MqttConnectReturnCode.ConnectionRefusedServerUnavailable,
                refusal.ReturnCode
            );
        }
    }

    [Fact]
    public void Disconnect_is_said_in_5_and_not_in_3_1_1()
    {
        var disconnect = new Packet.Disconnect(ReasonCode.SessionTakenOver) { ReasonString = "x" };
        var target = new ArrayBufferWriter<byte>();

        Assert.False(
            new PacketEncoder(MqttVersion.V311, uint.MaxValue).TryWrite(disconnect, target)
        );
        Assert.Equal(0, target.WrittenCount);
        var read = Assert.IsType<MqttDisconnectPacket>(Reencode(5, disconnect));
        Assert.Equal(MqttDisconnectReasonCode.SessionTakenOver, read.ReasonCode);
        Assert.Equal("x", read.ReasonString);
    }

    [Fact]
    public void Ping_is_answered()
    {
        Assert.IsType<MqttPingRespPacket>(Reencode(4, Packet.PingResp.Instance));
        Assert.IsType<Packet.PingReq>(
            Wire.Decode(Wire.Connected(MqttVersion.V5), Encode(5, new MqttPingReqPacket()))
        );
    }

    [Fact]
    public void A_packet_that_the_client_does_not_take_is_not_written_MQTT_3_1_2_24()
    {
        var encoder = new PacketEncoder(MqttVersion.V5, 10);
        var target = new ArrayBufferWriter<byte>();

        Assert.True(encoder.TryWrite(new Packet.Publish("t", new byte[4]), target));
        Assert.Equal(10, target.WrittenCount);
        Assert.False(encoder.TryWrite(new Packet.Publish("t", new byte[5]), target));
        Assert.Equal(10, target.WrittenCount);
    }

    [Fact]
    public void A_reason_string_that_does_not_fit_is_left_out_MQTT_3_14_2_3()
    {
        var encoder = new PacketEncoder(MqttVersion.V5, 10);
        var target = new ArrayBufferWriter<byte>();
        var disconnect = new Packet.Disconnect(ReasonCode.ServerBusy)
        {
            ReasonString = "far too long a sentence",
        };

        Assert.True(encoder.TryWrite(disconnect, target));
        Assert.Equal([0xE0, 0x02, 0x89, 0x00], target.WrittenSpan.ToArray());
    }

    private static byte[] Encode(byte version, MqttPacket packet) =>
        Codec(version).Encode(packet).Join().ToArray();

    private static MqttPacket Reencode(byte version, Packet packet)
    {
        var target = new ArrayBufferWriter<byte>();
        Assert.True(
            new PacketEncoder((MqttVersion)version, uint.MaxValue).TryWrite(packet, target)
        );
        var bytes = target.WrittenMemory;
        Assert.True(Frame.TryRead(new ReadOnlySequence<byte>(bytes), out var frame));
        Assert.Equal(target.WrittenCount, frame.Length);
        var body = new ArraySegment<byte>(bytes[frame.HeaderLength..].ToArray());
        return Codec(version).Decode(new ReceivedMqttPacket(frame.First, body, frame.Length));
    }

    private static MqttPacketFormatterAdapter Codec(byte version) =>
        new(
            version == 5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
            new MqttBufferWriter(4096, 65535)
        );
}
