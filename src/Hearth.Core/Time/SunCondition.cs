namespace Hearth.Core.Time;

/// <summary>
/// Whether it is after or before sunrise or sunset: the <c>sun</c> condition.
/// </summary>
/// <remarks>
/// As in Home Assistant, each means the sunrise or sunset of the local day of now. So after sunset
/// alone ends at midnight and before sunrise alone begins there; both are the night, and hold if
/// either does; every other pair holds if both do. On a day without the one that is asked for it
/// does not hold. The night Home Assistant leaves undefined there: here it is also a whole day on
/// which the sun neither rises nor sets, and is down.
/// In Home Assistant the day is looked up by its UTC date first, which east of Asia makes it
/// tomorrow's sunrise; here it is always the local day's.
/// </remarks>
/// <param name="After">Sunrise or sunset; null = not asked for.</param>
internal sealed record SunCondition(
    SunEvent? After,
    SunEvent? Before,
    TimeSpan AfterOffset = default,
    TimeSpan BeforeOffset = default
)
{
    public SunVerdict Check(Place place, TimeZoneInfo zone, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(WallClock.Local(zone, now));
        var after = Today(After, AfterOffset);
        var before = Today(Before, BeforeOffset);
        if (After == SunEvent.Sunset && Before == SunEvent.Sunrise)
        {
            var isNight =
                after is null && before is null
                    ? !Sun.IsUp(place, now)
                    : now < before || now > after;
            return new SunVerdict(isNight, after, before, null);
        }

        var missing =
            After is not null && after is null ? After
            : Before is not null && before is null ? Before
            : null;
        if (missing is { } none)
        {
            return new SunVerdict(
                false,
                after,
                before,
                none == SunEvent.Sunrise ? "no sunrise today" : "no sunset today"
            );
        }

        return new SunVerdict(!(now < after) && !(now > before), after, before, null);

        DateTimeOffset? Today(SunEvent? what, TimeSpan offset) =>
            what is { } asked ? new SunTime(asked, offset).OnDay(place, zone, today) : null;
    }
}

/// <summary>What the sun condition says, and why; a trace shows it.</summary>
/// <param name="After">From when on it holds; null where that is not asked for or never.</param>
/// <param name="Before">Until when it holds; likewise.</param>
/// <param name="Detail">Why it cannot hold on this day; else null.</param>
internal readonly record struct SunVerdict(
    bool Holds,
    DateTimeOffset? After,
    DateTimeOffset? Before,
    string? Detail
);
