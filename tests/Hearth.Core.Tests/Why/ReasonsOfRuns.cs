using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Tests.Automations;
using Hearth.Core.Why;

namespace Hearth.Core.Tests.Why;

/// <summary>Why a desk that an automation switched off is off. The clock at home is an hour ahead
/// of the log's.</summary>
public sealed class ReasonsOfRuns
{
    private const string Off =
        "\"actions\":[{\"action\":\"switch.turn_off\",\"target\":{\"entity_id\":\"switch.desk\"}}]";

    private const string Go = "{\"trigger\":\"event\",\"event_type\":\"go\"}";

    [Fact]
    public void The_founding_example_says_the_reading_the_threshold_and_since_when()
    {
        var home = ARun.Home().WithTheRule();
        home.Receive("desk/state", "ON");
        home.Power("20");
        home.Pass(5);
        home.Power("61");
        home.Pass(4);
        home.Power("63.2");
        home.Pass(6);
        Answer(home);
        var why = home.WhyState("switch.desk");
        Assert.Equal(
            "Desk turned off because automation Lights out fired: Desk Power was 63.2 W, above"
                + " 50 W for 10 s, since 19:00:05; first reading 61 W, after 20 W.",
            why.Said()
        );
        Assert.True(why.IsComplete);
        Assert.Equal(
            [
                MessageReceived.TypeName,
                StateChanged.TypeName,
                AutomationTriggered.TypeName,
                CommandRequested.TypeName,
            ],
            why.Causes.Select(cause => cause.Event.Type)
        );
        Assert.Equal(
            "Desk acknowledged its command to turn off, 84 ms after it was given.",
            why.Effects.Select(effect => effect.Step)
                .Single(step => step.Event.Data is CommandAcknowledged)
                .Sentence.ToString()
        );
    }

    [Fact]
    public void When_the_first_reading_has_left_the_log_its_facts_are_told()
    {
        var home = ARun.Home().WithTheRule();
        home.Receive("desk/state", "ON");
        home.Power("20");
        home.Power("61");
        var reading = home.Events.Last();
        home.Pass(10);
        Answer(home);
        var why = home.Why<CommandRequested>(item =>
            item.Data is MessageReceived or StateChanged && item.Sequence <= reading.Sequence
        );
        Assert.EndsWith("since 19:00; the reading before that was 20 W.", why.Said());
        Assert.False(why.IsComplete);
        Assert.Equal(2, why.Missing.Count);
        Assert.Contains("\"from\":\"20\"", why.Missing[1].Facts);
        Assert.Contains(
            "that Desk Power was 20 W before 19:00",
            why.Missing[1].Sentence.ToString()
        );
    }

    [Theory]
    [InlineData(
        "{\"trigger\":\"state\",\"entity_id\":\"light.lamp\",\"to\":\"on\"}",
        "lamp/state ON",
        "Lamp turned on at 19:00."
    )]
    [InlineData(
        "{\"trigger\":\"numeric_state\",\"entity_id\":\"sensor.desk_power\",\"below\":5,\"above\":1}",
        "desk/power {\"power\":3}",
        "Desk Power went from 10 W to 3 W, above 1 W and below 5 W."
    )]
    [InlineData(
        "{\"trigger\":\"template\",\"value_template\":\"{{ states('sensor.desk_power')|float > 20 }}\"}",
        "desk/power {\"power\":30}",
        "its template came true at 19:00, when Desk Power rose from 10 W to 30 W."
    )]
    [InlineData(
        "{\"trigger\":\"mqtt\",\"topic\":\"bell\"}",
        "bell ding",
        "client tests published \"ding\" on \"bell\"."
    )]
    public void A_message_is_the_reason(string trigger, string message, string reason)
    {
        var home = With(trigger);
        var words = message.Split(' ', 2);
        home.Receive(words[0], words[1]);
        Answer(home);
        Because(reason, home);
    }

