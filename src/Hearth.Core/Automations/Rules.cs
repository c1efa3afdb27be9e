using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>
/// Looks at every event that becomes a fact and does what automations say about it: sets them off,
/// lets their runs go on, keeps the devices' states true.
/// </summary>
/// <param name="deviceStates">Null in a rehearsal: there devices are as they were.</param>
internal sealed class Rules(HomeState state, Runner runner, DeviceStates? deviceStates)
{
    /// <summary>A chain through this many automations is a loop.</summary>
    public const int DepthMax = 16;

    // What is late by less has only waited for its turn.
    private static readonly TimeSpan LateLeast = TimeSpan.FromSeconds(1);

    public void React(Turn turn, Event item)
    {
        switch (item.Data)
        {
            case MessageEvent message:
                React(turn, message, item);
                return;
            case StateChanged change:
                FireOn(turn, change, item);
                break;
            case AutomationEvent automation:
                React(turn, automation, item);
                break;
        }

        deviceStates?.React(turn, item);
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

        if (hold.Key.Entity.Value is not null)
        {
            deviceStates?.Update(turn, hold.Key.Entity, hold.Cause, always: !hold.Armed);
        }
    }

    /// <summary>The clock has come to where it sets a trigger off.</summary>
    public void ClockIsDue(Turn turn, string key)
    {
        if (
            state.Clocks.Find(key) is { } met
            && state.Watches.Find(met.Watch) is { IsActive: true } watcher
        )
        {
            var late = turn.Recorded - met.At;
            Fire(
                turn,
                watcher,
                new Occurrence(watcher.Trigger, null)
                {
                    At = met.At,
                    Late = late < LateLeast ? TimeSpan.Zero : late,
                }
            );
        }
    }

    /// <summary>A minute has begun: what only time changes is looked at again.</summary>
    public void Tick(Turn turn)
    {
        if (state.IsSunWatched && state.View.StateOf(HomeView.Sun, turn.Time) is { } sun)
        {
            var before = state.Sun ?? EntityState.Initial;
            if (sun != before)
            {
                turn.Emit(new StateChanged(HomeView.Sun, before, sun), by: Principal.Hub);
            }
        }

        foreach (var watcher in state.Watches.Timed.ToArray())
        {
            if (!watcher.IsActive)
            {
                continue;
            }

            var held = state.Holds.Find(watcher, default) is not null;
            var holds = state.Holds.Render(watcher, turn.Time);
            if (holds != held)
            {
                var (automation, index, wait) = watcher.Watch;
                turn.Emit(
                    new AutomationTriggerChanged(automation, index, wait, holds),
                    by: Principal.Hub
                );
            }
        }
    }

    /// <summary>An entity reported, whether anything changed or not: what ran out while the home
    /// was down is decided now.</summary>
    public void Reported(Turn turn, EntityId entity, Cause cause)
    {
        if (state.Watches.On(entity).Count == 0)
        {
            return;
        }

        foreach (var watcher in state.Watches.On(entity).ToArray())
        {
            if (
                !watcher.IsActive
                || state.Holds.Find(watcher, entity) is not { AwaitsReport: true } hold
            )
            {
                continue;
            }

            if (hold.Armed)
            {
                Fire(turn, hold with { Cause = cause });
            }

            if (!watcher.IsWait && hold.Key.Entity == entity)
            {
                deviceStates?.Update(turn, entity, cause, always: !hold.Armed);
            }
        }
    }

    private void React(Turn turn, AutomationEvent data, Event item)
    {
        switch (data)
        {
            case AutomationTriggered { StoppedBy: null } triggered:
                runner.Begin(turn, triggered, item);
                break;
            case AutomationFinished or AutomationFailed:
                runner.Next(turn, data.Automation);
                break;
            case AutomationTriggerChanged { Holds: true } changed:
                var watch = new Watch(changed.Automation, changed.Index, changed.Wait);
                if (state.Watches.Find(watch) is { } watcher)
                {
                    FireWhatIsDue(turn, watcher, default);
                }

                break;
        }

        if (state.StateChangeOf(data) is { } change)
        {
            FireOn(turn, change, item);
        }
    }

