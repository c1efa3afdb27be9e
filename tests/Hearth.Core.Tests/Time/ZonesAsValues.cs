using CsCheck;
using Hearth.Core.Time;
using static Hearth.Core.Tests.Time.Zones;

namespace Hearth.Core.Tests.Time;

/// <summary>A time zone that is written down and read back.</summary>
public sealed class ZonesAsValues
{
    private static readonly Dictionary<string, TimeZoneInfo> Again = Changes
        .Select(change => change.Id)
        .Distinct()
        .ToDictionary(id => id, id => ZoneRules.Of(Zone(id), null).ToTimeZone());

    [Theory]
    [InlineData("Africa/Cairo")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Africa/Monrovia")]
    [InlineData("America/Los_Angeles")]
    [InlineData("America/New_York")]
    [InlineData("America/Nuuk")]
    [InlineData("America/Santiago")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("America/St_Johns")]
    [InlineData("Antarctica/Troll")]
    [InlineData("Asia/Gaza")]
    [InlineData("Asia/Jerusalem")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Asia/Kolkata")]
    [InlineData("Asia/Pyongyang")]
    [InlineData("Asia/Tehran")]
    [InlineData("Asia/Tokyo")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Australia/Sydney")]
    [InlineData("Europe/Berlin")]
    [InlineData("Europe/Dublin")]
    [InlineData("Europe/London")]
    [InlineData("Europe/Moscow")]
    [InlineData("Pacific/Apia")]
    [InlineData("Pacific/Chatham")]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("UTC")]
    public void It_has_the_same_offset_at_every_instant(string id)
    {
        var zone = Zone(id);
        var rules = ZoneRules.Of(zone, "2026b");
        var again = rules.ToTimeZone();
        var end = At("2041-01-01T00:00Z");
        for (
            var instant = At("1970-01-01T00:00Z");
            instant < end;
            instant += TimeSpan.FromHours(25)
        )
        {
            Assert.Equal(zone.GetUtcOffset(instant), again.GetUtcOffset(instant));
        }

        var seen = At("1970-01-01T00:00Z");
        while (WallClock.NextChange(again, seen, end, TimeSpan.FromDays(1)) is { } change)
        {
            foreach (var instant in (DateTimeOffset[])[change.AddTicks(-1), change])
            {
                Assert.Equal(zone.GetUtcOffset(instant), again.GetUtcOffset(instant));
            }

            seen = change;
        }

        Assert.Equal(id, again.Id);
        Assert.Equal(rules, ZoneRules.Of(again, "2026b"));
        // Two changes a year for a Ramadan that no rule tells make the longest.
        Assert.InRange(rules.Rules.Length, 1, 4000);
    }

    [Theory]
    [InlineData("UTC", "0")]
    [InlineData("Asia/Kathmandu", "330 504901800:345")]
    [InlineData("Pacific/Kiritimati", "-640 307622400:-600 481245600:840")]
    public void It_is_short_where_little_happened(string id, string expected) =>
        Assert.Equal(new ZoneRules(id, null, expected), ZoneRules.Of(Zone(id), null));

    [Theory]
    [InlineData("Europe/Berlin", "M3.5.0/120:120 M10.5.0/180:60")]
    [InlineData("Europe/Dublin", "M3.5.0/60:60 M10.5.0/120:0")]
    [InlineData("America/New_York", "M3.2.0/120:-240 M11.1.0/120:-300")]
    [InlineData("Australia/Lord_Howe", "M4.1.0/120:630 M10.1.0/120:660")]
    [InlineData("Pacific/Chatham", "M4.1.0/225:765 M9.5.0/165:825")]
    public void It_ends_with_what_comes_every_year(string id, string expected) =>
        Assert.EndsWith(" " + expected, ZoneRules.Of(Zone(id), null).Rules);

    [Theory]
    [InlineData("M3.5.0/120:120", 2026, "2026-03-29T02:00")]
    [InlineData("M11.1.0/120:-300", 2026, "2026-11-01T02:00")]
    [InlineData("M9.1.6/1440:-180", 2026, "2026-09-06T00:00")]
    [InlineData("M9.1.6/1440:-180", 2024, "2024-09-08T00:00")]
    [InlineData("M3.4.4/1560:180", 2029, "2029-03-23T02:00")]
    [InlineData("M3.5.0/-60:-60", 2030, "2030-03-30T23:00")]
    [InlineData("M2.5.4/0:0", 2028, "2028-02-24T00:00")]
    public void What_comes_every_year_comes_on_a_weekday(string text, int year, string expected)
    {
        Assert.True(YearlyChange.TryRead(text, out var change));
        Assert.Equal(text, change.ToString());
        Assert.Equal(Wall(expected), change.In(year));
    }

    [Fact]
    public void The_rule_behind_many_years_tells_them_again() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 5], Gen.Int[0, 6], Gen.Int[-2880, 2880])
            .Sample(
                (month, week, day, minute) =>
                {
                    var rule = new YearlyChange(month, week, (DayOfWeek)day, minute, 60);
                    var shown = Enumerable.Range(2073, 28).Select(rule.In).ToList();
                    var found = YearlyChange.Behind(shown, 60);
                    // Where the day moves into another month or year there need not be one.
                    Assert.True(found is not null || shown.Exists(time => time.Day is < 4 or > 25));
                    Assert.All(shown, time => Assert.Equal(time, found?.In(time.Year) ?? time));
                }
            );

