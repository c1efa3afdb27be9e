using CsCheck;
using Hearth.Core.Time;
using static Hearth.Core.Tests.Time.Zones;

namespace Hearth.Core.Tests.Time;

/// <summary>The <c>time_pattern</c> trigger.</summary>
public sealed class TimePatterns
{
    [Theory]
    [InlineData(null, "/5", null, "2026-11-29 12:05:00+01:00")]
    [InlineData(null, null, "10", "2026-11-29 12:01:10+01:00")]
    [InlineData("*", "5", "0", "2026-11-29 12:05:00+01:00")]
    [InlineData("/2", null, null, "2026-11-29 14:00:00+01:00")]
    [InlineData("*", null, null, "2026-11-29 13:00:00+01:00")]
    [InlineData("12", null, null, "2026-11-30 12:00:00+01:00")]
    [InlineData("12", null, "30", "2026-11-30 12:00:30+01:00")]
    [InlineData("12", "*", "30", "2026-11-29 12:01:30+01:00")]
    [InlineData("5", "*", "*", "2026-11-30 05:00:00+01:00")]
    [InlineData("23", "59", "59", "2026-11-29 23:59:59+01:00")]
    [InlineData("00", "00", "00", "2026-11-30 00:00:00+01:00")]
    [InlineData(null, "/90", null, "2026-11-29 13:00:00+01:00")]
    [InlineData("/7", "/25", "/40", "2026-11-29 14:00:00+01:00")]
    [InlineData(" 13 ", "*", "*", "2026-11-29 13:00:00+01:00")]
    public void Smaller_units_are_zero_and_larger_ones_are_all_where_they_are_not_given(
        string? hours,
        string? minutes,
        string? seconds,
        string expected
    ) =>
        Assert.Equal(
            expected,
            Pattern(hours, minutes, seconds).Next(Berlin, At("2026-11-29T11:00:40Z")).Shown(Berlin)
        );

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T00:50Z")]
    [InlineData("Europe/Berlin", "2026-10-24T23:50Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T13:50Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T15:10Z")]
    [InlineData("Pacific/Apia", "2011-12-30T09:40Z")]
    public void Every_five_minutes_goes_on_when_the_clocks_change(string zone, string from)
    {
        var pattern = Pattern(null, "/5", null);
        var instant = At(from);
        for (var count = 0; count < 40; count++)
        {
            var next = pattern.Next(Zone(zone), instant);
            Assert.Equal(instant.AddMinutes(5), next);
            instant = next!.Value;
        }
    }

    [Theory]
    [InlineData("2026-03-28T12:00Z", "2026-03-30 02:30:00+02:00")]
    [InlineData("2026-10-24T12:00Z", "2026-10-25 02:30:00+02:00")]
    [InlineData("2026-10-25T00:30Z", "2026-10-25 02:30:00+01:00")]
    [InlineData("2026-10-25T01:30Z", "2026-10-26 02:30:00+01:00")]
    public void A_pattern_of_a_time_of_day_matches_what_is_shown_and_nothing_else(
        string after,
        string expected
    ) => Assert.Equal(expected, Pattern("2", "30", null).Next(Berlin, At(after)).Shown(Berlin));

    [Fact]
    public void Every_fault_is_told_with_its_place_and_what_to_write()
    {
        Assert.Null(TimePattern.Read("24", "/0", "*/5", out var faults));
        Assert.Equal(
            [
                "/hours is 24; write a number from 0 to 23, /5 for every fifth hour, or * for each",
                "/minutes is /0; write /n with n from 1 on, such as /5 for every fifth minute",
                "/seconds is */5; write a number from 0 to 59, /5 for every fifth second, or * for each",
            ],
            faults.Select(fault => $"{fault.Pointer} {fault.Detail}")
        );
    }

    [Theory]
    [InlineData("60")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/-5")]
    [InlineData("/x")]
    [InlineData("1,2")]
    [InlineData("5.5")]
    [InlineData("99999999999")]
    [InlineData("/99999999999")]
    public void What_is_no_minute_is_refused(string minutes)
    {
        Assert.Null(TimePattern.Read(null, minutes, null, out var faults));
        Assert.Equal("/minutes", Assert.Single(faults).Pointer);
    }

    [Fact]
    public void Nothing_at_all_is_refused()
    {
        Assert.Null(TimePattern.Read(null, null, null, out var faults));
        Assert.Equal("needs hours, minutes or seconds", Assert.Single(faults).Detail);
    }

    [Fact]
    public void At_the_ends_of_time_nothing_comes()
    {
        Assert.Null(Pattern("*", "*", "*").Next(Berlin, DateTimeOffset.MaxValue));
        Assert.Null(Pattern("*", "*", "*").Next(Berlin, DateTimeOffset.MinValue));
    }

    [Fact]
    public void The_next_is_the_first_second_at_which_the_wall_matches() =>
        Gen.Select(Change, Gen.Long[-9000, 5000], Part(23), Part(59), Part(59))
            .Sample(
                (change, seconds, hour, minute, second) =>
                {
                    var pattern = Pattern(hour.Text, minute.Text, second.Text);
                    var after = change.Around.AddSeconds(seconds);
                    var until = after.AddHours(2);
                    DateTimeOffset? expected = null;
                    for (
                        var instant = after.AddSeconds(1);
                        instant < until && expected is null;
                        instant = instant.AddSeconds(1)
                    )
                    {
                        var shown = WallClock.Local(change.Zone, instant);
                        if (
                            hour.Matches(shown.Hour)
                            && minute.Matches(shown.Minute)
                            && second.Matches(shown.Second)
                        )
                        {
                            expected = instant;
                        }
                    }

                    var next = pattern.Next(change.Zone, after);
                    Assert.True(next > after);
                    Assert.Equal(expected, next < until ? next : null);
                    Assert.Equal(next, pattern.Next(change.Zone, after.AddTicks(1)));
                }
            );

    private static Gen<(string Text, Func<int, bool> Matches)> Part(int max) =>
        Gen.Frequency(
            (1, Gen.Const<(string, Func<int, bool>)>(("*", _ => true))),
            (
                2,
                Gen.Int[1, 70]
                    .Select<int, (string, Func<int, bool>)>(n => ($"/{n}", x => x % n == 0))
            ),
            (2, Gen.Int[0, max].Select<int, (string, Func<int, bool>)>(n => ($"{n}", x => x == n)))
        );

    private static TimePattern Pattern(string? hours, string? minutes, string? seconds) =>
        TimePattern.Read(hours, minutes, seconds, out _)!;
}
