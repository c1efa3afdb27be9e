using System.Text.Json;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Devices;

/// <summary>
/// Devices that a test plays itself over MQTT: they announce themselves as Home Assistant asks and
/// do nothing on their own.
/// </summary>
internal static class ATestDevice
{
    /// <summary>A light with the JSON schema on <c>NAME/light/…</c>, with availability.</summary>
    public static async Task AnnounceLightAsync(Peer peer, string name)
    {
        await AnnounceAsync(
            peer,
            "light",
            name,
            new
            {
                name = (string?)null,
                unique_id = name,
                schema = "json",
                brightness = true,
                state_topic = $"{name}/light/state",
                command_topic = $"{name}/light/set",
                availability_topic = $"{name}/status",
                qos = 1,
                device = new { identifiers = new[] { name }, name },
            }
        );
        await peer.PublishAsync($"{name}/status", "online", retain: true);
    }

    /// <summary>A sensor of watts on <c>NAME/power</c>.</summary>
    public static Task AnnounceSensorAsync(Peer peer, string name) =>
        AnnounceAsync(
            peer,
            "sensor",
            name,
            new
            {
                name = "Power",
                unique_id = name,
                state_topic = $"{name}/power",
                unit_of_measurement = "W",
                device_class = "power",
                device = new { identifiers = new[] { name }, name },
            }
        );

    public static Task ReportLightAsync(Peer peer, string name, bool isOn) =>
        peer.PublishAsync(
            $"{name}/light/state",
            isOn ? """{"state":"ON","brightness":255}""" : """{"state":"OFF"}""",
            retain: true
        );

    public static Task ReportPowerAsync(Peer peer, string name, double watts) =>
        peer.PublishAsync($"{name}/power", watts.ToString());

    /// <summary>Saves a rule: above so many watts for a while, the light goes off.</summary>
    public static async Task<string> SaveRuleAsync(
        RunningHub hub,
        string id,
        string sensorEntity,
        double above,
        TimeSpan heldFor,
        string lightEntity
    )
    {
        await hub.Api.PostAsync(
            "/api/v1/automations",
            new
            {
                id,
                alias = $"Off above {above} W",
                triggers = new[]
                {
                    new Dictionary<string, object>
                    {
                        ["trigger"] = "numeric_state",
                        ["entity_id"] = sensorEntity,
                        ["above"] = above,
                        ["for"] = new { seconds = heldFor.TotalSeconds },
                    },
                },
                actions = new[]
                {
                    new { action = "light.turn_off", target = new { entity_id = lightEntity } },
                },
            }
        );
        return id;
    }

    private static async Task AnnounceAsync(Peer peer, string component, string name, object config)
    {
        await peer.PublishAsync(
            $"homeassistant/{component}/{name}/config",
            JsonSerializer.Serialize(config),
            retain: true
        );
    }
}
