using MQTTnet.Packets;

namespace Hearth.Mqtt.Tests.Sessions;

public sealed class Restarts
{
    [Fact]
    public async Task A_session_and_what_it_waits_for_survive_a_restart()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("pub");
        var client = await hub.ClientAsync();
        await client.ConnectAsync("stays", false, 3600);
        await client.SubscribeAsync("news/+");
        await client.DisconnectAsync();
        await publisher.PublishAsync("news/1", "before");

        await hub.RestartAsync();

        await using var again = await hub.ClientAsync();
        Assert.True((await again.ConnectAsync("stays", false, 3600)).IsSessionPresent);
        Assert.Equal(("news/1", "before"), await again.ReceiveMessageAsync());
        await again.PublishAsync("elsewhere", "x");
        await again.SendAsync(TestClient.Message("news/2", "after", 0));
        Assert.Equal(("news/2", "after"), await again.ReceiveMessageAsync());
        await publisher.DisposeAsync();
    }

    [Fact]
    public async Task A_session_survives_a_crash_while_connected()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var publisher = await hub.ClientAsync();
        await publisher.ConnectAsync("pub");
        await using var client = await hub.ClientAsync(4);
        await client.ConnectAsync("crash", clean: false);
        await client.SubscribeAsync("news");
        await publisher.PublishAsync("news", "never acknowledged");
        await client.ReceiveAsync<MqttPublishPacket>();

        await using var after = await hub.CrashedAsync();

        await using var again = await after.ClientAsync(4);
        Assert.True((await again.ConnectAsync("crash", clean: false)).IsSessionPresent);
        Assert.Equal(("news", "never acknowledged"), await again.ReceiveMessageAsync());
    }

    [Fact]
    public async Task A_QoS_2_publish_is_taken_once_across_a_crash_MQTT_4_3_3_10()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("exactly", false, 3600);
        await client.SendAsync(
            TestClient.Message("exactly", "open", 2, 5),
            TestClient.Message("exactly", "released", 2, 6)
        );
        await client.ReceiveAsync<MqttPubRecPacket>();
        await client.ReceiveAsync<MqttPubRecPacket>();
        await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = 6 });
        await client.ReceiveAsync<MqttPubCompPacket>();

        await using var after = await hub.CrashedAsync();

        await using var again = await after.ClientAsync();
        await again.ConnectAsync("exactly", false, 3600);
        await again.SendAsync(TestClient.Message("exactly", "open", 2, 5, dup: true));
        await again.ReceiveAsync<MqttPubRecPacket>();
        await again.SendAsync(new MqttPubRelPacket { PacketIdentifier = 5 });
        Assert.Equal(0, (int)(await again.ReceiveAsync<MqttPubCompPacket>()).ReasonCode);
        // The released id is free for another message.
        await again.SendAsync(TestClient.Message("exactly", "new", 2, 6));
        await again.ReceiveAsync<MqttPubRecPacket>();
        Assert.Equal(["open", "released", "new"], await after.ReceivedAsync("exactly"));
    }

    [Fact]
    public async Task Retained_messages_survive_a_restart()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        var client = await hub.ClientAsync();
        await client.ConnectAsync("keeper");
        await client.PublishAsync("homeassistant/kept", "config", retain: true);
        await client.PublishAsync("cleared", "x", retain: true);
        await client.PublishAsync("cleared", "", retain: true);

        await hub.RestartAsync();

        await using var again = await hub.ClientAsync();
        await again.ConnectAsync("reader");
        await again.SubscribeAsync("cleared");
        await again.SubscribeAsync("homeassistant/kept");
        Assert.Equal(("homeassistant/kept", "config"), await again.ReceiveMessageAsync());
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_hub_that_goes_down_says_so_and_publishes_no_will()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync(
            "lamp",
            with: connect =>
            {
                connect.WillFlag = true;
                connect.WillTopic = "lamp/availability";
                connect.WillMessage = "offline"u8.ToArray();
                connect.WillRetain = true;
            }
        );
        await client.PublishAsync("lamp/availability", "online", retain: true);
        await client.SubscribeAsync(
            "homeassistant/status",
            qos: 0,
            with: filter =>
                filter.RetainHandling = MQTTnet.Protocol.MqttRetainHandling.DoNotSendOnSubscribe
        );

        await hub.StopAsync();

        Assert.Equal(("homeassistant/status", "offline"), await client.ReceiveMessageAsync());
        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(0x8B, (int)goodbye.ReasonCode);
        await hub.StartAsync();
        Assert.Equal(["online"], await hub.ReceivedAsync("lamp/availability"));
    }
}
