using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Tests.Automations;
using Hearth.Core.Why;

namespace Hearth.Core.Tests.Why;

/// <summary>What came too late is the fault of an outage only where there was one then.</summary>
public sealed class ReasonsOfDelays
{
    private const string Off =
        "{\"action\":\"switch.turn_off\",\"target\":{\"entity_id\":\"switch.desk\"}}";

    [Fact]
    public void An_outage_that_was_over_is_no_reason_for_being_late()
    {
        var home = ARun.Home();
        home.With(
            "it",
            "\"alias\":\"It\",\"triggers\":[{\"trigger\":\"time\",\"at\":\"18:05:00\"}],"
                + $"\"actions\":[{Off}]"
        );
        home.Crash(secondsDown: 60);
        home.Pass(230);
        StandStill(home, 12);
        Assert.EndsWith(
            "it was 19:05. It should have been 19:05; it ran 2 s late.",
            home.Why<CommandRequested>().Said()
        );
    }

    [Fact]
    public void What_was_seen_late_without_an_outage_says_no_more_than_that()
    {
        var home = ARun.Home();
        home.Receive(
            "homeassistant/sensor/attic/config",
            """
            {"name":"Warmth","unique_id":"attic","state_topic":"attic/warmth","expire_after":60,
            "device":{"identifiers":["attic"],"name":"Attic"} }
            """
        );
        home.Crash(secondsDown: 60);
        home.Receive("attic/warmth", "20");
        StandStill(home, 90);
        Assert.Equal(
            "Attic Warmth became unavailable: nothing was heard of it for 1 min. It was seen at"
                + " 19:02:30.",
            home.WhyState("sensor.attic_warmth").Said()
        );
    }

    [Fact]
    public void Of_two_outages_the_one_is_told_in_which_it_was_due()
    {
        var home = ARun.Home().WithTheRule();
        home.Receive("desk/state", "ON");
        home.Power("20");
        home.Power("61");
        home.Crash(secondsDown: 60);
        home.Pass(10);
        home.Crash(secondsDown: 20);
        home.Power("63");
        Assert.Contains(
            "It should have been 19:00:10. The hub was down from 19:00 to 19:01; ",
            home.Why<CommandRequested>().Said()
        );
    }

    [Fact]
    public void A_wait_after_many_others_still_says_how_late_it_was_over()
    {
        var home = ARun.Home();
        home.OnGo(
            "[{\"repeat\":{\"count\":60,\"sequence\":[{\"delay\":1}]}},{\"delay\":600}," + $"{Off}]"
        );
        home.Go();
        home.Pass(70);
        home.Crash(secondsDown: 700);
        home.Pass(1);
        Assert.EndsWith(
            "; the hub was down, and it went on 1 min 50 s late.",
            home.Why<CommandRequested>().Said()
        );
    }

    [Fact]
    public void A_definition_is_read_once()
    {
        var home = ARun.Home().OnGo($"[{Off}]");
        home.Go();
        var run = home.Events.Last(item => item.Data is AutomationTriggered);
        var saved = home.Events.Last(item => item.Data is AutomationCreated);
        var findings = new Findings(run) { Defined = { [run.Sequence] = saved } };
        Assert.NotNull(findings.RulesOf(run));
        Assert.Same(findings.RulesOf(run), findings.RulesOf(run));
    }

    // The machine was busy with something else, and the home did not notice.
    private static void StandStill(AHome home, double seconds)
    {
        home.Now += TimeSpan.FromSeconds(seconds);
        home.Ask(new Wake());
    }
}
