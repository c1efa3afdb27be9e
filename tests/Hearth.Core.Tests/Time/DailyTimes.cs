using CsCheck;
using Hearth.Core.Time;
using static Hearth.Core.Tests.Time.Zones;

namespace Hearth.Core.Tests.Time;

/// <summary>The <c>time</c> trigger.</summary>
public sealed class DailyTimes
{
    [Theory]
    [InlineData("2026-11-29T05:59:59Z", "2026-11-29 07:00:00+01:00")]
    [InlineData("2026-11-29T06:00:00Z", "2026-11-30 07:00:00+01:00")]
    [InlineData("2026-12-31T06:00:00Z", "2027-01-01 07:00:00+01:00")]
    [InlineData("2028-02-28T06:00:00.5Z", "2028-02-29 07:00:00+01:00")]
    [InlineData("2026-03-28T06:00:00Z", "2026-03-29 07:00:00+02:00")]
    [InlineData("2026-10-24T05:00:00Z", "2026-10-25 07:00:00+01:00")]
    public void It_comes_every_day_at_what_the_wall_shows(string after, string expected) =>
        Assert.Equal(expected, Next(Berlin, new DailyTime(Clock("7:00")), after));

    [Theory]
    [InlineData("Europe/Berlin", "2:30", "2026-03-28T12:00Z", "2026-03-29 03:00:00+02:00")]
    [InlineData("America/New_York", "2:00", "2026-03-07T12:00Z", "2026-03-08 03:00:00-04:00")]
    [InlineData("Australia/Lord_Howe", "2:15", "2026-10-03T12:00Z", "2026-10-04 02:30:00+11:00")]
    [InlineData("Europe/Dublin", "1:59:59", "2026-03-28T12:00Z", "2026-03-29 02:00:00+01:00")]
    [InlineData("America/Toronto", "23:45", "1919-03-30T12:00Z", "1919-03-31 00:30:00-04:00")]
    [InlineData("America/Toronto", "23:45", "1919-03-31T04:29:59Z", "1919-03-31 00:30:00-04:00")]
    [InlineData("America/Sao_Paulo", "0:00", "2018-11-03T12:00Z", "2018-11-04 01:00:00-02:00")]
    public void A_time_that_spring_leaves_out_fires_right_after_the_gap(
        string zone,
        string at,
        string after,
        string expected
    )
    {
        var daily = new DailyTime(Clock(at));
        var first = daily.Next(Zone(zone), At(after));
        Assert.Equal(expected, first.Shown(Zone(zone)));
        var second = daily.Next(Zone(zone), first!.Value)!.Value;
        Assert.Equal(Clock(at), TimeOnly.FromDateTime(WallClock.Local(Zone(zone), second)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2:30", "2026-10-24T12:00Z", "2026-10-25 02:30:00+02:00")]
    [InlineData("Australia/Lord_Howe", "1:45", "2026-04-04T12:00Z", "2026-04-05 01:45:00+11:00")]
    [InlineData("America/Sao_Paulo", "23:30", "2018-02-17T12:00Z", "2018-02-17 23:30:00-02:00")]
    [InlineData("America/St_Johns", "0:00:30", "2010-11-06T12:00Z", "2010-11-07 00:00:30-02:30")]
    public void A_time_that_autumn_repeats_fires_the_first_time_only(
        string zone,
        string at,
        string after,
        string expected
    )
    {
        var daily = new DailyTime(Clock(at));
        var first = daily.Next(Zone(zone), At(after));
        Assert.Equal(expected, first.Shown(Zone(zone)));
        var second = daily.Next(Zone(zone), first!.Value);
        Assert.True(second - first > TimeSpan.FromHours(23));
    }

    [Fact]
    public void A_day_that_was_left_out_has_no_time_of_day()
    {
        var apia = Zone("Pacific/Apia");
        var noon = new DailyTime(Clock("12:00"));
        Assert.Equal("2011-12-31 12:00:00+14:00", Next(apia, noon, "2011-12-29T22:00Z"));
        var fridays = new DailyTime(Clock("12:00"), Weekdays.Fri);
        Assert.Equal("2012-01-06 12:00:00+14:00", Next(apia, fridays, "2011-12-23T22:00Z"));
        var midnight = new DailyTime(TimeOnly.MinValue, Weekdays.Fri);
        Assert.Equal("2012-01-06 00:00:00+14:00", Next(apia, midnight, "2011-12-29T22:00Z"));
    }

    [Theory]
    [InlineData("mon", "2026-11-30 07:00:00+01:00")]
    [InlineData("sat sun", "2026-12-05 07:00:00+01:00")]
    [InlineData("sun", "2026-12-06 07:00:00+01:00")]
    [InlineData("", "never")]
    public void On_some_weekdays_it_waits_for_one(string on, string expected) =>
        Assert.Equal(
            expected,
            Next(Berlin, new DailyTime(Clock("7:00"), Days(on)), "2026-11-29T06:00Z")
        );

    [Theory]
    [InlineData("7:00", -30, "2026-11-30 06:30:00+01:00")]
    [InlineData("23:45", 30, "2026-11-30 00:15:00+01:00")]
    [InlineData("0:10", -15, "2026-11-29 23:55:00+01:00")]
    [InlineData("7:00", 3000, "2026-11-30 09:00:00+01:00")]
    public void An_offset_moves_what_the_clock_must_show(string at, int minutes, string expected)
    {
        var daily = new DailyTime(Clock(at), Weekdays.All, TimeSpan.FromMinutes(minutes));
        Assert.Equal(expected, Next(Berlin, daily, "2026-11-29T12:00Z"));
    }

    [Fact]
    public void The_weekday_is_that_of_the_moved_time()
    {
        var daily = new DailyTime(Clock("0:10"), Weekdays.Mon, TimeSpan.FromMinutes(-15));
        Assert.Equal("2026-11-30 23:55:00+01:00", Next(Berlin, daily, "2026-11-28T12:00Z"));
    }

    [Theory]
    [InlineData("2026-11-30T07:00", 0, "2026-11-30 07:00:00+01:00")]
    [InlineData("2026-11-29T12:00", 0, "never")]
    [InlineData("2027-03-28T02:30", 0, "2027-03-28 03:00:00+02:00")]
    [InlineData("2027-10-31T02:30", 0, "2027-10-31 02:30:00+02:00")]
    [InlineData("2027-01-01T00:10", -20, "2026-12-31 23:50:00+01:00")]
    [InlineData("9999-12-31T23:59", 0, "never")]
    [InlineData("0001-01-01T00:00", 0, "never")]
    public void A_date_and_time_comes_once(string at, int minutes, string expected)
    {
        var moment = new DateAndTime(Wall(at), TimeSpan.FromMinutes(minutes));
        var next = moment.Next(Berlin, At("2026-11-29T11:00Z"));
        Assert.Equal(expected, next.Shown(Berlin));
        Assert.Null(next is { } due ? moment.Next(Berlin, due) : null);
    }

    [Fact]
    public void At_the_ends_of_time_nothing_comes()
    {
        var daily = new DailyTime(Clock("7:00"));
        Assert.Null(daily.Next(Berlin, DateTimeOffset.MaxValue));
        Assert.Null(daily.Next(Berlin, DateTimeOffset.MinValue));
        Assert.Null(new DateAndTime(Wall("2026-01-01"), TimeSpan.MaxValue).Next(Berlin, default));
    }

    /// <summary>
    /// The rule in other words: the furthest that the wall has ever shown passes the time of a day
    /// that the zone has.
    /// </summary>
    [Fact]
    public void The_next_is_the_first_minute_at_which_the_wall_gets_past_it() =>
        Gen.Select(Change, Gen.Int[-2000, 1000], Gen.Int[0, 1439], Gen.Int[0, 127])
            .Sample(
                (change, minutes, at, on) =>
                {
                    var (zone, around) = change;
                    var after = around.AddMinutes(minutes);
                    var daily = new DailyTime(new TimeOnly(at / 60, at % 60), (Weekdays)on);
                    var until = around.AddDays(3);
                    var expected = Passings(zone, around.AddDays(-3), until, daily)
                        .FirstOrDefault(instant => instant > after);
                    var next = daily.Next(zone, after);
                    Assert.Equal(expected == default ? null : expected, next < until ? next : null);
                }
            );

    [Fact]
    public void Whoever_asks_later_gets_no_earlier_answer() =>
        Gen.Select(Change, Gen.Long[-400_000, 400_000], Gen.Long[0, 200_000], Gen.Int[0, 1439])
            .Sample(
                (change, seconds, later, at) =>
                {
                    var daily = new DailyTime(new TimeOnly(at / 60, at % 60));
                    var after = change.Around.AddSeconds(seconds);
                    var next = daily.Next(change.Zone, after);
                    Assert.True(next > after);
                    var then = daily.Next(change.Zone, after.AddSeconds(later));
                    Assert.True(then >= next);
                    Assert.Equal(after.AddSeconds(later) < next, then == next);
                }
            );

    private static IEnumerable<DateTimeOffset> Passings(
        TimeZoneInfo zone,
        DateTimeOffset from,
        DateTimeOffset until,
        DailyTime daily
    )
    {
        var days = new HashSet<DateTime>();
        for (var instant = from; instant < until; instant = instant.AddMinutes(1))
        {
            days.Add(WallClock.Local(zone, instant).Date);
        }

        var furthest = WallClock.Local(zone, from);
        for (var instant = from; instant < until; instant = instant.AddMinutes(1))
        {
            var shown = WallClock.Local(zone, instant);
            for (var day = furthest.Date; day <= shown.Date; day = day.AddDays(1))
            {
                var due = day + daily.At.ToTimeSpan();
                if (
                    due > furthest
                    && due <= shown
                    && days.Contains(day)
                    && daily.On.Has(day.DayOfWeek)
                )
                {
                    yield return instant;
                }
            }

            furthest = shown > furthest ? shown : furthest;
        }
    }

    private static string Next(TimeZoneInfo zone, DailyTime daily, string after) =>
        daily.Next(zone, At(after)).Shown(zone);
}
