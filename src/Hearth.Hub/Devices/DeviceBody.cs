using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Storage;

namespace Hearth.Hub.Devices;

/// <summary>A device as it is now, with its entities.</summary>
/// <param name="Name">What a person calls it, or else what it announced.</param>
/// <param name="Area">The id of the area that it is in; null for none.</param>
/// <param name="Labels">Those that it carries itself, by name.</param>
/// <param name="SuggestedArea">The area that it announced, by name.</param>
/// <param name="Identifiers">What makes it the same device when it announces itself again.</param>
/// <param name="Connections">Pairs such as mac and an address; they identify it, too.</param>
/// <param name="State">off, active or triggered.</param>
/// <param name="StateReason">The sentence that says what made it so.</param>
/// <param name="Since">When the state last changed.</param>
/// <param name="Connectivity">online, offline or unknown.</param>
/// <param name="Health">healthy, degraded or unhealthy.</param>
/// <param name="HealthDetail">none, communication_error, configuration_error, …</param>
/// <param name="Enabled">False where a person has shut it out.</param>
/// <param name="Sequence">The event that last changed anything of it.</param>
internal sealed record DeviceBody(
    string Id,
    string? Name,
    string? Area,
    IReadOnlyList<string> Labels,
    string? Manufacturer,
    string? Model,
    string? ModelId,
    string? SwVersion,
    string? HwVersion,
    string? SerialNumber,
    string? SuggestedArea,
    string? ConfigurationUrl,
    string? ViaDevice,
    IReadOnlyList<string> Identifiers,
    IReadOnlyList<IReadOnlyList<string>> Connections,
    string State,
    string StateReason,
    DateTimeOffset Since,
    string Connectivity,
    string Health,
    string HealthDetail,
    string HealthReason,
    bool Enabled,
    string Sequence,
    IReadOnlyList<EntityBody> Entities
)
{
    /// <summary>The id of the area that a device is in; null for none.</summary>
    public static string? AreaOf(DeviceRecord device) =>
        AreaNameOf(device) is { } area ? AreaMap.IdOf(area) : null;

    public static string? AreaNameOf(DeviceRecord device) =>
        device.Says.Area
        ?? (
            JsonElement.Parse(device.Description).TryGetProperty("suggested_area", out var area)
                ? area.GetString()
                : null
        );

    public static DeviceBody Of(DeviceRecord device, IEnumerable<EntityRecord> entities)
    {
        var described = JsonElement.Parse(device.Description);
        return new DeviceBody(
            device.Id.Value,
            device.Says.Name ?? Text("name"),
            AreaOf(device),
            device.Says.Labels,
            Text("manufacturer"),
            Text("model"),
            Text("model_id"),
            Text("sw_version"),
            Text("hw_version"),
            Text("serial_number"),
            Text("suggested_area"),
            Text("configuration_url"),
            Text("via_device"),
            [.. Items("identifiers").Select(item => item.GetString()!)],
            [.. Items("connections").Select(Pair)],
            device.State,
            device.StateReason,
            device.Since,
            device.Connectivity,
            device.Health,
            device.HealthDetail,
            device.HealthReason,
            device.Enabled,
            device.Changed.ToString(),
            [.. entities.Where(entity => entity.Device == device.Id).Select(EntityBody.Of)]
        );

        string? Text(string name) =>
            described.TryGetProperty(name, out var value) ? value.GetString() : null;

        IEnumerable<JsonElement> Items(string name) =>
            described.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

        static IReadOnlyList<string> Pair(JsonElement pair) =>
            [.. pair.EnumerateArray().Select(item => item.GetString()!)];
    }
}
