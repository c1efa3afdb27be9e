using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>A will is on the disk for as long as it may have to be published.</summary>
public sealed class WillsThatStay
{
    private readonly FakeTimeProvider _clock = new(new(2026, 11, 25, 8, 0, 0, default));

    // [MQTT-3.1.2-7]
    [Fact]
    public async Task A_client_that_does_not_come_back_after_a_crash_gets_its_will_MQTT_3_1_2_8()
    {
        await using var hub = await HubAsync();
        await using var gone = await hub.ClientAsync();
        await gone.ConnectAsync("gone", with: WithWill("will/gone", keepAlive: 10));
        await using var back = await hub.ClientAsync();
        await back.ConnectAsync("back", with: WithWill("will/back", keepAlive: 10));

        await using var after = await hub.CrashedAsync();
        await using var watcher = await WatcherAsync(after);
        _clock.Advance(TimeSpan.FromSeconds(14));
        await using var again = await after.ClientAsync();
        await again.ConnectAsync("back", with: WithWill("will/back", keepAlive: 0));
        Assert.Empty(await after.ReceivedAsync("will/gone"));
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(("will/gone", "offline"), await watcher.ReceiveMessageAsync());
        _clock.Advance(TimeSpan.FromSeconds(10));
        await again.PublishAsync("marker", "x");
        Assert.Equal(("marker", "x"), await watcher.ReceiveMessageAsync());
        Assert.Single(await after.ReceivedAsync("will/gone"));
    }

