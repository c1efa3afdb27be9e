using System.Globalization;
using System.Numerics;

namespace Hearth.Core.Time;

/// <summary>
/// Hours, minutes and seconds that come again and again: the <c>time_pattern</c> trigger.
/// </summary>
/// <remarks>
/// It matches whatever the clock on the wall shows, as in Home Assistant: what spring leaves out
/// does not match, what autumn repeats matches twice. So every five minutes stays every five
/// minutes through both, and 02:30 as a pattern is missed once a year; a daily time is not.
/// </remarks>
internal sealed record TimePattern
{
    /// <summary>
    /// How often the offset may change before the first match, each time within a day.
    /// </summary>
    private const int ChangesMax = 64;

    /// <summary>A bit for each hour, minute and second that matches.</summary>
    private readonly ulong _hours;
    private readonly ulong _minutes;
    private readonly ulong _seconds;

    private TimePattern(ulong hours, ulong minutes, ulong seconds)
    {
        _hours = hours;
        _minutes = minutes;
        _seconds = seconds;
    }

    /// <summary>
    /// Reads a pattern: each part is a number, <c>/n</c> for those that n divides, <c>*</c> for
    /// all, or null. A null part is all where it stands before those given, and 0 after them.
    /// </summary>
    /// <param name="faults">All that is wrong, with <c>/hours</c>, <c>/minutes</c> or
    /// <c>/seconds</c>.</param>
    /// <returns>Null where there are faults.</returns>
    public static TimePattern? Read(
        string? hours,
        string? minutes,
        string? seconds,
        out IReadOnlyList<Fault> faults
    )
    {
        var found = new List<Fault>();
        faults = found;
        if (hours is null && minutes is null && seconds is null)
        {
            found.Add(new Fault("", "needs hours, minutes or seconds"));
            return null;
        }

        minutes ??= hours is null ? "*" : "0";
        var pattern = new TimePattern(
            Part("hours", hours ?? "*", 23, found),
            Part("minutes", minutes, 59, found),
            Part("seconds", seconds ?? "0", 59, found)
        );
        return found.Count == 0 ? pattern : null;
    }

    /// <summary>When the clock next matches, strictly after an instant; null = never.</summary>
    public DateTimeOffset? Next(TimeZoneInfo zone, DateTimeOffset after)
    {
        if (WallClock.IsOutOfTime(after))
        {
            return null;
        }

        var from = DateTimeOffset.FromUnixTimeSeconds(after.ToUnixTimeSeconds() + 1);
        for (var changes = 0; changes < ChangesMax; changes++)
        {
            // Until the offset changes, the wall can be reckoned with as if it were UTC.
            var offset = zone.GetUtcOffset(from);
            var due = NextShown(from + offset) - offset;
            if (WallClock.NextChange(zone, from, due) is not { } change)
            {
                return due;
            }

            from = change;
        }

        return null;
    }

    /// <summary>The first match that is not before what is shown.</summary>
    private DateTimeOffset NextShown(DateTimeOffset shown)
    {
        var (day, hour, minute) = (shown.UtcDateTime.Date, shown.Hour, shown.Minute);
        var second = NextBit(_seconds, shown.Second);
        if (second < 0 || NextBit(_minutes, minute) != minute)
        {
            minute = NextBit(_minutes, second < 0 ? minute + 1 : minute);
            second = NextBit(_seconds, 0);
        }

        if (minute < 0 || NextBit(_hours, hour) != hour)
        {
            hour = NextBit(_hours, minute < 0 ? hour + 1 : hour);
            (minute, second) = (NextBit(_minutes, 0), NextBit(_seconds, 0));
        }

        if (hour < 0)
        {
            (day, hour) = (day.AddDays(1), NextBit(_hours, 0));
        }

        return new DateTimeOffset(day, TimeSpan.Zero) + new TimeSpan(hour, minute, second);
    }

    /// <summary>The first bit that is set, from one on; -1 where there is none.</summary>
    private static int NextBit(ulong bits, int from)
    {
        var rest = bits >> from << from;
        return rest == 0 ? -1 : BitOperations.TrailingZeroCount(rest);
    }

    private static ulong Part(string name, string text, int max, List<Fault> faults)
    {
        var value = text.Trim();
        if (value == "*")
        {
            return ulong.MaxValue >> (63 - max);
        }

        var isStep = value.StartsWith('/');
        var isNumber = int.TryParse(
            isStep ? value[1..] : value,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number
        );
        if (isStep && isNumber && number > 0)
        {
            return Multiples(number, max);
        }

        if (!isStep && isNumber && number >= 0 && number <= max)
        {
            return 1UL << number;
        }

        var unit = name[..^1];
        var what = isStep
            ? $"write /n with n from 1 on, such as /5 for every fifth {unit}"
            : $"write a number from 0 to {max}, /5 for every fifth {unit}, or * for each";
        faults.Add(new Fault("/" + name, $"is {value}; {what}"));
        return 0;
    }

    private static ulong Multiples(int step, int max)
    {
        ulong bits = 0;
        for (long number = 0; number <= max; number += step)
        {
            bits |= 1UL << (int)number;
        }

        return bits;
    }
}
