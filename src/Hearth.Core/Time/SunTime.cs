namespace Hearth.Core.Time;

/// <summary>
/// So long before or after what the sun does: the <c>sun</c> trigger.
/// </summary>
/// <param name="Offset">Negative = before; of more than a year nothing comes.</param>
internal sealed record SunTime(SunEvent What, TimeSpan Offset)
{
    /// <summary>What is longer cannot be meant, and would lead out of what a date can be.</summary>
    private static readonly TimeSpan OffsetMax = TimeSpan.FromDays(366);

    /// <summary>
    /// When it next fires, strictly after an instant; null = not within a year of the offset.
    /// </summary>
    public DateTimeOffset? Next(Place place, DateTimeOffset after) =>
        Offset < -OffsetMax || Offset > OffsetMax || WallClock.IsOutOfTime(after)
            ? null
            : Sun.Next(What, place, after - Offset) + Offset;

    /// <summary>When it is on a local day: the event is that day's, the offset may lead out of it.
    /// </summary>
    public DateTimeOffset? OnDay(Place place, TimeZoneInfo zone, DateOnly date)
    {
        var bounded = Math.Clamp(Offset.Ticks, -OffsetMax.Ticks, OffsetMax.Ticks);
        return Sun.OnDay(What, place, zone, date) + TimeSpan.FromTicks(bounded);
    }
}
