using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

public sealed class WillsAndLimits(AHub hub) : IClassFixture<AHub>
{
    // 3.1.1: [MQTT-3.14.4-3]
    [Fact]
    public async Task A_will_is_published_when_a_client_goes_without_a_word_MQTT_3_1_2_8()
    {
        await using var watcher = await hub.ClientAsync();
        await watcher.ConnectAsync("watcher");
        await watcher.SubscribeAsync("will/+", qos: 0);
        var polite = await hub.ClientAsync();
        await polite.ConnectAsync("polite", with: WithWill("will/polite"));
        var rude = await hub.ClientAsync();
        await rude.ConnectAsync("rude", with: WithWill("will/rude"));

        await polite.DisconnectAsync();
        await rude.DisposeAsync();

        Assert.Equal(("will/rude", "offline"), await watcher.ReceiveMessageAsync());
    }

    [Fact]
    public async Task A_goodbye_may_ask_for_the_will_MQTT_3_14_2_1()
    {
        await using var watcher = await hub.ClientAsync();
        await watcher.ConnectAsync("goodbye-watcher");
        await watcher.SubscribeAsync("will/goodbye", qos: 0);
        var client = await hub.ClientAsync();
        await client.ConnectAsync("goodbye", with: WithWill("will/goodbye"));

        await client.DisconnectAsync(
            new MqttDisconnectPacket
            {
                ReasonCode = MqttDisconnectReasonCode.DisconnectWithWillMessage,
            }
        );

        Assert.Equal(("will/goodbye", "offline"), await watcher.ReceiveMessageAsync());
    }

    // [MQTT-3.14.4-1] [MQTT-3.14.4-2] [MQTT-4.13.1-1]
    [Fact]
    public async Task A_broken_packet_ends_the_connection_with_its_reason_and_the_will()
    {
        await using var watcher = await hub.ClientAsync();
        await watcher.ConnectAsync("broken-watcher");
        await watcher.SubscribeAsync("will/broken", qos: 0);
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("broken", with: WithWill("will/broken"));

        await client.SendAsync(Convert.FromHexString("360600016100010000"));

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(MqttDisconnectReasonCode.MalformedPacket, goodbye.ReasonCode);
        await client.ClosedAsync();
        Assert.Equal(("will/broken", "offline"), await watcher.ReceiveMessageAsync());
    }

    [Fact]
    public async Task A_packet_over_256_KiB_ends_the_connection()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("large");

