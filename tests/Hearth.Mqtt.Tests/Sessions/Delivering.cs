using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>Messages on their way to a subscriber.</summary>
public sealed class Delivering(AHub hub) : IClassFixture<AHub>
{
    private readonly FakeTimeProvider _clock = new(
        new DateTimeOffset(2026, 11, 28, 8, 0, 0, default)
    );

    public static TheoryData<int, int> Qualities { get; } =
        new MatrixTheoryData<int, int>([0, 1, 2], [0, 1, 2]);

    [Theory]
    [MemberData(nameof(Qualities))]
    public async Task A_message_comes_with_the_lesser_QoS_MQTT_3_8_4_8(int sent, int granted)
    {
        var topic = $"lesser/{sent}/{granted}";
        await using var subscriber = await hub.ClientAsync();
        await using var publisher = await hub.ClientAsync();
        await subscriber.ConnectAsync($"lesser-sub-{sent}-{granted}");
        await publisher.ConnectAsync($"lesser-pub-{sent}-{granted}");
        await subscriber.SubscribeAsync(topic, granted);

        await publisher.SendAsync(TestClient.Message(topic, "x", sent, sent == 0 ? 0 : 1));

        var received = await subscriber.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal(Math.Min(sent, granted), (int)received.QualityOfServiceLevel);
        // [MQTT-4.3.1-1] [MQTT-4.3.2-2] [MQTT-4.3.3-2]
        Assert.False(received.Dup);
    }

    [Fact]
    public async Task Ids_of_what_is_in_flight_are_different_MQTT_2_2_1_4()
    {
        await using var subscriber = await hub.ClientAsync();
        await using var publisher = await hub.ClientAsync();
        await subscriber.ConnectAsync("ids-sub");
        await publisher.ConnectAsync("ids-pub");
        await subscriber.SubscribeAsync("ids", qos: 2);

        // [MQTT-4.3.2-1] [MQTT-4.3.3-1]: nothing is acknowledged.
        await publisher.SendAsync([
            .. Enumerable
                .Range(1, 200)
                .Select(id => TestClient.Message("ids", $"{id}", 1 + (id % 2), id)),
        ]);

        var ids = new HashSet<int>();
        for (var number = 1; number <= 200; number++)
        {
            var received = await subscriber.ReceiveAsync<MqttPublishPacket>();
            Assert.Equal($"{number}", TestClient.Text(received));
            Assert.True(ids.Add(received.PacketIdentifier), "The id is in use.");
        }

        Assert.DoesNotContain(0, ids);
    }

    [Fact]
    public async Task That_a_publish_is_a_duplicate_is_not_passed_on_MQTT_3_3_1_3()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("dup");
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("dup-pub");
        await client.SubscribeAsync("dup", qos: 0);

        await publisher.SendAsync(TestClient.Message("dup", "x", 1, 1, dup: true));

