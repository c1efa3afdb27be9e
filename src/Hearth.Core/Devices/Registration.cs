using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// Makes announcements devices and entities: which of them are new, changed or gone, and what
/// each is called. Nothing is said twice: an announcement that changes nothing is no event.
/// </summary>
internal sealed class Registration(HomeState state, Actions actions)
{
    /// <summary>The most entities one device may have.</summary>
    public const int EntitiesMax = 1_000;

    private readonly Naming _naming = new(state.Devices);

    /// <summary>Registers what was announced.</summary>
    /// <returns>The device, and why it was refused, or null.</returns>
    public (DeviceId? Device, Refusal? Refusal) Register(
        Turn turn,
        Announcement announcement,
        Cause? cause
    )
    {
        var gone = Gone(announcement).ToArray();
        var goneOthers = GoneOthers(announcement).ToArray();
        if (announcement.Entities.Count == 0 && announcement.Device is null)
        {
            Remove(turn, gone, goneOthers, cause);
            return (null, null);
        }

        var description = announcement.Device ?? Alone(announcement);
        var device = DeviceOf(announcement, description);
        var announced = announcement.Entities.Count + announcement.Others.Count;
        if (device is null && announced == 0)
        {
            return (null, null);
        }

        var known = device is null ? 0 : device.Entities.Count + device.Others.Count;
        if (known + announced > EntitiesMax + gone.Length + goneOthers.Length)
        {
            return (
                device?.Id,
                new Refusal(
                    RefusalKind.LimitReached,
                    $"A device has at most {EntitiesMax} entities."
                )
            );
        }

        Remove(
            turn,
            [.. gone.Where(entity => entity.Device != device?.Id)],
            [.. goneOthers.Where(key => state.Devices.OwnerOf(key)?.Id != device?.Id)],
            cause
        );
        var own = gone.Where(entity => entity.Device == device?.Id).ToArray();
        var ownOthers = goneOthers.Where(key => state.Devices.OwnerOf(key) is not null).ToArray();
        return (Put(turn, announcement, description, device, own, ownOthers, cause), null);
    }

    public Refusal? Remove(Turn turn, DeviceId id)
    {
        if (!state.Devices.Devices.TryGetValue(id, out var device))
        {
            return new Refusal(RefusalKind.NotFound, $"There is no device {id}.");
        }

        RemoveDevice(turn, device, cause: null);
        return null;
    }

    private DeviceId Put(
        Turn turn,
        Announcement announcement,
        DeviceDescription description,
        Device? device,
        Entity[] gone,
        DiscoveryKey[] goneOthers,
        Cause? cause
    )
    {
        var id = device?.Id ?? _naming.Of(description, announcement);
        var merged = device is null ? description : Merge(device.Description, description);
        var changed = Changed(announcement, id, merged);
        var others = announcement.Others.Where(other => IsNews(other, device)).ToArray();
        if (device is null)
        {
            turn.Emit(new DeviceRegistered(id, merged, changed) { Others = others }, cause);
        }
        else if (
            changed.Count + gone.Length + others.Length + goneOthers.Length > 0
            || !Same(merged, device.Description)
        )
        {
            FailCommands(turn, gone, cause);
            turn.Emit(
                new DeviceUpdated(id, merged, changed, [.. gone.Select(entity => entity.Id)])
                {
                    Others = others,
                    OthersRemoved = goneOthers,
                },
                cause
            );
        }

        // A device that announces itself is back: what was unfinished goes out again.
        foreach (var config in announcement.Entities)
        {
            if (Before(config) is { } entity)
            {
                actions.Release(turn, entity);
            }
        }

        return id;
    }

    private List<EntityRegistration> Changed(
        Announcement announcement,
        DeviceId id,
        DeviceDescription description
    )
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        var changed = new List<EntityRegistration>();
        foreach (var config in announcement.Entities)
        {
            var same = state.Devices.FindByUniqueId(config.Component, config.UniqueId);
            var before = Before(config) ?? (IsHandedOver(same, config, id) ? same : null);
            if (before is null && same is not null)
            {
                // The same unique id on another topic: the first one stays.
                continue;
            }

            if (before is null || !before.Config.Equals(config) || before.Device != id)
            {
                var entity = before?.Id ?? _naming.Of(config, description, named);
                named.Add(entity.Value);
                changed.Add(new EntityRegistration(entity, config));
            }
        }

