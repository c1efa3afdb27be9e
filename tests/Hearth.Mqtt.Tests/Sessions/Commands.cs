using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using MQTTnet.Packets;

namespace Hearth.Mqtt.Tests.Sessions;

public sealed class Commands(AHub hub) : IClassFixture<AHub>
{
    [Fact]
    public async Task A_command_that_a_session_takes_is_sent_before_the_device_can_answer()
    {
        await using var lamp = await hub.ClientAsync();
        await lamp.ConnectAsync("lamp");
        await AnnounceAsync(lamp, "lamp");
        await lamp.SubscribeAsync("lamp/set", qos: 0);

        await CallAsync("switch.turn_on", "switch.lamp");

        var command = await lamp.ReceiveAsync<MqttPublishPacket>();
        Assert.Equal(("lamp/set", "ON"), (command.Topic, TestClient.Text(command)));
        // What is left of the command's life goes with it.
        Assert.InRange(command.MessageExpiryInterval, 1u, 30u);
        await lamp.PublishAsync("lamp/state", "ON");
        Assert.Equal(
            ["hearth.command.requested", "hearth.command.sent", "hearth.command.acknowledged"],
            await LifeOfAsync("switch.lamp")
        );
    }

    [Fact]
    public async Task A_command_that_nobody_is_subscribed_to_fails()
    {
        await using var bridge = await hub.ClientAsync();
        await bridge.ConnectAsync("bridge");
        await AnnounceAsync(bridge, "lonely");

        await CallAsync("switch.turn_on", "switch.lonely");

        await Wait.ForAsync(
            async () => (await LifeOfAsync("switch.lonely")).Count == 2,
            "the command has failed"
        );
        var failed = (await hub.EventsAsync())
            .Select(item => item.Data)
            .OfType<CommandFailed>()
            .Single(item => item.Entity.Value == "switch.lonely");
        Assert.Equal("no_subscriber", failed.Reason);
    }

    [Fact]
    public async Task A_command_waits_in_the_session_of_a_device_that_is_away_for_a_moment()
    {
        var valve = await hub.ClientAsync(4);
        await valve.ConnectAsync("valve", clean: false);
        await AnnounceAsync(valve, "valve", qos: 1);
        await valve.SubscribeAsync("valve/set");
        await valve.DisconnectAsync();

        await CallAsync("switch.turn_on", "switch.valve");
        await Wait.ForAsync(
            async () => (await LifeOfAsync("switch.valve")).Contains("hearth.command.sent"),
            "the session has the command"
        );

        await using var back = await hub.ClientAsync(4);
        await back.ConnectAsync("valve", clean: false);
        Assert.Equal(("valve/set", "ON"), await back.ReceiveMessageAsync());
    }

    private static async Task AnnounceAsync(TestClient client, string name, int qos = 0) =>
        await client.PublishAsync(
            $"homeassistant/switch/{name}/config",
            $$"""
            {"name":null,"unique_id":"{{name}}","command_topic":"{{name}}/set",
             "state_topic":"{{name}}/state","qos":{{qos}},
             "device":{"identifiers":["{{name}}"],"name":"{{name}}"} }
            """,
            retain: true
        );

    private async Task CallAsync(string action, string entity)
    {
        var call = new CallAction(action, [new EntityId(entity)], [], "{}");
        var answer = await hub.Home.SubmitAsync(call, TestContext.Current.CancellationToken);
        Assert.Null(answer.Refusal);
    }

    private async Task<IReadOnlyList<string>> LifeOfAsync(string entity) =>
        [
            .. (await hub.EventsAsync())
                .Where(item =>
                    item.Data is CommandRequested or CommandProgress && item.Data.Subject == entity
                )
                .Select(item => item.Type),
        ];
}
