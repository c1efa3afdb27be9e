using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>How Python writes and reads times and durations.</summary>
internal static class PythonTime
{
    /// <summary>
    /// The time as <c>str()</c> prints it, <c>2026-01-02 03:04:05.250000+01:00</c>.
    /// </summary>
    public static string Str(Moment time) => Iso(time, " ");

    public static string Str(DateOnly day) =>
        day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Str(TimeOnly clock) =>
        clock.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
        + Fraction(clock.Ticks % TimeSpan.TicksPerSecond / 10);

    /// <summary>
    /// The time as <c>isoformat()</c> does; microseconds only when there are any.
    /// </summary>
    public static string Iso(Moment moment, string separator = "T", string precision = "")
    {
        var time = moment.Time;
        string date = time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string clock = precision switch
        {
            "hours" => Net(time, "HH"),
            "minutes" => Net(time, "HH:mm"),
            "seconds" => Net(time, "HH:mm:ss"),
            "milliseconds" => Net(time, "HH:mm:ss.fff"),
            "microseconds" => Net(time, "HH:mm:ss.ffffff"),
            _ => Net(time, "HH:mm:ss") + Fraction(Microseconds(time.DateTime)),
        };
        return date + separator + clock + (moment.IsNaive ? "" : Offset(time, ":"));
    }

