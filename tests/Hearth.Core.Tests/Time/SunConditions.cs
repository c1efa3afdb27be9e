using Hearth.Core.Time;
using static Hearth.Core.Tests.Time.Zones;

namespace Hearth.Core.Tests.Time;

/// <summary>The <c>sun</c> condition.</summary>
public sealed class SunConditions
{
    private static readonly Place SanDiego = new(32.87336, -117.22743);

    private static readonly TimeZoneInfo Pacific = Zone("America/Los_Angeles");

    /// <summary>
    /// That day the sun rises at 06:33 and sets at 18:53, which is the next day in UTC.
    /// </summary>
    [Theory]
    [InlineData("", "sunrise", "00:00", true)]
    [InlineData("", "sunrise", "06:32", true)]
    [InlineData("", "sunrise", "06:34", false)]
    [InlineData("", "sunrise", "23:59:59", false)]
    [InlineData("sunrise", "", "06:32", false)]
    [InlineData("sunrise", "", "06:34", true)]
    [InlineData("sunrise", "", "23:59:59", true)]
    [InlineData("sunrise", "", "00:00", false)]
    [InlineData("sunset", "", "18:53", false)]
    [InlineData("sunset", "", "18:55", true)]
    [InlineData("sunset", "", "23:59:59", true)]
    [InlineData("sunset", "", "00:00", false)]
    [InlineData("", "sunset", "00:00", true)]
    [InlineData("", "sunset", "18:55", false)]
    [InlineData("sunrise", "sunset", "06:32", false)]
    [InlineData("sunrise", "sunset", "12:00", true)]
    [InlineData("sunrise", "sunset", "18:55", false)]
    [InlineData("sunset", "sunrise", "06:32", true)]
    [InlineData("sunset", "sunrise", "12:00", false)]
    [InlineData("sunset", "sunrise", "18:55", true)]
    [InlineData("sunset", "sunrise", "00:00", true)]
    public void It_goes_by_the_sunrise_and_sunset_of_the_local_day(
        string after,
        string before,
        string now,
        bool expected
    )
    {
        var condition = new SunCondition(Event(after), Event(before));
        var verdict = condition.Check(SanDiego, Pacific, At($"2015-09-16T{now}-07:00"));
        Assert.Equal(expected, verdict.Holds);
        Assert.Null(verdict.Detail);
    }

    [Theory]
    [InlineData("sunrise", 60, "07:32", false)]
    [InlineData("sunrise", 60, "07:34", true)]
    [InlineData("sunset", -30, "18:23", false)]
    [InlineData("sunset", -30, "18:25", true)]
    public void An_offset_moves_it(string after, int minutes, string now, bool expected)
    {
        var condition = new SunCondition(Event(after), null, TimeSpan.FromMinutes(minutes));
        var instant = At($"2015-09-16T{now}-07:00");
        Assert.Equal(expected, condition.Check(SanDiego, Pacific, instant).Holds);
        var opposite = new SunCondition(
            null,
            Event(after),
            BeforeOffset: TimeSpan.FromMinutes(minutes)
        );
        Assert.Equal(!expected, opposite.Check(SanDiego, Pacific, instant).Holds);
    }

    [Fact]
    public void It_says_from_when_until_when()
    {
        var condition = new SunCondition(SunEvent.Sunrise, SunEvent.Sunset);
        var verdict = condition.Check(SanDiego, Pacific, At("2015-09-16T12:00-07:00"));
        Assert.StartsWith("2015-09-16 06:33:", verdict.After.Shown(Pacific));
        Assert.StartsWith("2015-09-16 18:53:", verdict.Before.Shown(Pacific));
    }

    [Fact]
    public void East_of_Asia_today_is_today_as_well()
    {
        var auckland = Zone("Pacific/Auckland");
        var day = new SunCondition(SunEvent.Sunrise, SunEvent.Sunset);
        var place = new Place(-36.85, 174.76);
        var verdict = day.Check(place, auckland, At("2026-01-13T12:00+13:00"));
        Assert.True(verdict.Holds);
        Assert.StartsWith("2026-01-13 06:1", verdict.After.Shown(auckland));
        Assert.False(day.Check(place, auckland, At("2026-01-13T05:00+13:00")).Holds);
        Assert.False(day.Check(place, auckland, At("2026-01-13T22:00+13:00")).Holds);
    }

    [Theory]
    [InlineData("sunrise", "", "2026-12-21T12:00+01:00", false, "no sunrise today")]
    [InlineData("", "sunset", "2026-06-21T12:00+02:00", false, "no sunset today")]
    [InlineData("sunrise", "sunset", "2026-06-21T12:00+02:00", false, "no sunrise today")]
    [InlineData("sunset", "sunrise", "2026-12-21T12:00+01:00", true, null)]
    [InlineData("sunset", "sunrise", "2026-06-21T00:00+02:00", false, null)]
    public void On_a_day_without_it_only_the_night_can_hold(
        string after,
        string before,
        string now,
        bool expected,
        string? detail
    )
    {
        var condition = new SunCondition(Event(after), Event(before));
        var verdict = condition.Check(new Place(69.65, 18.96), Zone("Europe/Oslo"), At(now));
        Assert.Equal(new SunVerdict(expected, null, null, detail), verdict);
    }

    private static SunEvent? Event(string word) =>
        word switch
        {
            "sunrise" => SunEvent.Sunrise,
            "sunset" => SunEvent.Sunset,
            _ => null,
        };
}
