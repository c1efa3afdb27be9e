using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// The devices and entities of a home, with the indexes that find them. Only events change it.
/// </summary>
internal sealed class DeviceBook(Deadlines deadlines)
{
    private readonly Dictionary<DeviceId, Device> _devices = [];
    private readonly Dictionary<EntityId, Entity> _entities = [];
    private readonly Dictionary<string, DeviceId> _byIdentity = [];
    private readonly Dictionary<DiscoveryKey, EntityId> _byDiscovery = [];
    private readonly Dictionary<string, EntityId> _byUniqueId = [];
    private readonly OtherIndex _others = new();
    private readonly Dictionary<DeviceId, EntityId> _main = [];
    private readonly Routes<Route> _routes = new();
    private readonly List<(EntityId, bool)> _said = [];
    private readonly List<DeviceId> _saidByOthers = [];

    public IReadOnlyDictionary<DeviceId, Device> Devices => _devices;

    public IReadOnlyDictionary<EntityId, Entity> Entities => _entities;

    public IReadOnlyList<Route> RoutesOf(string topic) => _routes.For(topic);

    /// <summary>The device that shares an identifier or a connection with a description.</summary>
    public Device? Find(DeviceDescription description)
    {
        foreach (var identity in IdentitiesOf(description))
        {
            if (_byIdentity.TryGetValue(identity, out var id))
            {
                return _devices[id];
            }
        }

        return null;
    }

    public Entity? FindByDiscovery(DiscoveryKey key) =>
        _byDiscovery.TryGetValue(key, out var id) ? _entities[id] : null;

    public Entity? FindByUniqueId(string component, string? uniqueId) =>
        uniqueId is not null && _byUniqueId.TryGetValue(component + " " + uniqueId, out var id)
            ? _entities[id]
            : null;

    /// <summary>The entities announced under a discovery id in the device form.</summary>
    public IEnumerable<Entity> UnderDiscovery(string discoveryId) =>
        _entities
            .Values.Where(entity =>
                entity.Config.DiscoveryId.StartsWith(discoveryId + " ", StringComparison.Ordinal)
            )
            .OrderBy(entity => entity.Id.Value, StringComparer.Ordinal);

    /// <summary>The device that something of a component that is not known belongs to.</summary>
    public Device? OwnerOf(DiscoveryKey other) =>
        _others.OwnerOf(other) is { } id ? _devices[id] : null;

    /// <summary>The tags and device automations that listen to a topic.</summary>
    public IReadOnlyList<DiscoveryKey> OccasionsOn(string topic) => _others.Hearing(topic);

    /// <summary>The same as <see cref="UnderDiscovery"/>, of components that are not known.
    /// </summary>
    public IEnumerable<DiscoveryKey> OthersUnder(string discoveryId) => _others.Under(discoveryId);

    public IEnumerable<Entity> EntitiesOf(Device device) =>
        device.Entities.Select(id => _entities[id]);

    /// <summary>The entity that stands for a device: the one that carries its name, else the first
    /// that can be switched, else the first.</summary>
    public Entity? Main(DeviceId device) =>
        _main.TryGetValue(device, out var id) ? _entities[id] : null;

    /// <summary>What the message that was applied last says of whose availability, in the order of
    /// registration.</summary>
    public IReadOnlyList<(EntityId Entity, bool Available)> Said => _said;

    /// <summary>Whose things of components that are not known said by it whether they can be
    /// reached.</summary>
    public IReadOnlyList<DeviceId> SaidByOthers => _saidByOthers;

