using CsCheck;
using Hearth.Core.Time;
using static Hearth.Core.Tests.Time.Zones;

namespace Hearth.Core.Tests.Time;

/// <summary>Where the sun stands, and when it rises and sets.</summary>
public sealed class Suns
{
    private static readonly Place Tromso = new(69.65, 18.96);

    private static readonly SunEvent[] Events = Enum.GetValues<SunEvent>();

    private static readonly Gen<Place> AnyPlace = Gen.Select(
        Gen.Double[-90, 90],
        Gen.Double[-180, 180],
        Gen.Double[0, 3000],
        (latitude, longitude, elevation) => new Place(latitude, longitude, elevation)
    );

    private static readonly Gen<DateTimeOffset> AnyTime = Gen.Long[
            At("2020-01-01T00:00Z").ToUnixTimeSeconds(),
            At("2041-01-01T00:00Z").ToUnixTimeSeconds()
        ]
        .Select(DateTimeOffset.FromUnixTimeSeconds);

    /// <summary>From the yearly tables of the U.S. Naval Observatory, in UTC.</summary>
    [Theory]
    [InlineData(60, 0, "2019-01-01", "09:02", "15:05")]
    [InlineData(60, 0, "2019-02-10", "07:52", "16:37")]
    [InlineData(60, 0, "2019-03-20", "06:03", "18:14")]
    [InlineData(60, 0, "2019-05-05", "03:48", "20:07")]
    [InlineData(60, 0, "2019-06-21", "02:36", "21:28")]
    [InlineData(60, 0, "2019-08-15", "04:13", "19:54")]
    [InlineData(60, 0, "2019-09-23", "05:46", "17:58")]
    [InlineData(60, 0, "2019-11-11", "07:47", "15:40")]
    [InlineData(60, 0, "2019-12-21", "09:02", "14:54")]
    [InlineData(29, -81, "2019-01-01", "12:18", "22:38")]
    [InlineData(29, -81, "2019-03-20", "11:28", "23:35")]
    [InlineData(29, -81, "2019-06-21", "10:26", "00:26")]
    [InlineData(29, -81, "2019-09-23", "11:13", "23:20")]
    [InlineData(29, -81, "2019-12-21", "12:13", "22:31")]
    [InlineData(-60, -150, "2019-01-01", "12:43", "07:24")]
    [InlineData(-60, -150, "2019-03-20", "16:00", "04:16")]
    [InlineData(-60, -150, "2019-06-21", "19:06", "00:58")]
    [InlineData(-60, -150, "2019-09-23", "15:45", "03:59")]
    [InlineData(-60, -150, "2019-12-21", "12:32", "07:24")]
    public void It_rises_and_sets_at_the_minute_of_the_tables(
        double latitude,
        double longitude,
        string date,
        string sunrise,
        string sunset
    )
    {
        var place = new Place(latitude, longitude);
        Near(At($"{date}T{sunrise}Z"), OnDay(SunEvent.Sunrise), 60);
        Near(At($"{date}T{sunset}Z"), OnDay(SunEvent.Sunset), 60);

        DateTimeOffset? OnDay(SunEvent what) =>
            Sun.OnDay(what, place, TimeZoneInfo.Utc, DateOnly.FromDateTime(Wall(date)));
    }

    /// <summary>The same observatory for Birmingham, Alabama, with twilight and transit.</summary>
    [Theory]
    [InlineData("2013-11-17", "05:54", "06:21", "11:32", "16:43", "17:10")]
    [InlineData("2013-11-19", "05:56", "06:23", "11:33", "16:42", "17:09")]
    [InlineData("2013-11-21", "05:58", "06:25", "11:33", "16:42", "17:08")]
    public void A_day_has_dawn_sunrise_noon_sunset_and_dusk(string date, params string[] times)
    {
        var place = new Place(33.53, -86.81);
        SunEvent[] day =
        [
            SunEvent.Dawn,
            SunEvent.Sunrise,
            SunEvent.Noon,
            SunEvent.Sunset,
            SunEvent.Dusk,
        ];
        var instant = At($"{date}T00:00-06:00");
        foreach (var (what, time) in day.Zip(times))
        {
            instant = Sun.Next(what, place, instant)!.Value;
            Near(At($"{date}T{time}-06:00"), instant, 60);
        }

        Assert.Equal(37, SunPosition.At(place, At($"{date}T11:33-06:00")).Elevation, 0.6);
        Assert.Equal(113, SunPosition.At(place, At($"{date}T06:23-06:00")).Azimuth, 1.0);
        Assert.Equal(247, SunPosition.At(place, At($"{date}T16:42-06:00")).Azimuth, 1.0);
    }

