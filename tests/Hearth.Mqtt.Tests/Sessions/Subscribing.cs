using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

public sealed class Subscribing(AHub hub) : IClassFixture<AHub>
{
    // [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-7] [MQTT-3.3.1-12]
    // 3.1.1: [MQTT-3.3.1-7]
    [Fact]
    public async Task A_retained_message_comes_with_the_subscription_and_marked_so_MQTT_3_3_1_8()
    {
        await using var client = await hub.ClientAsync(4);
        await client.ConnectAsync("retained");
        await client.PublishAsync("retained/a", "old", retain: true);
        await client.PublishAsync("retained/a", "new", retain: true);
        await client.PublishAsync("retained/b", "gone", retain: true);
        await client.PublishAsync("retained/b", "", retain: true);

        await client.SubscribeAsync("retained/#");

        var received = await client.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal(("retained/a", "new"), (received.Topic, TestClient.Text(received)));
        Assert.True(received.Retain);
        await client.SendAsync(
            new MqttPubAckPacket { PacketIdentifier = received.PacketIdentifier }
        );

        // [MQTT-3.3.1-9]: a live message is not marked, even where it is retained.
        await client.SendAsync(TestClient.Message("retained/c", "live", 0, retain: true));
        var live = await client.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal("retained/c", live.Topic);
        Assert.False(live.Retain);
    }

    // [MQTT-3.3.1-10] [MQTT-3.3.1-11]
    [Fact]
    public async Task Retained_messages_come_as_the_subscription_wants_them_MQTT_3_3_1_9()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("handling");
        await client.PublishAsync("handling", "kept", retain: true);

        await client.SubscribeAsync(
            "handling",
            with: filter => filter.RetainHandling = MqttRetainHandling.DoNotSendOnSubscribe
        );
        await client.SubscribeAsync(
            "handling",
            with: filter =>
                filter.RetainHandling = MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly
        );
        await client.SubscribeAsync(
            "handling",
            qos: 0,
            with: filter => filter.RetainAsPublished = true
        );

