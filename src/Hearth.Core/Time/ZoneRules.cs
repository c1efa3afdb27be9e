using System.Globalization;
using System.Text;

namespace Hearth.Core.Time;

/// <summary>
/// A time zone as a value: what a home keeps, so that the same inputs mean the same whatever the
/// machine knows of time zones.
/// </summary>
/// <remarks>
/// <see cref="TimeZoneInfo.ToSerializedString"/> would be shorter to write, but .NET 10 does not
/// read back what it writes of most zones of a Unix machine, and is hours off around New Year in
/// others. So the rules are the changes themselves, from 1970 on: the offset at first in minutes;
/// for each change the seconds since the one before (since 1970 for the first) and the new offset,
/// <c>323830800:120</c>; and, where the zone has come to one, the two
/// <see cref="YearlyChange"/>s that go on for ever. Before 1970 the first offset holds. Hundreds of
/// characters mostly, at most four thousand.
/// What is taken down is what .NET says, and .NET misreads the last line of a zone file where it
/// counts hours beyond a day or below none: from 2038 on it is a day off twice a year in
/// Africa/Cairo, America/Nuuk, America/Santiago, America/Scoresbysund and Asia/Jerusalem.
/// </remarks>
/// <param name="Id">The IANA name, <c>Europe/Berlin</c>.</param>
/// <param name="TzdataVersion">Of what the rules were taken from, <c>2026b</c>; null where not
/// known.</param>
/// <param name="Rules">As above, separated by blanks.</param>
public sealed record ZoneRules(string Id, string? TzdataVersion, string Rules)
{
    /// <summary>What is looked at; nothing is known of zones further ahead.</summary>
    private const int FirstYear = 1970;
    private const int LastYear = 2100;

    /// <summary>To here what comes every year is written out in what is read back.</summary>
    private const int EndYear = 2200;

    /// <summary>Zones rest for weeks between changes; none has changed back within a day.</summary>
    private static readonly TimeSpan Stride = TimeSpan.FromDays(1);

    /// <summary>After so many years of a rule it is taken for one.</summary>
    private const int RuleYears = 28;

    private const int ChangesMax = 2000;

    private const int OffsetMinutesMax = 14 * 60;

    /// <summary>Takes a zone's rules down. Finer than minutes .NET does not know.</summary>
    public static ZoneRules Of(TimeZoneInfo zone, string? tzdataVersion)
    {
        var (first, changes) = ChangesOf(zone);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{first}");
        var (count, yearly) = YearlyFrom(changes);
        var seconds = 0L;
        foreach (var change in changes.Take(count))
        {
            var since = change.Seconds - seconds;
            text.Append(CultureInfo.InvariantCulture, $" {since}:{change.OffsetMinutes}");
            seconds = change.Seconds;
        }

        foreach (var change in yearly)
        {
            text.Append(CultureInfo.InvariantCulture, $" {change}");
        }

        return new ZoneRules(zone.Id, tzdataVersion, text.ToString());
    }

    /// <summary>
    /// The zone again. Its offset at every instant is that of the zone that was taken down; it has
    /// no names and no notion of summer time, and its answers about local times are not to be asked
    /// for (<see cref="WallClock.Instant"/> is).
    /// </summary>
    /// <exception cref="FormatException">The rules were not written by <see cref="Of"/>.
    /// </exception>
    public TimeZoneInfo ToTimeZone()
    {
        if (!TryRead(Rules, out var first, out var changes))
        {
            throw new FormatException($"The rules of {Id} are damaged.");
        }

        // A rule for each time between changes, in UTC and without summer time, is all that .NET
        // looks at then; the base offset is not.
        var periods = new List<TimeZoneInfo.AdjustmentRule>();
        var (start, offset) = (DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), first);
        foreach (var change in changes)
        {
            var next = DateTimeOffset.FromUnixTimeSeconds(change.Seconds).UtcDateTime;
            periods.Add(Period(start, next.AddTicks(-1), offset));
            (start, offset) = (next, change.OffsetMinutes);
        }

