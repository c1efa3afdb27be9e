using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

/// <summary>What is true after events, event by event, as plainly as it can be said.</summary>
internal sealed class Fold
{
    private readonly SortedDictionary<string, DeviceRecord> _devices = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, EntityRecord> _entities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Sequence> _askedBy = [];
    private readonly SortedDictionary<string, AutomationRecord> _automations = new(
        StringComparer.Ordinal
    );
    private readonly SortedDictionary<string, RetainedRecord> _retained = new(
        StringComparer.Ordinal
    );

    private readonly SortedDictionary<string, RefusedAnnouncementRecord> _refused = new(
        StringComparer.Ordinal
    );

    public string Text =>
        TextOf(
            [.. _devices.Values],
            [.. _entities.Values],
            [.. _automations.Values],
            [.. _retained.Values],
            [.. _refused.Values]
        );

    public static string TextOf(
        IReadOnlyList<DeviceRecord> devices,
        IReadOnlyList<EntityRecord> entities,
        IReadOnlyList<AutomationRecord> automations,
        IReadOnlyList<RetainedRecord> retained,
        IReadOnlyList<RefusedAnnouncementRecord> refused
    ) =>
        string.Join(
            '\n',
            devices
                .Select(item => item.ToString())
                .Concat(entities.Select(item => item.ToString()))
                .Concat(automations.Select(item => item.ToString()))
                .Concat(refused.Select(item => item.ToString()))
                .Concat(
                    retained.Select(item =>
                        $"{item.Topic} {item.Payload.Text} {item.Qos} {item.Client} {item.Time:O} "
                        + item.Sequence
                    )
                )
        );

    public void Apply(Event item)
    {
        switch (item.Data)
        {
            case DeviceRegistered it:
                Remove(it.Device);
                _devices[it.Device.Value] = new DeviceRecord(
                    it.Device,
                    Json(it.Description),
                    "active",
                    "",
                    item.Time,
                    "unknown",
                    "healthy",
                    "none",
                    "",
                    Enabled: true,
                    item.Sequence,
                    Arrangement.None
                );
                Announce(item, it.Device, it.Entities);
                break;
            case DeviceUpdated it:
                Device(item, it.Device, old => old with { Description = Json(it.Description) });
                foreach (var entity in it.Removed)
                {
                    Forget(entity);
                }

                Announce(item, it.Device, it.Entities);
                break;
            case DeviceArranged it:
                Device(item, it.Device, old => old with { Says = it.Says });
                break;
            case AnnouncementRefused it:
                _refused[it.Topic] = new(it.Topic, it.Reason, item.Time);
                break;
            case AnnouncementMended it:
                _refused.Remove(it.Topic);
                break;
            case DeviceRemoved it:
                Remove(it.Device);
                break;
            default:
                ApplyToDevice(item);
                break;
        }
    }

    private void ApplyToDevice(Event item)
    {
        switch (item.Data)
        {
            case DeviceConnected it:
                Device(item, it.Device, old => old with { Connectivity = "online" });
                break;
            case DeviceDisconnected it:
                Device(item, it.Device, old => old with { Connectivity = "offline" });
                break;
            case DeviceEnabled it:
                Device(item, it.Device, old => old with { Enabled = true });
                break;
            case DeviceDisabled it:
                Device(item, it.Device, old => old with { Enabled = false });
                break;
            case DeviceStateChanged it:
                Device(
                    item,
                    it.Device,
                    old => old with { State = it.To, StateReason = it.Reason, Since = item.Time }
                );
                break;
            case DeviceHealthChanged it:
                Device(
                    item,
                    it.Device,
                    old =>
                        old with
                        {
                            Health = it.To,
                            HealthDetail = it.Detail,
                            HealthReason = it.Reason,
                        }
                );
                break;
            default:
                ApplyToEntity(item);
                break;
        }
    }

