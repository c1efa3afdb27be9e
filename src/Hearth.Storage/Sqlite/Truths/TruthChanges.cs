using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Storage.Sqlite.Truths;

/// <summary>
/// What the rows of one commit change of the current truths of a home. What changes all the time
/// (states, retained messages) is gathered, so that a commit writes each of them once, as it was
/// last; what changes how things are laid out (devices and entities that come and go) is rare and
/// written in its turn, after what was gathered before it.
/// </summary>
internal sealed class TruthChanges(TruthTables tables)
{
    private readonly Dictionary<EntityId, EntityChange> _entities = [];
    private readonly Dictionary<DeviceId, DeviceChange> _devices = [];
    private readonly Dictionary<string, (Sequence Run, DateTimeOffset At)> _triggered = [];
    private readonly Dictionary<string, (Sequence At, AutomationHealthChanged Health)> _health = [];
    private readonly Dictionary<string, (Event Event, MessageEvent Message)> _retained = [];
    private readonly List<Event> _published = [];

    public void Apply(long number, HomeId home, IReadOnlyList<Event> events)
    {
        foreach (var item in events)
        {
            Apply(number, home, item);
        }
    }

    public void Write(long number)
    {
        foreach (var (entity, change) in _entities)
        {
            change.Write(tables, number, entity);
        }

        foreach (var (device, change) in _devices)
        {
            tables.Change(number, device, change);
        }

        foreach (var (automation, (run, at)) in _triggered)
        {
            tables.Triggered(number, automation, run, at);
        }

        foreach (var (at, health) in _health.Values)
        {
            tables.Change(number, health, at);
        }

        foreach (var (topic, (item, message)) in _retained)
        {
            tables.Retain(number, topic, item, message);
        }

        if (_published.Count > 0)
        {
            tables.Published(number, _published);
        }

        Clear();
    }

    public void Clear()
    {
        _entities.Clear();
        _devices.Clear();
        _triggered.Clear();
        _health.Clear();
        _retained.Clear();
        _published.Clear();
    }

    private void Apply(long number, HomeId home, Event item)
    {
        switch (item.Data)
        {
            case StateChanged changed:
                Of(changed.Entity).Report(item, changed);
                break;
            case MessageEvent { Retain: true } message:
                _retained[message.Topic] = (item, message);
                break;
            case CommandRequested { Desired: { } desired } requested:
                Of(requested.Entity).Ask(item.Sequence, desired);
                break;
            case CommandAcknowledged or CommandFailed or CommandExpired:
                var ended = (CommandProgress)item.Data;
                Of(ended.Entity).End(ended.Command, item.Sequence);
                break;
            case AutomationTriggered { StoppedBy: null } triggered:
                _triggered[triggered.Automation] = (item.Sequence, item.Time);
                break;
            case AutomationHealthChanged health:
                _health[health.Automation] = (item.Sequence, health);
                break;
            case AutomationTriggered or AutomationRunEvent or AutomationTriggerChanged:
                // How a run went is history. It must not write what is gathered, either.
                break;
            // What the home says of itself has its sequence as id and cannot come twice.
            case ProgramEvent when item.Source != home.Source:
                _published.Add(item);
                break;
            case AutomationEvent automation:
                ApplyTo(number, item, automation);
                break;
            case SubscriptionEvent subscription:
                // Rare, and nothing that is gathered touches them.
                tables.Apply(number, item, subscription);
                break;
            case AnnouncementRefused refused:
                tables.Refuse(number, item, refused);
                break;
            case AnnouncementMended mended:
                tables.Mend(number, mended);
                break;
            default:
                ApplyToDevice(number, item);
                break;
        }
    }