        // Only the third brought it; [MQTT-3.3.1-13] keeps the mark on a live one.
        Assert.Equal(("handling", "kept"), await client.ReceiveMessageAsync());
        await client.SendAsync(TestClient.Message("handling", "live", 0, retain: true));
        Assert.True((await client.ReceiveAsync<MqttPublishPacket>()).Retain);
    }

    // [MQTT-3.3.4-4]
    [Fact]
    public async Task What_was_retained_right_before_comes_as_retained_MQTT_3_3_1_5()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("right-before");
        for (var round = 0; round < 20; round++)
        {
            await client.SendAsync(
                TestClient.Message($"right-before/{round}", "x", 0, retain: true),
                new MqttSubscribePacket
                {
                    PacketIdentifier = 1,
                    TopicFilters = [new MqttTopicFilter { Topic = $"right-before/{round}" }],
                }
            );

            await client.ReceiveAsync<MqttSubAckPacket>();
            var received = await client.ReceiveAsync<MqttPublishPacket>();
            Assert.Equal($"right-before/{round}", received.Topic);
            Assert.True(received.Retain);
        }
    }

    [Fact]
    public async Task One_message_for_overlapping_filters_with_all_their_names_MQTT_3_3_4_3()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("overlap");
        foreach (var (filter, id) in new[] { ("overlap/#", 3u), ("overlap/+", 7u) })
        {
            await client.SendAsync(
                new MqttSubscribePacket
                {
                    PacketIdentifier = 1,
                    SubscriptionIdentifier = id,
                    TopicFilters = [new MqttTopicFilter { Topic = filter }],
                }
            );
            await client.ReceiveAsync<MqttSubAckPacket>();
        }

        await client.SendAsync(TestClient.Message("overlap/a", "x", 0));
        await client.SendAsync(TestClient.Message("overlap/b", "y", 0));

        var first = await client.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal([3u, 7u], first.SubscriptionIdentifiers.Order());
        Assert.Equal(("overlap/b", "y"), await client.ReceiveMessageAsync());
    }

    [Fact]
    public async Task A_client_can_keep_its_own_messages_away_MQTT_3_8_3_3()
    {
        await using var client = await hub.ClientAsync();
        await using var other = await hub.ClientAsync();
        await client.ConnectAsync("no-local");
        await other.ConnectAsync("no-local-other");
        await client.SubscribeAsync("no-local", with: filter => filter.NoLocal = true);

        await client.PublishAsync("no-local", "mine");
        await other.PublishAsync("no-local", "yours");

        Assert.Equal(("no-local", "yours"), await client.ReceiveMessageAsync());
    }

    // [MQTT-2.2.1-6] [MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-5] [MQTT-3.8.4-7] [MQTT-3.9.3-1]
    // [MQTT-3.9.3-2]
    [Fact]
    public async Task Each_filter_gets_its_own_answer_MQTT_3_8_4_6()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("answers");
        string[] filters =
        [
            "ok",
            "a#",
            "$share/g/a",
            string.Join('/', Enumerable.Repeat("a", 33)),
            string.Join('/', Enumerable.Repeat("+", 32)),
        ];

        await client.SendAsync(
            new MqttSubscribePacket
            {
                PacketIdentifier = 6,
                TopicFilters =
                [
                    .. filters.Select(filter => new MqttTopicFilter
                    {
                        Topic = filter,
                        QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce,
                    }),
                ],
            }
        );

        var answer = await client.ReceiveAsync<MqttSubAckPacket>();
        Assert.Equal(6, answer.PacketIdentifier);
        Assert.Equal(
            [0x02, 0x8F, 0x02, 0x8F, 0x02],
            answer.ReasonCodes.Select(reason => (int)reason)
        );
    }

    [Fact]
    public async Task A_session_has_at_most_1_000_subscriptions()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("many");
        var packet = new MqttSubscribePacket
        {
            PacketIdentifier = 1,
            TopicFilters =
            [
                .. Enumerable.Range(0, 1_001).Select(i => new MqttTopicFilter { Topic = $"m/{i}" }),
            ],
        };

        await client.SendAsync(packet);

        var reasons = (await client.ReceiveAsync<MqttSubAckPacket>()).ReasonCodes;
        Assert.All(
            reasons.Take(1_000),
            reason => Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, reason)
        );
        Assert.Equal(MqttSubscribeReasonCode.QuotaExceeded, reasons[1_000]);
    }

    // [MQTT-3.10.4-4] [MQTT-3.10.4-6]
    [Fact]
    public async Task Nothing_comes_after_unsubscribing_MQTT_3_10_4_2()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("unsubscribe");
        await client.SubscribeAsync("unsubscribe/a");
        await client.SubscribeAsync("unsubscribe/b", qos: 0);

        await client.SendAsync(
            new MqttUnsubscribePacket
            {
                PacketIdentifier = 2,
                TopicFilters = ["unsubscribe/a", "unsubscribe/never"],
            }
        );
        var answer = await client.ReceiveAsync<MqttUnsubAckPacket>();
        await client.SendAsync(TestClient.Message("unsubscribe/a", "x", 0));
        await client.SendAsync(TestClient.Message("unsubscribe/b", "y", 0));

        Assert.Equal([0x00, 0x11], answer.ReasonCodes.Select(reason => (int)reason));
        Assert.Equal(("unsubscribe/b", "y"), await client.ReceiveMessageAsync());
    }

    [Fact]
    public async Task A_message_that_has_expired_is_not_sent_to_a_new_subscriber_MQTT_3_3_2_5()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("expired");
        var brief = TestClient.Message("expired/brief", "x", 1, 1, retain: true);
        brief.MessageExpiryInterval = 1;
        await client.SendAsync(brief, TestClient.Message("expired/long", "y", 1, 2, retain: true));
        await client.ReceiveAsync<MqttPubAckPacket>();
        await client.ReceiveAsync<MqttPubAckPacket>();
        var sent = TimeProvider.System.GetTimestamp();
        await Wait.ForAsync(
            () => TimeProvider.System.GetElapsedTime(sent) > TimeSpan.FromSeconds(1.1),
            "the message is old"
        );

        await client.SubscribeAsync("expired/#");

        Assert.Equal(("expired/long", "y"), await client.ReceiveMessageAsync());
    }

    // 3.1.1: [MQTT-3.3.5-1]
    [Fact]
    public async Task Overlapping_filters_give_the_highest_of_their_QoS_MQTT_3_3_4_2()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("highest");
        await client.SubscribeAsync("highest/+", qos: 0);
        await client.SubscribeAsync("highest/#", qos: 2);
        await client.SubscribeAsync("+/of-three", qos: 1);
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("highest-pub");

        await publisher.SendAsync(TestClient.Message("highest/of-three", "x", 2, 1));

        var received = await client.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal(MqttQualityOfServiceLevel.ExactlyOnce, received.QualityOfServiceLevel);
    }

    [Fact]
    public async Task A_filter_that_comes_again_replaces_the_subscription_MQTT_3_8_4_3()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("replaces");
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("replaces-pub");
        await client.SubscribeAsync("replaces", qos: 2);
        await client.SubscribeAsync("replaces", qos: 0);

        await publisher.PublishAsync("replaces", "1");
        await publisher.PublishAsync("replaces", "2");

        // Once each, with the QoS that was asked for last.
        for (var number = 1; number <= 2; number++)
        {
            var received = await client.ReceiveAsync<MqttPublishPacket>();
            Assert.Equal($"{number}", TestClient.Text(received));
            Assert.Equal(MqttQualityOfServiceLevel.AtMostOnce, received.QualityOfServiceLevel);
        }
    }

    [Fact]
    public async Task Unsubscribing_takes_exactly_the_filter_MQTT_3_10_4_1()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("exact-filter");
        await client.SubscribeAsync("exact-filter/+", qos: 0);

        await client.SendAsync(
            new MqttUnsubscribePacket
            {
                PacketIdentifier = 2,
                TopicFilters = ["exact-filter/#", "exact-filter/a", "EXACT-FILTER/+"],
            }
        );

        // [MQTT-3.11.3-1] [MQTT-3.11.3-2] [MQTT-3.10.4-5]
        var answer = await client.ReceiveAsync<MqttUnsubAckPacket>();
        Assert.Equal([0x11, 0x11, 0x11], answer.ReasonCodes.Select(reason => (int)reason));
        await client.SendAsync(TestClient.Message("exact-filter/a", "x", 0));
        Assert.Equal(("exact-filter/a", "x"), await client.ReceiveMessageAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_on_its_way_is_completed_after_unsubscribing_MQTT_3_10_4_3(int qos)
    {
        var topic = $"on-its-way/{qos}";
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync($"on-its-way-pub-{qos}");
        var client = await hub.ClientAsync();
        await client.ConnectAsync($"on-its-way-{qos}", false, 60);
        await client.SubscribeAsync(topic, qos);
        await publisher.SendAsync(TestClient.Message(topic, "x", 2, 1));
        var first = await client.ReceiveAsync<MqttPublishPacket>();

        await client.SendAsync(
            new MqttUnsubscribePacket { PacketIdentifier = 2, TopicFilters = [topic] }
        );
        await client.ReceiveAsync<MqttUnsubAckPacket>();
        await client.DisconnectAsync();

        await using var back = await hub.ClientAsync();
        await back.ConnectAsync($"on-its-way-{qos}", false, 60);
        var again = await back.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal(first.PacketIdentifier, again.PacketIdentifier);
        Assert.True(again.Dup);
    }
}