    private void FireOn(Turn turn, StateChanged change, Event item)
    {
        if (item.Depth > DepthMax)
        {
            return;
        }

        foreach (var watcher in state.Watches.On(change.Entity).ToArray())
        {
            if (!watcher.IsActive)
            {
                continue;
            }

            if (watcher.Trigger is not StateTrigger { For: null } instant)
            {
                FireWhatIsDue(turn, watcher, change.Entity);
            }
            else if (instant.Matches(change))
            {
                Fire(turn, watcher, Of(instant, change, item));
            }
        }

        if (state.Watches.Anything.Count == 0)
        {
            return;
        }

        foreach (var watcher in state.Watches.Anything.ToArray())
        {
            FireWhatIsDue(turn, watcher, change.Entity);
        }
    }

    private void React(Turn turn, MessageEvent message, Event item)
    {
        var listeners = state.Watches.ListeningTo(message.Topic);
        if (item.Depth > DepthMax || listeners.Count == 0)
        {
            return;
        }

        foreach (var watcher in listeners.ToArray())
        {
            if (!watcher.IsActive)
            {
                continue;
            }

            var sight = new Sight(state.View, turn.Time, watcher.Variables);
            var isMet = ((MqttTrigger)watcher.Trigger).Matches(message, sight, out var fault);
            state.Health.Rendered(watcher.Watch, fault);
            if (isMet)
            {
                Fire(
                    turn,
                    watcher,
                    new Occurrence(watcher.Trigger, Cause.Of(item)) { Event = item }
                );
            }
        }
    }

    private void FireEventTriggers(Turn turn, Event item)
    {
        // Beyond this a loop has been reported; its report must not set it off again.
        var waiting = state.Watches.WaitingFor(item.Type);
        if (item.Depth > DepthMax || waiting.Count == 0)
        {
            return;
        }

        foreach (var watcher in waiting.ToArray())
        {
            if (watcher.IsActive && EventMatch.Matches(watcher.Trigger, item.Data))
            {
                Fire(
                    turn,
                    watcher,
                    new Occurrence(watcher.Trigger, Cause.Of(item)) { Event = item }
                );
            }
        }
    }

    private void FireWhatIsDue(Turn turn, Watcher watcher, EntityId entity)
    {
        if (
            watcher.IsActive
            && state.Holds.Find(watcher, entity)
                is { Armed: true, Elapsed: false, AwaitsReport: false } hold
            && hold.Due <= turn.Time
        )
        {
            Fire(turn, hold);
        }
    }

    private void Fire(Turn turn, Hold hold)
    {
        if (state.Watches.Find(hold.Key.Watch) is { } watcher)
        {
            Fire(turn, watcher, Of(watcher.Trigger, hold));
        }
    }

    private void Fire(Turn turn, Watcher watcher, Occurrence occurrence)
    {
        if (watcher.IsWait)
        {
            runner.IsMet(turn, watcher.Watch, occurrence);
        }
        else if (state.Automations.All.TryGetValue(watcher.Watch.Automation, out var automation))
        {
            runner.Trigger(turn, automation, occurrence, anyway: false);
        }
    }

    private Occurrence Of(StateTrigger trigger, StateChanged change, Event item) =>
        new(trigger, Cause.Of(item))
        {
            Entity = change.Entity,
            Event = item,
            // When the state before began is not kept; the change itself is close enough.
            From = () => HomeView.Of(change.Entity, change.From, item.Time, item.Time),
            To = () => state.View.Peek(change.Entity),
            Values = (trigger.ValueOf(change.From), trigger.ValueOf(change.To)),
        };

    private Occurrence Of(Trigger trigger, Hold hold)
    {
        var id = hold.Key.Entity.Value is null ? hold.By : hold.Key.Entity;
        var entity = id is { } known ? state.Devices.Entities.GetValueOrDefault(known) : null;
        var before = new EntityState(hold.From, Attributes.Empty, Available: true);
        var occurrence = new Occurrence(trigger, hold.Cause)
        {
            Entity = id,
            Hold = hold,
            From = () => id is { } at ? HomeView.Of(at, before, hold.Since, hold.Since) : null,
            To = () => id is { } at ? state.View.Peek(at) : null,
        };
        if (trigger is TemplateTrigger || entity is null)
        {
            return occurrence;
        }

        return occurrence with
        {
            Values = (hold.From, entity.State.Shown),
            Unit = entity.Config.Json.TryGetProperty("unit_of_measurement", out var unit)
                ? unit.GetRawText()
                : null,
        };
    }
}
