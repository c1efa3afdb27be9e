using System.Diagnostics;
using Hearth.EndToEnd.Devices;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>What was under way when the hub was killed is taken up where it was.</summary>
public sealed class Restarts
{
    /// <summary>Beyond this a restart is a gap that rules are told of (design: five seconds).
    /// </summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_timer_that_was_running_at_the_kill_fires_when_it_is_due()
    {
        var heldFor = TimeSpan.FromSeconds(4);
        await using var hub = await RunningHub.StartAsync();
        var rule = await AHoldingRule.StartAsync(hub, heldFor);

        await hub.KillAndStartAgainAsync();
        await using var lamp = await Peer.ConnectAsync(hub, "lamp");
        await lamp.SubscribeAsync("lamp/light/set");
        await lamp.PublishAsync("lamp/status", "online", retain: true);

        var triggered = await rule.FiresAsync(hub, heldFor + TimeSpan.FromSeconds(5));
        var crossing = await rule.CrossingAsync(hub);
        Assert.Equal(heldFor, triggered.Time - crossing.Time);
        await lamp.GetsAsync("the rule's command", item => item.Payload.Contains("OFF"));
    }

    [Fact]
    public async Task A_timer_that_ran_out_while_the_hub_was_down_fires_with_a_report_above()
    {
        await using var hub = await RunningHub.StartAsync();
        var rule = await AHoldingRule.StartAsync(hub, TimeSpan.FromSeconds(3));
        await StayAwayAsync(hub);

        await using var peer = await Peer.ConnectAsync(hub, "after");
        await ATestDevice.ReportPowerAsync(peer, "plug", 61);

        await rule.FiresAsync(hub, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_timer_that_ran_out_while_the_hub_was_down_ends_with_a_report_below()
    {
        await using var hub = await RunningHub.StartAsync();
        var rule = await AHoldingRule.StartAsync(hub, TimeSpan.FromSeconds(3));
        await StayAwayAsync(hub);

        await using var peer = await Peer.ConnectAsync(hub, "after");
        await ATestDevice.ReportPowerAsync(peer, "plug", 2);

        // What is decided later comes later in the log: once this is there, the rule did not fire.
        await Twin.EntityAsync(hub.Api, "plug", entity => entity.State == "2");
        await foreach (var item in hub.Api.EventsAsync())
        {
            Assert.False(item.Type == "hearth.automation.triggered", $"{rule.Id} fired: {item}");
        }
    }

    [Fact]
    public async Task A_command_that_was_unfinished_at_the_kill_goes_out_again_and_finishes()
    {
        await using var hub = await RunningHub.StartAsync();
        string light;
        await using (var lamp = await Peer.ConnectAsync(hub, "lamp"))
        {
            await lamp.SubscribeAsync("lamp/light/set");
            await ATestDevice.AnnounceLightAsync(lamp, "lamp");
            await ATestDevice.ReportLightAsync(lamp, "lamp", isOn: true);
            light = (await Twin.EntityAsync(hub.Api, "lamp", entity => entity.State == "on")).Id;
            await hub.Api.PostAsync(
                "/api/v1/actions/light.turn_off",
                new { target = new { entity_id = new[] { light } } }
            );
            await lamp.GetsAsync("the command", item => item.Topic == "lamp/light/set");
            await hub.KillAsync();
        }

        await hub.StartAgainAsync();
        await using var again = await Peer.ConnectAsync(hub, "lamp");
        await again.SubscribeAsync("lamp/light/set");
        await again.PublishAsync("lamp/status", "online", retain: true);
        await again.GetsAsync(
            "the command once more",
            item => item.Topic == "lamp/light/set" && item.Payload.Contains("OFF")
        );
        // It is sent once the hub has said so; an answer before that would answer nothing.
        await Twin.EventAsync(hub.Api, "hearth.command.sent");
        await ATestDevice.ReportLightAsync(again, "lamp", isOn: false);

        await Twin.EventAsync(hub.Api, "hearth.command.acknowledged");
        await Twin.EntityAsync(hub.Api, "lamp", entity => entity.State == "off");
    }

    [Fact]
    public async Task A_device_is_what_it_was_before_anybody_says_so_again()
    {
        await using var hub = await RunningHub.StartAsync();
        await using (var lamp = await Peer.ConnectAsync(hub, "lamp"))
        {
            await ATestDevice.AnnounceLightAsync(lamp, "lamp");
            await ATestDevice.ReportLightAsync(lamp, "lamp", isOn: true);
            await ATestDevice.AnnounceSensorAsync(lamp, "plug");
            await ATestDevice.ReportPowerAsync(lamp, "plug", 42.5);
        }

        var (devices, entities) = (
            await hub.Api.GetAsync("/api/v1/devices"),
            await hub.Api.GetAsync("/api/v1/entities")
        );
        await hub.KillAndStartAgainAsync();

        Assert.Equal(devices.ToString(), (await hub.Api.GetAsync("/api/v1/devices")).ToString());
        Assert.Equal(entities.ToString(), (await hub.Api.GetAsync("/api/v1/entities")).ToString());
        await using var late = await Peer.ConnectAsync(hub, "late");
        await late.SubscribeAsync("lamp/#");
        await late.GetsAsync("the retained state", item => item.Topic == "lamp/light/state");
        await late.GetsAsync(
            "the retained word",
            item => item is { Payload: "online", Retain: true }
        );
    }

    [Fact]
    public async Task A_hub_that_is_asked_to_stop_ends_well_and_goes_on_where_it_was()
    {
        await using var hub = await RunningHub.StartAsync();
        await using (var peer = await Peer.ConnectAsync(hub, "peer"))
        {
            await peer.PublishAsync("before", "1");
        }

        var head = await HeadAsync(hub);
        await hub.StopAsync();
        await hub.StartAgainAsync();

        var stopped = await Twin.EventAsync(hub.Api, "hearth.hub.stopped", after: head);
        await Twin.EventAsync(hub.Api, "hearth.hub.started", after: stopped.Sequence);
    }

    /// <summary>Kills the hub and starts it again after more than five seconds.</summary>
    private static async Task StayAwayAsync(RunningHub hub)
    {
        await hub.KillAsync();
        var away = Stopwatch.StartNew();
        await Eventually.Holds(
            "the hub was away for long enough",
            Gap * 2,
            () => away.Elapsed > Gap,
            () => $"{away.Elapsed}"
        );
        await hub.StartAgainAsync();
    }

    private static async Task<long> HeadAsync(RunningHub hub)
    {
        var head = 0L;
        await foreach (var item in hub.Api.EventsAsync())
        {
            head = item.Sequence;
        }

        return head;
    }
}
