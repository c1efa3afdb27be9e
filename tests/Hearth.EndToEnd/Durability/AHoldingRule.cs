using Hearth.EndToEnd.Devices;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>A light, a plug that has just crossed 50 W, and the rule whose time is running.
/// </summary>
internal sealed record AHoldingRule(string Id, string Sensor)
{
    public string Subject => $"automation.{Id}";

    public static async Task<AHoldingRule> StartAsync(RunningHub hub, TimeSpan heldFor)
    {
        await using var peer = await Peer.ConnectAsync(hub, "before");
        await ATestDevice.AnnounceLightAsync(peer, "lamp");
        await ATestDevice.ReportLightAsync(peer, "lamp", isOn: true);
        await ATestDevice.AnnounceSensorAsync(peer, "plug");
        await ATestDevice.ReportPowerAsync(peer, "plug", 1);
        var light = await Twin.EntityAsync(hub.Api, "lamp", entity => entity.State == "on");
        var sensor = await Twin.EntityAsync(hub.Api, "plug", entity => entity.State == "1");
        var id = await ATestDevice.SaveRuleAsync(hub, "too-much", sensor.Id, 50, heldFor, light.Id);
        await ATestDevice.ReportPowerAsync(peer, "plug", 60);
        return new AHoldingRule(id, sensor.Id);
    }

    public Task<LoggedEvent> FiresAsync(RunningHub hub, TimeSpan within) =>
        Twin.EventAsync(
            hub.Api,
            "hearth.automation.triggered",
            item => item.Subject == Subject,
            within: within
        );

    /// <summary>When the plug went above.</summary>
    public Task<LoggedEvent> CrossingAsync(RunningHub hub) =>
        Twin.EventAsync(
            hub.Api,
            "hearth.state.changed",
            item => item.Subject == Sensor && item.Data.ToString().Contains("\"60\"")
        );
}