        return changed;
    }

    // A device may go over from topics of its entities to one of its own, or back. What is then
    // taken away from the old topics is no longer an entity's.
    private static bool IsHandedOver(Entity? same, EntityConfig config, DeviceId device) =>
        same is not null
        && same.Device == device
        && same.Config.IsOfWholeDevice != config.IsOfWholeDevice;

    private Entity? Before(EntityConfig config) => state.Devices.FindByDiscovery(config.Key);

    private Device? DeviceOf(Announcement announcement, DeviceDescription description)
    {
        if (state.Devices.Find(description) is { } known)
        {
            return known;
        }

        var entity = announcement
            .Entities.Select(Before)
            .FirstOrDefault(found => found is not null);
        return entity is null || announcement.Device is not null
            ? null
            : state.Devices.Devices[entity.Device];
    }

    // What belongs to another device stays there, and what is an entity stays one.
    private bool IsNews(EntityConfig other, Device? device) =>
        state.Devices.FindByDiscovery(other.Key) is null
        && (
            state.Devices.OwnerOf(other.Key) is not { } owner
            || (owner.Id == device?.Id && !owner.Others.Any(known => known.Config.Equals(other)))
        );

    private IEnumerable<Entity> Gone(Announcement announcement)
    {
        if (announcement is { WholeDevice: true, Device: null })
        {
            return state.Devices.UnderDiscovery(announcement.DiscoveryId);
        }

        return announcement.Removed.Select(state.Devices.FindByDiscovery).OfType<Entity>();
    }

    // Of components that are not known: what is taken away, and what a newer hub knows by now.
    private IEnumerable<DiscoveryKey> GoneOthers(Announcement announcement)
    {
        if (announcement is { WholeDevice: true, Device: null })
        {
            return state.Devices.OthersUnder(announcement.DiscoveryId);
        }

        return announcement
            .Removed.Concat(announcement.Entities.Select(config => config.Key))
            .Where(key => state.Devices.OwnerOf(key) is not null)
            .Distinct();
    }

    private void Remove(Turn turn, Entity[] gone, DiscoveryKey[] goneOthers, Cause? cause)
    {
        var owners = goneOthers.ToLookup(key => state.Devices.OwnerOf(key)!.Id);
        var entities = gone.ToLookup(entity => entity.Device);
        foreach (var id in entities.Select(group => group.Key).Union(owners.Select(own => own.Key)))
        {
            var device = state.Devices.Devices[id];
            var (left, others) = (entities[id].ToArray(), owners[id].ToArray());
            if (left.Length + others.Length == device.Entities.Count + device.Others.Count)
            {
                RemoveDevice(turn, device, cause);
                continue;
            }

            FailCommands(turn, left, cause);
            turn.Emit(
                new DeviceUpdated(id, device.Description, [], [.. left.Select(entity => entity.Id)])
                {
                    OthersRemoved = others,
                },
                cause
            );
        }
    }

    private void RemoveDevice(Turn turn, Device device, Cause? cause)
    {
        FailCommands(turn, state.Devices.EntitiesOf(device), cause);
        turn.Emit(new DeviceRemoved(device.Id), cause);
    }

    private void FailCommands(Turn turn, IEnumerable<Entity> entities, Cause? cause)
    {
        foreach (var entity in entities)
        {
            if (state.Commands.For(entity.Id) is { } command)
            {
                actions.Fail(turn, entity.Id, "device_removed", cause ?? command.Cause);
            }
        }
    }

    // An entity announced without a device block stands for itself.
    private static DeviceDescription Alone(Announcement announcement)
    {
        var config = announcement.Entities[0];
        return new DeviceDescription
        {
            Identifiers = [config.UniqueId ?? $"{config.Component} {config.DiscoveryId}"],
            Name = config.Name,
        };
    }

    // Only the first entity of a device needs to describe it; others may name it and no more.
    private static DeviceDescription Merge(DeviceDescription old, DeviceDescription update) =>
        new()
        {
            Identifiers = [.. old.Identifiers.Union(update.Identifiers)],
            Connections = [.. old.Connections.Union(update.Connections)],
            Name = update.Name ?? old.Name,
            Manufacturer = update.Manufacturer ?? old.Manufacturer,
            Model = update.Model ?? old.Model,
            ModelId = update.ModelId ?? old.ModelId,
            SwVersion = update.SwVersion ?? old.SwVersion,
            HwVersion = update.HwVersion ?? old.HwVersion,
            SerialNumber = update.SerialNumber ?? old.SerialNumber,
            SuggestedArea = update.SuggestedArea ?? old.SuggestedArea,
            ConfigurationUrl = update.ConfigurationUrl ?? old.ConfigurationUrl,
            ViaDevice = update.ViaDevice ?? old.ViaDevice,
        };

    private static bool Same(DeviceDescription left, DeviceDescription right)
    {
        var (a, b) = (new JsonWriter(), new JsonWriter());
        left.Write(a);
        right.Write(b);
        return a.Written.SequenceEqual(b.Written);
    }
}
