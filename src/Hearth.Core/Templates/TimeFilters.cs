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
    ];

    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of([
            .. Shared,
            ("timestamp_local", "value default", (f, a) => Stamp(a, f.Context.TimeZone)),
            ("timestamp_utc", "value default", (_, a) => Stamp(a, TimeZoneInfo.Utc)),
            ("timestamp_custom", "value date_format local default", Custom),
        ]);

    public static TemplateValue Now(Frame frame, Arguments a) =>
        TemplateValue.From(frame.Context.LocalNow);

    public static TemplateValue UtcNow(Frame frame, Arguments a) =>
        TemplateValue.From(frame.Context.Now.ToUniversalTime());

    public static TemplateValue TodayAt(Frame frame, Arguments a)
    {
        if (!TimeSpan.TryParse(a.Text(0, "00:00"), out var clock) || clock.Days != 0)
        {
            throw a.Fault("needs a time of day such as 07:30.");
        }
        var wall = frame.Context.LocalNow.Date + clock;
        return TemplateValue.From(
            new DateTimeOffset(wall, frame.Context.TimeZone.GetUtcOffset(wall))
        );
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

    private static TemplateValue AsTimestamp(Frame frame, Arguments a) =>
        Time(frame, a[0]) is DateTimeOffset time
            ? TemplateValue.From(PythonTime.Timestamp(time))
            : Fallback(a, 1);

    private static TemplateValue AsTime(Frame frame, Arguments a)
    {
        if (NumberFilters.AsFloat(a[0]) is double seconds)
        {
            return TemplateValue.From(PythonTime.FromTimestamp(seconds));
        }
        return Time(frame, a[0]) is DateTimeOffset time ? TemplateValue.From(time)
            : a.Has(1) ? a[1]
            : TemplateValue.None;
    }

    private static TemplateValue AsLocal(Frame frame, Arguments a) =>
        Time(frame, a[0]) is DateTimeOffset time
            ? TemplateValue.From(TimeZoneInfo.ConvertTime(time, frame.Context.TimeZone))
            : throw a.Fault("needs a time.");

    private static TemplateValue AsDuration(Frame frame, Arguments a) =>
        TimeSpan.TryParse(a.Text(0).Replace(" day, ", ".", StringComparison.Ordinal), out var read)
            ? PythonTime.Duration(read.Ticks)
            : TemplateValue.None;

    private static TemplateValue Stamp(Arguments a, TimeZoneInfo zone) =>
        NumberFilters.AsFloat(a[0]) is double seconds && double.IsFinite(seconds)
            ? TemplateValue.From(PythonTime.Iso(InZone(seconds, zone)))
            : Fallback(a, 1);

    private static TemplateValue Custom(Frame frame, Arguments a)
    {
        if (NumberFilters.AsFloat(a[0]) is not double seconds)
        {
            return Fallback(a, 3);
        }
        var time = InZone(seconds, a.Flag(2, true) ? frame.Context.TimeZone : TimeZoneInfo.Utc);
        return TemplateValue.From(PythonTime.Format(time, a.Text(1, "%Y-%m-%d %H:%M:%S")));
    }

    private static DateTimeOffset InZone(double seconds, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(PythonTime.FromTimestamp(seconds), zone);

    private static DateTimeOffset? Time(Frame frame, TemplateValue value) =>
        value.Kind switch
        {
            TemplateKind.Time => value.AsTime,
            TemplateKind.Whole or TemplateKind.Real => PythonTime.FromTimestamp(value.AsFloat),
            TemplateKind.Text
                when PythonTime.TryParse(value.AsText, frame.Context.TimeZone, out var read) =>
                read,
            _ => null,
        };

    private static TemplateValue Fallback(Arguments a, int index) =>
        a.Has(index) ? a[index]
        : a[0].IsUndefined ? throw new TemplateException(a[0].WhyUndefined)
        : throw a.Fault($"got '{a[0]}', which is no time, and has no default.");
}
