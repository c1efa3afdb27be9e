using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>
/// What people call the things at home, and the clock on their wall. What it does not know is
/// called by its id.
/// </summary>
public sealed class NameBook(TimeZoneInfo zone)
{
    private readonly Dictionary<EntityId, (string Name, EntityConfig Config)> _entities = [];
    private readonly Dictionary<DeviceId, string> _devices = [];
    private readonly Dictionary<string, string> _automations = [];

    /// <summary>What a device calls itself; null where it does not say.</summary>
    public void Add(DeviceId id, string? name) =>
        _devices[id] = name is { Length: > 0 } ? PlainText.Visible(name) : id.Value;

    /// <summary>An entity of a device that is known already.</summary>
    public void Add(EntityId id, DeviceId device, EntityConfig config)
    {
        var owner = NameOf(device);
        var name = config.Name is { Length: > 0 } own ? $"{owner} {own}" : owner;
        _entities[id] = (PlainText.Visible(name), config);
    }

    /// <summary>What a device and its entities are called from an announcement on.</summary>
    public void Learn(EventData data)
    {
        var (device, description, entities) = data switch
        {
            DeviceRegistered registered => (
                registered.Device,
                registered.Description,
                registered.Entities
            ),
            DeviceUpdated updated => (updated.Device, updated.Description, updated.Entities),
            _ => (default, null, []),
        };
        if (description is not null)
        {
            Add(device, description.Name);
            foreach (var entity in entities)
            {
                Add(entity.Id, device, entity.Config);
            }
        }
    }

    /// <summary>What an automation's definition calls it.</summary>
    public void Add(string automation, string definition)
    {
        var json = System.Text.Json.JsonElement.Parse(definition);
        if (JsonRead.Text(json, "alias") is { Length: > 0 } alias)
        {
            _automations[automation] = PlainText.Visible(alias);
        }
    }

    public string NameOf(EntityId id) =>
        _entities.TryGetValue(id, out var known) ? known.Name : id.Value;

    /// <summary>A value of an entity with its unit.</summary>
    public string Shown(EntityId id, string value) =>
        PlainText.Shown(StateWords.Shown(this, id, value));

    public string NameOf(DeviceId id) => _devices.GetValueOrDefault(id, id.Value);

    public string NameOfAutomation(string id) => _automations.GetValueOrDefault(id, id);

    internal EntityConfig? ConfigOf(EntityId id) =>
        _entities.TryGetValue(id, out var known) ? known.Config : null;

    /// <summary>The unit of an entity's numbers; announcements hold anything.</summary>
    internal string? UnitOf(EntityId id) =>
        ConfigOf(id)?.Json.TryGetProperty("unit_of_measurement", out var unit) == true
        && unit.ValueKind == System.Text.Json.JsonValueKind.String
            ? unit.GetString()
            : null;

    /// <summary>What the clock at home shows at a moment.</summary>
    internal DateTime Local(DateTimeOffset moment) => Time.WallClock.Local(zone, moment);
}
