using Hearth.Mqtt.Packets;
using MQTTnet.Packets;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>MQTT 5, section 4.8.2.</summary>
public sealed class Sharing(AHub hub) : IClassFixture<AHub>
{
    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public async Task Each_message_comes_to_one_member_and_the_work_is_spread(byte version, int qos)
    {
        var topic = $"jobs/{version}/{qos}";
        await using var publisher = await PublisherAsync($"spread-{version}-{qos}");
        var members = new List<TestClient>();
        for (var i = 0; i < 3; i++)
        {
            members.Add(await MemberAsync($"spread-{version}-{qos}-{i}", topic, qos, version));
        }

        for (var i = 0; i < 9; i++)
        {
            await publisher.SendAsync(TestClient.Message(topic, $"{i}", qos, qos > 0 ? i + 1 : 0));
        }

        var got = new List<string>();
        foreach (var member in members)
        {
            for (var i = 0; i < 3; i++)
            {
                got.Add((await member.ReceiveMessageAsync()).Payload);
            }

            await NothingMoreAsync(member);
        }

        foreach (var member in members)
        {
            await member.DisposeAsync();
        }

        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"{i}"), got.Order());
    }

    [Fact]
    public async Task Groups_with_other_names_or_filters_are_others_and_so_is_a_plain_subscription()
    {
        await using var publisher = await PublisherAsync("apart");
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("apart-1");
        await client.SubscribeAsync("$share/one/apart/+");
        await client.SubscribeAsync("$share/two/apart/+");
        await client.SubscribeAsync("$share/one/apart/#");
        await client.SubscribeAsync("apart/+");

        await publisher.PublishAsync("apart/x", "1");

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(("apart/x", "1"), await client.ReceiveMessageAsync());
        }

        await NothingMoreAsync(client);
    }

    [Fact]
    public async Task The_granted_QoS_of_the_member_holds_MQTT_4_8_2_3()
    {
        await using var publisher = await PublisherAsync("granted");
        await using var zero = await MemberAsync("granted-0", "granted", qos: 0);
        await publisher.PublishAsync("granted", "1");

        var publish = await zero.ReceiveAsync<MqttPublishPacket>();

        Assert.Equal(0, (int)publish.QualityOfServiceLevel);
    }

    [Fact]
    public async Task Retained_messages_do_not_come_when_a_shared_subscription_is_made()
    {
        await using var publisher = await PublisherAsync("no-retained");
        await publisher.PublishAsync("no-retained", "old", retain: true);

        await using var member = await MemberAsync("no-retained-1", "no-retained", qos: 1);

        await NothingMoreAsync(member);
        await publisher.PublishAsync("no-retained", "new");
        Assert.Equal("new", (await member.ReceiveMessageAsync()).Payload);
    }

    [Theory]
    [InlineData("$share/")]
    [InlineData("$share//x")]
    [InlineData("$share/group")]
    [InlineData("$share/group/")]
    [InlineData("$share/gr+up/x")]
    [InlineData("$share/gr#up/x")]
    [InlineData("$share/group/x#")]
    public async Task A_shared_subscription_needs_a_name_and_a_filter_MQTT_4_8_2_1_MQTT_4_8_2_2(
        string filter
    )
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("share-names");

        var subAck = await client.SubscribeAsync(filter);

        Assert.Equal(0x8F, (int)subAck.ReasonCodes.Single());
    }

    [Fact]
    public async Task No_local_has_no_meaning_in_a_shared_subscription_MQTT_3_8_3_4()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("share-no-local");
        await client.SendAsync(
            new MqttSubscribePacket
            {
                PacketIdentifier = 1,
                TopicFilters = [new MqttTopicFilter { Topic = "$share/g/x", NoLocal = true }],
            }
        );

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();

        Assert.Equal(0x82, (int)goodbye.ReasonCode);
    }

    [Fact]
    public async Task The_member_with_the_least_in_flight_gets_the_next()
    {
        await using var publisher = await PublisherAsync("least");
        await using var slow = await MemberAsync("least-slow", "least", qos: 1);
        await using var quick = await MemberAsync("least-quick", "least", qos: 1);
        await publisher.PublishAsync("least", "first");
        await publisher.PublishAsync("least", "second");
        await slow.ReceiveMessageAsync();
        await AcknowledgeNextAsync(quick);

        for (var i = 0; i < 5; i++)
        {
            await publisher.PublishAsync("least", $"{i}");
            Assert.Equal($"{i}", await AcknowledgeNextAsync(quick));
        }

        await NothingMoreAsync(slow);
    }

    [Fact]
    public async Task When_no_member_takes_more_the_group_waits_in_the_log()
    {
        const int count = 200;
        await using var publisher = await PublisherAsync("full");
        await using var one = await hub.ClientAsync();
        await one.ConnectAsync("full-1", with: connect => connect.ReceiveMaximum = 1);
        await one.SubscribeAsync("$share/g/full");
        await using var two = await hub.ClientAsync();
        await two.ConnectAsync("full-2", with: connect => connect.ReceiveMaximum = 1);
        await two.SubscribeAsync("$share/g/full");
        for (var i = 0; i < count; i++)
        {
            await publisher.PublishAsync("full", $"{i}");
        }

        var got = new List<string>();
        var first = await one.ReceiveAsync<MqttPublishPacket>();
        for (var i = 1; i < count; i++)
        {
            got.Add(await AcknowledgeNextAsync(two));
        }

        got.Add(TestClient.Text(first));
        Assert.Equal(count, got.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_a_member_had_when_its_session_ended_goes_to_another_but_not_with_QoS_2(
        int qos
    )
    {
        var topic = $"ended/{qos}";
        await using var publisher = await PublisherAsync($"ended-{qos}");
        await using var other = await hub.ClientAsync();
        var gone = await MemberAsync($"ended-{qos}-gone", topic, qos);
        await publisher.SendAsync(TestClient.Message(topic, "1", qos, 1));
        await gone.ReceiveMessageAsync();
        await other.ConnectAsync($"ended-{qos}-other");
        await other.SubscribeAsync($"$share/g/{topic}", qos);
        await other.SubscribeAsync("ended/marker", qos: 0);

        await gone.DisposeAsync();
        await hub.IsGoneAsync($"ended-{qos}-gone");

        // [MQTT-4.8.2-5]
        if (qos == 1)
        {
            Assert.Equal((topic, "1"), await other.ReceiveMessageAsync());
        }

        await publisher.SendAsync(TestClient.Message("ended/marker", "m", 0));
        Assert.Equal(("ended/marker", "m"), await other.ReceiveMessageAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_member_that_comes_back_gets_again_what_it_had_MQTT_4_8_2_4(int qos)
    {
        var topic = $"back/{qos}";
        await using var publisher = await PublisherAsync($"back-{qos}");
        await using var other = await MemberAsync($"back-{qos}-other", "other", qos);
        var member = await MemberAsync($"back-{qos}-1", topic, qos, expiry: 60);
        await publisher.SendAsync(TestClient.Message(topic, "1", qos, 1));
        var first = await member.ReceiveAsync<MqttPublishPacket>();
        await other.SubscribeAsync($"$share/g/{topic}", qos);
        await member.DisposeAsync();

        await using var again = await hub.ClientAsync();
        await again.ConnectAsync($"back-{qos}-1", clean: false, expiry: 60);
        var repeated = await again.ReceiveAsync<MqttPublishPacket>();

        Assert.True(repeated.Dup);
        Assert.Equal(first.PacketIdentifier, repeated.PacketIdentifier);
        await NothingMoreAsync(other);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_a_member_refuses_nobody_gets_MQTT_4_8_2_6(int qos)
    {
        var topic = $"refused/{qos}";
        await using var publisher = await PublisherAsync($"refused-{qos}");
        var member = await MemberAsync($"refused-{qos}-1", topic, qos);
        await publisher.SendAsync(TestClient.Message(topic, "1", qos, 1));
        var publish = await member.ReceiveAsync<MqttPublishPacket>();
        await using var other = await MemberAsync($"refused-{qos}-2", topic, qos);
        MqttPacket refusal =
            qos == 1
                ? new MqttPubAckPacket
                {
                    PacketIdentifier = publish.PacketIdentifier,
                    ReasonCode = MQTTnet.Protocol.MqttPubAckReasonCode.UnspecifiedError,
                }
                : new MqttPubRecPacket
                {
                    PacketIdentifier = publish.PacketIdentifier,
                    ReasonCode = MQTTnet.Protocol.MqttPubRecReasonCode.UnspecifiedError,
                };

        await member.SendAsync(refusal);
        await NothingMoreAsync(member);
        await member.DisposeAsync();
        await hub.IsGoneAsync($"refused-{qos}-1");
        await publisher.SendAsync(TestClient.Message(topic, "2", 0));

        Assert.Equal("2", (await other.ReceiveMessageAsync()).Payload);
    }

    [Fact]
    public async Task While_all_members_are_away_messages_wait_for_the_first_that_comes_back()
    {
        await using var publisher = await PublisherAsync("waiting");
        foreach (var name in new[] { "waiting-1", "waiting-2" })
        {
            var member = await MemberAsync(name, "waiting", qos: 1, expiry: 60);
            await member.DisconnectAsync();
        }

        await publisher.PublishAsync("waiting", "1");
        await publisher.SendAsync(TestClient.Message("waiting", "not promised", 0));
        await publisher.PublishAsync("waiting", "2");

        await using var second = await hub.ClientAsync();
        await second.ConnectAsync("waiting-2", clean: false, expiry: 60);
        Assert.Equal("1", (await second.ReceiveMessageAsync()).Payload);
        Assert.Equal("2", (await second.ReceiveMessageAsync()).Payload);
        await using var first = await hub.ClientAsync();
        await first.ConnectAsync("waiting-1", clean: false, expiry: 60);
        await NothingMoreAsync(first);
    }

    [Fact]
    public async Task Subscribing_again_does_not_count_twice_and_loses_nothing()
    {
        await using var publisher = await PublisherAsync("twice");
        await using var member = await hub.ClientAsync();
        await member.ConnectAsync("twice-1", with: connect => connect.ReceiveMaximum = 1);
        await member.SubscribeAsync("$share/g/twice");
        await publisher.PublishAsync("twice", "1");
        await publisher.PublishAsync("twice", "2");
        await publisher.PublishAsync("twice", "3");
        var first = await member.ReceiveAsync<MqttPublishPacket>();

        await member.SubscribeAsync("$share/g/twice");

        await member.SendAsync(new MqttPubAckPacket { PacketIdentifier = first.PacketIdentifier });
        Assert.Equal("2", await AcknowledgeNextAsync(member));
        Assert.Equal("3", await AcknowledgeNextAsync(member));
        await NothingMoreAsync(member);
    }

    [Fact]
    public async Task Who_unsubscribes_gets_no_more_of_it()
    {
        await using var publisher = await PublisherAsync("leaving");
        await using var stays = await MemberAsync("leaving-1", "leaving", qos: 0);
        await using var leaves = await MemberAsync("leaving-2", "leaving", qos: 0);
        await leaves.SendAsync(
            new MqttUnsubscribePacket { PacketIdentifier = 7, TopicFilters = ["$share/g/leaving"] }
        );
        var unsubAck = await leaves.ReceiveAsync<MqttUnsubAckPacket>();
        Assert.Equal(0, (int)unsubAck.ReasonCodes.Single());

        for (var i = 0; i < 4; i++)
        {
            await publisher.PublishAsync("leaving", $"{i}");
            Assert.Equal($"{i}", (await stays.ReceiveMessageAsync()).Payload);
        }

        await NothingMoreAsync(leaves);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_group_goes_on_where_it_was_after_a_restart_or_a_crash(bool crash)
    {
        await using var own = new AHub();
        await own.StartAsync();
        await using var publisher = await own.ClientAsync();
        await publisher.ConnectAsync("publisher");
        await using var member = await own.ClientAsync();
        await member.ConnectAsync("member", false, 600, connect => connect.ReceiveMaximum = 2);
        await member.SubscribeAsync("$share/g/work");
        foreach (var payload in new[] { "0", "1", "2", "3", "4" })
        {
            await publisher.PublishAsync("work", payload);
        }

        // 0 is acknowledged; 1 and 2 are under way, 3 and 4 wait in the log.
        Assert.Equal("0", await AcknowledgeNextAsync(member));
        await member.ReceiveMessageAsync();
        await member.ReceiveMessageAsync();
        await own.IsWrittenAsync();
        if (!crash)
        {
            await own.RestartAsync();
        }

        await using var after = crash ? await own.CrashedAsync() : null;
        await using var again = await (after ?? own).ClientAsync();
        await again.ConnectAsync("member", clean: false, expiry: 600);

        var got = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            got.Add(await AcknowledgeNextAsync(again));
        }

        Assert.Equal(["1", "2", "3", "4"], got);
        await NothingMoreAsync(again);
    }

    private async Task<TestClient> PublisherAsync(string name)
    {
        var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync($"{name}-publisher");
        return publisher;
    }

    private async Task<TestClient> MemberAsync(
        string name,
        string filter,
        int qos,
        byte version = 5,
        uint expiry = 0
    )
    {
        var member = await hub.ClientAsync(version);
        await member.ConnectAsync(name, clean: true, expiry);
        var subAck = await member.SubscribeAsync($"$share/g/{filter}", qos);
        Assert.Equal(qos, (int)subAck.ReasonCodes.Single());
        return member;
    }

    private static async Task<string> AcknowledgeNextAsync(TestClient client)
    {
        var publish = await client.ReceiveAsync<MqttPublishPacket>();
        await client.SendAsync(
            new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier }
        );
        return TestClient.Text(publish);
    }

    /// <summary>Nothing came before the answer to a ping.</summary>
    private static async Task NothingMoreAsync(TestClient client)
    {
        await client.SendAsync(new MqttPingReqPacket());
        await client.ReceiveAsync<MqttPingRespPacket>();
    }
}
