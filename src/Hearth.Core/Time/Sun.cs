namespace Hearth.Core.Time;

/// <summary>What the sun does every day, nearly everywhere.</summary>
internal enum SunEvent
{
    /// <summary>The sun's upper edge comes over the horizon: its centre is at -0.833°.</summary>
    Sunrise,

    Sunset,

    /// <summary>Civil twilight begins: the sun's centre comes to -6°.</summary>
    Dawn,

    Dusk,

    /// <summary>The sun is where it is highest, due south or north.</summary>
    Noon,

    Midnight,
}

/// <summary>
/// When the sun rises, sets and stands, to within a minute of almanacs where the ground is flat.
/// </summary>
/// <remarks>
/// Sunrise is what almanacs call so: the centre 50 minutes of arc below the horizon, and dawn at
/// 6° without refraction. Home Assistant's sun reckons with less refraction in the one and some in
/// the other: it rises 10 to 30 seconds later there up to 60° north or south, and up to two minutes
/// at 65°.
/// </remarks>
internal static class Sun
{
    /// <summary>
    /// How far is looked for an event: more than a year, so that whoever asks where the sun does
    /// not rise for months is told when it will.
    /// </summary>
    private const int DaysMax = 367;

    private const double RiseDegrees = -50.0 / 60;

    private const double CivilDegrees = -6;

    private const double EarthRadiusMetres = 6_371_000;

    /// <summary>
    /// The first strictly after an instant, to the second. In a polar night or day that is the one
    /// that ends it, however many weeks away; null where there is none within a year.
    /// </summary>
    public static DateTimeOffset? Next(SunEvent what, Place place, DateTimeOffset after) =>
        Search(what, place, after, 1, DaysMax);

    /// <summary>The last strictly before an instant, likewise.</summary>
    public static DateTimeOffset? Previous(SunEvent what, Place place, DateTimeOffset before) =>
        Search(what, place, before, -1, DaysMax);

    /// <summary>
    /// The first on a local day; null where the sun does no such thing that day, in a polar night
    /// or where it sets after midnight.
    /// </summary>
    public static DateTimeOffset? OnDay(
        SunEvent what,
        Place place,
        TimeZoneInfo zone,
        DateOnly date
    )
    {
        var (start, end) = (
            WallClock.StartOf(zone, date),
            WallClock.StartOf(zone, date.AddDays(1))
        );
        var first = Search(what, place, start.AddTicks(-1), 1, 3);
        return first < end ? first : null;
    }

    /// <summary>
    /// Whether it is between sunrise and sunset, what <c>above_horizon</c> means.
    /// </summary>
    public static bool IsUp(Place place, DateTimeOffset instant) =>
        SunPosition.At(place, instant).Altitude > Threshold(SunEvent.Sunrise, place);

    /// <summary>
    /// Whether it is between solar midnight and noon, the attribute <c>rising</c>.
    /// </summary>
    public static bool IsRising(Place place, DateTimeOffset instant) =>
        SunPosition.At(place, instant).HourAngle < 0;

    private static DateTimeOffset? Search(
        SunEvent what,
        Place place,
        DateTimeOffset from,
        int direction,
        int daysMax
    )
    {
        if (WallClock.IsOutOfTime(from))
        {
            return null;
        }

        var noon = Turn(place, from, 0);
        // From a day on the other side: which noon is the nearest says nothing of sunrise.
        for (var halves = -3; halves < daysMax * 2; halves++)
        {
            if (
                Within(what, place, noon, halves * direction) is { } found
                && (found - from).Ticks * direction > 0
            )
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>
    /// What happens in half a day that begins at solar noon or midnight. In between the sun only
    /// climbs or only falls, so that it passes an altitude once at most.
    /// </summary>
    /// <param name="halves">Half days since a noon.</param>
    private static DateTimeOffset? Within(
        SunEvent what,
        Place place,
        DateTimeOffset noon,
        int halves
    )
    {
        var start = Turn(place, noon.AddHours(12 * halves), halves);
        if (what is SunEvent.Noon or SunEvent.Midnight)
        {
            return what == SunEvent.Noon == (halves % 2 == 0) ? ToSecond(start) : null;
        }

        var end = Turn(place, noon.AddHours(12 * (halves + 1)), halves + 1);
        var threshold = Threshold(what, place);
        var (isUp, isUpThen) = (IsOver(start), IsOver(end));
        var wantsUp = what is SunEvent.Sunrise or SunEvent.Dawn;
        return isUp != isUpThen && isUpThen == wantsUp ? ToSecond(Passing(start, end)) : null;

        bool IsOver(DateTimeOffset instant) => SunPosition.At(place, instant).Altitude > threshold;

        DateTimeOffset Passing(DateTimeOffset low, DateTimeOffset high)
        {
            while ((high - low).Ticks > TimeSpan.TicksPerMillisecond)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = IsOver(middle) == isUp ? (middle, high) : (low, middle);
            }

            return high;
        }
    }

    /// <summary>The solar noon (even) or midnight (odd) that is nearest.</summary>
    private static DateTimeOffset Turn(Place place, DateTimeOffset near, int halves)
    {
        var wanted = halves % 2 == 0 ? 0 : 180;
        var instant = near;
        // A solar day is 24 hours but for half a minute, so the second step is exact.
        for (var step = 0; step < 3; step++)
        {
            var hourAngle = SunPosition.At(place, instant).HourAngle;
            instant -= TimeSpan.FromDays(Math.IEEERemainder(hourAngle - wanted, 360) / 360);
        }

        return instant;
    }

    /// <summary>The altitude of the sun's centre at an event, in degrees.</summary>
    private static double Threshold(SunEvent what, Place place)
    {
        var height = Math.Max(place.Elevation, 0);
        var dip = Math.Acos(EarthRadiusMetres / (EarthRadiusMetres + height)) / Math.PI * 180;
        return (what is SunEvent.Sunrise or SunEvent.Sunset ? RiseDegrees : CivilDegrees) - dip;
    }

    /// <summary>
    /// Whole seconds: finer is not known, and the last bits of a sine differ between processors.
    /// </summary>
    private static DateTimeOffset ToSecond(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant.AddMilliseconds(500).ToUnixTimeSeconds());
}
