using System.Globalization;

namespace Hearth.Core.Templates;

/// <summary>What Python's <c>datetime</c>, <c>date</c>, <c>time</c> and <c>timedelta</c> have.
/// </summary>
internal static class TimeMembers
{
    public static Dictionary<string, TemplateFunction> OfTime { get; } =
        Registry.Of(
            (
                "isoformat",
                "self sep timespec",
                (_, a) => Text(PythonTime.Iso(a[0].AsMoment, a.Text(1, "T"), a.Text(2)))
            ),
            ("strftime", "self format", (f, a) => PythonTime.Format(f, a[0].AsMoment, a.Text(1))),
            ("timestamp", "self", Timestamp),
            ("date", "self", (_, a) => TemplateValue.From(DateOnly.FromDateTime(Wall(a)))),
            ("time", "self", (_, a) => TemplateValue.From(TimeOnly.FromDateTime(Wall(a)))),
            ("weekday", "self", (_, a) => Int(((int)Wall(a).DayOfWeek + 6) % 7)),
            ("isoweekday", "self", (_, a) => Int(((int)Wall(a).DayOfWeek + 6) % 7 + 1)),
            ("isocalendar", "self", (_, a) => Calendar(Wall(a))),
            ("toordinal", "self", (_, a) => Int(DateOnly.FromDateTime(Wall(a)).DayNumber + 1)),
            ("utcoffset", "self", Offset),
            ("ctime", "self", (f, a) => PythonTime.Format(f, a[0].AsMoment, "%c")),
            ("astimezone", "self", (f, a) => Local(f, a)),
            ("replace", "self year month day hour minute second microsecond tzinfo", ReplaceTime)
        );

    public static Dictionary<string, TemplateFunction> OfDate { get; } =
        Registry.Of(
            ("isoformat", "self", (_, a) => Text(PythonTime.Str(a[0].AsDate))),
            ("strftime", "self format", (f, a) => PythonTime.Format(f, AtMidnight(a), a.Text(1))),
            ("weekday", "self", (_, a) => Int(((int)a[0].AsDate.DayOfWeek + 6) % 7)),
            ("isoweekday", "self", (_, a) => Int(((int)a[0].AsDate.DayOfWeek + 6) % 7 + 1)),
            ("isocalendar", "self", (_, a) => Calendar(AtMidnight(a).Time.DateTime)),
            ("toordinal", "self", (_, a) => Int(a[0].AsDate.DayNumber + 1)),
            ("replace", "self year month day", ReplaceDate)
        );

    public static Dictionary<string, TemplateFunction> OfClock { get; } =
        Registry.Of(
            ("isoformat", "self", (_, a) => Text(PythonTime.Str(a[0].AsClock))),
            (
                "strftime",
                "self format",
                (f, a) =>
                    PythonTime.Format(
                        f,
                        Moment.Naive(new DateTime(1900, 1, 1) + a[0].AsClock.ToTimeSpan()),
                        a.Text(1)
                    )
            ),
            ("replace", "self hour minute second microsecond", ReplaceClock)
        );

    public static Dictionary<string, TemplateFunction> OfDuration { get; } =
        Registry.Of(
            ("total_seconds", "self", (_, a) => TemplateValue.From(a[0].AsDuration.TotalSeconds))
        );

    public static bool TryGet(TemplateValue target, string name, out TemplateValue value)
    {
        if (target.Kind == TemplateKind.Time && name == "tzinfo")
        {
            value = PythonTime.ZoneName(target.AsMoment) is { } zone
                ? Text(zone)
                : TemplateValue.None;
            return true;
        }
        long? part = target.Kind switch
        {
            TemplateKind.Time => OfDay(target.AsTime.Date, name) ?? OfClockAt(target.AsTime, name),
            TemplateKind.Date => OfDay(target.AsDate.ToDateTime(TimeOnly.MinValue), name),
            TemplateKind.Clock => OfClockAt(
                new DateTimeOffset(target.AsClock.Ticks, TimeSpan.Zero),
                name
            ),
            _ => Of(target.AsDuration, name),
        };
        value = TemplateValue.From(part ?? 0);
        return part is not null;
    }