    // [MQTT-3.1.2-10]
    [Fact]
    public async Task A_will_that_was_published_is_gone_for_good()
    {
        await using var hub = await HubAsync();
        await using var watcher = await WatcherAsync(hub);
        var client = await hub.ClientAsync();
        await client.ConnectAsync("once", with: WithWill("will/once", keepAlive: 10));
        await client.DisposeAsync();
        Assert.Equal(("will/once", "offline"), await watcher.ReceiveMessageAsync());
        await Wait.ForAsync(
            () => hub.Get<Mqtt.Sessions.Connections>().Count == 1,
            "the connection is wound up"
        );

        await using var after = await hub.CrashedAsync();
        await PassAsync(after, TimeSpan.FromMinutes(2));

        Assert.Single(await after.ReceivedAsync("will/once"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Who_was_let_go_after_a_goodbye_never_gets_its_will_MQTT_3_14_4_3(byte version)
    {
        await using var hub = await HubAsync();
        var client = await hub.ClientAsync(version);
        await client.ConnectAsync("polite", with: WithWill("will/polite", keepAlive: 10));
        await client.DisconnectAsync();

        await using var after = await hub.CrashedAsync();
        await PassAsync(after, TimeSpan.FromMinutes(2));

        Assert.Empty(await after.ReceivedAsync("will/polite"));
    }

    [Fact]
    public async Task A_delay_that_was_running_at_a_crash_runs_on_MQTT_3_1_3_9()
    {
        await using var hub = await HubAsync();
        foreach (var name in new[] { "gone", "back" })
        {
            var client = await hub.ClientAsync();
            await client.ConnectAsync(
                name,
                false,
                600,
                connect =>
                {
                    WithWill($"will/{name}", keepAlive: 10)(connect);
                    connect.WillDelayInterval = 30;
                }
            );
            await client.DisposeAsync();
        }

        await Wait.ForAsync(
            () => hub.Get<Mqtt.Sessions.Connections>().Count == 0,
            "both clients are gone"
        );
        _clock.Advance(TimeSpan.FromSeconds(20));
        await using var after = await hub.CrashedAsync();
        await using var watcher = await WatcherAsync(after);
        await using var back = await after.ClientAsync();
        Assert.True((await back.ConnectAsync("back", false, 600)).IsSessionPresent);
        Assert.Empty(await after.ReceivedAsync("will/gone"));

        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(("will/gone", "offline"), await watcher.ReceiveMessageAsync());
        await PassAsync(after, TimeSpan.FromMinutes(1));
        Assert.Empty(await after.ReceivedAsync("will/back"));
    }

    [Fact]
    public async Task A_delay_begins_when_the_time_to_come_back_is_over()
    {
        await using var hub = await HubAsync();
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync(
            "delayed",
            false,
            600,
            connect =>
            {
                WithWill("will/delayed", keepAlive: 10)(connect);
                connect.WillDelayInterval = 30;
            }
        );

        await using var after = await hub.CrashedAsync();
        await using var watcher = await WatcherAsync(after);
        await PassAsync(after, TimeSpan.FromSeconds(35));
        Assert.Empty(await after.ReceivedAsync("will/delayed"));
        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(("will/delayed", "offline"), await watcher.ReceiveMessageAsync());
    }

    [Fact]
    public async Task A_client_that_is_gone_after_a_clean_stop_gets_its_will_after_the_start()
    {
        await using var hub = await HubAsync();
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("stopped", with: WithWill("will/stopped", keepAlive: 0));

        var stopping = hub.StopAsync();
        await client.ReceiveAsync<MqttDisconnectPacket>();
        await client.DisposeAsync();
        await stopping;
        await hub.StartAsync();
        await using var watcher = await WatcherAsync(hub);
        await PassAsync(hub, TimeSpan.FromSeconds(50));
        Assert.Empty(await hub.ReceivedAsync("will/stopped"));
        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(("will/stopped", "offline"), await watcher.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Who_is_back_too_late_was_gone_before_and_not_after()
    {
        await using var hub = await HubAsync();
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("late", with: WithWill("will/late", keepAlive: 10));

        await using var after = await hub.CrashedAsync();
        // The hub looks for what is due once a second: the client may be there before.
        _clock.Advance(TimeSpan.FromSeconds(16));
        await using var again = await after.ClientAsync();
        await again.ConnectAsync("late", with: WithWill("will/late", keepAlive: 0));
        await again.PublishAsync("will/late", "online");

        Assert.Equal(["offline", "online"], await after.ReceivedAsync("will/late"));
    }

    [Fact]
    public async Task A_client_whose_will_cannot_be_kept_is_not_let_in()
    {
        await using var hub = await HubAsync();
        hub.Log.Fails = true;
        await using var client = await hub.ClientAsync();

        var answer = await client.TryConnectAsync("unlucky", with: WithWill("will/x", 10));

        Assert.Equal(0x88, (int)answer.ReasonCode);
    }

    private async Task<AHub> HubAsync()
    {
        var hub = new AHub(null, _clock);
        await hub.StartAsync();
        return hub;
    }

    private static async Task<TestClient> WatcherAsync(AHub hub)
    {
        var watcher = await hub.ClientAsync();
        await watcher.ConnectAsync("watcher", with: connect => connect.KeepAlivePeriod = 0);
        await watcher.SubscribeAsync("will/+", qos: 0);
        await watcher.SubscribeAsync("marker", qos: 0);
        return watcher;
    }

    /// <summary>Lets time pass and waits until what was due then is done: a later will is there.
    /// </summary>
    private async Task PassAsync(AHub hub, TimeSpan time)
    {
        _clock.Advance(time);
        var marker = await hub.ClientAsync();
        var topic = $"passed/{_clock.GetUtcNow().Ticks}";
        await marker.ConnectAsync(
            "marker",
            false,
            600,
            connect =>
            {
                WithWill(topic, keepAlive: 0)(connect);
                connect.WillDelayInterval = 1;
            }
        );
        await marker.DisposeAsync();
        await Wait.ForAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(250));
                return (await hub.ReceivedAsync(topic)).Count == 1;
            },
            "what was due is published"
        );
    }

    private static Action<MqttConnectPacket> WithWill(string topic, ushort keepAlive) =>
        connect =>
        {
            connect.KeepAlivePeriod = keepAlive;
            connect.WillFlag = true;
            connect.WillTopic = topic;
            connect.WillMessage = "offline"u8.ToArray();
        };
}
