namespace Hearth.Core.Templates;

/// <summary>
/// Python's <c>datetime</c>. One with a <see cref="Zone"/> keeps its wall clock when it is moved,
/// and finds its offset anew, so that a day later is the same time of day on both sides of a change
/// to summer time. A naive one has no offset at all.
/// </summary>
internal sealed class Moment(DateTimeOffset time, TimeZoneInfo? zone = null, bool isNaive = false)
{
    public DateTimeOffset Time => time;

    public TimeZoneInfo? Zone => zone;

    public bool IsNaive => isNaive;

    public static Moment In(TimeZoneInfo zone, DateTimeOffset time) =>
        ReferenceEquals(zone, TimeZoneInfo.Utc)
            ? new Moment(time.ToUniversalTime())
            : new Moment(TimeZoneInfo.ConvertTime(time, zone), zone);

    public static Moment AtWall(TimeZoneInfo zone, DateTime wall) =>
        new(
            new DateTimeOffset(wall, zone.GetUtcOffset(wall)),
            ReferenceEquals(zone, TimeZoneInfo.Utc) ? null : zone
        );

    public static Moment Naive(DateTime wall) =>
        new(
            new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), TimeSpan.Zero),
            null,
            true
        );

    /// <summary>The same kind of time at another wall clock.</summary>
    public Moment WithWall(DateTime wall) =>
        zone is not null
            ? new Moment(new DateTimeOffset(wall, zone.GetUtcOffset(wall)), zone)
            : new Moment(new DateTimeOffset(wall, time.Offset), null, isNaive);

    /// <summary>The time in the home's zone; a naive one is taken for such.</summary>
    public Moment Local(TimeZoneInfo home) =>
        isNaive ? AtWall(home, time.DateTime) : In(home, time);

    public Moment Plus(long ticks)
    {
        long wall = time.DateTime.Ticks + ticks;
        bool isInRange =
            wall > TimeSpan.TicksPerDay
            && wall < DateTimeOffset.MaxValue.Ticks - TimeSpan.TicksPerDay;
        return isInRange
            ? WithWall(new DateTime(wall))
            : throw new TemplateException("The time is out of range.");
    }

    public TimeSpan Minus(Moment other)
    {
        EnsureComparable(other);
        return ReferenceEquals(zone, other.Zone) && zone is not null
            ? time.DateTime - other.Time.DateTime
            : time - other.Time;
    }

    public int Order(Moment other)
    {
        EnsureComparable(other);
        return time.CompareTo(other.Time);
    }

    public bool IsSame(Moment other) => isNaive == other.IsNaive && time == other.Time;

    private void EnsureComparable(Moment other)
    {
        if (isNaive != other.IsNaive)
        {
            throw new TemplateException(
                "A time with a time zone and one without cannot be compared: "
                    + "as_local gives the zone of the home."
            );
        }
    }
}
