using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// Looks at every event that becomes a fact and does what automations say about it: sets them off,
/// runs their actions, keeps the devices' states true.
/// </summary>
internal sealed class Rules(HomeState state, Actions actions, DeviceStates deviceStates)
{
    /// <summary>A chain through this many automations is a loop.</summary>
    public const int DepthMax = 16;

    public void React(Turn turn, Event item)
    {
        switch (item.Data)
        {
            case MessageEvent:
                return;
            case StateChanged change:
                React(turn, change, item);
                break;
            case AutomationTriggered triggered:
                Run(turn, triggered, item);
                break;
            case DeviceRegistered { Device: var id }:
                deviceStates.Update(turn, id, Cause.Of(item));
                break;
            case DeviceUpdated { Device: var id }:
                deviceStates.UpdateConnectivity(turn, id, Cause.Of(item));
                deviceStates.Update(turn, id, Cause.Of(item));
                break;
            case DeviceConnected { Device: var id }:
                deviceStates.Update(turn, id, Cause.Of(item));
                break;
            case DeviceDisconnected { Device: var id }:
                deviceStates.Update(turn, id, Cause.Of(item));
                break;
            case DeviceEnabled { Device: var id }:
                deviceStates.Update(turn, id, Cause.Of(item));
                break;
            case DeviceDisabled { Device: var id }:
                FailCommands(turn, id, item);
                deviceStates.Update(turn, id, Cause.Of(item));
                break;
        }

        if (item.Data is AutomationEvent and not (AutomationTriggered or AutomationFinished))
        {
            UpdateAllDevices(turn, Cause.Of(item));
        }

        FireEventTriggers(turn, item);
    }

    /// <summary>A trigger has held for its time, or the minute after a restart is over.</summary>
    public void HoldIsDue(Turn turn, string key)
    {
        if (state.Holds.Find(key) is not { } hold)
        {
            return;
        }

        if (hold.Armed)
        {
            Fire(turn, hold);
        }

        UpdateDevice(turn, hold.Key.Entity, hold.Cause, always: !hold.Armed);
    }

    /// <summary>An entity reported, whether anything changed or not: what ran out while the home
    /// was down is decided now.</summary>
    public void Reported(Turn turn, EntityId entity, Cause cause)
    {
        foreach (var hold in state.Holds.On(entity).ToArray())
        {
            if (!hold.AwaitsReport)
            {
                continue;
            }

            if (hold.Armed)
            {
                Fire(turn, hold with { Cause = cause });
            }

            UpdateDevice(turn, entity, cause, always: !hold.Armed);
        }
    }

    private void React(Turn turn, StateChanged change, Event item)
    {
        var cause = Cause.Of(item);
        if (!state.Devices.Entities.TryGetValue(change.Entity, out var entity))
        {
            return;
        }

        foreach (var watch in state.Automations.Watching(change.Entity).ToArray())
        {
            var trigger = state.Automations.TriggerOf(watch);
            if (
                trigger is StateTrigger { For: null } instant
                && instant.Matches(change)
                && item.Depth <= DepthMax
            )
            {
                Trigger(turn, watch, instant, change.Entity, Facts.Of(instant, change), cause);
            }
        }

        foreach (var hold in state.Holds.On(change.Entity).ToArray())
        {
            if (
                hold is { Armed: true, Elapsed: false, AwaitsReport: false }
                && hold.Due <= turn.Time
            )
            {
                Fire(turn, hold);
            }
        }

        if (change.From.Available != change.To.Available)
        {
            deviceStates.UpdateConnectivity(turn, entity.Device, cause);
        }

        if (deviceStates.Concerns(entity))
        {
            deviceStates.Update(turn, entity.Device, cause);
        }
    }

    private void Fire(Turn turn, Hold hold)
    {
        var watch = hold.Key.Watch;
        var trigger = state.Automations.TriggerOf(watch);
        var entity = state.Devices.Entities[hold.Key.Entity];
        Trigger(turn, watch, trigger, entity.Id, Facts.Of(trigger, hold, entity), hold.Cause);
    }

    private static void Trigger(
        Turn turn,
        Watch watch,
        Trigger trigger,
        EntityId? entity,
        string facts,
        Cause cause
    ) =>
        turn.Emit(
            new AutomationTriggered(watch.Automation, trigger.Id, entity, facts),
            cause,
            Principal.Automation(watch.Automation),
            deeper: 1
        );

    private void FireEventTriggers(Turn turn, Event item)
    {
        // Beyond this a loop has been reported; its report must not set it off again.
        if (item.Depth > DepthMax)
        {
            return;
        }

        foreach (var watch in state.Automations.WaitingFor(item.Type).ToArray())
        {
            if (
                state.Automations.TriggerOf(watch) is EventTrigger trigger
                && trigger.Matches(item.Data)
            )
            {
                Trigger(turn, watch, trigger, null, Facts.Of(trigger, item), Cause.Of(item));
            }
        }
    }

    private void Run(Turn turn, AutomationTriggered triggered, Event run)
    {
        if (!state.Automations.All.TryGetValue(triggered.Automation, out var automation))
        {
            return;
        }

        var cause = Cause.Of(run);
        var by = Principal.Automation(automation.Id);
        if (run.Depth > DepthMax)
        {
            var loop =
                $"The chain that led here went through {DepthMax} automations: they set each "
                + "other off. Change one of them.";
            turn.Emit(
                new AutomationFailed(automation.Id, run.Sequence, "trigger", loop),
                cause,
                by
            );
            return;
        }

        foreach (var step in automation.Rules.Actions.Steps.OfType<CallStep>())
        {
            var context = TemplateContext.Empty;
            var refusal = actions.Call(
                turn,
                step.Action.RenderText(context),
                [
                    .. step
                        .Target.Entities!.Render(context)
                        .AsItems.Select(item => new EntityId(item.AsText)),
                ],
                [
                    .. step
                        .Target.Devices!.Render(context)
                        .AsItems.Select(item => new DeviceId(item.AsText)),
                ],
                PythonJson.Write(
                    step.Data?.Render(context) ?? TemplateValue.From(new TemplateDict()),
                    PythonJson.Layout.Compact
                ),
                cause,
                by
            );
            if (refusal is not null)
            {
                turn.Emit(
                    new AutomationFailed(automation.Id, run.Sequence, step.Path, refusal.Detail),
                    cause,
                    by
                );
                return;
            }
        }

        turn.Emit(new AutomationFinished(automation.Id, run.Sequence), cause, by);
    }

    private void UpdateDevice(Turn turn, EntityId entity, Cause cause, bool always = false)
    {
        if (state.Devices.Entities.TryGetValue(entity, out var found))
        {
            deviceStates.Update(turn, found.Device, cause, always);
        }
    }

    // Automations change rarely; which devices their triggers held is then asked of all.
    private void UpdateAllDevices(Turn turn, Cause cause)
    {
        var ids = state.Devices.Devices.Keys.OrderBy(id => id.Value, StringComparer.Ordinal);
        foreach (var id in ids.ToArray())
        {
            deviceStates.Update(turn, id, cause);
        }
    }

    private void FailCommands(Turn turn, DeviceId id, Event item)
    {
        foreach (var entity in state.Devices.Devices[id].Entities)
        {
            actions.Fail(turn, entity, "device_disabled", Cause.Of(item));
        }
    }
}
