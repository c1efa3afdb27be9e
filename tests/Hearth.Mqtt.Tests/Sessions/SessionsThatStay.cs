using MQTTnet.Packets;

namespace Hearth.Mqtt.Tests.Sessions;

public sealed class SessionsThatStay(AHub hub) : IClassFixture<AHub>
{
    // [MQTT-3.1.2-5] [MQTT-3.1.2-23] [MQTT-3.1.3-2] [MQTT-3.2.0-1] [MQTT-4.5.0-1]
    // 3.1.1: [MQTT-3.1.2-5]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task What_was_published_while_a_client_was_away_waits_for_it_MQTT_4_4_0_1(
        byte version
    )
    {
        var topic = $"away/{version}";
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync($"away-pub-{version}");
        var client = await hub.ClientAsync(version);
        Assert.False((await client.ConnectAsync($"away-{version}", false, 3600)).IsSessionPresent);
        await client.SubscribeAsync(topic);
        await client.DisconnectAsync();

        await publisher.PublishAsync(topic, "1");
        await publisher.SendAsync(TestClient.Message(topic, "not promised", 0));
        await publisher.PublishAsync(topic, "2");

        await using var again = await hub.ClientAsync(version);
        Assert.True((await again.ConnectAsync($"away-{version}", false, 3600)).IsSessionPresent);
        Assert.Equal((topic, "1"), await again.ReceiveMessageAsync());
        Assert.Equal((topic, "2"), await again.ReceiveMessageAsync());
    }

    // [MQTT-3.1.4-4] [MQTT-3.2.2-2]
    [Fact]
    public async Task A_clean_start_forgets_the_session_MQTT_3_1_2_4()
    {
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("clean-pub");
        var client = await hub.ClientAsync();
        await client.ConnectAsync("clean", false, 3600);
        await client.SubscribeAsync("clean");
        await client.DisconnectAsync();
        await publisher.PublishAsync("clean", "lost");

        await using var again = await hub.ClientAsync();
        Assert.False((await again.ConnectAsync("clean", true, 3600)).IsSessionPresent);
        await again.SubscribeAsync("clean/marker", qos: 0);
        await publisher.PublishAsync("clean", "not subscribed");
        await publisher.PublishAsync("clean/marker", "x");
        Assert.Equal(("clean/marker", "x"), await again.ReceiveMessageAsync());
    }

    [Theory]
    [InlineData("renewed")]
    [InlineData("$share/g/renewed/shared")]
    public async Task Subscribing_again_loses_nothing_of_what_waits_MQTT_3_8_4_4(string filter)
    {
        var topic = filter.Replace("$share/g/", "");
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync($"{topic}-pub");
        var client = await hub.ClientAsync();
        await client.ConnectAsync($"{topic}-1", false, 3600);
        await client.SubscribeAsync(filter);
        await client.DisconnectAsync();
        await publisher.PublishAsync(topic, "1");
        await publisher.PublishAsync(topic, "2");
        await publisher.PublishAsync(topic, "3");

        await using var again = await hub.ClientAsync();
        await again.ConnectAsync($"{topic}-1", false, 3600, with: c => c.ReceiveMaximum = 1);
        var first = await again.ReceiveAsync<MqttPublishPacket>();
        await again.SubscribeAsync(filter);
        await again.SendAsync(new MqttPubAckPacket { PacketIdentifier = first.PacketIdentifier });
        var second = await again.ReceiveAsync<MqttPublishPacket>();
        await again.SendAsync(new MqttPubAckPacket { PacketIdentifier = second.PacketIdentifier });

        Assert.Equal("2", TestClient.Text(second));
        Assert.Equal("3", (await again.ReceiveMessageAsync()).Payload);
    }

    // [MQTT-4.3.2-3]
    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_marked_and_with_its_id_MQTT_3_3_1_1()
    {
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("again-pub");
        var client = await hub.ClientAsync();
        await client.ConnectAsync("again", false, 3600);
        await client.SubscribeAsync("again");
        await publisher.PublishAsync("again", "1");
        await publisher.PublishAsync("again", "2");
        var first = await client.ReceiveAsync<MqttPublishPacket>();
        var second = await client.ReceiveAsync<MqttPublishPacket>();
        Assert.False(first.Dup);
        await client.SendAsync(new MqttPubAckPacket { PacketIdentifier = first.PacketIdentifier });
        await client.DisconnectAsync();

        await using var back = await hub.ClientAsync();
        await back.ConnectAsync("again", false, 3600);
        var repeated = await back.ReceiveAsync<MqttPublishPacket>();

        Assert.True(repeated.Dup);
        Assert.Equal(second.PacketIdentifier, repeated.PacketIdentifier);
        Assert.Equal("2", TestClient.Text(repeated));
    }

    // [MQTT-4.9.0-2]
    [Fact]
    public async Task No_more_is_sent_than_the_client_takes_unacknowledged_MQTT_3_3_4_9()
    {
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("window-pub");
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("window", with: connect => connect.ReceiveMaximum = 2);
        await client.SubscribeAsync("window");
        for (var number = 1; number <= 5; number++)
        {
            await publisher.PublishAsync("window", $"{number}");
        }

        var open = new Queue<ushort>();
        for (var number = 1; number <= 5; number++)
        {
            if (open.Count == 2)
            {
                // A ping goes past messages that wait, so nothing came unasked before it.
                await client.SendAsync(new MqttPingReqPacket());
                await client.ReceiveAsync<MqttPingRespPacket>();
                await client.SendAsync(new MqttPubAckPacket { PacketIdentifier = open.Dequeue() });
            }

            var publish = await client.ReceiveAsync<MqttPublishPacket>();
            Assert.Equal($"{number}", TestClient.Text(publish));
            open.Enqueue(publish.PacketIdentifier);
        }
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_in_order_and_nothing_is_dropped()
    {
        const int count = 3_000;
        var payload = new string('x', 2_000);
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("slow-pub");
        await using var slow = await hub.ClientAsync();
        await slow.ConnectAsync("slow");
        await slow.SubscribeAsync("slow", qos: 0);

        // 6 MB, more than sockets and the outbox hold: the session falls behind and catches up.
        for (var batch = 0; batch < count / 500; batch++)
        {
            await publisher.SendAsync([
                .. Enumerable
                    .Range(batch * 500, 500)
                    .Select(i => TestClient.Message("slow", $"{i} {payload}", 1, i + 1)),
            ]);
            for (var i = 0; i < 500; i++)
            {
                await publisher.ReceiveAsync<MqttPubAckPacket>();
            }
        }

        for (var i = 0; i < count; i++)
        {
            Assert.StartsWith($"{i} ", (await slow.ReceiveMessageAsync()).Payload);
        }
    }

    // 3.1.1: [MQTT-3.1.4-2]
    [Fact]
    public async Task A_second_connection_with_the_same_name_ends_the_first_MQTT_3_1_4_3()
    {
        await using var first = await hub.ClientAsync();
        await first.ConnectAsync("twin", false, 3600);
        await first.SubscribeAsync("twin");

        await using var second = await hub.ClientAsync();
        var connAck = await second.ConnectAsync("twin", false, 3600);

        var goodbye = await first.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(0x8E, (int)goodbye.ReasonCode);
        await first.ClosedAsync();
        Assert.True(connAck.IsSessionPresent);
        await second.PublishAsync("twin-other", "x");
        await second.SendAsync(TestClient.Message("twin", "mine now", 0));
        Assert.Equal(("twin", "mine now"), await second.ReceiveMessageAsync());
    }

    // 3.1.1: [MQTT-3.1.2-6]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_session_that_does_not_stay_is_taken_over_by_a_new_one(byte version)
    {
        await using var first = await hub.ClientAsync(version);
        await first.ConnectAsync($"brief-{version}");
        await first.SubscribeAsync("brief/old");

        await using var second = await hub.ClientAsync(version);
        Assert.False((await second.ConnectAsync($"brief-{version}")).IsSessionPresent);
        await second.SubscribeAsync("brief/new", qos: 0);
        await using var third = await hub.ClientAsync(version);
        await third.ConnectAsync($"brief-{version}");
        await third.SubscribeAsync("brief/newest", qos: 0);

        await third.PublishAsync("brief/old", "x");
        await third.PublishAsync("brief/new", "y");
        await third.SendAsync(TestClient.Message("brief/newest", "z", 0));
        Assert.Equal(("brief/newest", "z"), await third.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Many_connections_with_one_name_leave_one_session_that_works()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => hub.ClientAsync()));
        await Task.WhenAll(
            clients.Select(client =>
                client.SendAsync(
                    new MqttConnectPacket { ClientId = "crowd", SessionExpiryInterval = 60 }
                )
            )
        );
        foreach (var client in clients)
        {
            await client.ReceiveAsync<MqttConnAckPacket>();
            await client.DisposeAsync();
        }

        await using var last = await hub.ClientAsync();
        Assert.True((await last.ConnectAsync("crowd", false, 60)).IsSessionPresent);
        await last.SubscribeAsync("crowd", qos: 0);
        await last.SendAsync(TestClient.Message("crowd", "x", 0));
        Assert.Equal(("crowd", "x"), await last.ReceiveMessageAsync());
    }

    // [MQTT-3.1.3-6] [MQTT-3.2.2-16]
    [Fact]
    public async Task Without_a_name_a_client_gets_one_MQTT_3_1_3_7()
    {
        await using var client = await hub.ClientAsync();
        await using var old = await hub.ClientAsync(4);

        var connAck = await client.ConnectAsync("");
        await old.ConnectAsync("");

        Assert.StartsWith("auto-", connAck.AssignedClientIdentifier);
    }

    [Fact]
    public async Task A_session_does_not_stay_longer_than_the_log_it_lives_on()
    {
        await using var client = await hub.ClientAsync();

        var connAck = await client.ConnectAsync("for-ever", false, uint.MaxValue);

        Assert.Equal(86_400u, connAck.SessionExpiryInterval);
    }
}