    /// <summary>What a message does before anyone decides: an availability topic is remembered, a
    /// report starts the time in which the next one is expected.</summary>
    public void Apply(MessageReceived message, DateTimeOffset time)
    {
        _said.Clear();
        foreach (var route in _routes.For(message.Topic))
        {
            var entity = _entities[route.Entity];
            var behaviour = entity.Config.Behaviour;
            var index = route.AvailabilityIndex;
            if (index >= 0)
            {
                if (behaviour.ReceiveAvailability(index, message.Payload, time) is { } said)
                {
                    Put(
                        entity with
                        {
                            Availability = AvailabilityFlags.With(entity.Availability, index, said),
                        }
                    );
                    _said.Add((entity.Id, said));
                }
            }
            else if (behaviour.ExpireAfter is { } after)
            {
                Put(entity with { ExpiresAt = time + after });
            }
        }

        ApplyToOthers(message, time);
    }

    public void Apply(StateChanged change, DateTimeOffset time)
    {
        if (!_entities.TryGetValue(change.Entity, out var entity))
        {
            return;
        }

        var offAt = entity.OffAt;
        if (entity.Config.Component == "binary_sensor")
        {
            offAt =
                change.To is { Value: "on", Available: true }
                && entity.Config.Behaviour.OffDelay is { } delay
                    ? time + delay
                    : null;
        }

        Put(
            entity with
            {
                State = change.To,
                Changed = change.From.Shown == change.To.Shown ? entity.Changed : time,
                Updated = time,
                OffAt = offAt,
                ExpiresAt = change.To.Available ? entity.ExpiresAt : null,
            }
        );
    }

    public void Apply(EventData data)
    {
        switch (data)
        {
            case DeviceRegistered registered:
                Register(
                    new Device
                    {
                        Id = registered.Device,
                        Description = registered.Description,
                        Others = [.. registered.Others.Select(Other.Of)],
                    },
                    registered.Entities,
                    []
                );
                break;
            case DeviceUpdated updated:
                Update(updated);
                break;
            case DeviceRemoved removed:
                Remove(_devices[removed.Device]);
                break;
            case DeviceConnected { Device: var id }:
                _devices[id] = _devices[id] with { Connectivity = Connectivity.Online };
                break;
            case DeviceDisconnected { Device: var id }:
                _devices[id] = _devices[id] with { Connectivity = Connectivity.Offline };
                break;
            case DeviceEnabled { Device: var id }:
                _devices[id] = _devices[id] with { Enabled = true };
                break;
            case DeviceDisabled { Device: var id }:
                _devices[id] = _devices[id] with { Enabled = false };
                break;
            case DeviceArranged { Device: var id, Says: var says }:
                _devices[id] = _devices[id] with { Says = says };
                break;
            case DeviceStateChanged change:
                _devices[change.Device] = _devices[change.Device] with
                {
                    State = change.To,
                    Reason = change.Reason,
                };
                break;
            case DeviceHealthChanged change:
                _devices[change.Device] = _devices[change.Device] with
                {
                    Health = change.To,
                    HealthDetail = change.Detail,
                };
                break;
        }
    }

    public void Rebase(TimeSpan by)
    {
        foreach (var entity in _entities.Values.ToArray())
        {
            if (entity.ExpiresAt is not null || entity.OffAt is not null)
            {
                Put(entity with { ExpiresAt = entity.ExpiresAt + by, OffAt = entity.OffAt + by });
            }
        }
    }

    public void Restore(IEnumerable<Device> devices, IEnumerable<Entity> entities)
    {
        foreach (var device in devices)
        {
            _devices[device.Id] = device;
            Index(device);
        }

        foreach (var entity in entities)
        {
            Put(entity);
            Index(entity);
        }

        foreach (var device in _devices.Values)
        {
            ChooseMain(device);
        }
    }

    private void ApplyToOthers(MessageReceived message, DateTimeOffset time)
    {
        _saidByOthers.Clear();
        foreach (var (key, index) in _others.SaysWhetherReachable(message.Topic))
        {
            var device = OwnerOf(key)!;
            var other = device.Others.First(item => item.Key == key);
            var behaviour = other.Config.Behaviour;
            if (behaviour.ReceiveAvailability(index, message.Payload, time) is { } said)
            {
                var heard = other.Hear(index, said);
                _devices[device.Id] = device with
                {
                    Others = [.. device.Others.Select(item => item.Key == key ? heard : item)],
                };
                _saidByOthers.Add(device.Id);
            }
        }
    }

