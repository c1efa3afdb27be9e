using System.Globalization;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

internal readonly record struct HoldKey(Watch Watch, EntityId Entity)
{
    public string Text => $"{Watch.Automation}|{Watch.Trigger}|{Entity.Value}";
}

/// <summary>
/// A trigger that is true for an entity now: a timer of the home, as state.
/// </summary>
/// <param name="Since">Since when it is true.</param>
/// <param name="Due">When it has held for its time.</param>
/// <param name="Armed">True when it began with a crossing and will set its automation off; false
/// when it was true already, as after the entity came back, or the automation was saved.</param>
/// <param name="Elapsed">True when it has held for its time and that was acted upon.</param>
/// <param name="AwaitsReport">True when its time ran out while the home was down: the first report
/// decides, or the minute at <paramref name="Due"/>.</param>
/// <param name="From">The value before the crossing.</param>
/// <param name="Cause">The change of state that began it.</param>
internal sealed record Hold(
    HoldKey Key,
    DateTimeOffset Since,
    DateTimeOffset Due,
    bool Armed,
    bool Elapsed,
    bool AwaitsReport,
    string From,
    Cause Cause
)
{
    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("automation")
            .String(Key.Watch.Automation)
            .Name("trigger")
            .Number(Key.Watch.Trigger)
            .Name("entity")
            .String(Key.Entity.Value)
            .Name("since")
            .String(Timestamp.ToText(Since))
            .Name("due")
            .String(Timestamp.ToText(Due))
            .Name("armed")
            .Boolean(Armed)
            .Name("elapsed")
            .Boolean(Elapsed)
            .Name("awaits_report")
            .Boolean(AwaitsReport)
            .Name("from")
            .String(From);
        Cause.Write(json, "cause");
        json.EndObject();
    }

    public static Hold Read(JsonElement json) =>
        new(
            new HoldKey(
                new Watch(
                    JsonRead.Required(json, "automation"),
                    (int)JsonRead.Number(json, "trigger")
                ),
                new EntityId(JsonRead.Required(json, "entity"))
            ),
            JsonRead.Time(json, "since"),
            JsonRead.Time(json, "due"),
            JsonRead.Flag(json, "armed"),
            JsonRead.Flag(json, "elapsed"),
            JsonRead.Flag(json, "awaits_report"),
            JsonRead.Required(json, "from"),
            Cause.Read(json, "cause")
        );
}

/// <summary>
/// Which triggers are true right now, and since when. Follows the changes of state that it is
/// shown; only events change it.
/// </summary>
internal sealed class HoldBook(AutomationBook automations, DeviceBook devices, Deadlines deadlines)
{
    // After a restart a device gets this long to report before the last known state decides.
    private static readonly TimeSpan ReportWithin = TimeSpan.FromSeconds(60);

    private readonly Dictionary<HoldKey, Hold> _holds = [];
    private readonly Dictionary<string, HoldKey> _byText = [];

    public IEnumerable<Hold> All => _holds.Values;

    /// <summary>The holds on an entity, in the order of the automations' ids.</summary>
    public IEnumerable<Hold> On(EntityId entity)
    {
        foreach (var watch in automations.Watching(entity))
        {
            if (_holds.TryGetValue(new HoldKey(watch, entity), out var hold))
            {
                yield return hold;
            }
        }
    }

    public Hold? Find(string keyText) =>
        _byText.TryGetValue(keyText, out var key) ? _holds[key] : null;

    public void Apply(StateChanged change, Event item)
    {
        foreach (var watch in automations.Watching(change.Entity))
        {
            var key = new HoldKey(watch, change.Entity);
            switch (automations.TriggerOf(watch))
            {
                case NumericStateTrigger numeric:
                    Follow(key, numeric, change, item);
                    break;
                case StateTrigger state when state.For is not null && state.IsChange(change):
                    Remove(key);
                    if (state.Matches(change))
                    {
                        Begin(key, item, armed: true, state.ValueOf(change.From), state.For);
                    }

                    break;
            }
        }
    }