        await client.SendAsync(TestClient.Message("large", new string('x', 256 * 1024), 1, 1));

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(MqttDisconnectReasonCode.PacketTooLarge, goodbye.ReasonCode);
    }

    [Fact]
    public async Task A_CONNECT_over_64_KiB_is_not_read()
    {
        await using var client = await hub.ClientAsync();

        // The header alone says how long the rest is; it never comes.
        await client.SendAsync(Convert.FromHexString("10FFFF04"));

        await client.ClosedAsync();
    }

    [Theory]
    [InlineData("100E00064D5149736470030200000000", "20020001")]
    [InlineData("100D00044D5154540602003C000000", "200300840000")]
    public async Task A_version_that_is_not_spoken_is_refused_so_that_it_is_understood_MQTT_3_1_2_2(
        string connect,
        string connAck
    )
    {
        using var tcp = new System.Net.Sockets.TcpClient();
        var token = TestContext.Current.CancellationToken;
        await tcp.ConnectAsync(System.Net.IPAddress.Loopback, hub.Port, token);
        await tcp.GetStream().WriteAsync(Convert.FromHexString(connect), token);

        var answer = new byte[connAck.Length / 2];
        await tcp.GetStream().ReadExactlyAsync(answer.AsMemory(0, 4), token);

        Assert.Equal(connAck[..2], Convert.ToHexString(answer)[..2]);
        Assert.Equal(connAck[6..8], Convert.ToHexString(answer)[6..8]);
    }

    // [MQTT-3.2.2-22]
    // 3.1.1: [MQTT-3.1.2-24]
    [Fact]
    public async Task A_silent_client_is_ended_after_one_and_a_half_keep_alives_MQTT_3_1_2_22()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, default));
        await using var other = new AHub(null, clock);
        await other.StartAsync();
        await using var client = await other.ClientAsync();
        await client.ConnectAsync("silent", with: connect => connect.KeepAlivePeriod = 10);
        clock.Advance(TimeSpan.FromSeconds(14));
        await client.SendAsync(new MqttPingReqPacket());
        await client.ReceiveAsync<MqttPingRespPacket>();

        clock.Advance(TimeSpan.FromSeconds(14));
        await client.SendAsync(new MqttPingReqPacket());
        await client.ReceiveAsync<MqttPingRespPacket>();
        clock.Advance(TimeSpan.FromSeconds(16));

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(MqttDisconnectReasonCode.KeepAliveTimeout, goodbye.ReasonCode);
    }

    [Fact]
    public async Task Who_does_not_say_CONNECT_within_10_seconds_is_ended()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, default));
        await using var other = new AHub(null, clock);
        await other.StartAsync();
        await using var client = await other.ClientAsync();
        await client.SendAsync(Convert.FromHexString("10"));
        await Wait.ForAsync(
            () => other.Get<Mqtt.Sessions.Connections>().Count == 1,
            "the connection is there"
        );

        clock.Advance(TimeSpan.FromSeconds(11));

        await client.ClosedAsync();
    }

    [Fact]
    public async Task A_client_that_takes_nothing_for_30_seconds_is_ended()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, default));
        await using var other = new AHub(null, clock);
        await other.StartAsync();
        await using var publisher = await other.ClientAsync();
        await publisher.ConnectAsync("publisher");
        await using var stuck = await other.ClientAsync();
        await stuck.ConnectAsync("stuck");
        await stuck.SubscribeAsync("flood", qos: 0);
        var payload = new string('x', 200_000);
        // More than the sockets of both sides hold.
        for (var id = 1; id <= 100; id++)
        {
            await publisher.PublishAsync("flood", payload);
        }

        var connections = other.Get<Mqtt.Sessions.Connections>();
        Assert.Equal(2, connections.Count);
        clock.Advance(TimeSpan.FromSeconds(31));
        await Wait.ForAsync(
            () =>
            {
                // Its end gets a moment for the last bytes, by the same clock.
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return connections.Count == 1;
            },
            "the stuck client is gone"
        );
    }

    [Fact]
    public async Task Noise_ends_its_own_connection_and_nothing_else()
    {
        await using var bystander = await hub.ClientAsync();
        await bystander.ConnectAsync("bystander");
        var random = new Random(20261125);
        for (var round = 0; round < 100; round++)
        {
            await using var noisy = await hub.ClientAsync();
            if (round % 2 == 0)
            {
                await noisy.ConnectAsync("noisy");
            }

            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            await noisy.SendAsync(bytes);
        }

        await bystander.PublishAsync("bystander", "still here");
    }

    // [MQTT-4.1.0-2]
    [Fact]
    public async Task A_session_expires_and_a_delayed_will_with_it_MQTT_3_1_2_23()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, default));
        await using var other = new AHub(null, clock);
        await other.StartAsync();
        await using var watcher = await other.ClientAsync();
        await watcher.ConnectAsync("watcher");
        await watcher.SubscribeAsync("will/late", qos: 0);
        var client = await other.ClientAsync();
        await client.ConnectAsync(
            "late",
            false,
            60,
            connect =>
            {
                WithWill("will/late")(connect);
                connect.WillDelayInterval = 600;
            }
        );
        await client.DisposeAsync();
        await Wait.ForAsync(
            () => other.Get<Mqtt.Sessions.Connections>().Count == 1,
            "the client is gone"
        );

        clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(("will/late", "offline"), await watcher.ReceiveMessageAsync());
        await Wait.ForAsync(
            () => other.Get<Mqtt.Sessions.Broker>().AllSessions().Count == 1,
            "the session is gone"
        );
        await using var again = await other.ClientAsync();
        Assert.False((await again.ConnectAsync("late", false, 60)).IsSessionPresent);
    }

    [Fact]
    public async Task A_will_waits_for_its_delay_and_not_for_a_client_that_is_back_MQTT_3_1_3_9()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, default));
        await using var other = new AHub(null, clock);
        await other.StartAsync();
        await using var watcher = await other.ClientAsync();
        await watcher.ConnectAsync("watcher");
        await watcher.SubscribeAsync("#", qos: 0, with: WithoutRetained);
        foreach (var name in new[] { "back", "gone" })
        {
            var client = await other.ClientAsync();
            await client.ConnectAsync(
                name,
                false,
                600,
                connect =>
                {
                    WithWill("will/" + name)(connect);
                    connect.WillDelayInterval = 30;
                }
            );
            await client.DisposeAsync();
        }

        await Wait.ForAsync(
            () => other.Get<Mqtt.Sessions.Connections>().Count == 1,
            "both clients are gone"
        );
        await using var back = await other.ClientAsync();
        Assert.True((await back.ConnectAsync("back", false, 600)).IsSessionPresent);

        clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(("will/gone", "offline"), await watcher.ReceiveMessageAsync());
        await back.PublishAsync("marker", "x");
        Assert.Equal(("marker", "x"), await watcher.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Only_so_many_connections_come_from_one_address()
    {
        await using var other = new AHub(new BrokerOptions { LoopbackConnectionsMax = 2 });
        await other.StartAsync();
        await using var first = await other.ClientAsync();
        await using var second = await other.ClientAsync();
        await first.ConnectAsync("first");
        await second.ConnectAsync("second");

        // It is reset at once, sometimes before the client knows that it had a connection at all.
        var refused = await Record.ExceptionAsync(async () =>
        {
            await using var third = await other.ClientAsync();
            await third.ClosedAsync();
        });
        Assert.True(
            refused is null or SocketException { SocketErrorCode: SocketError.ConnectionReset },
            refused?.ToString()
        );

        await first.DisconnectAsync();
        await Wait.ForAsync(
            () => other.Get<Mqtt.Sessions.Connections>().Count == 1,
            "there is room"
        );
        await using var fourth = await other.ClientAsync();
        await fourth.ConnectAsync("fourth");
    }

    [Fact]
    public async Task A_client_retains_only_so_many_messages()
    {
        await using var other = new AHub(new BrokerOptions { RetainedMax = 2 });
        await other.StartAsync();
        await using var client = await other.ClientAsync();
        await client.ConnectAsync("keeper");

        await client.SendAsync([
            .. new[] { "a", "b", "c", "a" }.Select(
                (topic, index) => TestClient.Message(topic, "x", 1, index + 1, retain: true)
            ),
        ]);
        var reasons = new List<MqttPubAckReasonCode>();
        for (var i = 0; i < 4; i++)
        {
            reasons.Add((await client.ReceiveAsync<MqttPubAckPacket>()).ReasonCode);
        }

        Assert.Equal(
            [
                MqttPubAckReasonCode.Success,
                MqttPubAckReasonCode.Success,
                MqttPubAckReasonCode.QuotaExceeded,
            ],
            reasons[..3]
        );
        await client.PublishAsync("b", "", retain: true);
        await client.PublishAsync("a", "again", retain: true);
        await client.PublishAsync("d", "room", retain: true);
    }

    private static Action<MqttConnectPacket> WithWill(string topic) =>
        connect =>
        {
            connect.WillFlag = true;
            connect.WillTopic = topic;
            connect.WillMessage = "offline"u8.ToArray();
        };

    private static void WithoutRetained(MqttTopicFilter filter) =>
        filter.RetainHandling = MqttRetainHandling.DoNotSendOnSubscribe;
}