    private void Update(DeviceUpdated updated)
    {
        var before = _devices[updated.Device];
        _others.Remove(before);
        Register(
            before with
            {
                Description = updated.Description,
                Others = Other.Updated(before.Others, updated),
            },
            updated.Entities,
            updated.Removed
        );
    }

    private void Register(
        Device device,
        IReadOnlyList<EntityRegistration> registrations,
        IReadOnlyList<EntityId> removed
    )
    {
        foreach (var id in removed)
        {
            Remove(_entities[id]);
        }

        foreach (var registration in registrations)
        {
            if (_entities.TryGetValue(registration.Id, out var before))
            {
                Unindex(before);
            }

            var entity = Entity.Configured(device.Id, registration, before);
            Put(entity);
            Index(entity);
        }

        var kept = device.Entities.Except(removed);
        _devices[device.Id] = device with
        {
            Entities = [.. kept.Union(registrations.Select(item => item.Id))],
        };
        Index(device);
        ChooseMain(_devices[device.Id]);
    }

    private void ChooseMain(Device device)
    {
        var entities = EntitiesOf(device).ToArray();
        var main =
            Array.Find(entities, entity => entity.Config.IsMain)
            ?? Array.Find(entities, entity => entity.Config.Component is "light" or "switch")
            ?? entities.FirstOrDefault();
        if (main is null)
        {
            _main.Remove(device.Id);
        }
        else
        {
            _main[device.Id] = main.Id;
        }
    }

    private void Put(Entity entity)
    {
        _entities[entity.Id] = entity;
        deadlines.Set(DeadlineKind.Expiry, entity.Id.Value, entity.ExpiresAt);
        deadlines.Set(DeadlineKind.OffDelay, entity.Id.Value, entity.OffAt);
    }

    private void Remove(Entity entity)
    {
        Unindex(entity);
        _entities.Remove(entity.Id);
        deadlines.Set(DeadlineKind.Expiry, entity.Id.Value, null);
        deadlines.Set(DeadlineKind.OffDelay, entity.Id.Value, null);
    }

    private void Remove(Device device)
    {
        foreach (var entity in EntitiesOf(device).ToArray())
        {
            Remove(entity);
        }

        foreach (var identity in IdentitiesOf(device.Description))
        {
            _byIdentity.Remove(identity);
        }

        _others.Remove(device);
        _devices.Remove(device.Id);
        _main.Remove(device.Id);
    }

    private void Index(Device device)
    {
        foreach (var identity in IdentitiesOf(device.Description))
        {
            _byIdentity[identity] = device.Id;
        }

        _others.Add(device);
    }

    private void Index(Entity entity)
    {
        _byDiscovery[entity.Config.Key] = entity.Id;
        if (entity.Config.UniqueId is { } uniqueId)
        {
            _byUniqueId[entity.Config.Component + " " + uniqueId] = entity.Id;
        }

        // A third of all announced entities are not enabled: they cost nothing until they are.
        if (entity.Config.EnabledByDefault)
        {
            foreach (var (topic, route) in Route.Of(entity))
            {
                _routes.Add(topic, route);
            }
        }
    }

    private void Unindex(Entity entity)
    {
        _byDiscovery.Remove(entity.Config.Key);
        _byUniqueId.Remove(entity.Config.Component + " " + entity.Config.UniqueId);
        if (entity.Config.EnabledByDefault)
        {
            foreach (var (topic, _) in Route.Of(entity))
            {
                _routes.Remove(topic, route => route.Entity == entity.Id);
            }
        }
    }

    private static IEnumerable<string> IdentitiesOf(DeviceDescription description) =>
        description
            .Identifiers.Select(identifier => "id " + identifier)
            .Concat(description.Connections.Select(pair => $"cn {pair.Key} {pair.Value}"));
}
