using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>What CONNECT and CONNACK agree upon, and what follows from it.</summary>
public sealed class Agreeing(AHub hub) : IClassFixture<AHub>
{
    // [MQTT-3.3.2-11]
    [Fact]
    public async Task Topics_are_named_once_to_a_client_that_takes_aliases_MQTT_3_1_2_26()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("aliases", with: connect => connect.TopicAliasMaximum = 2);
        await client.SubscribeAsync("aliases/+", qos: 0);
        string[] topics = ["aliases/1", "aliases/2", "aliases/3", "aliases/1", "aliases/2"];
        await client.SendAsync([.. topics.Select(topic => TestClient.Message(topic, "x", 0))]);

        var got = new List<(string, int)>();
        foreach (var _ in topics)
        {
            var publish = await client.ReceiveAsync<MqttPublishPacket>();
            got.Add((publish.Topic ?? "", publish.TopicAlias));
        }

        Assert.Equal([("aliases/1", 1), ("aliases/2", 2), ("aliases/3", 0), ("", 1), ("", 2)], got);
    }

    [Fact]
    public async Task Without_a_topic_alias_maximum_no_alias_is_sent_MQTT_3_1_2_27()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("no-aliases");
        await client.SubscribeAsync("no-aliases", qos: 0);
        await client.SendAsync(
            TestClient.Message("no-aliases", "1", 0),
            TestClient.Message("no-aliases", "2", 0)
        );

        for (var i = 0; i < 2; i++)
        {
            var publish = await client.ReceiveAsync<MqttPublishPacket>();
            Assert.Equal(("no-aliases", 0), (publish.Topic, (int)publish.TopicAlias));
        }
    }

    [Fact]
    public async Task A_message_with_QoS_2_always_names_its_topic()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("whole", with: connect => connect.TopicAliasMaximum = 9);
        await client.SubscribeAsync("whole", qos: 2);
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("whole-publisher");
        await publisher.SendAsync(
            TestClient.Message("whole", "1", 0),
            TestClient.Message("whole", "2", 2, 7)
        );

        var aliased = await client.ReceiveAsync<MqttPublishPacket>();
        var whole = await client.ReceiveAsync<MqttPublishPacket>();

        Assert.Equal(1, aliased.TopicAlias);
        Assert.Equal(("whole", 0), (whole.Topic, (int)whole.TopicAlias));
    }

    [Fact]
    public async Task Aliases_do_not_outlive_their_connection_MQTT_3_3_2_7()
    {
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("alias-publisher");
        var client = await hub.ClientAsync();
        await client.ConnectAsync("alias-again", false, 60, with: c => c.TopicAliasMaximum = 9);
        await client.SubscribeAsync("alias-again", qos: 1);
        await publisher.PublishAsync("alias-again", "1");
        var first = await client.ReceiveAsync<MqttPublishPacket>();
        await client.DisconnectAsync();

        await using var again = await hub.ClientAsync();
        await again.ConnectAsync("alias-again", false, 60, with: c => c.TopicAliasMaximum = 9);
        var repeated = await again.ReceiveAsync<MqttPublishPacket>();

        Assert.Equal("alias-again", first.Topic);
        Assert.Equal("alias-again", repeated.Topic);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reasons_come_in_words_only_where_they_are_wanted_MQTT_3_1_2_29(bool wanted)
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync(
            $"words-{wanted}",
            with: connect => connect.RequestProblemInformation = wanted
        );
        await client.SendAsync(TestClient.Message("hearth/not-yours", "x", 1, 3));

        var pubAck = await client.ReceiveAsync<MqttPubAckPacket>();

        Assert.Equal(MqttPubAckReasonCode.NotAuthorized, pubAck.ReasonCode);
        Assert.Equal(wanted, pubAck.ReasonString is { Length: > 0 });
    }

    // [MQTT-3.1.2-28]
    [Fact]
    public async Task Who_asks_is_told_where_it_may_be_answered()
    {
        await using var asks = await hub.ClientAsync();
        var told = await asks.ConnectAsync(
            "who/asks",
            with: connect => connect.RequestResponseInformation = true
        );
        await using var silent = await hub.ClientAsync();
        var untold = await silent.ConnectAsync("who-does-not");

        Assert.Equal("responses/whoasks", told.ResponseInformation);
        Assert.Null(untold.ResponseInformation);
    }

    [Theory]
    [InlineData(0, 3600)]
    [InlineData(7200, 3600)]
    [InlineData(60, 0)]
    public async Task A_keep_alive_that_is_too_long_becomes_the_hubs_MQTT_3_2_2_21(
        int asked,
        int told
    )
    {
        await using var client = await hub.ClientAsync();
        var connAck = await client.ConnectAsync(
            $"keep-alive-{asked}",
            with: connect => connect.KeepAlivePeriod = (ushort)asked
        );

        Assert.Equal(told, connAck.ServerKeepAlive);
    }

    [Fact]
    public async Task Shared_subscriptions_are_there_so_CONNACK_does_not_deny_them()
    {
        await using var client = await hub.ClientAsync();

        var connAck = await client.ConnectAsync("available");

        Assert.True(connAck.SharedSubscriptionAvailable);
        Assert.True(connAck.WildcardSubscriptionAvailable);
        Assert.True(connAck.SubscriptionIdentifiersAvailable);
        Assert.True(connAck.RetainAvailable);
    }
}