    private void ApplyToEntity(Event item)
    {
        switch (item.Data)
        {
            case StateChanged it:
                Entity(
                    item,
                    it.Entity,
                    old =>
                        old with
                        {
                            State = it.To.Value,
                            Attributes = Json(it.To.Attributes),
                            Available = it.To.Available,
                            LastChanged =
                                it.From.Shown == it.To.Shown ? old.LastChanged : item.Time,
                        }
                );
                break;
            case CommandRequested { Desired: { } desired } it when Has(it.Entity):
                _askedBy[it.Entity.Value] = item.Sequence;
                var asked =
                    $$"""{"state":"{{desired.Value}}","attributes":{{Json(desired.Attributes)}}}""";
                Entity(item, it.Entity, old => old with { Desired = asked });
                break;
            case CommandProgress it and not CommandSent:
                if (_askedBy.TryGetValue(it.Entity.Value, out var by) && by == it.Command)
                {
                    _askedBy.Remove(it.Entity.Value);
                    Entity(item, it.Entity, old => old with { Desired = null });
                }

                break;
            case AutomationEvent it:
                Apply(item, it);
                break;
            case MessageEvent { Retain: true } it:
                _retained.Remove(it.Topic);
                if (!it.Payload.IsEmpty)
                {
                    _retained[it.Topic] = new RetainedRecord(
                        it.Topic,
                        it.Payload,
                        it.Qos,
                        Properties: null,
                        (it as MessageReceived)?.Client ?? "",
                        item.Time,
                        item.Sequence
                    );
                }

                break;
            default:
                break;
        }
    }

    private void Apply(Event item, AutomationEvent automation)
    {
        var id = automation.Automation;
        var old = _automations.GetValueOrDefault(id);
        if (automation is AutomationRemoved)
        {
            _automations.Remove(id);
            return;
        }

        var changed = automation switch
        {
            AutomationCreated it => old is null
                ? new AutomationRecord(id, it.Definition, true, null, item.Sequence)
                : old with
                {
                    Definition = it.Definition,
                },
            AutomationUpdated it => old is null
                ? new AutomationRecord(id, it.Definition, true, null, item.Sequence)
                : old with
                {
                    Definition = it.Definition,
                },
            AutomationEnabled => old is null ? null : old with { Enabled = true },
            AutomationDisabled => old is null ? null : old with { Enabled = false },
            AutomationHealthChanged it => old is null
                ? null
                : old with
                {
                    Health = it.To,
                    HealthDetail = it.Detail,
                    HealthReason = it.Reason,
                },
            AutomationTriggered => old is null ? null : old with { LastTriggered = item.Time },
            _ => null,
        };
        if (changed is not null)
        {
            _automations[id] = changed with { Changed = item.Sequence };
        }
    }

    private void Announce(Event item, DeviceId device, IReadOnlyList<EntityRegistration> entities)
    {
        foreach (var (id, config) in entities)
        {
            var old = _entities.GetValueOrDefault(id.Value);
            _entities[id.Value] = new EntityRecord(
                id,
                device,
                config.Component,
                config.DiscoveryId,
                config.Options,
                old?.State ?? "unknown",
                old?.Attributes ?? "{}",
                old?.Available ?? true,
                old?.LastChanged ?? item.Time,
                item.Sequence,
                old?.Desired
            );
        }
    }

    private bool Has(EntityId entity) => _entities.ContainsKey(entity.Value);

    private void Entity(Event item, EntityId entity, Func<EntityRecord, EntityRecord> change)
    {
        if (_entities.TryGetValue(entity.Value, out var old))
        {
            _entities[entity.Value] = change(old) with { Changed = item.Sequence };
        }
    }

    private void Device(Event item, DeviceId device, Func<DeviceRecord, DeviceRecord> change)
    {
        if (_devices.TryGetValue(device.Value, out var old))
        {
            _devices[device.Value] = change(old) with { Changed = item.Sequence };
        }
    }

    private void Remove(DeviceId device)
    {
        _devices.Remove(device.Value);
        foreach (var entity in _entities.Values.Where(item => item.Device == device).ToList())
        {
            Forget(entity.Id);
        }
    }

    private void Forget(EntityId entity)
    {
        _entities.Remove(entity.Value);
        _askedBy.Remove(entity.Value);
    }

    private static string Json(DeviceDescription description) => Json(description.Write);

    private static string Json(Attributes attributes) => Json(attributes.Write);

    private static string Json(Action<JsonWriter> write)
    {
        var json = new JsonWriter();
        write(json);
        return System.Text.Encoding.UTF8.GetString(json.Written);
    }
}
