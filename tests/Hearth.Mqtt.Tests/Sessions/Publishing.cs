using Hearth.Core.Events;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

public sealed class Publishing(AHub hub) : IClassFixture<AHub>
{
    public static TheoryData<byte> Versions { get; } = [4, 5];

    // [MQTT-2.2.1-5] [MQTT-4.3.2-4]
    // 3.1.1: [MQTT-4.3.2-2]
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_publish_with_QoS_1_is_in_the_log_when_it_is_acknowledged(byte version)
    {
        await using var client = await hub.ClientAsync(version);
        await client.ConnectAsync($"committed-{version}");

        await client.SendAsync(TestClient.Message($"committed/{version}", "63.2", 1, 77));

        var ack = await client.ReceiveAsync<MqttPubAckPacket>();
        Assert.Equal(77, ack.PacketIdentifier);
        Assert.Equal(["63.2"], await hub.ReceivedAsync($"committed/{version}"));
    }

    [Fact]
    public async Task Pipelined_publishes_share_commits_and_are_acknowledged_in_order_MQTT_4_6_0_2()
    {
        const int count = 1_000;
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("pipeline");
        var before = hub.Log.Commits;

        await client.SendAsync([
            .. Enumerable
                .Range(1, count)
                .Select(id => TestClient.Message("pipeline", $"{id}", 1, id)),
        ]);
        for (var id = 1; id <= count; id++)
        {
            Assert.Equal(id, (await client.ReceiveAsync<MqttPubAckPacket>()).PacketIdentifier);
        }

        Assert.InRange(hub.Log.Commits - before, 1, count / 10);
        Assert.Equal(
            Enumerable.Range(1, count).Select(id => $"{id}"),
            await hub.ReceivedAsync("pipeline")
        );
    }

    // [MQTT-3.3.2-3] [MQTT-4.6.0-5]
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Subscribers_get_what_is_published_in_the_order_of_the_log(byte version)
    {
        await using var subscriber = await hub.ClientAsync(version);
        await using var publisher = await hub.ClientAsync(version);
        await subscriber.ConnectAsync($"ordered-sub-{version}");
        await publisher.ConnectAsync($"ordered-pub-{version}");
        await subscriber.SubscribeAsync($"ordered/{version}/+", qos: 0);

        await publisher.SendAsync([
            .. Enumerable
                .Range(1, 500)
                .Select(id => TestClient.Message($"ordered/{version}/{id % 3}", $"{id}", 1, id)),
        ]);

        for (var id = 1; id <= 500; id++)
        {
            Assert.Equal(
                ($"ordered/{version}/{id % 3}", $"{id}"),
                await subscriber.ReceiveMessageAsync()
            );
        }
    }

    // [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-20]
    [Fact]
    public async Task What_travels_with_a_message_arrives_with_it_MQTT_3_3_2_17()
    {
        await using var subscriber = await hub.ClientAsync();
        await using var publisher = await hub.ClientAsync();
        await subscriber.ConnectAsync("properties-sub");
        await publisher.ConnectAsync("properties-pub");
        await subscriber.SubscribeAsync("properties");
        var sent = TestClient.Message("properties", "x", 0);
        sent.ContentType = "text/plain";
        sent.ResponseTopic = "answers";
        sent.CorrelationData = [1, 2];
        sent.MessageExpiryInterval = 60;
        sent.PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData;
        sent.UserProperties = [new("b", "1"u8.ToArray()), new("a", "2"u8.ToArray())];

        await publisher.SendAsync(sent);

        var received = await subscriber.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal("text/plain", received.ContentType);
        Assert.Equal("answers", received.ResponseTopic);
        Assert.Equal([1, 2], received.CorrelationData);
        Assert.InRange(received.MessageExpiryInterval, 50u, 60u);
        Assert.Equal(MqttPayloadFormatIndicator.CharacterData, received.PayloadFormatIndicator);
        // [MQTT-3.3.2-18]
        Assert.Equal(["b", "a"], received.UserProperties.Select(property => property.Name));
    }

    // [MQTT-3.3.4-1] [MQTT-4.3.3-8] [MQTT-4.3.3-11] [MQTT-4.3.3-12]
    // 3.1.1: [MQTT-4.3.3-2]
    [Fact]
    public async Task A_publish_with_QoS_2_is_taken_once_however_often_it_comes_MQTT_4_3_3_10()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("exactly", expiry: 3600);

