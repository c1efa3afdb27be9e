using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>CONNECT and its answer.</summary>
public sealed class Welcomes(AHub hub) : IClassFixture<AHub>
{
    [Fact]
    public async Task A_session_is_made_or_found_again_MQTT_3_1_2_6_MQTT_3_2_2_3()
    {
        var client = await hub.ClientAsync();
        // [MQTT-3.1.4-5]
        var first = await client.ConnectAsync("found", clean: false, expiry: 60);
        await client.DisconnectAsync();
        await using var again = await hub.ClientAsync();
        var second = await again.ConnectAsync("found", clean: false, expiry: 60);

        Assert.False(first.IsSessionPresent);
        Assert.True(second.IsSessionPresent);
    }

    [Theory]
    [InlineData("0123456789abcdefghijklm", 4)]
    [InlineData("nopqrstuvwxyzABCDEFGHIJ", 5)]
    [InlineData("KLMNOPQRSTUVWXYZ", 5)]
    [InlineData("0", 4)]
    public async Task The_standard_s_identifiers_are_taken_MQTT_3_1_3_5(string id, byte version)
    {
        await using var client = await hub.ClientAsync(version);

        await client.ConnectAsync(id);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Who_is_refused_is_told_why_and_not_heard_any_more_MQTT_3_1_4_6(byte version)
    {
        await using var client = await hub.ClientAsync(version);
        var name = new string('x', 257);

        // [MQTT-3.1.3-8], in 3.1.1 [MQTT-3.1.3-9]: an identifier that is not taken.
        // [MQTT-3.14.0-1]: what comes is CONNACK, and no DISCONNECT.
        await client.SendAsync(
            new MqttConnectPacket { ClientId = name, CleanSession = true },
            TestClient.Message($"refused/{version}", "x", 1, 1)
        );

        var connAck = await client.ReceiveAsync<MqttConnAckPacket>();
        // [MQTT-3.2.2-7] [MQTT-3.1.4-2] [MQTT-4.13.2-1]
        await client.ClosedAsync();
        Assert.Equal(
            version == 5 ? 0x85 : 2,
            version == 5 ? (int)connAck.ReasonCode : (int)connAck.ReturnCode
        );
        await using var marker = await hub.ClientAsync();
        await marker.ConnectAsync($"refused-marker-{version}");
        await marker.PublishAsync("marker", "x");
        Assert.Empty(await hub.ReceivedAsync($"refused/{version}"));
    }

    [Theory]
    // A will without a topic.
    [InlineData(4, "101000044D5154540406003C000000000000")]
    // The reserved flag is set.
    [InlineData(4, "100C00044D5154540403003C0000")]
    [InlineData(5, "100D00044D5154540503003C000000")]
    public async Task A_broken_CONNECT_is_not_let_in_MQTT_3_1_4_1(byte version, string connect)
    {
        await using var client = await hub.ClientAsync(version);

        await client.SendAsync(Convert.FromHexString(connect));

        if (version == 5)
        {
            // [MQTT-4.13.1-1]
            var connAck = await client.ReceiveAsync<MqttConnAckPacket>();
            Assert.Equal(MqttConnectReasonCode.MalformedPacket, connAck.ReasonCode);
        }

        await client.ClosedAsync();
    }

    [Fact]
    public async Task A_second_CONNECT_ends_the_connection_MQTT_3_1_0_2_MQTT_3_2_0_2()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("twice");

        await client.SendAsync(new MqttConnectPacket { ClientId = "twice" });

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(MqttDisconnectReasonCode.ProtocolError, goodbye.ReasonCode);
        await client.ClosedAsync();
    }

    // [MQTT-4.12.0-4]
    [Fact]
    public async Task Extended_authentication_is_refused_MQTT_4_12_0_1()
    {
        var known = await hub.ClientAsync();
        await known.ConnectAsync("extended", clean: false, expiry: 60);
        await known.DisconnectAsync();
        await using var client = await hub.ClientAsync();

        var refused = await client.TryConnectAsync(
            "extended",
            clean: false,
            expiry: 60,
            connect => connect.AuthenticationMethod = "SCRAM-SHA-1"
        );

        Assert.Equal(MqttConnectReasonCode.BadAuthenticationMethod, refused.ReasonCode);
        // [MQTT-3.2.2-6]: there is a session, and a refusal does not say so. [MQTT-3.2.2-8]
        Assert.False(refused.IsSessionPresent);
        await client.ClosedAsync();
    }

    [Fact]
    public async Task AUTH_that_was_not_agreed_upon_ends_the_connection_MQTT_4_12_0_7()
    {
        await using var client = await hub.ClientAsync();
        // [MQTT-4.12.0-6]
        Assert.Null((await client.ConnectAsync("auth")).AuthenticationMethod);

        await client.SendAsync(Convert.FromHexString("F00219 00".Replace(" ", "")));

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(MqttDisconnectReasonCode.ProtocolError, goodbye.ReasonCode);
        await client.ClosedAsync();
    }

    [Fact]
    public async Task A_will_is_retained_when_it_says_so_MQTT_3_1_2_14_MQTT_3_1_2_15()
    {
        await using var watcher = await hub.ClientAsync();
        await watcher.ConnectAsync("retain-watcher");
        await watcher.SubscribeAsync("will-retain/#", qos: 0);
        foreach (var retain in new[] { true, false })
        {
            var client = await hub.ClientAsync();
            await client.ConnectAsync(
                $"retain-{retain}",
                with: connect =>
                {
                    connect.WillFlag = true;
                    connect.WillRetain = retain;
                    connect.WillTopic = $"will-retain/{retain}";
                    connect.WillMessage = "offline"u8.ToArray();
                    // [MQTT-3.1.3-10]
                    connect.WillUserProperties =
                    [
                        new("b", "1"u8.ToArray()),
                        new("a", "2"u8.ToArray()),
                        new("b", "3"u8.ToArray()),
                    ];
                }
            );
            await client.DisposeAsync();
            var will = await watcher.ReceiveAsync<MqttPublishPacket>();
            Assert.Equal($"will-retain/{retain}", will.Topic);
            Assert.Equal(["b", "a", "b"], will.UserProperties.Select(property => property.Name));
        }

        await watcher.SubscribeAsync("will-retain/#", qos: 0);
        await watcher.SendAsync(TestClient.Message("will-retain/marker", "x", 0));
        Assert.Equal(("will-retain/True", "offline"), await watcher.ReceiveMessageAsync());
        Assert.Equal(("will-retain/marker", "x"), await watcher.ReceiveMessageAsync());
    }

    // 3.1.1: [MQTT-4.1.0-2]
    [Fact]
    public async Task A_session_stays_while_its_client_is_there_MQTT_4_1_0_1()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 8, 0, 0, default));
        await using var other = new AHub(null, clock);
        await other.StartAsync();
        await using var client = await other.ClientAsync();
        await client.ConnectAsync("stays", clean: false, expiry: 1);
        await client.SubscribeAsync("stays", qos: 0);

        for (var second = 0; second < 30; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await client.SendAsync(new MqttPingReqPacket());
            // [MQTT-3.12.4-1]
            await client.ReceiveAsync<MqttPingRespPacket>();
        }

        await client.SendAsync(TestClient.Message("stays", "x", 0));
        Assert.Equal(("stays", "x"), await client.ReceiveMessageAsync());
    }
}
