namespace Hearth.Core.Templates;

/// <summary>Filters and functions about time; all of it comes from the context.</summary>
internal static class TimeFilters
{
    /// <summary>Those that stand as a filter and as a function alike.</summary>
    public static (string Name, string Parameters, FunctionBody Body)[] Shared { get; } =
    [
        ("as_timestamp", "value default", AsTimestamp),
        ("as_datetime", "value default", AsTime),
        ("as_local", "value", AsLocal),
        ("as_timedelta", "value", AsDuration),
        ("today_at", "time_str", TodayAt),
        ("relative_time", "value", (f, a) => Since(f, a, 1)),
        ("time_since", "value precision", (f, a) => Since(f, a, a.Int(1, 1))),
        ("time_until", "value precision", Until),
        ("timedelta_string", "value precision", DurationText),
    ];

    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of([
            .. Shared,
            ("timestamp_local", "value default", (f, a) => Stamp(a, f.Context.TimeZone)),
            ("timestamp_utc", "value default", (_, a) => Stamp(a, TimeZoneInfo.Utc)),
            ("timestamp_custom", "value date_format local default", Custom),
        ]);

    public static TemplateValue Now(Frame frame, Arguments a) =>
        TemplateValue.From(Moment.In(frame.Context.TimeZone, frame.Context.Now));

    public static TemplateValue UtcNow(Frame frame, Arguments a) =>
        TemplateValue.From(frame.Context.Now.ToUniversalTime());

    public static TemplateValue TimeFrom(Frame frame, Arguments a)
    {
        if (!a[0].IsText || !a[1].IsText)
        {
            return a.Has(2) ? a[2] : throw a.Fault("needs a text and a format.");
        }
        frame.Charge(a[0].Weight + a[1].Weight);
        return TimeReader.TryRead(a[0].AsText, a[1].AsText, out var time) ? TemplateValue.From(time)
            : a.Has(2) ? a[2]
            : throw a.Fault($"cannot read '{a[0]}' by '{a[1]}', and has no default.");
    }

    public static TemplateValue Duration(Frame frame, Arguments a)
    {
        double[] unitSeconds = [86400, 1, 1e-6, 1e-3, 60, 3600, 604800];
        double seconds = 0;
        for (int i = 0; i < unitSeconds.Length; i++)
        {
            var value = a.Get(i, TemplateValue.From(0));
            seconds += value.IsNumber
                ? value.AsFloat * unitSeconds[i]
                : throw a.Fault("needs numbers.");
        }
        return PythonTime.Duration(Math.Round(seconds * 1e6) * 10);
    }

    private static TemplateValue TodayAt(Frame frame, Arguments a)
    {
        string text = a.Text(0);
        var clock = TimeOnly.MinValue;
        if (text.Length > 0 && !TimeReader.TryReadClock(text, out clock))
        {
            throw a.Fault($"needs a time of day such as 07:30, not '{text}'.");
        }
        var zone = frame.Context.TimeZone;
        var today = TimeZoneInfo.ConvertTime(frame.Context.Now, zone).Date;
        return TemplateValue.From(Moment.AtWall(zone, today + clock.ToTimeSpan()));
    }

    private static TemplateValue AsTimestamp(Frame frame, Arguments a) =>
        Time(a[0]) is { } time
            ? TemplateValue.From(PythonTime.Timestamp(time.Local(frame.Context.TimeZone).Time))
            : Fallback(a, 1);

    private static TemplateValue AsTime(Frame frame, Arguments a)
    {
        if (a[0].Kind == TemplateKind.Date)
        {
            return TemplateValue.From(Moment.Naive(a[0].AsDate.ToDateTime(TimeOnly.MinValue)));
        }
        return Time(a[0]) is { } time ? TemplateValue.From(time)
            : a.Has(1) ? a[1]
            : a[0].IsText ? TemplateValue.None
            : Fallback(a, 1);
    }

    private static TemplateValue AsLocal(Frame frame, Arguments a) =>
        Time(a[0]) is { } time
            ? TemplateValue.From(time.Local(frame.Context.TimeZone))
            : throw a.Fault("needs a time.");

    private static TemplateValue AsDuration(Frame frame, Arguments a) =>
        TimeReader.TryReadDuration(a.Text(0), out double ticks)
            ? PythonTime.Duration(ticks)
            : TemplateValue.None;

    private static TemplateValue Since(Frame frame, Arguments a, int precision)
    {
        if (a[0].Kind != TemplateKind.Time)
        {
            return a[0];
        }
        var age = frame.Context.Now - a[0].AsMoment.Local(frame.Context.TimeZone).Time;
        return age < TimeSpan.Zero ? a[0] : TemplateValue.From(PythonTime.InWords(age, precision));
    }

    private static TemplateValue Until(Frame frame, Arguments a)
    {
        if (a[0].Kind != TemplateKind.Time)
        {
            return a[0];
        }
        var left = a[0].AsMoment.Local(frame.Context.TimeZone).Time - frame.Context.Now;
        return left < TimeSpan.Zero
            ? a[0]
            : TemplateValue.From(PythonTime.InWords(left, a.Int(1, 1)));
    }

    private static TemplateValue DurationText(Frame frame, Arguments a) =>
        a[0].Kind == TemplateKind.Duration
            ? TemplateValue.From(PythonTime.InWords(a[0].AsDuration.Duration(), a.Int(1, 1)))
            : a[0];

    private static TemplateValue Stamp(Arguments a, TimeZoneInfo zone) =>
        NumberFilters.AsFloat(a[0]) is double seconds && double.IsFinite(seconds)
            ? TemplateValue.From(PythonTime.Iso(InZone(seconds, zone)))
            : Fallback(a, 1);

    private static TemplateValue Custom(Frame frame, Arguments a)
    {
        if (NumberFilters.AsFloat(a[0]) is not double seconds || !double.IsFinite(seconds))
        {
            return Fallback(a, 3);
        }
        var time = InZone(seconds, a.Flag(2, true) ? frame.Context.TimeZone : TimeZoneInfo.Utc);
        return PythonTime.Format(frame, time, a.Text(1, "%Y-%m-%d %H:%M:%S"));
    }

    private static Moment InZone(double seconds, TimeZoneInfo zone) =>
        Moment.In(zone, PythonTime.FromTimestamp(seconds));

    private static Moment? Time(TemplateValue value)
    {
        if (value.Kind == TemplateKind.Time)
        {
            return value.AsMoment;
        }
        if (NumberFilters.AsFloat(value) is double seconds && double.IsFinite(seconds))
        {
            return new Moment(PythonTime.FromTimestamp(seconds));
        }
        return value.IsText && TimeReader.TryReadIso(value.AsText, out var read) ? read : null;
    }

    private static TemplateValue Fallback(Arguments a, int index) =>
        a.Has(index) ? a[index]
        : a[0].IsUndefined ? throw new TemplateException(a[0].WhyUndefined)
        : throw a.Fault($"got '{a[0]}', which is no time, and has no default.");
}
