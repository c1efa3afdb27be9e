using System.Globalization;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Time;

namespace Hearth.Core.Automations;

/// <summary>When a clock trigger is set off next.</summary>
/// <param name="At">What the clock says.</param>
/// <param name="Due">Later than that where it was missed while the home was down.</param>
internal readonly record struct Appointment(Watch Watch, DateTimeOffset At, DateTimeOffset Due)
{
    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("automation")
            .String(Watch.Automation)
            .Name("trigger")
            .Number(Watch.Trigger);
        if (Watch.Wait.Length > 0)
        {
            json.Name("wait").String(Watch.Wait);
        }

        json.Name("at")
            .String(Timestamp.ToText(At))
            .Name("due")
            .String(Timestamp.ToText(Due))
            .EndObject();
    }

    public static Appointment Read(System.Text.Json.JsonElement json) =>
        new(
            new Watch(
                JsonRead.Required(json, "automation"),
                (int)JsonRead.Number(json, "trigger"),
                JsonRead.Text(json, "wait") ?? ""
            ),
            JsonRead.Time(json, "at"),
            JsonRead.Time(json, "due")
        );
}

/// <summary>
/// When the triggers that the clock sets off are due next. It follows from the time and the
/// triggers; only what was missed while the home was down is a truth of its own.
/// </summary>
internal sealed class Clocks(
    Watches watches,
    AutomationBook automations,
    HomeLocation location,
    HomeView view,
    Deadlines deadlines
)
{
    // As long as Home Assistant takes to be updated and restarted, and then some.
    private static readonly CatchUp Usual = new(TimeSpan.FromMinutes(10), OtherwiseRuns: false);

    private readonly Dictionary<Watch, Appointment> _all = [];
    private readonly Dictionary<string, Watch> _byText = [];

    /// <summary>What was missed and is still to be done.</summary>
    public IEnumerable<Appointment> Late => _all.Values.Where(item => item.Due != item.At);

    public Appointment? Find(string text) =>
        _byText.TryGetValue(text, out var watch) ? _all[watch] : null;

    public Appointment? Find(Watch watch) => _all.TryGetValue(watch, out var found) ? found : null;

    /// <summary>Sets a trigger's next time, after now.</summary>
    public void Begin(Watcher watcher, DateTimeOffset now)
    {
        if (watcher.Trigger is ClockTrigger trigger)
        {
            Put(
                watcher.Watch,
                Next(trigger, now) is { } next ? new(watcher.Watch, next, next) : null
            );
        }
    }

    public void End(IEnumerable<Watch> ended)
    {
        foreach (var watch in ended)
        {
            Put(watch, null);
        }
    }

    public void Apply(StateChanged change, DateTimeOffset now)
    {
        foreach (var watcher in watches.On(change.Entity))
        {
            if (watcher.Trigger is TimeTrigger)
            {
                Begin(watcher, now);
            }
        }
    }

    public void Apply(AutomationTriggered triggered, Event item)
    {
        var watch = new Watch(triggered.Automation, triggered.Index);
        if (_all.TryGetValue(watch, out var met) && met.Due <= item.Time)
        {
            var watcher = watches.Find(watch)!;
            // However long the process stood still, a pattern is met once for all that it missed.
            var isPattern = watcher.Trigger is TimePatternTrigger;
            Begin(watcher, isPattern ? item.RecordedTime : item.Time);
        }
    }

    /// <summary>What was missed while the home was down is done once now, or not at all.</summary>
    public void Resume(DateTimeOffset now)
    {
        foreach (var missed in _all.Values.Where(item => item.Due <= now).ToArray())
        {
            var watcher = watches.Find(missed.Watch)!;
            var catchUp = automations.All[missed.Watch.Automation].Rules.CatchUp;
            var (within, otherwise) = catchUp ?? Usual;
            var isWanted = watcher.Trigger is not TimePatternTrigger || catchUp is not null;
            if (isWanted && (now - missed.At <= within || otherwise))
            {
                Put(missed.Watch, missed with { Due = now });
            }
            else
            {
                Begin(watcher, now);
            }
        }
    }

    /// <summary>The clock was set, or the zone: everything is looked up anew.</summary>
    public void Reset(DateTimeOffset now)
    {
        foreach (var watcher in watches.All.Where(item => item.Trigger is ClockTrigger).ToArray())
        {
            Begin(watcher, now);
        }
    }

    public void Restore(IEnumerable<Appointment> late, DateTimeOffset now)
    {
        Reset(now);
        foreach (var appointment in late)
        {
            Put(appointment.Watch, appointment);
        }
    }

    /// <summary>Days as the clock knows them; none = all.</summary>
    public static Weekdays DaysOf(IReadOnlyList<DayOfWeek> days) =>
        days.Count == 0
            ? Weekdays.All
            : days.Aggregate((Weekdays)0, (all, day) => all | WeekdayWords.Of(day));

    /// <summary>The local time of day that is meant; null where an entity does not say it.
    /// </summary>
    public TimeOnly? TimeOf(TimeOfEntity at, DateTimeOffset now)
    {
        if (at.Entity is not { } entity)
        {
            return at.Time;
        }

        if (view.StateOf(entity, now) is not { IsKnown: true } state)
        {
            return null;
        }

        if (WallClock.TryRead(state.Value, out var time))
        {
            return time;
        }

        return Moment(state.Value) is { } moment
            ? TimeOnly.FromDateTime(location.Local(moment))
            : null;
    }

    private DateTimeOffset? Next(ClockTrigger trigger, DateTimeOffset after) =>
        trigger switch
        {
            TimeTrigger time => time.At.Select(at => Next(time, at, after)).Min(),
            TimePatternTrigger pattern => TimePattern
                .Read(pattern.Hours, pattern.Minutes, pattern.Seconds, out _)
                ?.Next(location.Zone, after),
            SunTrigger sun => location.NextSun(sun.IsSunrise, sun.Offset, after),
            _ => null,
        };

    private DateTimeOffset? Next(TimeTrigger trigger, TimeOfEntity at, DateTimeOffset after)
    {
        var days = DaysOf(trigger.Weekdays);
        if (at.Entity is not { } entity)
        {
            return new DailyTime(at.Time!.Value, days).Next(location.Zone, after);
        }

        var value = view.StateOf(entity, after) is { IsKnown: true } state ? state.Value : "";
        if (WallClock.TryRead(value, out var time))
        {
            return new DailyTime(time, days, at.Offset).Next(location.Zone, after);
        }

        return
            Moment(value) + at.Offset is { } moment
            && moment > after
            && days.Has(location.Local(moment).DayOfWeek)
            ? moment
            : null;
    }

    // A date and time without an offset is local, as in an input_datetime.
    private DateTimeOffset? Moment(string text)
    {
        if (
            DateTime.TryParseExact(
                text,
                "yyyy-MM-dd HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var local
            )
        )
        {
            return WallClock.Instant(location.Zone, local);
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var moment
        )
            ? moment.ToUniversalTime()
            : null;
    }

    private void Put(Watch watch, Appointment? appointment)
    {
        if (appointment is { } set)
        {
            _all[watch] = set;
            _byText[watch.Text] = watch;
        }
        else if (_all.Remove(watch))
        {
            _byText.Remove(watch.Text);
        }

        deadlines.Set(DeadlineKind.Clock, watch.Text, appointment?.Due);
    }
}
