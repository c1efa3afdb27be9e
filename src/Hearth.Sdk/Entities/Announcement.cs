using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Sdk.Connection;

namespace Hearth.Sdk;

/// <summary>
/// How a device registers: Home Assistant's MQTT discovery in its device form, one retained
/// message with everything in it.
/// </summary>
internal static class Announcement
{
    private static readonly string Version =
        typeof(Announcement)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "0";

    // Components of Home Assistant's that are never told anything, and those without a state.
    private static readonly HashSet<string> Untold =
    [
        "binary_sensor",
        "camera",
        "device_automation",
        "device_tracker",
        "event",
        "image",
        "sensor",
        "tag",
    ];
    private static readonly HashSet<string> Stateless =
    [
        "button",
        "camera",
        "device_automation",
        "image",
        "notify",
        "scene",
        "tag",
    ];

    public static string TopicOf(HearthDevice device) => $"homeassistant/device/{device.Id}/config";

    public static byte[] Of(HearthDevice device)
    {
        var about = new JsonObject { ["identifiers"] = new JsonArray(device.Id) };
        AddIfGiven(about, "name", device.Name);
        AddIfGiven(about, "manufacturer", device.Manufacturer);
        AddIfGiven(about, "model", device.Model);
        AddIfGiven(about, "serial_number", device.SerialNumber);
        AddIfGiven(about, "sw_version", device.SoftwareVersion);
        AddIfGiven(about, "hw_version", device.HardwareVersion);
        AddIfGiven(about, "suggested_area", device.SuggestedArea);

        var components = new JsonObject();
        foreach (var entity in device.Entities)
        {
            components[entity.Key] = entity.Config.DeepClone();
        }

        var announcement = new JsonObject
        {
            ["device"] = about,
            ["origin"] = new JsonObject { ["name"] = "Hearth.Sdk", ["sw_version"] = Version },
            ["availability_topic"] = new LinkIdentity(device.Id).AvailabilityTopic,
            // The hub sends commands with what is agreed on here.
            ["qos"] = 1,
            ["components"] = components,
        };
        return JsonSerializer.SerializeToUtf8Bytes(announcement, JsonSerializerOptions.Web);
    }

    /// <summary>
    /// An entity's part: what the maker says, and what follows from its component and key where
    /// the maker is silent. A null that the maker gives takes a topic away.
    /// </summary>
    public static JsonObject ConfigOf(
        string deviceId,
        string component,
        string key,
        string? name,
        JsonObject? given
    )
    {
        var isMain = key == component;
        var config = new JsonObject
        {
            ["platform"] = component,
            ["unique_id"] = $"{deviceId}_{key}",
            // A null name makes it the main thing: it carries the device's name.
            ["name"] = name ?? (isMain ? null : Readable(key)),
            ["default_entity_id"] = $"{component}.{Slug(isMain ? deviceId : $"{deviceId}_{key}")}",
        };
        if (!Stateless.Contains(component))
        {
            config["state_topic"] = $"{deviceId}/{key}/state";
        }

        if (!Untold.Contains(component))
        {
            config["command_topic"] = $"{deviceId}/{key}/set";
        }

        foreach (var (field, value) in given ?? [])
        {
            if (value is null && field.EndsWith("_topic", StringComparison.Ordinal))
            {
                config.Remove(field);
            }
            else
            {
                config[field] = value?.DeepClone();
            }
        }

        return config;
    }

    /// <summary>An id as a person would write it: <c>desk-lamp</c> is Desk lamp.</summary>
    public static string Readable(string id)
    {
        var words = id.Replace('_', ' ').Replace('-', ' ').Trim();
        return words.Length == 0 ? id : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string Slug(string id) => id.Replace('-', '_').ToLowerInvariant();

    private static void AddIfGiven(JsonObject target, string field, string? value)
    {
        if (value is not null)
        {
            target[field] = value;
        }
    }
}
