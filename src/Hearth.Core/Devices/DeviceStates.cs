using Hearth.Core.Automations;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// Derives a device's state, <c>off</c>, <c>active</c> or <c>triggered</c>, and whether it can be
/// reached, and says so when that has changed.
/// </summary>
internal sealed class DeviceStates(HomeState state, Actions actions)
{
    private static readonly string[] AlarmClasses =
    [
        "carbon_monoxide",
        "gas",
        "moisture",
        "problem",
        "safety",
        "smoke",
        "tamper",
    ];

    /// <summary>Looks at every event that becomes a fact.</summary>
    public void React(Turn turn, Event item)
    {
        var cause = Cause.Of(item);
        switch (item.Data)
        {
            case StateChanged change:
                React(turn, change, cause);
                break;
            case DeviceRegistered { Device: var id }:
                Update(turn, id, cause);
                break;
            case DeviceUpdated { Device: var id }:
                UpdateConnectivity(turn, id, cause);
                Update(turn, id, cause);
                break;
            case DeviceConnected { Device: var id }:
                Update(turn, id, cause);
                break;
            case DeviceDisconnected { Device: var id }:
                Update(turn, id, cause);
                break;
            case DeviceEnabled { Device: var id }:
                Update(turn, id, cause);
                break;
            case DeviceDisabled { Device: var id }:
                foreach (var entity in state.Devices.Devices[id].Entities)
                {
                    actions.Fail(turn, entity, "device_disabled", cause);
                }

                Update(turn, id, cause);
                break;
            case AutomationCreated
            or AutomationUpdated
            or AutomationRemoved
            or AutomationEnabled
            or AutomationDisabled:
                UpdateAll(turn, cause);
                break;
        }
    }

    /// <summary>Brings a device's connectivity up to date with the availability of what it
    /// announced.</summary>
    public void UpdateConnectivity(Turn turn, DeviceId id, Cause cause)
    {
        if (!state.Devices.Devices.TryGetValue(id, out var device))
        {
            return;
        }

        var told = state
            .Devices.EntitiesOf(device)
            .Where(entity => entity.Availability.Any(flag => flag is not null))
            .Select(entity => entity.State.Available)
            .Concat(device.Others.Select(other => other.Available).OfType<bool>())
            .ToArray();
        if (told.Length == 0)
        {
            return;
        }

        var online = told.Contains(true);
        if (online && device.Connectivity != Connectivity.Online)
        {
            turn.Emit(new DeviceConnected(id), cause);
        }
        else if (!online && device.Connectivity != Connectivity.Offline)
        {
            turn.Emit(new DeviceDisconnected(id), cause);
        }
    }

    /// <summary>Brings the state of an entity's device up to date.</summary>
    /// <param name="always">As with a device.</param>
    public void Update(Turn turn, EntityId entity, Cause cause, bool always)
    {
        if (state.Devices.Entities.TryGetValue(entity, out var found))
        {
            Update(turn, found.Device, cause, always);
        }
    }

    /// <summary>True where a change of this entity can change its device's state: most readings
    /// cannot, and cost nothing here.</summary>
    private bool Concerns(Entity entity) =>
        state.Devices.Main(entity.Device)?.Id == entity.Id
        || state.Watches.On(entity.Id).Count > 0
        || IsAlarmClass(entity);

    /// <summary>Brings a device's state up to date.</summary>
    /// <param name="always">True when a trigger's time is up and the log must say so, even where
    /// the device was triggered by another one already.</param>
    public void Update(Turn turn, DeviceId id, Cause cause, bool always = false)
    {
        if (!state.Devices.Devices.TryGetValue(id, out var device))
        {
            return;
        }

        var (to, reason) = Derive(device, turn.Time);
        if (
            always
            || to != device.State
            || (to == DeviceState.Triggered && reason != device.Reason)
        )
        {
            turn.Emit(new DeviceStateChanged(id, device.State, to, reason), cause);
        }
    }

    private void React(Turn turn, StateChanged change, Cause cause)
    {
        if (!state.Devices.Entities.TryGetValue(change.Entity, out var entity))
        {
            return;
        }

        if (change.From.Available != change.To.Available)
        {
            UpdateConnectivity(turn, entity.Device, cause);
        }

        if (Concerns(entity))
        {
            Update(turn, entity.Device, cause);
        }
    }

    // Automations change rarely; which devices their triggers held is then asked of all.
    private void UpdateAll(Turn turn, Cause cause)
    {
        var ids = state.Devices.Devices.Keys.OrderBy(id => id.Value, StringComparer.Ordinal);
        foreach (var id in ids.ToArray())
        {
            Update(turn, id, cause);
        }
    }

    private (string State, string Reason) Derive(Device device, DateTimeOffset now)
    {
        List<string>? reasons = null;
        foreach (var entity in state.Devices.EntitiesOf(device))
        {
            if (IsAlarm(entity))
            {
                (reasons ??= []).Add($"{entity.Id} reports an alarm");
            }

            foreach (var hold in state.Holds.On(entity.Id))
            {
                if (hold.Elapsed || (!hold.Armed && hold.Due <= now))
                {
                    (reasons ??= []).Add(Sentence(hold));
                }
            }
        }

        if (reasons is not null)
        {
            return (DeviceState.Triggered, string.Join("; ", reasons));
        }

        if (!device.Enabled)
        {
            return (DeviceState.Off, "disabled");
        }

        if (device.Connectivity == Connectivity.Offline)
        {
            return (DeviceState.Off, "offline");
        }

        var main = state.Devices.Main(device.Id);
        return main?.State is { Available: true, Value: "off" }
            ? (DeviceState.Off, $"{main.Id} is off")
            : (
                DeviceState.Active,
                main is null ? "registered" : $"{main.Id} is {main.State.Shown}"
            );
    }

    private static bool IsAlarm(Entity entity) =>
        entity.State is { Available: true, Value: "on" } && IsAlarmClass(entity);

    private static bool IsAlarmClass(Entity entity) =>
        entity.Config is { Component: "binary_sensor", DeviceClass: { } deviceClass }
        && AlarmClasses.Contains(deviceClass);

    private string Sentence(Hold hold)
    {
        var trigger = state.Watches.Find(hold.Key.Watch)!.Trigger;
        var what = trigger switch
        {
            NumericStateTrigger { Test.Above.Number: { } above } => $"above {above}",
            NumericStateTrigger { Test.Below.Number: { } below } => $"below {below}",
            _ => "held",
        };
        var lasting = trigger.For?.Fixed is { } time ? $" for {time.TotalSeconds} s" : "";
        return $"{hold.Key.Entity} {what}{lasting} ({hold.Key.Watch.Automation})";
    }
}
