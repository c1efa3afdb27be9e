using static System.Math;

namespace Hearth.Core.Time;

/// <summary>
/// Where the sun stands, seen from a place. After Jean Meeus, Astronomical Algorithms, chapters 12,
/// 13, 22 and 25 with the sun's coordinates of low accuracy: 0.01°, or a few seconds of time.
/// </summary>
/// <param name="Altitude">Of the sun's centre above the horizon, in degrees, as if there were no
/// air.</param>
/// <param name="Azimuth">Degrees from north over east, 0 to 360.</param>
/// <param name="HourAngle">Degrees since solar noon, -180 to 180.</param>
internal readonly record struct SunPosition(double Altitude, double Azimuth, double HourAngle)
{
    private static readonly DateTimeOffset J2000 = new(2000, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private const double DaysPerCentury = 36525;

    /// <summary>
    /// Degrees above the horizon as the air bends the light, what the <c>elevation</c> of Home
    /// Assistant's <c>sun.sun</c> says (with two decimals).
    /// </summary>
    public double Elevation => Altitude + Refraction(Altitude);

    public static SunPosition At(Place place, DateTimeOffset instant)
    {
        var days = (instant - J2000).TotalDays;
        var (rightAscension, declination, siderealTime) = Equatorial(days);
        var hourAngle = IEEERemainder(siderealTime + place.Longitude - rightAscension, 360);
        var (sinHour, cosHour) = SinCos(Radians(hourAngle));
        var (sinLatitude, cosLatitude) = SinCos(Radians(place.Latitude));
        var (sinDeclination, cosDeclination) = SinCos(Radians(declination));
        var sinAltitude = (sinLatitude * sinDeclination) + (cosLatitude * cosDeclination * cosHour);
        var fromSouth = Atan2(
            sinHour * cosDeclination,
            (cosHour * sinLatitude * cosDeclination) - (sinDeclination * cosLatitude)
        );
        return new SunPosition(
            Degrees(Asin(Clamp(sinAltitude, -1, 1))),
            (Degrees(fromSouth) + 540) % 360,
            hourAngle
        );
    }

    /// <summary>The sun's apparent place among the stars and how far the sky has turned.</summary>
    /// <param name="days">Since noon of 1 January 2000, UTC.</param>
    private static (double RightAscension, double Declination, double SiderealTime) Equatorial(
        double days
    )
    {
        var t = days / DaysPerCentury;
        var meanLongitude = 280.46646 + (t * (36000.76983 + (t * 0.0003032)));
        var anomaly = Radians((357.52911 + (t * (35999.05029 - (t * 0.0001537)))) % 360);
        var centre =
            ((1.914602 - (t * (0.004817 + (t * 0.000014)))) * Sin(anomaly))
            + ((0.019993 - (t * 0.000101)) * Sin(2 * anomaly))
            + (0.000289 * Sin(3 * anomaly));
        var (sinNode, cosNode) = SinCos(Radians((125.04 - (1934.136 * t)) % 360));
        var nutation = -0.00478 * sinNode;
        var aberration = -0.00569;
        var longitude = Radians((meanLongitude + centre + aberration + nutation) % 360);
        var obliquity = Radians(
            23.4392911 - (t * (0.0130042 + (t * (1.64e-7 - (t * 5.04e-7))))) + (0.00256 * cosNode)
        );
        var rightAscension = Atan2(Cos(obliquity) * Sin(longitude), Cos(longitude));
        var declination = Asin(Sin(obliquity) * Sin(longitude));
        var siderealTime =
            280.46061837
            + (360.98564736629 * days % 360)
            + (t * t * 0.000387933)
            + (nutation * Cos(obliquity));
        return (Degrees(rightAscension), Degrees(declination), siderealTime);
    }

    /// <summary>
    /// How much the air lifts the sun, in degrees: the approximation of NOAA's solar calculator,
    /// which Home Assistant's sun goes by too.
    /// </summary>
    private static double Refraction(double altitude)
    {
        if (altitude > 85)
        {
            return 0;
        }

        var tan = Tan(Radians(altitude));
        var arcSeconds = altitude switch
        {
            > 5 => (58.1 / tan) - (0.07 / Pow(tan, 3)) + (0.000086 / Pow(tan, 5)),
            > -0.575 => 1735
                + (
                    altitude
                    * (-518.2 + (altitude * (103.4 + (altitude * (-12.79 + (altitude * 0.711))))))
                ),
            _ => -20.774 / tan,
        };
        return arcSeconds / 3600;
    }

    private static double Radians(double degrees) => degrees / 180 * PI;

    private static double Degrees(double radians) => radians / PI * 180;
}