    public void Apply(EventData data, Event item)
    {
        switch (data)
        {
            case AutomationCreated or AutomationUpdated or AutomationEnabled:
                var automation = automations.All[((AutomationEvent)data).Automation];
                RemoveAll(hold => hold.Key.Watch.Automation == automation.Id);
                if (automation.Enabled)
                {
                    BeginWhatIsTrue(automation, item);
                }

                break;
            case AutomationDisabled or AutomationRemoved:
                var ended = ((AutomationEvent)data).Automation;
                RemoveAll(hold => hold.Key.Watch.Automation == ended);
                break;
            case AutomationTriggered { Entity: { } entity } triggered:
                Elapse(triggered, entity, item.Time);
                break;
            case DeviceStateChanged change:
                ElapseUnarmed(change.Device, item.Time);
                break;
            case DeviceUpdated or DeviceRemoved:
                RemoveAll(hold => !devices.Entities.ContainsKey(hold.Key.Entity));
                break;
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

    public void Rebase(TimeSpan by)
    {
        foreach (var hold in _holds.Values.ToArray())
        {
            Put(hold with { Since = hold.Since + by, Due = hold.Due + by });
        }
    }

    public void Restore(IEnumerable<Hold> holds)
    {
        foreach (var hold in holds)
        {
            Put(hold);
        }
    }

    private void Follow(HoldKey key, NumericStateTrigger trigger, StateChanged change, Event item)
    {
        var held = _holds.ContainsKey(key);
        if (!Holds(trigger, NumberOf(trigger, change.To), held))
        {
            Remove(key);
        }
        else if (!held)
        {
            // Coming back from unavailable or unknown is never by itself a crossing.
            var from = NumberOf(trigger, change.From);
            var crossed = from is not null && !Holds(trigger, from, heldBefore: false);
            Begin(key, item, crossed, change.From.Shown, trigger.For);
        }
    }

    private void BeginWhatIsTrue(Automation automation, Event item)
    {
        for (var index = 0; index < automation.Rules.Triggers.Count; index++)
        {
            var trigger = automation.Rules.Triggers[index];
            foreach (var id in trigger.Entities)
            {
                if (devices.Entities.TryGetValue(id, out var entity) && IsTrue(trigger, entity))
                {
                    var key = new HoldKey(new Watch(automation.Id, index), id);
                    Begin(key, item, armed: false, entity.State.Shown, trigger.For);
                }
            }
        }
    }

    private static bool IsTrue(Trigger trigger, Entity entity) =>
        trigger switch
        {
            NumericStateTrigger numeric => Holds(numeric, NumberOf(numeric, entity.State), false),
            StateTrigger { To: not null } state when state.For is not null => state.IsAt(
                state.ValueOf(entity.State)
            ),
            _ => false,
        };

    private static double? NumberOf(NumericStateTrigger trigger, EntityState state)
    {
        var attribute = trigger.Test.Attribute;
        var text = state switch
        {
            { IsKnown: false } => null,
            _ when attribute is null => state.Value,
            _ => state.Attributes.Get(attribute)?.Trim('"'),
        };
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;
    }

    private static bool Holds(NumericStateTrigger trigger, double? number, bool heldBefore)
    {
        var slack = heldBefore ? trigger.Hysteresis : 0;
        return number is { } value
            && (trigger.Test.Above?.Number is not { } above || value > above - slack)
            && (trigger.Test.Below?.Number is not { } below || value < below + slack);
    }

    private void Begin(HoldKey key, Event item, bool armed, string from, TimeField? lasts) =>
        Put(
            new Hold(
                key,
                item.Time,
                item.Time + (lasts?.Render(TemplateContext.Empty) ?? TimeSpan.Zero),
                armed,
                Elapsed: false,
                AwaitsReport: false,
                from,
                Cause.Of(item)
            )
        );

    private void Elapse(AutomationTriggered triggered, EntityId entity, DateTimeOffset now)
    {
        foreach (var hold in On(entity).ToArray())
        {
            var trigger = automations.TriggerOf(hold.Key.Watch);
            if (
                hold.Key.Watch.Automation == triggered.Automation
                && trigger.Id == triggered.Trigger
                && !hold.Elapsed
                && (hold.Due <= now || hold.AwaitsReport)
            )
            {
                Put(hold with { Elapsed = true, AwaitsReport = false });
            }
        }
    }

    private void ElapseUnarmed(DeviceId device, DateTimeOffset now)
    {
        foreach (var entity in devices.Devices[device].Entities)
        {
            foreach (var hold in On(entity).ToArray())
            {
                if (!hold.Armed && !hold.Elapsed && hold.Due <= now)
                {
                    Put(hold with { Elapsed = true, AwaitsReport = false });
                }
            }
        }
    }

    private void Put(Hold hold)
    {
        _holds[hold.Key] = hold;
        _byText[hold.Key.Text] = hold.Key;
        deadlines.Set(DeadlineKind.Hold, hold.Key.Text, hold.Elapsed ? null : hold.Due);
    }

    private void Remove(HoldKey key)
    {
        if (_holds.Remove(key))
        {
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