    [Fact]
    public void It_agrees_with_another_reckoning_between_65_degrees_north_and_south()
    {
        foreach (var day in AlmanacDay.All())
        {
            var midnight = day.Times[SunEvent.Midnight]!.Value;
            foreach (var (what, expected) in day.Times)
            {
                var next = Sun.Next(what, day.Place, midnight.AddMinutes(-2));
                if (expected is { } time)
                {
                    Near(time, next, 15);
                    Near(time, Sun.Previous(what, day.Place, time.AddMinutes(5)), 15);
                }
                else
                {
                    Assert.True(next > midnight.AddHours(24), $"{day}");
                }
            }

            var position = SunPosition.At(day.Place, day.At);
            Assert.Equal(day.Altitude, position.Altitude, 0.01);
            var turned = Math.IEEERemainder(day.Azimuth - position.Azimuth, 360);
            var width = Math.Cos(day.Altitude / 180 * Math.PI);
            Assert.Equal(0, turned * width, 0.015);
        }
    }

    [Theory]
    [InlineData(nameof(SunEvent.Sunrise), "2026-12-01", "2027-01-15")]
    [InlineData(nameof(SunEvent.Sunset), "2026-06-01", "2026-07-26")]
    [InlineData(nameof(SunEvent.Sunrise), "2026-06-01", "2026-07-27")]
    public void In_a_polar_night_or_day_it_looks_ahead(string name, string after, string day)
    {
        var what = Enum.Parse<SunEvent>(name);
        var next = Sun.Next(what, Tromso, At(after + "T00:00Z"));
        Assert.InRange(
            next!.Value,
            At(day + "T00:00Z").AddDays(-2),
            At(day + "T00:00Z").AddDays(2)
        );
        var oslo = Zone("Europe/Oslo");
        Assert.Null(Sun.OnDay(what, Tromso, oslo, DateOnly.FromDateTime(Wall(after))));
    }

    [Fact]
    public void At_the_pole_it_rises_once_a_year()
    {
        // The U.S. Naval Observatory has 18 March 2022, 13:02 and 25 September, 04:13.
        var pole = new Place(90, 0);
        var sunrise = Sun.Next(SunEvent.Sunrise, pole, At("2021-10-01T00:00Z"));
        Near(At("2022-03-18T13:02Z"), sunrise, 3600);
        Near(At("2022-09-25T04:13Z"), Sun.Next(SunEvent.Sunset, pole, sunrise!.Value), 3600);
        Assert.True(Sun.Next(SunEvent.Sunrise, pole, sunrise.Value) > sunrise.Value.AddDays(364));
        Assert.True(Sun.IsUp(pole, At("2022-06-21T00:00Z")));
        Assert.False(Sun.IsUp(pole, At("2022-12-21T12:00Z")));
    }

    [Fact]
    public void The_air_lifts_it()
    {
        // Half a degree at the horizon, a minute of arc at 45°, nothing overhead.
        Assert.Equal(0.48, new SunPosition(0, 0, 0).Elevation, 0.01);
        Assert.Equal(10.09, new SunPosition(10, 0, 0).Elevation, 0.005);
        Assert.Equal(45.016, new SunPosition(45, 0, 0).Elevation, 0.001);
        Assert.Equal(90, new SunPosition(90, 0, 0).Elevation);
        Assert.Equal(-5.945, new SunPosition(-6, 0, 0).Elevation, 0.001);
    }

    [Fact]
    public void From_a_height_it_rises_earlier_and_sets_later()
    {
        var (ground, hill) = (new Place(48, 11), new Place(48, 11, 500));
        var after = At("2026-03-20T00:00Z");
        var sooner =
            Sun.Next(SunEvent.Sunrise, ground, after) - Sun.Next(SunEvent.Sunrise, hill, after);
        var later =
            Sun.Next(SunEvent.Sunset, hill, after) - Sun.Next(SunEvent.Sunset, ground, after);
        // The horizon of 500 m is 0.72° lower, and the sun climbs 10° an hour.
        Assert.InRange(sooner!.Value.TotalMinutes, 4, 4.6);
        Assert.InRange(later!.Value.TotalMinutes, 4, 4.6);
        Assert.Equal(Sun.Next(SunEvent.Noon, ground, after), Sun.Next(SunEvent.Noon, hill, after));
        Assert.Equal(
            Sun.Next(SunEvent.Dawn, ground, after),
            Sun.Next(SunEvent.Dawn, new Place(48, 11, -400), after)
        );
    }