    [Fact]
    public void A_state_that_lasted_is_told_with_its_time()
    {
        var home = With(
            "{\"trigger\":\"state\",\"entity_id\":\"light.lamp\",\"to\":\"on\",\"for\":5400}"
        );
        home.Receive("lamp/state", "ON");
        home.Pass(5400);
        Answer(home);
        Because("Lamp was on for 1 h 30 min, since 19:00.", home);
    }

    [Fact]
    public void A_time_of_day_is_the_clocks_at_home()
    {
        var home = With("{\"trigger\":\"time\",\"at\":\"18:05:00\"}");
        home.Pass(300);
        Answer(home);
        Because("it was 19:05.", home);
    }

    [Fact]
    public void The_sun_is_named_with_its_offset()
    {
        var home = ARun.Home();
        home.Receive("desk/state", "ON");
        home.Ask(new StartHub("1", AtGreenwich()));
        home.With(
            "it",
            "\"alias\":\"It\",\"triggers\":[{\"trigger\":\"sun\",\"event\":\"sunset\","
                + $"\"offset\":\"01:00:00\"}}],{Off}"
        );
        while (!home.Of<CommandRequested>().Any())
        {
            home.Pass(60);
        }

        Assert.EndsWith(", 1 h after sunset.", home.Why<CommandRequested>().Said());
    }

    [Fact]
    public void An_event_a_webhook_the_hub_and_a_hand_are_reasons()
    {
        var home = With(Go);
        home.Go();
        Answer(home);
        Because(
            "event \"go\" was published by /tests (programs cannot say what led to theirs).",
            home
        );

        home = With("{\"trigger\":\"webhook\",\"webhook_id\":\"secret\"}");
        home.Ask(new CallWebhook("secret", "POST", true, null, "{}", "{}"));
        Answer(home);
        Because("its webhook was called.", home);
        Assert.DoesNotContain("secret", home.Why<WebhookReceived>().Said());

        home = With("{\"trigger\":\"homeassistant\",\"event\":\"start\"}");
        home.Ask(new StartHub("1"));
        Answer(home);
        Because("the hub started.", home);

        home = With(Go);
        home.Ask(new TriggerAutomation("it") { Principal = new Principal("user:ana") });
        Answer(home);
        Because("ana ran it by hand.", home);
    }

    [Fact]
    public void Another_automation_is_told_with_its_own_reason()
    {
        var home = With(Go);
        home.With(
            "other",
            "\"alias\":\"Other\",\"triggers\":[{\"trigger\":\"state\","
                + "\"entity_id\":\"light.lamp\"}],\"actions\":[{\"event\":\"go\"}]"
        );
        home.Receive("lamp/state", "ON");
        Answer(home);
        Because(
            "event \"go\" about \"automation.other\" was published by automation Other; that was"
                + " because automation Other fired: Lamp turned on at 19:00.",
            home
        );
    }

    [Fact]
    public void What_an_automation_did_to_a_lamp_that_set_off_another_is_told_through_both()
    {
        var home = With("{\"trigger\":\"state\",\"entity_id\":\"light.lamp\",\"to\":\"on\"}");
        home.With(
            "other",
            $"\"alias\":\"Other\",\"triggers\":[{Go}],\"actions\":[{{\"action\":\"light.turn_on\","
                + "\"target\":{\"entity_id\":\"light.lamp\"}}]"
        );
        home.Go();
        home.Deliver();
        home.Receive("lamp/state", "ON");
        Answer(home);
        Because(
            "Lamp turned on at 19:00; that was because automation Other fired: event \"go\" was"
                + " published by /tests (programs cannot say what led to theirs).",
            home
        );
        Assert.Equal("go", home.WhyState("switch.desk").Causes[0].Event.Type);
    }

