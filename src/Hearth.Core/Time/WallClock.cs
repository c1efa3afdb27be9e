using System.Globalization;

namespace Hearth.Core.Time;

/// <summary>
/// What the clock on the wall shows, and when it shows it. All that differs between zones is asked
/// of <see cref="TimeZoneInfo.GetUtcOffset(DateTimeOffset)"/> at an instant, which is exact where
/// its answers about local times are not. Instants are UTC, local times have no kind.
/// </summary>
internal static class WallClock
{
    /// <summary>No zone is further from UTC than this (the widest are -12 and +14 hours).</summary>
    private static readonly TimeSpan OffsetMax = TimeSpan.FromHours(15);

    /// <summary>
    /// How far apart the offset is looked at: no zone has ever changed and changed back within
    /// three hours.
    /// </summary>
    private static readonly TimeSpan Stride = TimeSpan.FromHours(3);

    /// <summary>Near the ends of what a date can be, there is nothing to wait for.</summary>
    private static readonly DateTimeOffset Earliest = new(2, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9998, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What the clock shows at an instant.</summary>
    public static DateTime Local(TimeZoneInfo zone, DateTimeOffset instant) =>
        (instant + zone.GetUtcOffset(instant)).UtcDateTime.AsLocal();

    /// <summary>
    /// When the clock first shows a local time, or has jumped over it: a time that spring leaves
    /// out is the instant after the gap, one that autumn repeats is the first of the two.
    /// </summary>
    public static DateTimeOffset Instant(TimeZoneInfo zone, DateTime local)
    {
        var asUtc = new DateTimeOffset(local.AsLocal(), TimeSpan.Zero);
        var until = asUtc + OffsetMax;
        for (var from = asUtc - OffsetMax; ; )
        {
            var shown = asUtc - zone.GetUtcOffset(from);
            if (shown <= from)
            {
                return from;
            }

            if (NextChange(zone, from, until) is not { } change || shown < change)
            {
                return shown;
            }

            from = change;
        }
    }

    /// <summary>False for a day that a zone has left out, as Samoa did 30 December 2011.</summary>
    public static bool HasDay(TimeZoneInfo zone, DateOnly date) =>
        DateOnly.FromDateTime(Local(zone, StartOf(zone, date))) == date;

    /// <summary>The first instant of a local day, which is not always midnight.</summary>
    public static DateTimeOffset StartOf(TimeZoneInfo zone, DateOnly date) =>
        Instant(zone, date.ToDateTime(TimeOnly.MinValue));

    /// <summary>
    /// The first instant after one, and not after another, at which the zone's offset is not what
    /// it was; null where it stays.
    /// </summary>
    public static DateTimeOffset? NextChange(
        TimeZoneInfo zone,
        DateTimeOffset after,
        DateTimeOffset until
    ) => NextChange(zone, after, until, Stride);

    /// <param name="stride">Within which the zone does not change and change back.</param>
    public static DateTimeOffset? NextChange(
        TimeZoneInfo zone,
        DateTimeOffset after,
        DateTimeOffset until,
        TimeSpan stride
    )
    {
        var offset = zone.GetUtcOffset(after);
        for (var seen = after; seen < until; )
        {
            var next = until - seen > stride ? seen + stride : until;
            if (zone.GetUtcOffset(next) != offset)
            {
                return ChangeBetween(zone, seen, next);
            }

            seen = next;
        }

        return null;
    }

    /// <summary>
    /// A time of day as Home Assistant writes it, <c>7:05</c> or <c>07:05:30</c>.
    /// </summary>
    public static bool TryRead(string text, out TimeOnly time)
    {
        time = default;
        var parts = text.Trim().Split(':');
        Span<int> numbers = stackalloc int[3];
        for (var index = 0; index < Math.Min(parts.Length, 3); index++)
        {
            var isNumber =
                parts[index] is [>= '0' and <= '9'] or [>= '0' and <= '9', >= '0' and <= '9'];
            numbers[index] = isNumber
                ? ushort.Parse(parts[index], CultureInfo.InvariantCulture)
                : 60;
        }

        if (parts.Length is not (2 or 3) || numbers is not [< 24, < 60, < 60])
        {
            return false;
        }

        time = new TimeOnly(numbers[0], numbers[1], numbers[2]);
        return true;
    }

    /// <summary>Where it makes no sense to look for what comes after.</summary>
    internal static bool IsOutOfTime(DateTimeOffset instant) =>
        instant < Earliest || instant >= Latest;

    /// <summary>Zones change at whole seconds.</summary>
    private static DateTimeOffset ChangeBetween(
        TimeZoneInfo zone,
        DateTimeOffset before,
        DateTimeOffset after
    )
    {
        var offset = zone.GetUtcOffset(before);
        var (low, high) = (before.ToUnixTimeSeconds(), after.ToUnixTimeSeconds());
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            var isBefore = zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(middle)) == offset;
            (low, high) = isBefore ? (middle, high) : (low, middle);
        }

        return DateTimeOffset.FromUnixTimeSeconds(high);
    }

    private static DateTime AsLocal(this DateTime time) =>
        DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
}
