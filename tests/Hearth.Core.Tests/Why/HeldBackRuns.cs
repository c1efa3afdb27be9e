using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Tests.Automations;
using Hearth.Core.Why;

namespace Hearth.Core.Tests.Why;

public sealed class HeldBackRuns
{
    private const string Off =
        "\"actions\":[{\"action\":\"switch.turn_off\",\"target\":{\"entity_id\":\"switch.desk\"}}]";

    [Fact]
    public void A_state_that_was_otherwise_is_told_with_since_when()
    {
        var home = With(Quiet);
        home.Receive("hall/motion", "OFF");
        home.Receive("hall/motion", "ON");
        home.Pass(120);
        home.Go();
        var held = home.WhyNot("it");
        Assert.Equal("conditions", held.Held);
        Assert.Equal(
            "Automation It did not run at 19:02: Hall Motion saw motion, since 19:00 (2 min"
                + " before), and was to be off for 5 min (condition/0). It looks again when event"
                + " \"go\" is published.",
            held.Sentence.ToString()
        );
        var condition = Assert.Single(held.Conditions);
        Assert.Equal("condition/0", condition.Path);
        Assert.Equal("state", condition.Kind);
        Assert.Contains("\"state\":\"on\"", condition.Result);
    }

    [Fact]
    public void A_state_that_did_not_last_says_how_long_it_was_so()
    {
        var home = With(Quiet);
        home.Receive("hall/motion", "ON");
        home.Receive("hall/motion", "OFF");
        home.Pass(20);
        home.Go();
        Assert.Contains(
            "Hall Motion saw no motion for 20 s only, not for 5 min (condition/0).",
            home.WhyNot("it").Sentence.ToString()
        );
    }

    [Theory]
    [InlineData(
        "{\"or\":[{\"condition\":\"numeric_state\",\"entity_id\":\"sensor.desk_power\",\"above\":50},\"{{ false }}\"]}",
        "Desk Power was 10 W, not above 50 W (condition/0/conditions/0); its template was not true"
            + " (condition/0/conditions/1)."
    )]
    [InlineData(
        "{\"not\":[{\"condition\":\"state\",\"entity_id\":\"light.lamp\",\"state\":\"off\"}]}",
        "Lamp was off, and was not to be (condition/0/conditions/0)."
    )]
    [InlineData(
        "{\"condition\":\"time\",\"after\":\"20:00:00\",\"before\":\"22:00:00\"}",
        "it was 18:00:00, not between 20:00 and 22:00 (condition/0)."
    )]
    [InlineData(
        "{\"and\":[\"{{ true }}\",{\"condition\":\"trigger\",\"id\":\"x\"}]}",
        "another of its triggers had set it off (condition/0/conditions/1)."
    )]
    public void The_condition_inside_is_told_rather_than_the_one_around_it(
        string condition,
        string told
    )
    {
        var home = With($"\"conditions\":[\"{{{{ true }}}}\",{condition}],");
        home.Go();
        Assert.Contains(
            told.Replace("condition/0", "condition/1", StringComparison.Ordinal),
            home.WhyNot("it").Sentence.ToString()
        );
    }

    [Fact]
    public void A_stopped_run_says_so_when_it_is_asked_why_itself()
    {
        var home = With(Quiet);
        home.Receive("hall/motion", "ON");
        home.Go();
        Assert.StartsWith(
            "Automation It was set off and did not run: event \"go\" was published by /tests"
                + " (programs cannot say what led to theirs); but Hall Motion saw motion, since"
                + " 19:00",
            home.Why<Core.Automations.AutomationTriggered>().Said()
        );
    }

    [Fact]
    public void One_that_runs_once_at_a_time_was_running()
    {
        var home = ARun.Home();
        home.OnGo("[{\"delay\":600}]", "\"alias\":\"It\",");
        home.Go();
        home.Go();
        var held = home.WhyNot("it");
        Assert.Equal("mode", held.Held);
        Assert.Contains("it was running already", held.Sentence.ToString());
    }

    [Fact]
    public void One_that_is_switched_off_says_since_when_and_by_whom()
    {
        var home = With("");
        home.Pass(60);
        home.Ask(new EnableAutomation("it", false) { Principal = new Principal("user:ana") });
        home.Pass(60);
        home.Go();
        var held = home.WhyNot("it");
        Assert.Equal("disabled", held.Held);
        Assert.Equal(
            "Automation It does not run: it is switched off since 19:01, by ana.",
            held.Sentence.ToString()
        );
    }

    [Fact]
    public void One_whose_trigger_never_came_says_what_it_waits_for()
    {
        var home = ARun.Home().WithTheRule();
        var held = home.WhyNot();
        Assert.Equal("never", held.Held);
        Assert.Null(held.Triggered);
        Assert.Equal(
            "Automation Lights out has not run: within what the log has kept, its trigger has not"
                + " come since it was saved at 19:00. It runs when Desk Power comes to be above"
                + " 50 W for 10 s.",
            held.Sentence.ToString()
        );
    }

    [Fact]
    public void One_whose_last_run_has_left_the_log_still_says_when_that_was()
    {
        var home = With("");
        home.Pass(60);
        home.Go();
        home.Pass(60);
        var held = home.WhyNot(
            "it",
            item =>
                item.Data
                    is Core.Automations.AutomationRunEvent
                        or Core.Automations.AutomationTriggered
        );
        Assert.Equal("never", held.Held);
        Assert.Equal(
            "Automation It last ran at 19:01, and that has left the log; within what the log has"
                + " kept, its trigger has not come since. It runs when event \"go\" is published.",
            held.Sentence.ToString()
        );
    }

