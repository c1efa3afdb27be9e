namespace Hearth.Core.Templates;

/// <summary>What Python's <c>datetime</c> and <c>timedelta</c> have.</summary>
internal static class TimeMembers
{
    public static Dictionary<string, TemplateFunction> OfTime { get; } =
        Registry.Of(
            (
                "isoformat",
                "self sep",
                (_, a) => Text(PythonTime.Iso(a[0].AsTime, a.Text(1, "T").FirstOrDefault('T')))
            ),
            ("strftime", "self format", (_, a) => Text(PythonTime.Format(a[0].AsTime, a.Text(1)))),
            ("timestamp", "self", (_, a) => TemplateValue.From(PythonTime.Timestamp(a[0].AsTime))),
            ("weekday", "self", (_, a) => Int(((int)a[0].AsTime.DayOfWeek + 6) % 7)),
            ("isoweekday", "self", (_, a) => Int(((int)a[0].AsTime.DayOfWeek + 6) % 7 + 1)),
            ("replace", "self year month day hour minute second microsecond", Replace)
        );

    public static Dictionary<string, TemplateFunction> OfDuration { get; } =
        Registry.Of(
            ("total_seconds", "self", (_, a) => TemplateValue.From(a[0].AsDuration.TotalSeconds))
        );

    public static bool TryGet(DateTimeOffset time, string name, out TemplateValue value)
    {
        int? part = name switch
        {
            "year" => time.Year,
            "month" => time.Month,
            "day" => time.Day,
            "hour" => time.Hour,
            "minute" => time.Minute,
            "second" => time.Second,
            "microsecond" => PythonTime.Microseconds(time),
            _ => null,
        };
        value = TemplateValue.From(part ?? 0);
        return part is not null;
    }

    public static bool TryGet(TimeSpan duration, string name, out TemplateValue value)
    {
        long days = (long)Math.Floor(duration.TotalDays);
        var rest = duration - TimeSpan.FromDays(days);
        long? part = name switch
        {
            "days" => days,
            "seconds" => (long)rest.TotalSeconds,
            "microseconds" => rest.Ticks % TimeSpan.TicksPerSecond / 10,
            _ => null,
        };
        value = TemplateValue.From(part ?? 0);
        return part is not null;
    }

    private static TemplateValue Replace(Frame frame, Arguments a)
    {
        var time = a[0].AsTime;
        try
        {
            var replaced = new DateTimeOffset(
                a.Int(1, time.Year),
                a.Int(2, time.Month),
                a.Int(3, time.Day),
                a.Int(4, time.Hour),
                a.Int(5, time.Minute),
                a.Int(6, time.Second),
                time.Offset
            );
            int microseconds = a.Int(7, PythonTime.Microseconds(time));
            return TemplateValue.From(replaced.AddTicks(microseconds * 10L));
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TemplateException("There is no such time.", e);
        }
    }

    private static TemplateValue Text(string text) => TemplateValue.From(text);

    private static TemplateValue Int(int value) => TemplateValue.From(value);
}