    [Fact]
    public void It_answers_the_wall_clock_as_the_zone_does() =>
        Gen.Select(Change, Gen.Int[-3000, 3000], Gen.Int[0, 1439])
            .Where((change, _, _) => change.Around.Year >= 1970)
            .Sample(
                (change, minutes, at) =>
                {
                    var again = Again[change.Zone.Id];
                    var instant = change.Around.AddMinutes(minutes);
                    var daily = new DailyTime(new TimeOnly(at / 60, at % 60));
                    Assert.Equal(daily.Next(change.Zone, instant), daily.Next(again, instant));
                }
            );

    [Theory]
    [InlineData("")]
    [InlineData("CET")]
    [InlineData("60 ")]
    [InlineData("60  3600:120")]
    [InlineData("841")]
    [InlineData("60 0:120")]
    [InlineData("60 -5:120")]
    [InlineData("60 3600")]
    [InlineData("60 3600:120:5")]
    [InlineData("60 3600:841")]
    [InlineData("60 3600:-2147483648")]
    [InlineData("60 99999999999999:120")]
    [InlineData("60 9223372036854775807:120 9223372036854775807:60")]
    [InlineData("60 M3.5.0/120:120 M10.5.0/180:60")]
    [InlineData("60 3600:120 M3.5.0/120:120")]
    [InlineData("60 3600:120 M3.5.0/120:120 M10.5.0/180:60 3600:120")]
    [InlineData("60 3600:120 M13.5.0/120:120 M10.5.0/180:60")]
    [InlineData("60 3600:120 M3.6.0/120:120 M10.5.0/180:60")]
    [InlineData("60 3600:120 M3.5.7/120:120 M10.5.0/180:60")]
    [InlineData("60 3600:120 M3.5.0/99999:120 M10.5.0/180:60")]
    [InlineData("60 3600:120 M3.5.0:120 M10.5.0/180:60")]
    public void Damaged_rules_are_refused(string rules)
    {
        var zone = new ZoneRules("Europe/Berlin", null, rules);
        var fault = Assert.Throws<FormatException>(zone.ToTimeZone);
        Assert.Equal("The rules of Europe/Berlin are damaged.", fault.Message);
    }

    [Fact]
    public void Whatever_is_read_is_a_zone_or_refused() =>
        Gen.Char["0123456789:/.M- "]
            .Array[0, 60]
            .Select(text => new string(text))
            .Sample(text =>
            {
                try
                {
                    _ = new ZoneRules("x", null, "60 " + text).ToTimeZone();
                }
                catch (FormatException)
                {
                    // Refused, which is one of the two.
                }
            });
}
