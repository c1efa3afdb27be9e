using Hearth.EndToEnd.Devices;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Components;

/// <summary>
/// The founding example with real processes: a lamp, a tracker that measures it, a hub between
/// them.
/// </summary>
public sealed class TrackerAndLamp
{
    private const string Exceeded = "energy.threshold_exceeded";

    /// <summary>Two runtimes start and connect on a machine that is busy with other tests.
    /// </summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_lamp_listens_to_the_trackers_event_without_a_rule()
    {
        await using var hub = await RunningHub.StartAsync();
        await using var lamp = Component.Lamp(
            hub,
            "desk-lamp",
            "--on-at-start",
            "--off-on-event",
            Exceeded
        );
        await using var tracker = Component.Tracker(
            hub,
            "plug",
            "--watch",
            "desk-lamp",
            "--limit-watts",
            "50",
            "--limit-for",
            "1s"
        );

        var exceeded = await Twin.EventAsync(hub.Api, Exceeded, within: Soon);
        Assert.Equal("desk-lamp", exceeded.Subject);
        await IsOffAsync(hub, "desk-lamp");
        await MeasuresAsync(hub, "plug", watts => watts == 0);
        await foreach (var item in hub.Api.EventsAsync())
        {
            Assert.False(
                item.Type.StartsWith("hearth.command.", StringComparison.Ordinal)
                    || item.Type.StartsWith("hearth.automation.", StringComparison.Ordinal),
                $"Nobody but the lamp was to act: {item}"
            );
        }
    }

    [Fact]
    public async Task A_rule_turns_the_lamp_off_and_every_step_names_the_one_before()
    {
        await using var hub = await RunningHub.StartAsync();
        await using var lamp = Component.Lamp(hub, "desk-lamp", "--watts", "60");
        await using var tracker = Component.Tracker(hub, "plug", "--watch", "desk-lamp");
        var light = await Twin.EntityAsync(
            hub.Api,
            "desk-lamp_light",
            entity => entity.State == "off",
            Soon
        );
        var sensor = await MeasuresAsync(hub, "plug", watts => watts == 0);
        await ATestDevice.SaveRuleAsync(
            hub,
            "too-much",
            sensor.Id,
            50,
            TimeSpan.FromSeconds(1),
            light.Id
        );

        await hub.Api.PostAsync(
            "/api/v1/actions/light.turn_on",
            new { target = new { entity_id = new[] { light.Id } } }
        );
        await MeasuresAsync(hub, "plug", watts => watts is > 55 and < 65);
        var triggered = await Twin.EventAsync(hub.Api, "hearth.automation.triggered", within: Soon);
        var requested = await Twin.EventAsync(
            hub.Api,
            "hearth.command.requested",
            item => item.Sequence > triggered.Sequence
        );
        Assert.Equal(triggered.Id, requested.Json.GetProperty("causationid").GetString());
        await Twin.EventAsync(
            hub.Api,
            "hearth.command.acknowledged",
            item => item.Sequence > requested.Sequence
        );
        await IsOffAsync(hub, "desk-lamp");
        await MeasuresAsync(hub, "plug", watts => watts == 0);
    }

    [Fact]
    public async Task Both_go_on_when_the_hub_was_killed_and_is_back()
    {
        await using var hub = await RunningHub.StartAsync();
        await using var lamp = Component.Lamp(hub, "desk-lamp");
        await using var tracker = Component.Tracker(hub, "plug", "--watch", "desk-lamp");
        var light = await Twin.EntityAsync(
            hub.Api,
            "desk-lamp_light",
            entity => entity.State == "off",
            Soon
        );
        await MeasuresAsync(hub, "plug", watts => watts == 0);

        await hub.KillAndStartAgainAsync();

        Assert.Equal("off", (await Twin.EntityAsync(hub.Api, "desk-lamp_light")).State);
        // The twin has never heard that it was gone; that it is back stands in the log.
        var started = await Twin.LastAsync(hub.Api, "hearth.hub.started");
        await Twin.EventAsync(
            hub.Api,
            "hearth.message.received",
            item => item.Subject == "desk-lamp/status",
            after: started.Sequence,
            within: Soon
        );
        await hub.Api.PostAsync(
            "/api/v1/actions/light.turn_on",
            new { target = new { entity_id = new[] { light.Id } } }
        );
        await Twin.EntityAsync(hub.Api, "desk-lamp_light", entity => entity.State == "on", Soon);
        await MeasuresAsync(hub, "plug", watts => watts > 55);
        Assert.False(lamp.HasExited || tracker.HasExited);
    }