        await client.SendAsync(TestClient.Message("exactly", "once", 2, 5));
        await client.ReceiveAsync<MqttPubRecPacket>();
        await client.SendAsync(TestClient.Message("exactly", "once", 2, 5, dup: true));
        await client.ReceiveAsync<MqttPubRecPacket>();
        await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = 5 });
        await client.ReceiveAsync<MqttPubCompPacket>();
        Assert.Equal(["once"], await hub.ReceivedAsync("exactly"));

        await client.SendAsync(TestClient.Message("exactly", "another", 2, 5));
        await client.ReceiveAsync<MqttPubRecPacket>();
        Assert.Equal(["once", "another"], await hub.ReceivedAsync("exactly"));
    }

    [Fact]
    public async Task Releasing_an_unknown_id_is_answered_so_MQTT_3_7_2_1()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("unknown-id");

        await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = 9 });

        var complete = await client.ReceiveAsync<MqttPubCompPacket>();
        Assert.Equal(MqttPubCompReasonCode.PacketIdentifierNotFound, complete.ReasonCode);
    }

    [Fact]
    public async Task Releasing_an_unknown_id_is_complete_for_an_older_client_which_goes_on()
    {
        await using var client = await hub.ClientAsync(version: 4);
        await client.ConnectAsync("unknown-id-3");

        await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = 9 });
        await client.ReceiveAsync<MqttPubCompPacket>();

        await client.SendAsync(TestClient.Message("unknown-id-3", "after", 1, 1));
        await client.ReceiveAsync<MqttPubAckPacket>();
    }

    // [MQTT-4.3.3-4]
    [Fact]
    public async Task A_subscriber_may_get_a_message_with_QoS_2()
    {
        await using var subscriber = await hub.ClientAsync();
        await using var publisher = await hub.ClientAsync();
        await subscriber.ConnectAsync("twice-sub");
        await publisher.ConnectAsync("twice-pub");
        await subscriber.SubscribeAsync("twice", qos: 2);

        await publisher.SendAsync(TestClient.Message("twice", "x", 2, 1));

        var received = await subscriber.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal(MqttQualityOfServiceLevel.ExactlyOnce, received.QualityOfServiceLevel);
        var id = received.PacketIdentifier;
        await subscriber.SendAsync(new MqttPubRecPacket { PacketIdentifier = id });
        Assert.Equal(id, (await subscriber.ReceiveAsync<MqttPubRelPacket>()).PacketIdentifier);
        await subscriber.SendAsync(new MqttPubCompPacket { PacketIdentifier = id });
        await subscriber.SendAsync(new MqttPingReqPacket());
        await subscriber.ReceiveAsync<MqttPingRespPacket>();
    }

    [Fact]
    public async Task An_event_published_as_JSON_is_an_event_of_the_home_and_notifies_once()
    {
        await using var subscriber = await hub.ClientAsync();
        await using var publisher = await hub.ClientAsync();
        await subscriber.ConnectAsync("events-sub");
        await publisher.ConnectAsync("events-pub");
        await subscriber.SubscribeAsync("hearth/events/energy.threshold_exceeded");
        const string topic = "hearth/events/energy.threshold_exceeded";
        const string json = """
            {"specversion":"1.0","id":"1","source":"/tracker","type":"energy.threshold_exceeded",
             "data":{"watts":63}}
            """;

        await publisher.PublishAsync(topic, json);
        await publisher.PublishAsync(topic, json);
        await publisher.PublishAsync(topic, json.Replace("\"1\"", "\"2\""));

        var first = await subscriber.ReceiveAsync<MqttPublishPacket>();
        var second = await subscriber.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal("application/cloudevents+json; charset=utf-8", first.ContentType);
        Assert.Contains("\"id\":\"1\"", TestClient.Text(first));
        Assert.Contains("\"id\":\"2\"", TestClient.Text(second));
        Assert.Equal(
            ["1", "2"],
            (await hub.EventsAsync())
                .Where(item => item.Data is ProgramEvent && item.Source == "/tracker")
                .Select(item => item.Id)
        );
    }

    [Theory]
    [InlineData("energy.low", """{"specversion":"1.0","id":"1","source":"/t","type":"other"}""")]
    [InlineData("energy.low", """{"specversion":"1.0","source":"/t","type":"energy.low"}""")]
    [InlineData(
        "hearth.lie",
        """{"specversion":"1.0","id":"1","source":"/t","type":"hearth.lie"}"""
    )]
    [InlineData("energy.low", "no JSON")]
    public async Task What_is_no_event_is_refused_and_changes_nothing(string type, string payload)
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("bad-event");
        var before = (await hub.EventsAsync()).Count;

        await client.SendAsync(TestClient.Message("hearth/events/" + type, payload, 1, 1));

        var ack = await client.ReceiveAsync<MqttPubAckPacket>();
        Assert.Equal(MqttPubAckReasonCode.PayloadFormatInvalid, ack.ReasonCode);
        Assert.NotNull(ack.ReasonString);
        Assert.Equal(before, (await hub.EventsAsync()).Count);
    }

    [Fact]
    public async Task A_client_on_everything_does_not_see_the_hub_s_own_topics()
    {
        await using var subscriber = await hub.ClientAsync();
        await using var publisher = await hub.ClientAsync();
        await subscriber.ConnectAsync("all-sub");
        await publisher.ConnectAsync("all-pub");
        await subscriber.SubscribeAsync(
            "#",
            with: filter => filter.RetainHandling = MqttRetainHandling.DoNotSendOnSubscribe
        );

        await publisher.PublishAsync(
            "hearth/events/a.b",
            """{"specversion":"1.0","id":"1","source":"/t","type":"a.b"}"""
        );
        await publisher.PublishAsync("marker", "last");

        Assert.Equal(("marker", "last"), await subscriber.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Devices_are_told_that_the_hub_is_there()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("birth");
        await client.SubscribeAsync("homeassistant/status");
        Assert.Equal(("homeassistant/status", "online"), await client.ReceiveMessageAsync());

        await client.SubscribeAsync("hearth/status");
        Assert.Equal(("hearth/status", "online"), await client.ReceiveMessageAsync());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_is_published_on_a_topic_of_the_servers_goes_nowhere(byte version)
    {
        await using var subscriber = await hub.ClientAsync(version);
        await using var client = await hub.ClientAsync(version);
        await subscriber.ConnectAsync($"dollar-sub-{version}");
        await client.ConnectAsync($"dollar-{version}");
        await subscriber.SubscribeAsync("$SYS/#");
        await subscriber.SubscribeAsync($"after-dollar/{version}");

        await client.SendAsync(
            TestClient.Message("$SYS/x", "0", 0),
            TestClient.Message("$SYS/x", "1", 1, 1, retain: true),
            TestClient.Message("$share/x/y", "2", 2, 2),
            TestClient.Message("$SYS/x", "2", 2, 2, dup: true)
        );
        var taken = await client.ReceiveAsync<MqttPubAckPacket>();
        var received = await client.ReceiveAsync<MqttPubRecPacket>();
        await client.ReceiveAsync<MqttPubRecPacket>();
        await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = 2 });
        var complete = await client.ReceiveAsync<MqttPubCompPacket>();
        await client.PublishAsync($"after-dollar/{version}", "x");

        // Taken, and nobody subscribed to it.
        Assert.Equal(version == 5 ? 0x10 : 0, (int)taken.ReasonCode);
        Assert.Equal(version == 5 ? 0x10 : 0, (int)received.ReasonCode);
        Assert.Equal(0, (int)complete.ReasonCode);
        Assert.Equal(($"after-dollar/{version}", "x"), await subscriber.ReceiveMessageAsync());
        await subscriber.SubscribeAsync("$SYS/x");
        await client.PublishAsync($"after-dollar/{version}", "y");
        Assert.Equal(($"after-dollar/{version}", "y"), await subscriber.ReceiveMessageAsync());
        Assert.Empty(await hub.ReceivedAsync("$SYS/x"));
    }

    // 3.1.1: [MQTT-3.3.5-2]
    [Theory]
    [InlineData("hearth/status", MqttPubAckReasonCode.NotAuthorized)]
    [InlineData(
        "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31/32/33",
        MqttPubAckReasonCode.TopicNameInvalid
    )]
    public async Task A_topic_that_is_not_for_clients_is_refused(
        string topic,
        MqttPubAckReasonCode reason
    )
    {
        await using var client = await hub.ClientAsync();
        await using var old = await hub.ClientAsync(4);
        await client.ConnectAsync("bad-topic");
        await old.ConnectAsync("bad-topic-old");

        await client.SendAsync(TestClient.Message(topic, "x", 1, 1));
        await old.SendAsync(TestClient.Message(topic, "x", 1, 1));

        Assert.Equal(reason, (await client.ReceiveAsync<MqttPubAckPacket>()).ReasonCode);
        // 3.1.1 cannot say no.
        await old.ClosedAsync();
        Assert.Empty(await hub.ReceivedAsync(topic == "hearth/status" ? "none" : topic));
    }
}