    [Fact]
    public void An_automation_that_another_ran_says_so()
    {
        var home = With("{\"trigger\":\"event\",\"event_type\":\"never\"}");
        home.With(
            "other",
            $"\"alias\":\"Other\",\"triggers\":[{Go}],\"actions\":[{{\"action\":"
                + "\"automation.trigger\",\"target\":{\"entity_id\":\"automation.it\"}}]"
        );
        home.Go();
        Answer(home);
        Because(
            "automation Other ran it; it had fired because event \"go\" was published by /tests"
                + " (programs cannot say what led to theirs).",
            home
        );
    }

    [Fact]
    public void A_run_that_waited_says_how_long()
    {
        var home = ARun.Home();
        home.Receive("desk/state", "ON");
        home.With("it", $"\"alias\":\"It\",\"triggers\":[{Go}],{Waiting}");
        home.Go();
        home.Pass(600);
        Answer(home);
        Because(
            "event \"go\" was published by /tests (programs cannot say what led to theirs); it"
                + " then waited 10 min.",
            home
        );
    }

    [Fact]
    public void A_wait_that_ended_while_the_hub_was_down_says_how_late_it_is()
    {
        var home = ARun.Home();
        home.Receive("desk/state", "ON");
        home.With("it", $"\"alias\":\"It\",\"triggers\":[{Go}],{Waiting}");
        home.Go();
        home.Pass(500);
        home.Crash(300);
        home.Pass(1);
        Answer(home);
        Assert.EndsWith(
            ". Its wait should have been over at 19:10; the hub was down, and it went on"
                + " 3 min 20 s late.",
            home.WhyState("switch.desk").Said()
        );
    }

    [Fact]
    public void What_ran_out_while_the_hub_was_down_says_what_decided_it()
    {
        var home = ARun.Home().WithTheRule();
        home.Receive("desk/state", "ON");
        home.Power("20");
        home.Power("61");
        home.Crash(secondsDown: 60);
        home.Power("63");
        Answer(home);
        Assert.EndsWith(
            "It should have been 19:00:10. The hub was down from 19:00 to 19:01; the first report"
                + " after that was still so, and it went on.",
            home.WhyState("switch.desk").Said()
        );

        home.Receive("desk/state", "ON");
        home.Power("20");
        home.Power("61");
        home.Crash(secondsDown: 60);
        home.Pass(60);
        Assert.EndsWith(
            "; nothing else was reported within a minute after that, and it went on.",
            home.Why<CommandRequested>().Said()
        );
    }

    [Fact]
    public void A_time_that_was_missed_while_the_hub_was_down_says_so()
    {
        var home = With("{\"trigger\":\"time\",\"at\":\"18:05:00\"}");
        home.Crash(secondsDown: 420);
        home.Pass(1);
        Assert.EndsWith(
            "it was 19:05. It should have been 19:05. The hub was down from 19:00 to 19:07; it ran"
                + " 2 min late.",
            home.Why<CommandRequested>().Said()
        );
    }

    private const string Waiting =
        "\"actions\":[{\"delay\":600},{\"action\":\"switch.turn_off\","
        + "\"target\":{\"entity_id\":\"switch.desk\"}}]";

    private static LocationChanged AtGreenwich() =>
        new(Core.Time.ZoneRules.Of(TimeZoneInfo.Utc, null), 51.48, 0, 0);

    private static AHome With(string trigger)
    {
        var home = ARun.Home();
        home.Receive("desk/state", "ON");
        return home.With("it", $"\"alias\":\"It\",\"triggers\":[{trigger}],{Off}");
    }

    // The desk takes its command, and reports 84 ms later what it was told.
    private static void Answer(AHome home)
    {
        home.Deliver();
        home.Now += TimeSpan.FromMilliseconds(84);
        home.Receive("desk/state", "OFF");
    }

    private static void Because(string reason, AHome home)
    {
        var why = home.WhyState("switch.desk");
        Assert.Equal("Desk turned off because automation It fired: " + reason, why.Said());
        Assert.True(why.IsComplete);
        Assert.False(why.Sentence.IsPlain);
    }
}
