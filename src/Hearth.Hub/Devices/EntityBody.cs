using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Storage;

namespace Hearth.Hub.Devices;

/// <summary>An entity as it is now.</summary>
/// <param name="EntityId">Home Assistant's form, light.desk.</param>
/// <param name="Component">Home Assistant's component, light.</param>
/// <param name="UniqueId">What the device calls it.</param>
/// <param name="Name">What a person calls it; null where the device's own name says it all.
/// </param>
/// <param name="EntityCategory">config or diagnostic; null for what a person cares about.</param>
/// <param name="State">The state as rules and people see it: unavailable while it is not
/// available, unknown before the first value.</param>
/// <param name="Attributes">What it reported, and what it was announced with.</param>
/// <param name="Desired">What a command under way asks for; null where none is.</param>
/// <param name="LastChanged">When the state that is shown last changed.</param>
/// <param name="Sequence">The event that last changed anything of it.</param>
internal sealed record EntityBody(
    string EntityId,
    string DeviceId,
    string Component,
    string? UniqueId,
    string? Name,
    string? DeviceClass,
    string? UnitOfMeasurement,
    string? EntityCategory,
    bool EnabledByDefault,
    string State,
    bool Available,
    JsonElement Attributes,
    JsonElement? Desired,
    DateTimeOffset LastChanged,
    string Sequence
)
{
    public static EntityBody Of(EntityRecord entity)
    {
        var config = new EntityConfig(entity.Component, entity.DiscoveryId, entity.Options);
        return new EntityBody(
            entity.Id.Value,
            entity.Device.Value,
            entity.Component,
            config.UniqueId,
            config.Name,
            config.DeviceClass,
            Text(config.Json, "unit_of_measurement"),
            Text(config.Json, "entity_category"),
            config.EnabledByDefault,
            entity.Available ? entity.State : EntityState.Unavailable,
            entity.Available,
            Merged(config, entity.Attributes),
            entity.Desired is { } desired ? JsonElement.Parse(desired) : null,
            entity.LastChanged,
            entity.Changed.ToString()
        );
    }

    /// <summary>What was announced, with what was reported over it.</summary>
    private static JsonElement Merged(EntityConfig config, string reported)
    {
        var json = new Core.Events.JsonWriter();
        Core.Devices.Attributes.Of(
                config.Announced.Concat(
                    Core.Devices.Attributes.FromJson(JsonElement.Parse(reported))
                )
            )
            .Write(json);
        return JsonElement.Parse(json.Written);
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