    [Fact]
    public void Next_is_strictly_after_and_previous_strictly_before() =>
        Gen.Select(Gen.Int[0, 5].Select(index => Events[index]), AnyPlace, AnyTime)
            .Sample(
                (what, place, instant) =>
                {
                    var next = Sun.Next(what, place, instant)!.Value;
                    var previous = Sun.Previous(what, place, instant)!.Value;
                    Assert.True(previous < instant && instant < next);
                    Assert.True(Sun.Next(what, place, next) > next);
                    Assert.Equal(next, Sun.Next(what, place, next.AddTicks(-1)));
                    Assert.Equal(next, Sun.Next(what, place, previous.AddSeconds(1)));
                    Assert.Equal(previous, Sun.Previous(what, place, next));
                }
            );

    [Fact]
    public void It_is_up_from_sunrise_to_sunset() =>
        Gen.Select(AnyPlace, AnyTime)
            .Sample(
                (place, instant) =>
                {
                    var sunrise = Sun.Next(SunEvent.Sunrise, place, instant);
                    var sunset = Sun.Next(SunEvent.Sunset, place, instant);
                    var isUp = Sun.IsUp(place, instant);
                    Assert.Equal(sunset < sunrise, isUp);
                    var change = (isUp ? sunset : sunrise)!.Value;
                    Assert.Equal(isUp, Sun.IsUp(place, change.AddSeconds(-1)));
                    Assert.NotEqual(isUp, Sun.IsUp(place, change.AddSeconds(1)));
                }
            );

    [Fact]
    public void It_climbs_from_midnight_to_noon() =>
        Gen.Select(AnyPlace, AnyTime)
            .Sample(
                (place, instant) =>
                    Assert.Equal(
                        Sun.Next(SunEvent.Noon, place, instant)
                            < Sun.Next(SunEvent.Midnight, place, instant),
                        Sun.IsRising(place, instant)
                    )
            );

    [Theory]
    [InlineData(-45)]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(3000)]
    public void An_offset_moves_what_it_does(int minutes)
    {
        var (place, offset) = (new Place(60, 0), TimeSpan.FromMinutes(minutes));
        var moved = new SunTime(SunEvent.Sunset, offset);
        var due = At("2019-06-21T21:28Z") + offset;
        var first = moved.Next(place, due.AddMinutes(-5))!.Value;
        Near(due, first, 60);
        Near(due.AddDays(1), moved.Next(place, first), 120);
        var onDay = moved.OnDay(place, TimeZoneInfo.Utc, new DateOnly(2019, 6, 21));
        Assert.Equal(first, onDay);
    }

    [Fact]
    public void An_offset_of_years_leads_nowhere()
    {
        var after = At("2026-01-01T00:00Z");
        Assert.Null(new SunTime(SunEvent.Sunset, TimeSpan.MaxValue).Next(Tromso, after));
        Assert.Null(new SunTime(SunEvent.Sunset, TimeSpan.MinValue).Next(Tromso, after));
        var never = new SunCondition(SunEvent.Noon, null, TimeSpan.MaxValue);
        Assert.False(never.Check(Tromso, TimeZoneInfo.Utc, after).Holds);
    }

    [Fact]
    public void At_the_ends_of_time_there_is_no_sun()
    {
        Assert.Null(Sun.Next(SunEvent.Sunrise, Tromso, DateTimeOffset.MaxValue));
        Assert.Null(Sun.Previous(SunEvent.Sunrise, Tromso, DateTimeOffset.MinValue));
    }

    [Fact]
    public void Every_fault_of_a_place_is_told()
    {
        Assert.Empty(new Place(-90, 180, 9000).Faults());
        Assert.Equal(
            [
                "/latitude is 90.5; write degrees from -90 to 90",
                "/longitude is NaN; write degrees from -180 to 180",
                "/elevation is -501; write metres from -500 to 9000",
            ],
            new Place(90.5, double.NaN, -501)
                .Faults()
                .Select(fault => $"{fault.Pointer} {fault.Detail}")
        );
    }

    private static void Near(DateTimeOffset expected, DateTimeOffset? actual, int seconds) =>
        Assert.True(
            actual is { } some && (some - expected).Duration() <= TimeSpan.FromSeconds(seconds),
            $"expected {expected:u}, is {actual:u}"
        );
}
