using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// Which triggers are true right now, and since when. Follows the changes of state that it is
/// shown; only events change it.
/// </summary>
internal sealed class HoldBook(
    Watches watches,
    DeviceBook devices,
    HomeView view,
    Deadlines deadlines,
    HealthBook health
)
{
    // After a restart a device gets this long to report before the last known state decides.
    private static readonly TimeSpan ReportWithin = TimeSpan.FromSeconds(60);

    private readonly Dictionary<HoldKey, Hold> _holds = [];
    private readonly Dictionary<string, HoldKey> _byText = [];

    public IEnumerable<Hold> All => _holds.Values;

    /// <summary>Told of every hold that ends, before it is gone.</summary>
    public Action<Hold>? Ending { private get; set; }

    /// <summary>The holds on an entity of the automations' own triggers.</summary>
    public IEnumerable<Hold> On(EntityId entity)
    {
        foreach (var watcher in watches.On(entity))
        {
            if (!watcher.IsWait && Find(watcher, entity) is { } hold && hold.Key.Entity == entity)
            {
                yield return hold;
            }
        }
    }

    /// <summary>The hold of a trigger on an entity, or, for a template, on anything.</summary>
    public Hold? Find(Watcher watcher, EntityId entity) =>
        _holds.GetValueOrDefault(KeyOf(watcher, entity));

    public Hold? Find(string keyText) =>
        _byText.TryGetValue(keyText, out var key) ? _holds[key] : null;

    public void Apply(StateChanged change, Event item)
    {
        if (watches.On(change.Entity) is { Count: > 0 } watchers)
        {
            foreach (var watcher in watchers.ToArray())
            {
                Follow(watcher, change, item);
            }
        }

        if (watches.Anything.Count == 0)
        {
            return;
        }

        foreach (var watcher in watches.Anything.ToArray())
        {
            if (watcher.Glance?.Entities.Contains(change.Entity) != true)
            {
                Rerender(watcher, item, change.Entity);
            }
        }
    }

    public void Apply(EventData data, Event item)
    {
        switch (data)
        {
            case AutomationTriggered triggered:
                Elapse(triggered, item.Time);
                break;
            case AutomationTriggerChanged changed:
                var watch = new Watch(changed.Automation, changed.Index, changed.Wait);
                if (watches.Find(watch) is { } watcher)
                {
                    Rerender(watcher, item, by: null);
                }

                break;
            case DeviceStateChanged change:
                ElapseUnarmed(change.Device, item.Time);
                break;
            case DeviceUpdated or DeviceRemoved:
                RemoveAll(hold =>
                    hold.Key.Entity.Value is not null
                    && !devices.Entities.ContainsKey(hold.Key.Entity)
                );
                break;
        }
    }

    /// <summary>A trigger is on the lookout from now on: what is true already sets nothing off.
    /// </summary>
    public void Begin(Watcher watcher, Event item)
    {
        if (watcher.Trigger is TemplateTrigger)
        {
            if (Render(watcher, item.Time))
            {
                Begin(new HoldKey(watcher.Watch, default), watcher.Trigger, item, false, "");
            }

            return;
        }

        foreach (var id in watcher.Trigger.Entities)
        {
            var sight = new Sight(view, item.Time, watcher.Variables);
            if (
                view.StateOf(id, item.Time) is { } state
                && IsTrue(watcher.Trigger, id, state, sight)
            )
            {
                var key = new HoldKey(watcher.Watch, id);
                Begin(key, watcher.Trigger, item, armed: false, state.Shown);
            }
        }
    }

    /// <summary>Forgets what triggers held that are not on the lookout any more.</summary>
    public void End(IReadOnlyCollection<Watch> ended)
    {
        if (ended.Count > 0)
        {
            RemoveAll(hold => ended.Contains(hold.Key.Watch));
        }
    }

    /// <summary>What ran out while the home was down waits for a report.</summary>
    public void Resume(DateTimeOffset now)
    {
        foreach (var hold in _holds.Values.ToArray())
        {
            if (!hold.Elapsed && hold.Due <= now)
            {
                Put(hold with { AwaitsReport = true, Due = now + ReportWithin });
            }
        }
    }

    /// <summary>The time of a hold is up, and nothing comes of it.</summary>
    public void Elapse(Hold hold) => Put(hold with { Elapsed = true, AwaitsReport = false });

    public void Rebase(TimeSpan by)
    {
        foreach (var hold in _holds.Values.ToArray())
        {
            var due = hold.Due == DateTimeOffset.MaxValue ? hold.Due : hold.Due + by;
            Put(hold with { Since = hold.Since + by, Due = due });
        }
    }

    /// <summary>Takes the holds of a snapshot, and has every template look again at what it
    /// depends on.</summary>
    public void Restore(IEnumerable<Hold> holds, DateTimeOffset now)
    {
        foreach (var hold in holds)
        {
            Put(hold);
        }

        foreach (
            var watcher in watches.All.Where(item => item.Trigger is TemplateTrigger).ToArray()
        )
        {
            Render(watcher, now);
        }
    }

    /// <summary>Whether a template is true now; says what it looked at.</summary>
    public bool Render(Watcher watcher, DateTimeOffset now)
    {
        var value = ((TemplateTrigger)watcher.Trigger).Value;
        var glance = new Glance();
        var holds = view.Watched(
            glance,
            () =>
            {
                try
                {
                    var rendered = value.Render(view.Context(now, watcher.Variables));
                    health.Rendered(watcher.Watch, null);
                    return rendered.Holds;
                }
                catch (TemplateException failure)
                {
                    // As in Home Assistant: what cannot be said is not so.
                    health.Rendered(watcher.Watch, failure.Message);
                    return false;
                }
            }
        );
        watches.Sees(watcher, glance, TimeWords.AreIn(value));
        return holds;
    }

    private void Follow(Watcher watcher, StateChanged change, Event item)
    {
        switch (watcher.Trigger)
        {
            case NumericStateTrigger numeric when numeric.Watched.Contains(change.Entity):
                Follow(watcher, numeric, change, item);
                break;
            case StateTrigger { For: not null } state when state.IsChange(change):
                var key = new HoldKey(watcher.Watch, change.Entity);
                Remove(key);
                if (state.Matches(change))
                {
                    Begin(key, state, item, armed: true, state.ValueOf(change.From));
                }

                break;
            case TemplateTrigger:
                Rerender(watcher, item, change.Entity);
                break;
        }
    }

    private void Follow(
        Watcher watcher,
        NumericStateTrigger trigger,
        StateChanged change,
        Event item
    )
    {
        var key = new HoldKey(watcher.Watch, change.Entity);
        var held = _holds.ContainsKey(key);
        var (test, slack) = (trigger.Test, trigger.Hysteresis);
        var sight = new Sight(view, item.Time, watcher.Variables);
        var to = test.NumberOf(change.Entity, change.To, sight, out var fault);
        health.Rendered(watcher.Watch, fault);
        if (!test.Holds(to, sight, held ? slack : 0))
        {
            Remove(key);
        }
        else if (!held)
        {
            // Coming back from unavailable or unknown is never by itself a crossing.
            var from = test.NumberOf(change.Entity, change.From, sight, out _);
            var crossed = from is not null && !test.Holds(from, sight, 0);
            Begin(key, trigger, item, crossed, change.From.Shown);
        }
    }

    private void Rerender(Watcher watcher, Event item, EntityId? by)
    {
        var key = new HoldKey(watcher.Watch, default);
        var held = _holds.ContainsKey(key);
        var holds = Render(watcher, item.Time);
        if (held && !holds)
        {
            Remove(key);
        }
        else if (holds && !held)
        {
            Begin(key, watcher.Trigger, item, armed: true, "", by);
        }
    }

    private static bool IsTrue(Trigger trigger, EntityId id, EntityState state, Sight sight) =>
        trigger switch
        {
            NumericStateTrigger { Test: var test } => test.Holds(
                test.NumberOf(id, state, sight, out _),
                sight,
                0
            ),
            StateTrigger { To: not null, For: not null } wanted => wanted.IsAt(
                wanted.ValueOf(state)
            ),
            _ => false,
        };

    private void Begin(
        HoldKey key,
        Trigger trigger,
        Event item,
        bool armed,
        string from,
        EntityId? by = null
    ) =>
        Put(
            new Hold(
                key,
                item.Time,
                DueOf(trigger, item.Time),
                armed,
                Elapsed: false,
                AwaitsReport: false,
                from,
                Cause.Of(item)
            )
            {
                By = by,
                Who = item.Principal,
            }
        );

    private DateTimeOffset DueOf(Trigger trigger, DateTimeOffset now)
    {
        if (trigger.For is not { } lasts)
        {
            return now;
        }

        try
        {
            return now + lasts.Render(view.Context(now));
        }
        catch (TemplateException)
        {
            // How long is not known: then it is never long enough.
            return DateTimeOffset.MaxValue;
        }
    }

    private void Elapse(AutomationTriggered triggered, DateTimeOffset now)
    {
        if (
            WatcherOf(triggered) is { } watcher
            && Find(watcher, triggered.Entity ?? default) is { Elapsed: false } hold
            && (hold.Due <= now || hold.AwaitsReport)
        )
        {
            Elapse(hold);
        }
    }

    // Logs of the first versions name the trigger by its id alone.
    private Watcher? WatcherOf(AutomationTriggered triggered) =>
        triggered.Index >= 0 ? watches.Find(new Watch(triggered.Automation, triggered.Index))
        : triggered.Entity is not { } entity ? null
        : watches
            .On(entity)
            .FirstOrDefault(watcher =>
                !watcher.IsWait
                && watcher.Watch.Automation == triggered.Automation
                && watcher.Trigger.Id == triggered.Trigger
            );

    private void ElapseUnarmed(DeviceId device, DateTimeOffset now)
    {
        foreach (var entity in devices.Devices[device].Entities)
        {
            foreach (var hold in On(entity).ToArray())
            {
                if (!hold.Armed && !hold.Elapsed && hold.Due <= now)
                {
                    Elapse(hold);
                }
            }
        }
    }

    private static HoldKey KeyOf(Watcher watcher, EntityId entity) =>
        new(watcher.Watch, watcher.Trigger is TemplateTrigger ? default : entity);

    private void Put(Hold hold)
    {
        _holds[hold.Key] = hold;
        _byText[hold.Key.Text] = hold.Key;
        deadlines.Set(DeadlineKind.Hold, hold.Key.Text, Matters(hold) ? hold.Due : null);
    }

    // One that sets nothing off matters when its time is up only where it makes a device triggered.
    private static bool Matters(Hold hold) =>
        !hold.Elapsed
        && hold.Due != DateTimeOffset.MaxValue
        && (hold.Armed || (hold.Key.Entity.Value is not null && hold.Key.Watch.Wait.Length == 0));

    private void Remove(HoldKey key)
    {
        if (_holds.Remove(key, out var ended))
        {
            Ending?.Invoke(ended);
            _byText.Remove(key.Text);
            deadlines.Set(DeadlineKind.Hold, key.Text, null);
        }
    }

    private void RemoveAll(Predicate<Hold> which)
    {
        foreach (var hold in _holds.Values.Where(hold => which(hold)).ToArray())
        {
            Remove(hold.Key);
        }
    }
}