    /// <summary>How Python writes a value of time inside of a list.</summary>
    public static string Repr(TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.Time:
                var moment = value.AsMoment;
                string zone = ZoneName(moment) is { } name ? $", tzinfo={name}" : "";
                var day = moment.Time;
                return $"datetime.datetime({day.Year}, {day.Month}, {day.Day}, "
                    + $"{Clock(TimeOnly.FromDateTime(day.DateTime))}{zone})";
            case TemplateKind.Date:
                var date = value.AsDate;
                return $"datetime.date({date.Year}, {date.Month}, {date.Day})";
            case TemplateKind.Clock:
                return $"datetime.time({Clock(value.AsClock)})";
            default:
                return Repr(value.AsDuration);
        }
    }

    /// <summary>Python's name of the time zone; null where the time is naive.</summary>
    public static string? ZoneName(Moment moment)
    {
        if (moment.IsNaive)
        {
            return null;
        }
        if (moment.Zone is { } zone)
        {
            return $"zoneinfo.ZoneInfo(key='{zone.Id}')";
        }
        return moment.Time.Offset == TimeSpan.Zero
            ? "datetime.timezone.utc"
            : $"datetime.timezone({Repr(moment.Time.Offset)})";
    }

    /// <summary>
    /// How long something lasts, in so many units: <c>2 hours</c>, <c>1 hour 30 minutes</c>.
    /// </summary>
    public static string InWords(TimeSpan duration, int precision)
    {
        (string Unit, double Seconds)[] units =
        [
            ("year", 365 * 86400.0),
            ("month", 30 * 86400.0),
            ("day", 86400),
            ("hour", 3600),
            ("minute", 60),
            ("second", 1),
        ];
        double left = Math.Round(duration.TotalSeconds, MidpointRounding.ToEven);
        var words = new List<string>();
        foreach (var (unit, seconds) in units)
        {
            if (left < seconds)
            {
                continue;
            }
            bool isLast = words.Count + 1 == precision;
            double count = isLast
                ? Math.Round(left / seconds, MidpointRounding.ToEven)
                : Math.Floor(left / seconds);
            words.Add($"{count} {unit}{(count == 1 ? "" : "s")}");
            if (isLast)
            {
                break;
            }
            left -= count * seconds;
        }
        return words.Count == 0 ? "0 seconds" : string.Join(' ', words);
    }

    public static string Str(TimeSpan duration)
    {
        long days = (long)Math.Floor(duration.TotalDays);
        var rest = duration - TimeSpan.FromDays(days);
        string clock = rest.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
        string fraction = Fraction(rest.Ticks % TimeSpan.TicksPerSecond / 10);
        string plural = Math.Abs(days) == 1 ? "day" : "days";
        return days == 0 ? clock + fraction : $"{days} {plural}, {clock}{fraction}";
    }

    /// <summary>A duration of so many ticks, which must stay within a thousand years.</summary>
    public static TemplateValue Duration(double ticks) =>
        Math.Abs(ticks) < 1000 * 366 * (double)TimeSpan.TicksPerDay
            ? TemplateValue.From(new TimeSpan((long)ticks))
            : throw new TemplateException("The duration is too long.");

    public static int Microseconds(DateTime time) =>
        (int)(time.Ticks % TimeSpan.TicksPerSecond / 10);

    /// <summary>Seconds since 1970 as Python's <c>timestamp()</c>.</summary>
    public static double Timestamp(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10 / 1e6;

    public static DateTimeOffset FromTimestamp(double seconds)
    {
        double microseconds = Math.Round(seconds * 1e6, MidpointRounding.ToEven);
        double ticks = DateTimeOffset.UnixEpoch.Ticks + (microseconds * 10);
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
            ? DateTimeOffset.UnixEpoch.AddTicks((long)microseconds * 10)
            : throw new TemplateException("The timestamp is out of range.");
    }

    /// <summary>The time in <c>strftime</c>'s letters, as the C locale writes them.</summary>
    public static TemplateValue Format(Frame frame, Moment moment, string format)
    {
        // The longest of them, %c, takes two characters and prints 24.
        frame.ChargeText(format.Length * 12L);
        var output = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i == format.Length - 1)
            {
                output.Append(format[i]);
                continue;
            }
            bool isUnpadded = format[i + 1] == '-' && i + 2 < format.Length;
            char letter = format[isUnpadded ? i + 2 : i + 1];
            i += isUnpadded ? 2 : 1;
            bool isOfZone = letter is 'z' or 'Z';
            string part = isOfZone && moment.IsNaive ? "" : Part(moment.Time, letter);
            output.Append(isUnpadded && part.Length > 0 ? Unpadded(part) : part);
        }
        return TemplateValue.From(output.ToString());
    }

    private static string Part(DateTimeOffset time, char letter) =>
        letter switch
        {
            'Y' => Net(time, "yyyy"),
            'y' => Net(time, "yy"),
            'm' => Net(time, "MM"),
            'd' => Net(time, "dd"),
            'e' => Net(time, "%d").PadLeft(2),
            'H' => Net(time, "HH"),
            'I' => Net(time, "hh"),
            'M' => Net(time, "mm"),
            'S' => Net(time, "ss"),
            'k' => Net(time, "%H").PadLeft(2),
            'l' => Net(time, "%h").PadLeft(2),
            'P' => Net(time, "tt").ToLowerInvariant(),
            'C' => (time.Year / 100).ToString("00", CultureInfo.InvariantCulture),
            'U' => Week(time, time.DayOfYear + 6 - (int)time.DayOfWeek),
            'W' => Week(time, time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)),
            'r' => Net(time, "hh:mm:ss tt"),
            'f' => Microseconds(time.DateTime).ToString("000000", CultureInfo.InvariantCulture),
            'p' => Net(time, "tt"),
            'A' => Net(time, "dddd"),
            'a' => Net(time, "ddd"),
            'B' => Net(time, "MMMM"),
            'b' or 'h' => Net(time, "MMM"),
            'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
            'V' => ISOWeek
                .GetWeekOfYear(time.DateTime)
                .ToString("00", CultureInfo.InvariantCulture),
            'G' => ISOWeek.GetYear(time.DateTime).ToString(CultureInfo.InvariantCulture),
            's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            'z' => Offset(time, ""),
            'Z' => time.Offset == TimeSpan.Zero ? "UTC" : "UTC" + Offset(time, ":"),
            'F' => Net(time, "yyyy-MM-dd"),
            'T' or 'X' => Net(time, "HH:mm:ss"),
            'R' => Net(time, "HH:mm"),
            'D' or 'x' => Net(time, "MM/dd/yy"),
            'c' => Net(time, "ddd MMM ") + Net(time, "%d").PadLeft(2) + Net(time, " HH:mm:ss yyyy"),
            'n' => "\n",
            't' => "\t",
            '%' => "%",
            _ => "%" + letter,
        };

    private static string Net(DateTimeOffset time, string format) =>
        time.ToString(format, CultureInfo.InvariantCulture);

    private static string Unpadded(string part)
    {
        string trimmed = part.TrimStart('0', ' ');
        return trimmed.Length == 0 || !char.IsAsciiDigit(trimmed[0]) ? part[^1..] : trimmed;
    }

    private static string Offset(DateTimeOffset time, string separator)
    {
        var offset = time.Offset.Duration();
        char sign = time.Offset < TimeSpan.Zero ? '-' : '+';
        return $"{sign}{offset.Hours:00}{separator}{offset.Minutes:00}";
    }

    private static string Week(DateTimeOffset time, int days) =>
        (time.Year > 0 ? days / 7 : 0).ToString("00", CultureInfo.InvariantCulture);

    private static string Fraction(long microseconds) =>
        microseconds == 0
            ? ""
            : "." + microseconds.ToString("000000", CultureInfo.InvariantCulture);

    private static string Clock(TimeOnly clock)
    {
        long microseconds = clock.Ticks % TimeSpan.TicksPerSecond / 10;
        string seconds = clock.Second == 0 && microseconds == 0 ? "" : $", {clock.Second}";
        string rest = microseconds == 0 ? "" : $", {microseconds}";
        return $"{clock.Hour}, {clock.Minute}{seconds}{rest}";
    }

    private static string Repr(TimeSpan duration)
    {
        long days = (long)Math.Floor(duration.TotalDays);
        var rest = duration - TimeSpan.FromDays(days);
        long seconds = (long)rest.TotalSeconds;
        long microseconds = rest.Ticks % TimeSpan.TicksPerSecond / 10;
        string[] parts =
        [
            .. new[] { ("days", days), ("seconds", seconds), ("microseconds", microseconds) }
                .Where(part => part.Item2 != 0)
                .Select(part => $"{part.Item1}={part.Item2}"),
        ];
        return $"datetime.timedelta({(parts.Length == 0 ? "0" : string.Join(", ", parts))})";
    }
}
