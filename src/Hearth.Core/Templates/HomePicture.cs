namespace Hearth.Core.Templates;

/// <summary>
/// A home drawn from lists: states that somebody gives along, or those that were read elsewhere.
/// Whatever comes twice keeps its last one.
/// </summary>
public sealed class HomePicture : IHomeView
{
    private readonly SortedList<string, StateView> _states = new(StringComparer.Ordinal);
    private readonly SortedList<string, EntityEntry> _entities = new(StringComparer.Ordinal);
    private readonly SortedList<string, DeviceEntry> _devices = new(StringComparer.Ordinal);

    public HomePicture(
        IEnumerable<StateView> states,
        IEnumerable<EntityEntry>? entities = null,
        IEnumerable<DeviceEntry>? devices = null
    )
    {
        foreach (var state in states)
        {
            _states[state.EntityId] = state;
        }
        foreach (var entity in entities ?? [])
        {
            _entities[entity.Id] = entity;
        }
        foreach (var device in devices ?? [])
        {
            _devices[device.Id] = device;
        }
        States = [.. _states.Values];
        Entities = [.. _entities.Values];
        Devices = [.. _devices.Values];
    }

    public static HomePicture Empty { get; } = new([]);

    public IReadOnlyList<StateView> States { get; }

    public IReadOnlyList<EntityEntry> Entities { get; }

    public IReadOnlyList<DeviceEntry> Devices { get; }

    public IReadOnlyList<AreaEntry> Areas { get; init; } = [];

    public IReadOnlyList<FloorEntry> Floors { get; init; } = [];

    public IReadOnlyList<LabelEntry> Labels { get; init; } = [];

    public StateView? State(string entityId) => _states.GetValueOrDefault(entityId);

    public EntityEntry? Entity(string entityId) => _entities.GetValueOrDefault(entityId);

    public DeviceEntry? Device(string deviceId) => _devices.GetValueOrDefault(deviceId);
}
