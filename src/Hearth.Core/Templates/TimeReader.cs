using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Core.Templates;

/// <summary>Reads times, times of day and durations from texts, as Home Assistant does.</summary>
internal static class TimeReader
{
    private const RegexOptions Plain = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private static readonly Regex IsoTime = new(
        @"^(?<y>\d{4})-?(?<m>\d{1,2})-?(?<d>\d{1,2})"
            + @"([Tt ](?<h>\d{1,2}):?(?<i>\d{1,2})(:?(?<s>\d{1,2})([.,](?<f>\d{1,12}))?)?"
            + @" ?(?<z>[Zz]|[+-]\d{2}(:?\d{2})?)?)?$",
        Plain
    );

    private static readonly Regex IsoDuration = new(
        @"^(?<sign>[-+]?)P((?<d>\d+([.,]\d+)?)D)?"
            + @"(T((?<h>\d+([.,]\d+)?)H)?((?<m>\d+([.,]\d+)?)M)?((?<s>\d+([.,]\d+)?)S)?)?$",
        Plain
    );

    private static readonly Regex ClockDuration = new(
        @"^((?<d>-?\d+) (days?,? )?)?(?<sign>-?)(((?<h>\d+):)?(?<m>\d+):)?"
            + @"(?<s>\d+([.,]\d{1,12})?)$",
        Plain
    );

    /// <summary>A time such as <c>2026-01-02T03:04:05+01:00</c>; naive without an offset.
    /// </summary>
    public static bool TryReadIso(string text, [NotNullWhen(true)] out Moment? time)
    {
        time = null;
        var match = IsoTime.Match(text.Trim());
        if (!match.Success)
        {
            return false;
        }
        var parts = new TimeParts
        {
            Year = Int(match, "y"),
            Month = Int(match, "m"),
            Day = Int(match, "d"),
            Hour = Int(match, "h"),
            Minute = Int(match, "i"),
            Second = Int(match, "s"),
            Microsecond = Microseconds(match.Groups["f"].Value),
            Offset = Offset(match.Groups["z"].Value),
        };
        return parts.TryMake(out time);
    }

    /// <summary>A time by a format of <c>strptime</c>.</summary>
    public static bool TryRead(string text, string format, [NotNullWhen(true)] out Moment? time)
    {
        time = null;
        var reader = new FormatReader(text);
        return reader.TryRead(format) && reader.Parts.TryMake(out time);
    }

    public static bool TryReadClock(string text, out TimeOnly clock)
    {
        string[] parts = text.Split(':');
        clock = default;
        return parts.Length is 2 or 3
            && parts.All(part => part.Length is 1 or 2 && part.All(char.IsAsciiDigit))
            && TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out clock);
    }

    /// <summary>A duration such as <c>01:30</c>, <c>1 day, 2:00:00</c> or <c>PT90S</c>.</summary>
    public static bool TryReadDuration(string text, out double ticks)
    {
        var match = IsoDuration.Match(text);
        match = match.Success ? match : ClockDuration.Match(text);
        ticks = 0;
        if (!match.Success)
        {
            return false;
        }
        double clock = (Number(match, "h") * 3600) + (Number(match, "m") * 60) + Number(match, "s");
        bool isIso = text.Contains('P', StringComparison.Ordinal);
        double days = Number(match, "d") * 86400;
        double sign = match.Groups["sign"].Value == "-" ? -1 : 1;
        double seconds = isIso ? sign * (days + clock) : days + (sign * clock);
        ticks = Math.Round(seconds * 1e6) * 10;
        return true;
    }

    /// <summary>The offset that <c>Z</c> or <c>+01:00</c> names; null where there is none.
    /// </summary>
    public static TimeSpan? Offset(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }
        if (text is "Z" or "z")
        {
            return TimeSpan.Zero;
        }
        string digits = text[1..].Replace(":", "", StringComparison.Ordinal).PadRight(4, '0');
        int hours = int.Parse(digits[..2], CultureInfo.InvariantCulture);
        int minutes = int.Parse(digits[2..4], CultureInfo.InvariantCulture);
        var size = new TimeSpan(hours, minutes, 0);
        return text[0] == '-' ? -size : size;
    }

    public static int Microseconds(string digits) =>
        digits.Length == 0
            ? 0
            : int.Parse(digits.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);

    private static int Int(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, CultureInfo.InvariantCulture, out int value)
            ? value
            : 0;

    private static double Number(Match match, string group) =>
        double.TryParse(
            match.Groups[group].Value.Replace(',', '.'),
            CultureInfo.InvariantCulture,
            out double value
        )
            ? value
            : 0;
}

/// <summary>The parts of a time that was read.</summary>
internal sealed class TimeParts
{
    public int Year { get; set; } = 1900;
    public int Month { get; set; } = 1;
    public int Day { get; set; } = 1;
    public int Hour { get; set; }
    public int Minute { get; set; }
    public int Second { get; set; }
    public int Microsecond { get; set; }
    public TimeSpan? Offset { get; set; }

    public bool TryMake([NotNullWhen(true)] out Moment? time)
    {
        time = null;
        bool isTime =
            Year is >= 1 and <= 9998
            && Month is >= 1 and <= 12
            && Day >= 1
            && Day <= DateTime.DaysInMonth(Year, Month)
            && Hour is >= 0 and < 24
            && Minute is >= 0 and < 60
            && Second is >= 0 and < 60
            && (Offset ?? TimeSpan.Zero).Duration() <= TimeSpan.FromHours(14);
        if (!isTime || Year == 1)
        {
            return false;
        }
        var wall = new DateTime(Year, Month, Day, Hour, Minute, Second).AddTicks(Microsecond * 10L);
        time = Offset is { } offset
            ? new Moment(new DateTimeOffset(wall, offset))
            : Moment.Naive(wall);
        return true;
    }
}