        Assert.False((await client.ReceiveAsync<MqttPublishPacket>()).Dup);
    }

    [Fact]
    public async Task An_id_that_was_acknowledged_is_a_new_message_MQTT_4_3_2_5()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("new-again");
        await client.SendAsync(TestClient.Message("new-again", "1", 1, 1));
        await client.ReceiveAsync<MqttPubAckPacket>();

        await client.SendAsync(TestClient.Message("new-again", "2", 1, 1, dup: true));
        await client.ReceiveAsync<MqttPubAckPacket>();

        Assert.Equal(["1", "2"], await hub.ReceivedAsync("new-again"));
    }

    [Fact]
    public async Task An_id_whose_message_was_refused_is_a_new_message_MQTT_4_3_3_9()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("refused-id");
        await client.SendAsync(TestClient.Message("hearth/not-yours", "1", 2, 1));
        var refused = await client.ReceiveAsync<MqttPubRecPacket>();

        await client.SendAsync(TestClient.Message("refused-id", "2", 2, 1));

        // [MQTT-3.5.2-1]
        Assert.Equal(MqttPubRecReasonCode.NotAuthorized, refused.ReasonCode);
        await client.ReceiveAsync<MqttPubRecPacket>();
        Assert.Equal(["2"], await hub.ReceivedAsync("refused-id"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_a_subscriber_refuses_does_not_come_again_MQTT_4_4_0_2(int qos)
    {
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync($"refuses-pub-{qos}");
        var client = await hub.ClientAsync();
        await client.ConnectAsync($"refuses-{qos}", false, 60);
        await client.SubscribeAsync($"refuses/{qos}", qos);
        await publisher.SendAsync(TestClient.Message($"refuses/{qos}", "1", 2, 1));
        var id = (await client.ReceiveAsync<MqttPublishPacket>()).PacketIdentifier;

        await client.SendAsync(
            qos == 1
                ? new MqttPubAckPacket
                {
                    PacketIdentifier = id,
                    ReasonCode = MqttPubAckReasonCode.UnspecifiedError,
                }
                : new MqttPubRecPacket
                {
                    PacketIdentifier = id,
                    ReasonCode = MqttPubRecReasonCode.UnspecifiedError,
                }
        );
        await client.DisconnectAsync();

        await using var back = await hub.ClientAsync();
        await back.ConnectAsync($"refuses-{qos}", false, 60);
        await publisher.SendAsync(TestClient.Message($"refuses/{qos}", "2", 2, 2));
        Assert.Equal("2", (await back.ReceiveMessageAsync()).Payload);
    }

    [Fact]
    public async Task What_a_client_does_not_take_counts_as_sent_MQTT_3_1_2_25()
    {
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("small-pub");
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync(
            "small",
            with: connect =>
            {
                connect.MaximumPacketSize = 64;
                connect.ReceiveMaximum = 1;
            }
        );
        await client.SubscribeAsync("small");

        await publisher.PublishAsync("small", new string('x', 100));
        await publisher.PublishAsync("small", "fits");

        Assert.Equal(("small", "fits"), await client.ReceiveMessageAsync());
    }

    [Fact]
    public async Task All_but_messages_goes_on_where_no_more_is_taken_MQTT_3_3_4_10()
    {
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("goes-on-pub");
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("goes-on", with: connect => connect.ReceiveMaximum = 1);
        await client.SubscribeAsync("goes-on");
        await publisher.PublishAsync("goes-on", "1");
        await publisher.PublishAsync("goes-on", "2");
        await client.ReceiveAsync<MqttPublishPacket>();

        // [MQTT-4.9.0-3]
        await client.SendAsync(new MqttPingReqPacket());
        await client.ReceiveAsync<MqttPingRespPacket>();
        await client.PublishAsync("goes-on-elsewhere", "x");
        await client.SubscribeAsync("goes-on-as-well");
    }

    [Fact]
    public async Task A_message_carries_what_is_left_of_its_life_MQTT_3_3_2_6()
    {
        await using var other = await FakeHubAsync();
        await using var client = await other.ClientAsync();
        await client.ConnectAsync("left");
        var message = TestClient.Message("left", "x", 1, 1, retain: true);
        message.MessageExpiryInterval = 100;
        await client.SendAsync(message);
        await client.ReceiveAsync<MqttPubAckPacket>();
        _clock.Advance(TimeSpan.FromSeconds(30));

        await client.SubscribeAsync("left");

        Assert.Equal(70u, (await client.ReceiveAsync<MqttPublishPacket>()).MessageExpiryInterval);
    }

    [Fact]
    public async Task What_was_sent_does_not_expire_MQTT_4_3_3_7()
    {
        await using var other = await FakeHubAsync();
        await using var publisher = await other.ClientAsync();
        await publisher.ConnectAsync("sent-pub");
        var client = await other.ClientAsync();
        await client.ConnectAsync("sent", false, 600);
        await client.SubscribeAsync("sent", qos: 2);
        var message = TestClient.Message("sent", "x", 2, 1);
        message.MessageExpiryInterval = 10;
        await publisher.SendAsync(message);
        await client.ReceiveAsync<MqttPublishPacket>();
        await client.DisposeAsync();

        _clock.Advance(TimeSpan.FromSeconds(60));

        await using var back = await other.ClientAsync();
        await back.ConnectAsync("sent", false, 600);
        var again = await back.ReceiveAsync<MqttPublishPacket>();
        Assert.True(again.Dup);
        Assert.Equal("x", TestClient.Text(again));
    }

    [Fact]
    public async Task A_handshake_goes_on_after_its_message_has_expired_MQTT_4_3_3_13()
    {
        await using var other = await FakeHubAsync();
        await using var client = await other.ClientAsync();
        await client.ConnectAsync("handshake");
        var message = TestClient.Message("handshake", "x", 2, 1);
        message.MessageExpiryInterval = 1;
        await client.SendAsync(message);
        await client.ReceiveAsync<MqttPubRecPacket>();
        _clock.Advance(TimeSpan.FromSeconds(5));

        await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = 1 });

        var complete = await client.ReceiveAsync<MqttPubCompPacket>();
        Assert.Equal(MqttPubCompReasonCode.Success, complete.ReasonCode);
    }

    [Fact]
    public async Task What_is_not_retained_leaves_what_is_MQTT_3_3_1_8()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("leaves");
        await client.PublishAsync("leaves", "kept", retain: true);
        await client.PublishAsync("leaves", "live");
        await client.PublishAsync("leaves/none", "live");

        await client.SubscribeAsync("leaves/#", qos: 0);
        await client.SendAsync(TestClient.Message("leaves/marker", "x", 0));

        Assert.Equal(("leaves", "kept"), await client.ReceiveMessageAsync());
        Assert.Equal(("leaves/marker", "x"), await client.ReceiveMessageAsync());
    }

    [Fact]
    public async Task What_a_client_retained_outlives_its_session_MQTT_3_1_2_7()
    {
        var client = await hub.ClientAsync(4);
        await client.ConnectAsync("keeper-gone");
        await client.PublishAsync("keeper-gone", "kept", retain: true);
        await client.DisconnectAsync();
        await hub.IsGoneAsync("keeper-gone");

        await using var other = await hub.ClientAsync(4);
        await other.ConnectAsync("keeper-other");
        await other.SubscribeAsync("keeper-gone");
        Assert.Equal(("keeper-gone", "kept"), await other.ReceiveMessageAsync());
    }

    private async Task<AHub> FakeHubAsync()
    {
        var other = new AHub(null, _clock);
        await other.StartAsync();
        return other;
    }
}