    [Fact]
    public async Task A_lamp_that_goes_is_offline_and_off_and_comes_back_at_any_time()
    {
        await using var hub = await RunningHub.StartAsync();
        await using (var lamp = Component.Lamp(hub, "desk-lamp", "--on-at-start"))
        {
            await DeviceAsync(
                hub,
                "desk-lamp",
                device => device is { Connectivity: "online", State: "active" }
            );
            await lamp.KillAsync();
            await DeviceAsync(
                hub,
                "desk-lamp",
                device => device is { Connectivity: "offline", State: "off" }
            );
        }

        await using var again = Component.Lamp(hub, "desk-lamp", "--on-at-start");
        await DeviceAsync(
            hub,
            "desk-lamp",
            device => device is { Connectivity: "online", State: "active" }
        );
        again.Terminate();
        var code = await again.ExitAsync(TimeSpan.FromSeconds(10));
        Assert.True(code == 0, $"The lamp ended with {code}:\n{again.Output}");
        await DeviceAsync(
            hub,
            "desk-lamp",
            device => device is { Connectivity: "offline", State: "off" }
        );
    }

    [Fact]
    public async Task Many_lamps_live_side_by_side_under_their_names()
    {
        string[] names = ["hall", "kitchen", "attic"];
        await using var hub = await RunningHub.StartAsync();
        await using var first = Component.Lamp(hub, names[0], "--watts", "7");
        await using var second = Component.Lamp(hub, names[1], "--watts", "8");
        await using var third = Component.Lamp(hub, names[2], "--watts", "9");
        foreach (var name in names)
        {
            await Twin.EntityAsync(
                hub.Api,
                $"{name}_light",
                entity => entity is { State: "off", IsAvailable: true },
                Soon
            );
        }

        var kitchen = await Twin.EntityAsync(hub.Api, "kitchen_light");
        await hub.Api.PostAsync(
            "/api/v1/actions/light.turn_on",
            new { target = new { entity_id = new[] { kitchen.Id } } }
        );

        await Twin.EntityAsync(hub.Api, "kitchen_light", entity => entity.State == "on", Soon);
        Assert.Equal("off", (await Twin.EntityAsync(hub.Api, "hall_light")).State);
        Assert.Equal("off", (await Twin.EntityAsync(hub.Api, "attic_light")).State);
        Assert.Equal(3, (await Twin.DevicesAsync(hub.Api)).Count);
    }

    private static Task<ShownEntity> MeasuresAsync(
        RunningHub hub,
        string tracker,
        Func<double, bool> fits
    ) =>
        Twin.EntityAsync(
            hub.Api,
            $"{tracker}_power",
            entity => double.TryParse(entity.State, out var watts) && fits(watts),
            Soon
        );

    private static async Task IsOffAsync(RunningHub hub, string lamp)
    {
        await Twin.EntityAsync(hub.Api, $"{lamp}_light", entity => entity.State == "off", Soon);
        await DeviceAsync(hub, lamp, device => device.State == "off");
    }

    /// <summary>Waits until the device of this identifier is as it should be.</summary>
    private static Task<ShownDevice> DeviceAsync(
        RunningHub hub,
        string identifier,
        Func<ShownDevice, bool> fits
    ) =>
        Eventually.Finds(
            $"the device {identifier} as it should be",
            Soon,
            async () =>
            {
                var all = await Twin.DevicesAsync(hub.Api);
                var found = all.FirstOrDefault(device => device.Has(identifier) && fits(device));
                return (found, string.Join('\n', all));
            }
        );
}