        var end = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
        periods.Add(Period(start, end, offset));
        return TimeZoneInfo.CreateCustomTimeZone(Id, TimeSpan.Zero, Id, Id, Id, [.. periods]);
    }

    internal static bool IsOffset(int minutes) =>
        minutes is >= -OffsetMinutesMax and <= OffsetMinutesMax;

    private static TimeZoneInfo.AdjustmentRule Period(DateTime start, DateTime end, int offset)
    {
        // These two, and no difference between them, are how .NET writes "no summer time".
        var midnight = new DateTime(1, 1, 1);
        return TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            start,
            end,
            TimeSpan.Zero,
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(midnight, 1, 1),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(midnight.AddMilliseconds(1), 1, 1),
            TimeSpan.FromMinutes(offset)
        );
    }

    private static (int First, List<Change> Changes) ChangesOf(TimeZoneInfo zone)
    {
        var seen = Start(FirstYear);
        var end = Start(LastYear + 1);
        var first = MinutesAt(zone, seen);
        var changes = new List<Change>();
        while (WallClock.NextChange(zone, seen, end, Stride) is { } next)
        {
            changes.Add(new Change(next.ToUnixTimeSeconds(), MinutesAt(zone, next)));
            seen = next;
        }

        return (first, changes);
    }

    /// <summary>From which change on the rest can be told by two that come every year.</summary>
    private static (int Count, IReadOnlyList<YearlyChange> Yearly) YearlyFrom(List<Change> changes)
    {
        var tail = changes.Count - (2 * RuleYears);
        if (tail < 1 || changes[^1].Seconds < Start(LastYear).ToUnixTimeSeconds())
        {
            return (changes.Count, []);
        }

        var yearly = new List<YearlyChange>();
        for (var index = tail; index < tail + 2; index++)
        {
            var shown = new List<DateTime>();
            for (var year = index; year < changes.Count; year += 2)
            {
                shown.Add(changes[year].Shown(changes[year - 1].OffsetMinutes));
            }

            if (YearlyChange.Behind(shown, changes[index].OffsetMinutes) is { } rule)
            {
                yearly.Add(rule);
            }
        }

        if (yearly.Count < 2)
        {
            return (changes.Count, []);
        }

        // The fewest that lead to the same changes: if so many do, more do.
        var (tooFew, enough) = (0, tail + 1);
        while (enough - tooFew > 1)
        {
            var count = (tooFew + enough) / 2;
            var isEnough = WithYearly(changes.Take(count), yearly, LastYear).SequenceEqual(changes);
            (tooFew, enough) = isEnough ? (tooFew, count) : (count, enough);
        }

        return enough <= tail ? (enough, yearly) : (changes.Count, []);
    }

    /// <summary>Some changes, and after the last what comes every year.</summary>
    private static List<Change> WithYearly(
        IEnumerable<Change> changes,
        List<YearlyChange> yearly,
        int lastYear
    )
    {
        var all = changes.ToList();
        var year = DateTimeOffset.FromUnixTimeSeconds(all[^1].Seconds).Year;
        for (; year <= lastYear; year++)
        {
            for (var index = 0; index < yearly.Count; index++)
            {
                var before = yearly[1 - index].OffsetMinutes;
                var change = Change.At(yearly[index].In(year), before, yearly[index].OffsetMinutes);
                if (change.Seconds > all[^1].Seconds)
                {
                    all.Add(change);
                }
            }
        }

        return all;
    }

    private static bool TryRead(string text, out int first, out List<Change> changes)
    {
        changes = [];
        var parts = text.Split(' ');
        if (!TryReadOffset(parts[0], out first) || parts.Length > ChangesMax)
        {
            return false;
        }

        var yearly = new List<YearlyChange>();
        var (seconds, end) = (0L, Start(EndYear).ToUnixTimeSeconds());
        foreach (var part in parts.Skip(1))
        {
            if (YearlyChange.TryRead(part, out var rule))
            {
                yearly.Add(rule);
                continue;
            }

            if (
                part.Split(':') is not [var since, var offset]
                || !long.TryParse(since, NumberStyles.None, Invariant, out var passed)
                || passed <= 0
                || passed > end - seconds
                || !TryReadOffset(offset, out var minutes)
                || yearly.Count > 0
            )
            {
                return false;
            }

            seconds += passed;
            changes.Add(new Change(seconds, minutes));
        }

        if (yearly.Count == 2 && changes.Count > 0)
        {
            changes = WithYearly(changes, yearly, EndYear);
            return true;
        }

        return yearly.Count == 0;
    }

    private static bool TryReadOffset(string text, out int minutes) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out minutes)
        && IsOffset(minutes);

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static DateTimeOffset Start(int year) => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static int MinutesAt(TimeZoneInfo zone, DateTimeOffset instant) =>
        (int)zone.GetUtcOffset(instant).TotalMinutes;

    /// <summary>From these seconds since 1970 on, the offset is this.</summary>
    private readonly record struct Change(long Seconds, int OffsetMinutes)
    {
        public static Change At(DateTime shown, int beforeMinutes, int offsetMinutes) =>
            new(
                new DateTimeOffset(shown, TimeSpan.Zero).ToUnixTimeSeconds()
                    - (beforeMinutes * 60L),
                offsetMinutes
            );

        /// <summary>What the clock shows then by the offset before.</summary>
        public DateTime Shown(int beforeMinutes) =>
            DateTimeOffset.FromUnixTimeSeconds(Seconds + (beforeMinutes * 60L)).DateTime;
    }
}
