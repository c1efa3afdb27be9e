using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;
using MQTTnet.Formatter;

namespace Hearth.EndToEnd.Durability;

/// <summary>A persistent MQTT session outlives its connection and its hub.</summary>
public sealed class Sessions
{
    private const uint AnHour = 3_600;

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task What_was_missed_comes_in_order_after_the_hub_was_killed(
        MqttProtocolVersion version
    )
    {
        await using var hub = await RunningHub.StartAsync();
        await using (var before = await Reader(hub, version))
        {
            Assert.False(before.SessionPresent);
            await before.SubscribeAsync("news/#");
        }

        await PublishAsync(hub, 1, 50);
        await hub.KillAndStartAgainAsync();
        await PublishAsync(hub, 51, 100);
        await hub.KillAndStartAgainAsync();

        await using var after = await Reader(hub, version);
        Assert.True(after.SessionPresent, "The session was gone.");
        await after.GetsAsync("the newest", item => item.Payload == "100");
        var expected = Enumerable.Range(1, 100).Select(number => number.ToString());
        Assert.Equal(expected, after.Inbox.Select(item => item.Payload));
        await PublishAsync(hub, 101, 101);
        await after.GetsAsync("what comes after", item => item.Payload == "101");
    }

    [Fact]
    public async Task What_was_on_its_way_when_the_hub_was_killed_comes_too()
    {
        await using var hub = await RunningHub.StartAsync();
        await using var reader = await Reader(hub, MqttProtocolVersion.V500);
        await reader.SubscribeAsync("news/#");
        await using (var writer = await Peer.ConnectAsync(hub, "writer"))
        {
            for (var number = 1; number <= 200; number++)
            {
                await writer.PublishAsync("news/a", number.ToString());
            }

            await hub.KillAsync();
        }

        var got = reader.Inbox;
        await hub.StartAgainAsync();
        await using var again = await Reader(hub, MqttProtocolVersion.V500);
        Assert.True(again.SessionPresent, "The session was gone.");
        await PublishAsync(hub, 201, 201);
        await again.GetsAsync("the newest", item => item.Payload == "201");

        // At least once: some may come twice, none is missing, and each connection is in order.
        var all = got.Concat(again.Inbox).Select(item => int.Parse(item.Payload)).ToHashSet();
        Assert.Equal(201, all.Count);
        Assert.Equal(again.Inbox, again.Inbox.OrderBy(item => int.Parse(item.Payload)));
    }

    private static Task<Peer> Reader(RunningHub hub, MqttProtocolVersion version) =>
        Peer.ConnectAsync(hub, "reader", cleanStart: false, AnHour, version);

    private static async Task PublishAsync(RunningHub hub, int first, int last)
    {
        await using var writer = await Peer.ConnectAsync(hub, "writer");
        for (var number = first; number <= last; number++)
        {
            await writer.PublishAsync($"news/{number % 3}", number.ToString());
        }
    }
}
