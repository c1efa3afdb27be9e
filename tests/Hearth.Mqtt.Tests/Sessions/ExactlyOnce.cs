using MQTTnet.Packets;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>QoS 2 to a subscriber whose hub goes down in the middle.</summary>
public sealed class ExactlyOnce
{
    private const string Name = "reader";

    // [MQTT-4.3.3-3]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_message_whose_PUBREC_is_missing_comes_again_as_the_same_MQTT_4_4_0_1(
        byte version
    )
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var reader = await ReaderAsync(hub, version);
        await PublishAsync(hub, "once/a", "one", "two");
        var first = await reader.ReceiveAsync<MqttPublishPacket>();
        var second = await reader.ReceiveAsync<MqttPublishPacket>();
        Assert.False(first.Dup);

        await using var after = await hub.CrashedAsync();
        await using var again = await BackAsync(after, version);

        var repeated = await again.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal((first.PacketIdentifier, true), (repeated.PacketIdentifier, repeated.Dup));
        Assert.Equal("one", TestClient.Text(repeated));
        Assert.Equal(2, (int)repeated.QualityOfServiceLevel);
        var other = await again.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal(second.PacketIdentifier, other.PacketIdentifier);
        await FinishAsync(again, repeated.PacketIdentifier);
        await FinishAsync(again, other.PacketIdentifier);
        await PublishAsync(after, "once/a", "new");
        Assert.Equal(("once/a", "new"), await again.ReceiveMessageAsync());
    }

    // [MQTT-4.3.3-5]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_message_that_was_received_is_released_and_not_sent_again_MQTT_4_3_3_6(
        byte version
    )
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var reader = await ReaderAsync(hub, version);
        await PublishAsync(hub, "once/a", "one");
        var message = await reader.ReceiveAsync<MqttPublishPacket>();
        await reader.SendAsync(
            new MqttPubRecPacket { PacketIdentifier = message.PacketIdentifier }
        );
        await reader.ReceiveAsync<MqttPubRelPacket>();

        await using var after = await hub.CrashedAsync();
        await using var again = await BackAsync(after, version);

        var release = await again.ReceiveAsync<MqttPubRelPacket>();
        Assert.Equal(message.PacketIdentifier, release.PacketIdentifier);
        await again.SendAsync(
            new MqttPubCompPacket { PacketIdentifier = message.PacketIdentifier }
        );
        await PublishAsync(after, "once/a", "new");
        Assert.Equal(("once/a", "new"), await again.ReceiveMessageAsync());
    }

    [Fact]
    public async Task What_was_done_does_not_come_again_though_the_cursor_has_not_passed_it()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var reader = await ReaderAsync(hub, 5);
        await using (var publisher = await hub.ClientAsync())
        {
            await publisher.ConnectAsync("first");
            await publisher.PublishAsync("once/a", "never acknowledged");
        }

        await reader.ReceiveAsync<MqttPublishPacket>();
        foreach (var payload in new[] { "done", "done too" })
        {
            await PublishAsync(hub, "once/a", payload);
            var done = await reader.ReceiveAsync<MqttPublishPacket>();
            await FinishAsync(reader, done.PacketIdentifier);
        }

        await PublishAsync(hub, "once/a", "open");
        var open = await reader.ReceiveAsync<MqttPublishPacket>();

        await using var after = await hub.CrashedAsync();
        await using var again = await BackAsync(after, 5);

        var got = new List<string>();
        while (got.Count == 0 || got[^1] != "never acknowledged")
        {
            switch (await again.ReceiveAsync<MqttPacket>())
            {
                case MqttPublishPacket publish:
                    got.Add(TestClient.Text(publish));
                    break;
                case MqttPubRelPacket release:
                    Assert.NotEqual(open.PacketIdentifier, release.PacketIdentifier);
                    await again.SendAsync(
                        new MqttPubCompPacket { PacketIdentifier = release.PacketIdentifier }
                    );
                    break;
                default:
                    Assert.Fail("Nothing else was on its way.");
                    break;
            }
        }

        Assert.Equal(["open", "never acknowledged"], got);
        await PublishAsync(after, "once/a", "new");
        Assert.Equal(("once/a", "new"), await again.ReceiveMessageAsync());
    }

    [Fact]
    public async Task What_cannot_be_kept_is_not_sent_and_comes_once_it_can()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var reader = await ReaderAsync(hub, 5);
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("publisher");
        hub.Log.FailsSessions = true;

        await publisher.SendAsync(TestClient.Message("once/a", "late", 2, 1));
        await publisher.ReceiveAsync<MqttPubRecPacket>();

        Assert.Equal(0x97, (int)(await reader.ReceiveAsync<MqttDisconnectPacket>()).ReasonCode);
        await reader.ClosedAsync();
        hub.Log.FailsSessions = false;
        await using var again = await BackAsync(hub, 5);
        var message = await again.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal(("late", false), (TestClient.Text(message), message.Dup));
    }

    [Fact]
    public async Task All_messages_come_in_order_whatever_their_QoS_MQTT_4_6_0_6()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var reader = await ReaderAsync(hub, 5);
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("publisher");
        var sent = Enumerable.Range(1, 200).ToList();
        await publisher.SendAsync([
            .. sent.Select(number =>
                TestClient.Message("once/a", $"{number}", number % 3, number % 3 == 0 ? 0 : number)
            ),
        ]);

        var got = new List<int>();
        while (got.Count < sent.Count)
        {
            switch (await reader.ReceiveAsync<MqttPacket>())
            {
                case MqttPublishPacket publish:
                    got.Add(int.Parse(TestClient.Text(publish)));
                    await AcknowledgeAsync(reader, publish);
                    break;
                case MqttPubRelPacket release:
                    await reader.SendAsync(
                        new MqttPubCompPacket { PacketIdentifier = release.PacketIdentifier }
                    );
                    break;
                default:
                    Assert.Fail("Nothing else is on its way.");
                    break;
            }
        }

        Assert.Equal(sent, got);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Retained_messages_that_are_owed_come_after_a_crash(int qos)
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await PublishAsync(hub, "once/a", retain: true, "a");
        await PublishAsync(hub, "once/b", retain: true, "b");
        await using var reader = await ReaderAsync(
            hub,
            5,
            qos,
            connect => connect.ReceiveMaximum = 1
        );
        var first = await reader.ReceiveAsync<MqttPublishPacket>();
        Assert.True(first.Retain);

        await using var after = await hub.CrashedAsync();
        await using var again = await BackAsync(after, 5);

        var got = new List<(string, bool)>();
        for (var i = 0; i < 2; i++)
        {
            var publish = await again.ReceiveAsync<MqttPublishPacket>();
            Assert.True(publish.Retain);
            got.Add((TestClient.Text(publish), publish.Dup));
        }

        Assert.Equal(["a", "b"], got.Select(item => item.Item1).Order());
        // With QoS 2 it is the same message, and the client can tell.
        Assert.Contains((TestClient.Text(first), qos == 2), got);
    }

    [Fact]
    public async Task Retained_messages_that_were_acknowledged_do_not_come_after_a_restart()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await PublishAsync(hub, "once/a", retain: true, "a");
        var reader = await ReaderAsync(hub, 5);
        var first = await reader.ReceiveAsync<MqttPublishPacket>();
        await FinishAsync(reader, first.PacketIdentifier);
        await reader.DisconnectAsync();

        await hub.RestartAsync();
        await using var again = await BackAsync(hub, 5);

        await PublishAsync(hub, "once/a", "new");
        Assert.Equal(("once/a", "new"), await again.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Who_is_taken_over_is_told_and_its_late_words_change_nothing_MQTT_3_1_4_3()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var old = await ReaderAsync(hub, 5);
        await PublishAsync(hub, "once/a", "one");
        var message = await old.ReceiveAsync<MqttPublishPacket>();
        var epoch = hub.Get<Mqtt.Sessions.Broker>().GetOrAddSession(Name).Epoch;

        await using var taker = await BackAsync(hub, 5);
        await old.SendAsync(
            new MqttPubRecPacket { PacketIdentifier = message.PacketIdentifier },
            new MqttPubCompPacket { PacketIdentifier = message.PacketIdentifier }
        );

        Assert.Equal(0x8E, (int)(await old.ReceiveAsync<MqttDisconnectPacket>()).ReasonCode);
        await old.ClosedAsync();
        var repeated = await taker.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal((message.PacketIdentifier, true), (repeated.PacketIdentifier, repeated.Dup));
        await FinishAsync(taker, repeated.PacketIdentifier);
        Assert.True(hub.Get<Mqtt.Sessions.Broker>().GetOrAddSession(Name).Epoch > epoch);
    }

    private static async Task<TestClient> ReaderAsync(
        AHub hub,
        byte version,
        int qos = 2,
        Action<MqttConnectPacket>? with = null
    )
    {
        var reader = await hub.ClientAsync(version);
        await reader.ConnectAsync(Name, false, 3600, with);
        await reader.SubscribeAsync("once/+", qos);
        return reader;
    }

    private static async Task<TestClient> BackAsync(AHub hub, byte version)
    {
        var reader = await hub.ClientAsync(version);
        Assert.True((await reader.ConnectAsync(Name, false, 3600)).IsSessionPresent);
        return reader;
    }

    private static Task PublishAsync(AHub hub, string topic, params string[] payloads) =>
        PublishAsync(hub, topic, retain: false, payloads);

    private static async Task PublishAsync(
        AHub hub,
        string topic,
        bool retain,
        params string[] payloads
    )
    {
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("publisher");
        foreach (var payload in payloads)
        {
            await publisher.SendAsync(TestClient.Message(topic, payload, 2, 1, retain));
            await publisher.ReceiveAsync<MqttPubRecPacket>();
            await publisher.SendAsync(new MqttPubRelPacket { PacketIdentifier = 1 });
            await publisher.ReceiveAsync<MqttPubCompPacket>();
        }
    }

    /// <summary>The whole handshake of one message.</summary>
    private static async Task FinishAsync(TestClient client, ushort id)
    {
        await client.SendAsync(new MqttPubRecPacket { PacketIdentifier = id });
        Assert.Equal(id, (await client.ReceiveAsync<MqttPubRelPacket>()).PacketIdentifier);
        await client.SendAsync(new MqttPubCompPacket { PacketIdentifier = id });
    }

    private static Task AcknowledgeAsync(TestClient client, MqttPublishPacket publish) =>
        (int)publish.QualityOfServiceLevel switch
        {
            1 => client.SendAsync(
                new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier }
            ),
            2 => client.SendAsync(
                new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier }
            ),
            _ => Task.CompletedTask,
        };
}
