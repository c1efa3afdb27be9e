using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>How Python writes and reads times and durations.</summary>
internal static class PythonTime
{
    /// <summary>
    /// The time as <c>str()</c> prints it, <c>2026-01-02 03:04:05.250000+01:00</c>.
    /// </summary>
    public static string Str(DateTimeOffset time) => Iso(time, ' ');

    /// <summary>
    /// The time as <c>isoformat()</c> does; microseconds only when there are any.
    /// </summary>
    public static string Iso(DateTimeOffset time, char separator = 'T')
    {
        string date = time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string clock = time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        int microseconds = Microseconds(time);
        string fraction =
            microseconds == 0
                ? ""
                : "." + microseconds.ToString("000000", CultureInfo.InvariantCulture);
        return date + separator + clock + fraction + Offset(time, ":");
    }

    public static string Str(TimeSpan duration)
    {
        long days = (long)Math.Floor(duration.TotalDays);
        var rest = duration - TimeSpan.FromDays(days);
        string clock = rest.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
        long microseconds = rest.Ticks % TimeSpan.TicksPerSecond / 10;
        string fraction =
            microseconds == 0
                ? ""
                : "." + microseconds.ToString("000000", CultureInfo.InvariantCulture);
        string plural = Math.Abs(days) == 1 ? "day" : "days";
        return days == 0 ? clock + fraction : $"{days} {plural}, {clock}{fraction}";
    }

    /// <summary>A duration of so many ticks, which must stay within a thousand years.</summary>
    public static TemplateValue Duration(double ticks) =>
        Math.Abs(ticks) < 1000 * 366 * (double)TimeSpan.TicksPerDay
            ? TemplateValue.From(new TimeSpan((long)ticks))
            : throw new TemplateException("The duration is too long.");

    public static int Microseconds(DateTimeOffset time) =>
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

    public static bool TryParse(string text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        bool isRead = DateTimeOffset.TryParse(
            text.Trim(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out time
        );
        if (isRead && !HasOffset(text))
        {
            var wall = DateTime.SpecifyKind(time.DateTime, DateTimeKind.Unspecified);
            time = new DateTimeOffset(wall, zone.GetUtcOffset(wall));
        }
        return isRead;
    }

    /// <summary>The time in <c>strftime</c>'s letters, as the C locale writes them.</summary>
    public static string Format(DateTimeOffset time, string format)
    {
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
            string part = Part(time, letter);
            output.Append(isUnpadded ? Unpadded(part) : part);
        }
        return output.ToString();
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
            'f' => Microseconds(time).ToString("000000", CultureInfo.InvariantCulture),
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

    private static bool HasOffset(string text)
    {
        string plain = text.TrimEnd();
        int clock = plain.IndexOf(':', StringComparison.Ordinal);
        return plain.EndsWith('Z')
            || plain.EndsWith('z')
            || (clock > 0 && plain.AsSpan(clock).IndexOfAny('+', '-') > 0);
    }
}
