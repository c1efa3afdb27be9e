namespace Hearth.Core.Time;

/// <summary>
/// A time of day that comes every day, or on some weekdays: the <c>time</c> trigger.
/// </summary>
/// <remarks>
/// It fires once a day, come what may: at a time that spring leaves out when the clocks have jumped
/// over it, at one that autumn repeats the first time only. Home Assistant leaves out the one and
/// fires twice for the other, so an alarm at 02:30 is missed once a year there. A day that a zone
/// left out altogether (Samoa, 30 December 2011) has no time of day.
/// </remarks>
/// <param name="Offset">
/// Moves what the clock must show, and wraps around midnight; the weekday is that of the moved
/// time. Both as in Home Assistant.
/// </param>
internal sealed record DailyTime(TimeOnly At, Weekdays On, TimeSpan Offset)
{
    /// <summary>A single weekday that a zone has left out is seen again after two weeks.</summary>
    private const int DaysAheadMax = 15;

    public DailyTime(TimeOnly at, Weekdays on = Weekdays.All)
        : this(at, on, TimeSpan.Zero) { }

    /// <summary>When it next fires, strictly after an instant; null = never.</summary>
    public DateTimeOffset? Next(TimeZoneInfo zone, DateTimeOffset after)
    {
        if (WallClock.IsOutOfTime(after) || On == Weekdays.None)
        {
            return null;
        }

        var at = At.Add(Offset);
        var first = DateOnly.FromDateTime(WallClock.Local(zone, after));
        for (var days = 0; days < DaysAheadMax; days++)
        {
            var date = first.AddDays(days);
            if (On.Has(date.DayOfWeek))
            {
                var due = WallClock.Instant(zone, date.ToDateTime(at));
                if (due > after && WallClock.HasDay(zone, date))
                {
                    return due;
                }
            }
        }

        return null;
    }
}

/// <summary>
/// One date and time on the wall: a <c>time</c> trigger at an <c>input_datetime</c> with a date.
/// </summary>
/// <param name="Offset">Moves what the clock must show, as in Home Assistant.</param>
internal sealed record DateAndTime(DateTime At, TimeSpan Offset)
{
    /// <summary>When it fires, if that is strictly after an instant; else null.</summary>
    public DateTimeOffset? Next(TimeZoneInfo zone, DateTimeOffset after)
    {
        var (earliest, latest) = (new DateTime(2, 1, 1), new DateTime(9998, 1, 1));
        if (At < earliest || At >= latest || Math.Abs(Offset.TotalDays) > 366)
        {
            return null;
        }

        var due = WallClock.Instant(zone, At + Offset);
        return due > after ? due : null;
    }
}
