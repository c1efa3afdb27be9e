using Hearth.Core.Automations;
using Hearth.Core.Time;

namespace Hearth.Core.Tests.Automations;

/// <summary>What the clock sets off. The tests begin on a Monday at 18:00 UTC.</summary>
public sealed class Clocked
{
    private static readonly LocationChanged Berlin = new(
        ZoneRules.Of(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), null),
        52.52,
        13.405,
        0
    );

    private static AHome Home(string trigger, string more = "")
    {
        var home = ARun.Home();
        home.Ask(new StartHub("test", Berlin));
        return home.With(
            "it",
            $"\"triggers\":[{trigger}],{more}"
                + """
                "actions":[{"event":"done","event_data":{"at":"{{ now().isoformat() }}"} }]
                """
        );
    }

    private static IEnumerable<string> Times(AHome home) =>
        home
            .Events.Where(item => item.Data is AutomationTriggered { StoppedBy: null })
            .Select(item => item.Time.ToString("ddd HH:mm:ss"));

    [Fact]
    public void At_a_local_time_every_day_also_when_the_clocks_change()
    {
        var home = Home("""{"trigger":"time","at":"07:00:00"}""");
        home.Now = new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero);
        home.Ask(new Wake());
        var before = Times(home).Count();
        home.Pass(TimeSpan.FromDays(2));
        // 07:00 in Berlin is 06:00 UTC in winter, and 05:00 from the last Sunday of March on.
        Assert.Equal(["Sun 05:00:00", "Mon 05:00:00"], Times(home).Skip(before));
    }

    [Fact]
    public void Only_on_its_weekdays()
    {
        var home = Home("""{"trigger":"time","at":["20:00","21:30:30"],"weekday":["mon","wed"]}""");
        home.Pass(TimeSpan.FromDays(3));
        Assert.Equal(["Mon 19:00:00", "Mon 20:30:30", "Wed 19:00:00", "Wed 20:30:30"], Times(home));
    }

    [Fact]
    public void A_pattern_and_what_it_leaves_out()
    {
        var home = Home("""{"trigger":"time_pattern","minutes":"/20"}""");
        home.Pass(TimeSpan.FromMinutes(61));
        Assert.Equal(["Mon 18:20:00", "Mon 18:40:00", "Mon 19:00:00"], Times(home));
    }

    [Fact]
    public void Sunset_with_an_offset()
    {
        var home = Home("""{"trigger":"sun","event":"sunrise","offset":"-00:30:00"}""");
        home.Pass(TimeSpan.FromDays(1));
        // The sun rises in Berlin at 06:48 on 3 March 2026.
        var time = Assert.Single(home.Events, item => item.Data is AutomationTriggered).Time;
        Assert.InRange(
            time,
            new DateTimeOffset(2026, 3, 3, 5, 16, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 3, 3, 5, 20, 0, TimeSpan.Zero)
        );
    }

    [Fact]
    public void The_sun_is_an_entity()
    {
        var home = Home(
            """{"trigger":"state","entity_id":"sun.sun","to":"above_horizon"}""",
            """
            "conditions":[{"condition":"sun","after":"sunrise"},
              {"condition":"numeric_state","entity_id":"sun.sun","attribute":"elevation","above":-2}],
            """
        );
        home.Pass(TimeSpan.FromHours(15));
        var time = Assert.Single(home.Events, item => item.Data is AutomationTriggered).Time;
        Assert.Equal(
            (2026, 3, 3, 5, 49),
            (time.Year, time.Month, time.Day, time.Hour, time.Minute)
        );
        Assert.Equal(["finished"], home.Ends());
    }

    [Fact]
    public void What_was_missed_by_less_than_ten_minutes_runs_once_and_says_so()
    {
        var home = Home("""{"trigger":"time","at":["19:10:00","19:12:00"]}""");
        home.Pass(TimeSpan.FromMinutes(9));
        home.Crash(secondsDown: 300);
        home.Pass(TimeSpan.FromMinutes(30));
        var run = home.Of<AutomationTriggered>().Single();
        Assert.Contains("\"late\":240", run.Facts);
    }

    [Fact]
    public void What_was_missed_by_more_does_not_run_unless_the_automation_says_so()
    {
        var home = Home("""{"trigger":"time","at":"19:10:00"}""");
        home.Crash(secondsDown: 3600);
        home.Pass(TimeSpan.FromMinutes(30));
        Assert.Empty(home.Of<AutomationTriggered>());

        home = Home(
            """{"trigger":"time","at":"19:10:00"}""",
            """
            "catch_up":{"within":"00:10:00","otherwise":"run"},
            """
        );
        home.Crash(secondsDown: 3600);
        home.Pass(TimeSpan.FromMinutes(30));
        Assert.Single(home.Of<AutomationTriggered>());
    }

    [Fact]
    public void A_pattern_that_was_missed_never_runs()
    {
        var home = Home("""{"trigger":"time_pattern","minutes":10}""");
        home.Crash(secondsDown: 900);
        home.Pass(1);
        Assert.Empty(home.Of<AutomationTriggered>());
        home.Pass(TimeSpan.FromHours(1));
        Assert.Single(home.Of<AutomationTriggered>());
    }

    [Theory]
    [InlineData("\"seconds\":\"/1\"", "18:00:01", 3599)]
    [InlineData("\"minutes\":\"/10\"", "18:10:00", 3000)]
    [InlineData("\"hours\":\"/1\"", "19:00:00", null)]
    public void A_pattern_is_met_once_for_all_the_time_that_the_process_stood_still(
        string pattern,
        string first,
        int? late
    )
    {
        var home = Home($$"""{"trigger":"time_pattern",{{pattern}}}""");
        // Stopped and let go on: both clocks have gone on, so that nobody sees a jump.
        home.Now += TimeSpan.FromHours(1);
        home.Ask(new Wake());

        Assert.Equal(["Mon " + first], Times(home));
        var facts = home.Of<AutomationTriggered>().Single().Facts;
        Assert.Equal(late is not null, facts.Contains("\"late\"", StringComparison.Ordinal));
        Assert.Contains(late is null ? "" : $"\"late\":{late}", facts);
        Assert.Equal(home.Home.Capture().ToBytes(), home.Restored().Capture().ToBytes());
        Assert.Equal(home.Home.NextWakeup, home.Restored().NextWakeup);

        // It goes on as if nothing had been.
        home.Pass(TimeSpan.FromHours(1));
        Assert.Equal(
            late is null ? 1
                : late == 3000 ? 6
                : 3600,
            Times(home).Count() - 1
        );
    }

    [Fact]
    public void A_time_that_was_waited_for_in_vain_runs_and_says_how_late_it_is()
    {
        var home = Home("""{"trigger":"time","at":["19:10:00","19:20:00"]}""");
        home.Now += TimeSpan.FromMinutes(30);
        home.Ask(new Wake());

        Assert.Equal(["Mon 18:10:00", "Mon 18:20:00"], Times(home));
        Assert.Equal(
            [true, true],
            home.Of<AutomationTriggered>()
                .Zip([1200, 600])
                .Select(item => item.First.Facts.Contains($"\"late\":{item.Second}"))
        );
    }

    [Fact]
    public void Wall_clock_triggers_follow_a_clock_that_is_set()
    {
        var home = Home("""{"trigger":"time","at":"20:00:00"}""");
        home.Now += TimeSpan.FromHours(2);
        home.Ask(new ChangeClock(TimeSpan.FromHours(2)));
        home.Pass(TimeSpan.FromHours(20));
        Assert.Empty(home.Of<AutomationTriggered>());
        home.Pass(TimeSpan.FromHours(4));
        Assert.Equal(["Tue 19:00:00"], Times(home));
    }

    [Fact]
    public void The_time_that_an_entity_holds()
    {
        var home = ARun.Home();
        home.Receive(
            "homeassistant/sensor/alarm/config",
            """
            {"name":"Alarm","unique_id":"alarm","state_topic":"alarm","device_class":"timestamp",
            "device":{"identifiers":["phone"],"name":"Phone"} }
            """
        );
        home.With(
            "it",
            """
            "triggers":[{"trigger":"time","at":{"entity_id":"sensor.phone_alarm","offset":"-00:10:00"} }],
            "actions":[{"event":"done"}]
            """
        );
        home.Pass(60);
        Assert.Empty(home.Said());
        home.Receive("alarm", "2026-03-02T19:30:00+00:00");
        home.Pass(TimeSpan.FromDays(2));
        Assert.Equal(["Mon 19:20:00"], Times(home));
    }
}
