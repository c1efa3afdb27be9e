using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

public sealed class Trouble
{
    // 3.1.1: [MQTT-4.8.0-2]
    [Fact]
    public async Task A_failed_commit_ends_connections_and_nothing_is_acknowledged()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var client = await hub.ClientAsync();
        await using var old = await hub.ClientAsync(4);
        await using var bystander = await hub.ClientAsync();
        await client.ConnectAsync("v5", expiry: 3600);
        await old.ConnectAsync("v311");
        await bystander.ConnectAsync("bystander");

        hub.Log.Fails = true;
        await client.SendAsync(TestClient.Message("t", "lost", 1, 1));
        await old.SendAsync(TestClient.Message("t", "lost", 1, 1));

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(0x97, (int)goodbye.ReasonCode);
        await client.ClosedAsync();
        await old.ClosedAsync();
        await bystander.SendAsync(new MqttPingReqPacket());
        await bystander.ReceiveAsync<MqttPingRespPacket>();
        Assert.Empty(await hub.ReceivedAsync("t"));
    }

    [Fact]
    public async Task While_the_home_is_closed_nobody_is_let_in_and_afterwards_all_are()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        hub.Log.Fails = true;
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("first");
        await client.SendAsync(TestClient.Message("t", "lost", 1, 1));
        await client.ReceiveAsync<MqttDisconnectPacket>();

        await using var second = await hub.ClientAsync();
        await using var old = await hub.ClientAsync(4);
        var refused = await second.TryConnectAsync("second");
        var refusedOld = await old.TryConnectAsync("old");

        Assert.Equal(MqttConnectReasonCode.ServerUnavailable, refused.ReasonCode);
        Assert.Equal(
            MqttConnectReturnCode.ConnectionRefusedServerUnavailable,
            refusedOld.ReturnCode
        );
        hub.Log.Fails = false;
        await Wait.ForAsync(
            async () =>
            {
                await using var again = await hub.ClientAsync();
                return (await again.TryConnectAsync("third")).ReasonCode
                    == MqttConnectReasonCode.Success;
            },
            "the home takes clients again"
        );
        await using var last = await hub.ClientAsync();
        await last.ConnectAsync("last");
        await last.PublishAsync("t", "kept");
        Assert.Equal(["kept"], await hub.ReceivedAsync("t"));
    }

    [Fact]
    public async Task A_QoS_2_publish_whose_commit_failed_is_taken_when_it_comes_again()
    {
        await using var hub = new AHub();
        await hub.StartAsync();
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("twice", false, 3600);
        hub.Log.Fails = true;
        await client.SendAsync(TestClient.Message("t", "once", 2, 1));
        await client.ReceiveAsync<MqttDisconnectPacket>();
        hub.Log.Fails = false;

        TestClient? again = null;
        await Wait.ForAsync(
            async () =>
            {
                again = await hub.ClientAsync();
                var answer = await again.TryConnectAsync("twice", false, 3600);
                return answer.ReasonCode == MqttConnectReasonCode.Success;
            },
            "the client is let in again"
        );
        await again!.SendAsync(TestClient.Message("t", "once", 2, 1, dup: true));
        await again.ReceiveAsync<MqttPubRecPacket>();

        Assert.Equal(["once"], await hub.ReceivedAsync("t"));
        await again.DisposeAsync();
    }
}
