using CsCheck;
using Hearth.Core.Time;
using static Hearth.Core.Tests.Time.Zones;

namespace Hearth.Core.Tests.Time;

/// <summary>The <c>time</c> condition.</summary>
public sealed class TimeConditions
{
    [Theory]
    [InlineData("8:00", "17:00", "08:00", true)]
    [InlineData("8:00", "17:00", "07:59:59.9999999", false)]
    [InlineData("8:00", "17:00", "16:59:59.9999999", true)]
    [InlineData("8:00", "17:00", "17:00", false)]
    [InlineData("22:00", "6:00", "23:00", true)]
    [InlineData("22:00", "6:00", "05:59:59", true)]
    [InlineData("22:00", "6:00", "06:00", false)]
    [InlineData("22:00", "6:00", "21:59:59", false)]
    [InlineData("22:00", null, "23:59:59.9999999", true)]
    [InlineData("22:00", null, "00:00", false)]
    [InlineData(null, "6:00", "00:00", true)]
    [InlineData(null, "6:00", "06:00", false)]
    [InlineData("6:00", "6:00", "12:00", true)]
    [InlineData(null, null, "12:00", true)]
    public void It_holds_from_after_on_and_before_before(
        string? after,
        string? before,
        string now,
        bool expected
    )
    {
        var condition = new TimeCondition(
            after is null ? null : Clock(after),
            before is null ? null : Clock(before)
        );
        Assert.Equal(expected, condition.Holds(Wall($"2026-11-29T{now}")));
    }

    [Theory]
    [InlineData("2026-11-27T23:00", true)]
    [InlineData("2026-11-28T03:00", false)]
    [InlineData("2026-11-27T03:00", true)]
    [InlineData("2026-11-27T12:00", false)]
    public void The_weekday_is_that_of_now_also_past_midnight(string now, bool expected) =>
        Assert.Equal(
            expected,
            new TimeCondition(Clock("22:00"), Clock("6:00"), Weekdays.Fri).Holds(Wall(now))
        );

    [Fact]
    public void Between_two_times_is_the_opposite_of_between_them_the_other_way_round() =>
        Gen.Select(Gen.Int[0, 1439], Gen.Int[0, 1439], Gen.Int[0, 86399])
            .Where((one, other, _) => one != other)
            .Sample(
                (one, other, now) =>
                {
                    var (after, before) = (Time(one), Time(other));
                    var local = new DateTime(2026, 11, 29).AddSeconds(now);
                    Assert.NotEqual(
                        new TimeCondition(after, before).Holds(local),
                        new TimeCondition(before, after).Holds(local)
                    );
                }
            );

    [Theory]
    [InlineData("mon", DayOfWeek.Monday)]
    [InlineData("tue", DayOfWeek.Tuesday)]
    [InlineData("wed", DayOfWeek.Wednesday)]
    [InlineData("thu", DayOfWeek.Thursday)]
    [InlineData("fri", DayOfWeek.Friday)]
    [InlineData("sat", DayOfWeek.Saturday)]
    [InlineData("sun", DayOfWeek.Sunday)]
    public void Weekdays_have_the_words_of_Home_Assistant(string word, DayOfWeek day)
    {
        Assert.True(WeekdayWords.TryRead(word, out var read));
        Assert.Equal(read, WeekdayWords.Of(day));
        Assert.True(Weekdays.All.Has(day));
        Assert.False((Weekdays.All & ~read).Has(day));
    }

    [Theory]
    [InlineData("monday")]
    [InlineData("Mon")]
    [InlineData("")]
    public void Other_words_are_no_weekdays(string word) =>
        Assert.False(WeekdayWords.TryRead(word, out _));

    [Theory]
    [InlineData("7:05", "07:05:00")]
    [InlineData("07:05:30", "07:05:30")]
    [InlineData("23:59:59", "23:59:59")]
    [InlineData(" 0:0 ", "00:00:00")]
    [InlineData("24:00", null)]
    [InlineData("7:60", null)]
    [InlineData("7:00:60", null)]
    [InlineData("7", null)]
    [InlineData("7:00:00:00", null)]
    [InlineData("7:00:00.5", null)]
    [InlineData("-7:00", null)]
    [InlineData("7:+5", null)]
    [InlineData("", null)]
    [InlineData("input_datetime.alarm", null)]
    public void A_time_of_day_is_two_or_three_numbers(string text, string? expected)
    {
        var isRead = WallClock.TryRead(text, out var time);
        Assert.Equal(expected, isRead ? time.ToString("HH:mm:ss", null) : null);
    }

    private static TimeOnly Time(int minutes) => new(minutes / 60, minutes % 60);
}