    private static long? OfDay(DateTime day, string name) =>
        name switch
        {
            "year" => day.Year,
            "month" => day.Month,
            "day" => day.Day,
            _ => null,
        };

    private static long? OfClockAt(DateTimeOffset time, string name) =>
        name switch
        {
            "hour" => time.Hour,
            "minute" => time.Minute,
            "second" => time.Second,
            "microsecond" => PythonTime.Microseconds(time.DateTime),
            "fold" => 0,
            _ => null,
        };

    private static long? Of(TimeSpan duration, string name)
    {
        long days = (long)Math.Floor(duration.TotalDays);
        var rest = duration - TimeSpan.FromDays(days);
        return name switch
        {
            "days" => days,
            "seconds" => (long)rest.TotalSeconds,
            "microseconds" => rest.Ticks % TimeSpan.TicksPerSecond / 10,
            _ => null,
        };
    }

    private static DateTime Wall(Arguments a) => a[0].AsTime.DateTime;

    private static Moment AtMidnight(Arguments a) =>
        Moment.Naive(a[0].AsDate.ToDateTime(TimeOnly.MinValue));

    private static TemplateValue Local(Frame frame, Arguments a) =>
        TemplateValue.From(a[0].AsMoment.Local(frame.Context.TimeZone));

    private static TemplateValue Timestamp(Frame frame, Arguments a) =>
        TemplateValue.From(PythonTime.Timestamp(a[0].AsMoment.Local(frame.Context.TimeZone).Time));

    private static TemplateValue Offset(Frame frame, Arguments a) =>
        a[0].AsMoment.IsNaive ? TemplateValue.None : TemplateValue.From(a[0].AsTime.Offset);

    private static TemplateValue Calendar(DateTime day) =>
        TemplateValue.Tuple(
            Int(ISOWeek.GetYear(day)),
            Int(ISOWeek.GetWeekOfYear(day)),
            Int(((int)day.DayOfWeek + 6) % 7 + 1)
        );

    private static TemplateValue ReplaceTime(Frame frame, Arguments a)
    {
        var moment = a[0].AsMoment;
        var time = moment.Time;
        var parts = new TimeParts
        {
            Year = a.Int(1, time.Year),
            Month = a.Int(2, time.Month),
            Day = a.Int(3, time.Day),
            Hour = a.Int(4, time.Hour),
            Minute = a.Int(5, time.Minute),
            Second = a.Int(6, time.Second),
            Microsecond = a.Int(7, PythonTime.Microseconds(time.DateTime)),
        };
        if (!parts.TryMake(out var made))
        {
            throw a.Fault("makes no time: there is none with these parts.");
        }
        bool losesZone = a.Has(8) && a[8].IsNone;
        return TemplateValue.From(losesZone ? made : moment.WithWall(made.Time.DateTime));
    }

    private static TemplateValue ReplaceDate(Frame frame, Arguments a)
    {
        var day = a[0].AsDate;
        var parts = new TimeParts
        {
            Year = a.Int(1, day.Year),
            Month = a.Int(2, day.Month),
            Day = a.Int(3, day.Day),
        };
        return parts.TryMake(out var made)
            ? TemplateValue.From(DateOnly.FromDateTime(made.Time.DateTime))
            : throw a.Fault("makes no day: there is none with these parts.");
    }

    private static TemplateValue ReplaceClock(Frame frame, Arguments a)
    {
        var clock = a[0].AsClock;
        var parts = new TimeParts
        {
            Hour = a.Int(1, clock.Hour),
            Minute = a.Int(2, clock.Minute),
            Second = a.Int(3, clock.Second),
            Microsecond = a.Int(4, (int)(clock.Ticks % TimeSpan.TicksPerSecond / 10)),
        };
        return parts.TryMake(out var made)
            ? TemplateValue.From(TimeOnly.FromDateTime(made.Time.DateTime))
            : throw a.Fault("makes no time of day: there is none with these parts.");
    }

    private static TemplateValue Text(string text) => TemplateValue.From(text);

    private static TemplateValue Int(int value) => TemplateValue.From(value);
}