    [Fact]
    public void One_that_was_not_found_in_time_says_how_far_was_looked()
    {
        var question = new WhyNot("it", "{}", true, null, new Sequence(9_000), AHome.Monday);
        while (question.Next() is not null)
        {
            question.Take(new Found([], IsAll: false));
        }

        Assert.Equal(
            "Automation it has not run: within the newest part of the log, its trigger has not"
                + " come.",
            question.Answer(new NameBook(TimeZoneInfo.Utc)).Sentence.ToString()
        );
    }

    [Fact]
    public void A_run_that_waited_often_is_over_once_it_has_ended()
    {
        var home = ARun.Home();
        home.OnGo("[{\"repeat\":{\"count\":60,\"sequence\":[{\"delay\":1}]}}]");
        home.Go();
        home.Pass(50.5);
        Assert.EndsWith(". It is under way.", home.WhyNot("it").Sentence.ToString());
        home.Pass(60);
        Assert.EndsWith("and it came to its end.", home.WhyNot("it").Sentence.ToString());
    }

    [Fact]
    public void One_that_ran_says_that_and_how_it_ended()
    {
        var home = With("");
        home.Go();
        Assert.Equal("nothing", home.WhyNot("it").Held);
        Assert.EndsWith("and it came to its end.", home.WhyNot("it").Sentence.ToString());

        home = ARun.Home();
        home.OnGo("[{\"stop\":\"The door is open.\",\"error\":true}]");
        home.Go();
        Assert.Equal("failed", home.WhyNot("it").Held);
        Assert.EndsWith(
            "It failed at action/0: The door is open.",
            home.WhyNot("it").Sentence.ToString()
        );
    }

    [Theory]
    [InlineData("\"target\":{\"entity_id\":\"switch.desk\"}", true)]
    [InlineData("\"target\":{\"entity_id\":[\"light.lamp\",\"SWITCH.desk\"]}", true)]
    [InlineData("\"target\":{\"device_id\":\"desk\"}", true)]
    [InlineData("\"target\":{\"entity_id\":\"light.lamp\"}", false)]
    [InlineData("\"enabled\":false,\"target\":{\"entity_id\":\"switch.desk\"}", false)]
    [InlineData("\"target\":{\"area_id\":\"study\"}", true)]
    [InlineData("\"target\":{\"area_id\":[\"hall\",\"study\"]}", true)]
    [InlineData("\"target\":{\"floor_id\":\"upstairs\"}", true)]
    [InlineData("\"target\":{\"label_id\":\"quiet\"}", true)]
    [InlineData("\"target\":{\"label_id\":\"工作\"}", true)]
    [InlineData("\"target\":{\"label_id\":\"\\u5de5\\u4f5c\"}", true)]
    [InlineData("\"target\":{\"area_id\":\"hall\"}", false)]
    [InlineData("\"target\":{\"label_id\":\"study\"}", false)]
    [InlineData("\"target\":{\"area_id\":\"{{ 'study' }}\"}", false)]
    public void An_automation_acts_on_what_its_actions_name(string target, bool acts) =>
        Assert.Equal(acts, Acts("homeassistant.turn_on", target));

    [Theory]
    [InlineData("switch.turn_on", "\"target\":{\"area_id\":\"study\"}", true)]
    [InlineData("light.turn_on", "\"target\":{\"area_id\":\"study\"}", false)]
    [InlineData("light.turn_on", "\"target\":{\"label_id\":\"quiet\"}", false)]
    [InlineData("switch.turn_on", "\"target\":{\"entity_id\":\"all\"}", true)]
    [InlineData("light.turn_on", "\"target\":{\"entity_id\":\"all\"}", false)]
    public void Of_what_is_in_a_place_an_action_reaches_what_is_of_its_domain(
        string action,
        string target,
        bool acts
    ) => Assert.Equal(acts, Acts(action, target));

    private static bool Acts(string action, string target)
    {
        var map = new AreaMap(
            [new AreaSaved("study", "My study", "Upstairs", ["Quiet"])],
            [("Study", ["工作"])]
        );
        var definition =
            "{\"triggers\":[],\"actions\":[{\"if\":[\"{{ true }}\"],\"then\":["
            + $"{{\"action\":\"{action}\",{target}}}]}}]}}";
        var desk = new EntityId("switch.desk");
        return ActsOn.Is(definition, Aim.At(desk, new DeviceId("desk"), "study", ["工作"], map));
    }

    private const string Quiet =
        "\"conditions\":[{\"condition\":\"state\",\"entity_id\":\"binary_sensor.hall_motion\","
        + "\"state\":\"off\",\"for\":300}],";

    private static AHome With(string conditions)
    {
        var home = ARun.Home();
        home.Receive(
            "homeassistant/binary_sensor/hall/config",
            """
            {"name":"Motion","unique_id":"hall","state_topic":"hall/motion",
            "device_class":"motion","device":{"identifiers":["hall"],"name":"Hall"} }
            """
        );
        return home.With(
            "it",
            "\"alias\":\"It\",\"triggers\":[{\"trigger\":\"event\",\"event_type\":\"go\"}],"
                + conditions
                + Off
        );
    }
}