    private void ApplyToDevice(long number, Event item)
    {
        switch (item.Data)
        {
            case DeviceStateChanged changed:
                Of(changed.Device, item).State = (changed.To, changed.Reason, item.Time);
                break;
            case DeviceHealthChanged changed:
                Of(changed.Device, item).Health = (changed.To, changed.Detail, changed.Reason);
                break;
            case DeviceConnected connected:
                Of(connected.Device, item).Connectivity = "online";
                break;
            case DeviceDisconnected disconnected:
                Of(disconnected.Device, item).Connectivity = "offline";
                break;
            case DeviceEnabled enabled:
                Of(enabled.Device, item).Enabled = true;
                break;
            case DeviceDisabled disabled:
                Of(disabled.Device, item).Enabled = false;
                break;
            case DeviceRegistered registered:
                Write(number);
                tables.Register(number, item, registered);
                break;
            case DeviceUpdated updated:
                Write(number);
                tables.Update(number, item, updated);
                break;
            case DeviceArranged arranged:
                Write(number);
                tables.Arrange(number, item, arranged);
                break;
            case AreaSaved area:
                // Rare, and nothing that is gathered touches it.
                tables.Save(number, area);
                break;
            case DeviceRemoved removed:
                Write(number);
                tables.Remove(number, removed.Device);
                break;
            default:
                // Everything else is history only: it changes nothing that is true now.
                break;
        }
    }

    private void ApplyTo(long number, Event item, AutomationEvent automation)
    {
        Write(number);
        switch (automation)
        {
            case AutomationCreated created:
                tables.Define(
                    number,
                    created.Automation,
                    created.Definition,
                    created.IsEnabled,
                    created.Source,
                    item.Sequence
                );
                break;
            case AutomationUpdated updated:
                tables.Define(
                    number,
                    updated.Automation,
                    updated.Definition,
                    enabled: true,
                    updated.Source,
                    item.Sequence
                );
                break;
            case AutomationRemoved removed:
                tables.RemoveAutomation(number, removed.Automation);
                break;
            case AutomationEnabled enabled:
                tables.Enable(number, enabled.Automation, enabled: true, item.Sequence);
                break;
            case AutomationDisabled disabled:
                tables.Enable(number, disabled.Automation, enabled: false, item.Sequence);
                break;
        }
    }

    private EntityChange Of(EntityId entity)
    {
        if (!_entities.TryGetValue(entity, out var change))
        {
            _entities[entity] = change = new EntityChange();
        }

        return change;
    }

    private DeviceChange Of(DeviceId device, Event item)
    {
        if (!_devices.TryGetValue(device, out var change))
        {
            _devices[device] = change = new DeviceChange();
        }

        change.Changed = item.Sequence;
        return change;
    }
}

/// <summary>What a commit changes of a device; null where it leaves things as they are.</summary>
internal sealed class DeviceChange
{
    public (string State, string Reason, DateTimeOffset Since)? State { get; set; }

    public string? Connectivity { get; set; }

    public (string Health, string Detail, string Reason)? Health { get; set; }

    public bool? Enabled { get; set; }

    public Sequence Changed { get; set; }
}

/// <summary>What a commit changes of an entity: what it reports, and what is asked of it.</summary>
internal sealed class EntityChange
{
    private readonly List<(Sequence Command, Sequence At)> _ended = [];
    private (Event Event, EntityState State)? _reported;
    private DateTimeOffset? _lastChanged;
    private (Sequence Command, EntityState Desired)? _asked;

    public void Report(Event item, StateChanged changed)
    {
        _reported = (item, changed.To);
        if (changed.From.Shown != changed.To.Shown)
        {
            _lastChanged = item.Time;
        }
    }

    public void Ask(Sequence command, EntityState desired) => _asked = (command, desired);

    /// <summary>A command has ended; what a later one asks for stays.</summary>
    public void End(Sequence command, Sequence at)
    {
        // One that was not asked yet cannot end; written after the asking, it would undo it.
        if (command < at)
        {
            _ended.Add((command, at));
        }
    }

    public void Write(TruthTables tables, long home, EntityId entity)
    {
        if (_reported is { } reported)
        {
            tables.Report(home, entity, reported.State, _lastChanged, reported.Event.Sequence);
        }

        if (_asked is { } asked)
        {
            tables.Ask(home, entity, asked.Desired, asked.Command);
        }

        // A command ends after it was asked, so ends come last; each concerns its own command.
        foreach (var (command, at) in _ended)
        {
            tables.End(home, entity, command, at);
        }
    }
}
