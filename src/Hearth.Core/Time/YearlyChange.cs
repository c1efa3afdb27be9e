using System.Globalization;

namespace Hearth.Core.Time;

/// <summary>
/// A change of a zone's offset that comes every year on a weekday of a month, written
/// <c>M3.5.0/120:120</c>: in March on the last (5) Sunday (0), when the clock shows 120 minutes
/// since midnight by the offset before, to an offset of 120 minutes. The M is that of POSIX.
/// </summary>
/// <param name="Week">1 to 4 for the first to the fourth such weekday, 5 for the last.</param>
/// <param name="Minute">May lie days before or after that day, as in <c>TZ</c>: the Friday before
/// the last Sunday is written by a Thursday.</param>
internal readonly record struct YearlyChange(
    int Month,
    int Week,
    DayOfWeek Day,
    int Minute,
    int OffsetMinutes
)
{
    private const int LastWeek = 5;

    private const int MinutesPerDay = 24 * 60;

    private const int MinuteMax = 7 * MinutesPerDay;

    /// <summary>What the clock shows when it comes, by the offset before.</summary>
    public DateTime In(int year)
    {
        var first = new DateTime(year, Month, 1);
        var day = 1 + ((Day - first.DayOfWeek + 7) % 7) + (7 * (Week - 1));
        if (day > DateTime.DaysInMonth(year, Month))
        {
            day -= 7;
        }

        return first.AddDays(day - 1).AddMinutes(Minute);
    }

    public override string ToString() =>
        FormattableString.Invariant($"M{Month}.{Week}.{(int)Day}/{Minute}:{OffsetMinutes}");

    public static bool TryRead(string text, out YearlyChange change)
    {
        change = default;
        var parts = text.Split('.', '/', ':');
        Span<int> numbers = stackalloc int[5];
        if (text is not ['M', ..] || parts.Length != numbers.Length)
        {
            return false;
        }

        parts[0] = parts[0][1..];
        for (var index = 0; index < numbers.Length; index++)
        {
            var isNumber = int.TryParse(
                parts[index],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out numbers[index]
            );
            if (!isNumber)
            {
                return false;
            }
        }

        change = new YearlyChange(
            numbers[0],
            numbers[1],
            (DayOfWeek)numbers[2],
            numbers[3],
            numbers[4]
        );
        return change is { Month: >= 1 and <= 12, Week: >= 1 and <= LastWeek }
            && change is { Day: >= DayOfWeek.Sunday and <= DayOfWeek.Saturday }
            && change is { Minute: >= -MinuteMax and <= MinuteMax }
            && ZoneRules.IsOffset(change.OffsetMinutes);
    }

    /// <summary>The rule behind what the clock showed in many years; null where there is none.
    /// </summary>
    public static YearlyChange? Behind(IReadOnlyList<DateTime> shown, int offsetMinutes)
    {
        foreach (var days in (int[])[0, -1, 1, -2, 2, -3, 3])
        {
            var moved = shown.Select(time => time.Date.AddDays(days)).ToList();
            var (month, day) = (moved[0].Month, moved[0].DayOfWeek);
            var week =
                moved.TrueForAll(IsLast) ? LastWeek
                : moved.TrueForAll(date => WeekOf(date) == WeekOf(moved[0])) ? WeekOf(moved[0])
                : 0;
            var minute = (int)(shown[0] - moved[0]).TotalMinutes;
            var rule = new YearlyChange(month, week, day, minute, offsetMinutes);
            if (week > 0 && shown.All(time => rule.In(time.Year) == time))
            {
                return rule;
            }
        }

        return null;
    }

    private static bool IsLast(DateTime date) =>
        date.Day + 7 > DateTime.DaysInMonth(date.Year, date.Month);

    private static int WeekOf(DateTime date) => ((date.Day - 1) / 7) + 1;
}
