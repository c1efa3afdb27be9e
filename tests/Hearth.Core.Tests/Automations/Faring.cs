using Hearth.Core.Automations;

namespace Hearth.Core.Tests.Automations;

/// <summary>How automations fare, and that it is said.</summary>
public sealed class Faring
{
    private const string Names = "\"triggers\":[{\"trigger\":\"event\",\"event_type\":\"go\"}],";

    [Fact]
    public void What_names_only_what_is_there_is_healthy_and_nothing_is_said()
    {
        var home = ARun.Home().OnGo(On("light.lamp"));
        home.Go();
        Assert.Empty(Said(home));
    }

    [Fact]
    public void A_run_that_failed_makes_it_unhealthy_until_one_has_finished()
    {
        var home = ARun.Home().OnGo(FailsIf);
        home.Go("""{"fail":true}""");
        Assert.Equal(
            ["healthy > unhealthy failing: The last run failed at action/0/then/0: Too hot"],
            Said(home)
        );
        home.Go("""{"fail":false}""");
        Assert.Equal("unhealthy > healthy none: ", Said(home).Last());
        home.Go("""{"fail":false}""");
        Assert.Equal(2, Said(home).Count());
    }

    [Fact]
    public void Two_failures_in_three_runs_leave_it_degraded_though_the_last_one_finished()
    {
        var home = ARun.Home().OnGo(FailsIf);
        home.Go("""{"fail":true}""");
        home.Go("""{"fail":true}""");
        Assert.Single(Said(home));
        home.Go("""{"fail":false}""");
        Assert.StartsWith("unhealthy > degraded failing: Two of the last three", Said(home).Last());
        home.Go("""{"fail":false}""");
        Assert.Equal("degraded > healthy none: ", Said(home).Last());
    }

    [Fact]
    public void A_run_that_was_cancelled_says_nothing_of_it()
    {
        var home = ARun.Home()
            .OnGo("[{\"delay\":5},{\"stop\":\"no\",\"error\":true}]", "\"mode\":\"restart\",");
        home.Go();
        home.Pass(5);
        home.Go();
        home.Go();
        Assert.Single(Said(home));
        home.Pass(1);
        Assert.Equal("cancelled", home.Ends().Last());
        Assert.Single(Said(home));
    }

    [Fact]
    public void Variables_that_cannot_be_worked_out_are_a_failure()
    {
        var home = ARun.Home()
            .OnGo("[{\"event\":\"done\"}]", "\"variables\":{\"x\":\"{{ 1 / 0 }}\"},");
        home.Go();
        Assert.StartsWith(
            "healthy > unhealthy failing: The last run failed before its first step: ",
            Assert.Single(Said(home))
        );
    }

    [Theory]
    [InlineData("""[{"action":"light.turn_on","target":{"entity_id":"light.gone"} }]""")]
    [InlineData(
        """[{"action":"light.turn_on","target":{"entity_id":["light.lamp","light.gone"]} }]"""
    )]
    [InlineData(
        """
            [{"if":["{{ true }}"],
              "then":[{"condition":"state","entity_id":"light.gone","state":"on"}]}]
            """
    )]
    [InlineData(
        """
            [{"choose":[{"sequence":[],
              "conditions":{"condition":"numeric_state","entity_id":"light.gone","above":1} }]}]
            """
    )]
    [InlineData(
        """
            [{"repeat":{"count":2,
              "sequence":[{"action":"light.turn_on","target":{"entity_id":"light.gone"} }]} }]
            """
    )]
    [InlineData(
        """[{"parallel":[{"action":"light.turn_on","target":{"entity_id":"light.gone"} }]}]"""
    )]
    [InlineData("""[{"wait_for_trigger":[{"trigger":"state","entity_id":"light.gone"}]}]""")]
    [InlineData(
        """
            [{"wait_for_trigger":[
              {"trigger":"numeric_state","entity_id":"sensor.desk_power","above":"light.gone"}]}]
            """
    )]
    public void What_names_something_that_is_not_there_is_unhealthy_wherever_it_names_it(
        string actions
    )
    {
        var home = ARun.Home().OnGo(actions);
        Assert.Equal(
            ["healthy > unhealthy missing: It names light.gone, which is not there."],
            Said(home)
        );
    }

    [Theory]
    [InlineData("""[{"action":"light.turn_on","target":{"entity_id":"all"} }]""")]
    [InlineData("""[{"action":"light.turn_on","target":{"entity_id":"{{ 'light.gone' }}"} }]""")]
    [InlineData(
        """[{"enabled":false,"action":"light.turn_on","target":{"entity_id":"light.gone"} }]"""
    )]
    [InlineData("""[{"condition":"state","entity_id":"sun.sun","state":"above_horizon"}]""")]
    [InlineData("""[{"condition":"state","entity_id":"automation.it","state":"on"}]""")]
    public void What_need_not_be_there_is_not_missed(string actions)
    {
        var home = ARun.Home().OnGo(actions);
        Assert.Empty(Said(home));
    }

    [Fact]
    public void A_device_that_comes_and_goes_mends_and_breaks_what_names_it()
    {
        var home = ARun.Home().OnGo(On("light.shelf"));
        home.Receive(Shelf, Announcement);
        Assert.Equal("unhealthy > healthy none: ", Said(home).Last());
        var device = home.Devices.Single(item => item.Description.Name == "Shelf").Id;
        home.Ask(new RemoveDevice(device));
        Assert.Equal(
            "healthy > unhealthy missing: It names light.shelf, which is not there.",
            Said(home).Last()
        );
        home.Receive(Shelf, Announcement);
        home.Receive(Shelf, "");
        Assert.Equal(5, Said(home).Count());
        Assert.StartsWith("healthy > unhealthy missing", Said(home).Last());
    }

    [Fact]
    public void A_device_that_is_named_by_its_id_counts_as_well()
    {
        var home = ARun.Home()
            .OnGo("""[{"action":"light.turn_on","target":{"device_id":"shelf_1"} }]""");
        Assert.Equal(
            ["healthy > unhealthy missing: It names the device shelf_1, which is not there."],
            Said(home)
        );
    }

    [Fact]
    public void An_automation_that_is_named_by_another_counts_as_well()
    {
        var home = ARun.Home()
            .OnGo(
                """[{"action":"automation.trigger","target":{"entity_id":"automation.other"} }]"""
            );
        Assert.StartsWith("healthy > unhealthy missing", Assert.Single(Said(home)));
        home.With("other", Names + "\"actions\":[{\"event\":\"done\"}]");
        Assert.Equal("unhealthy > healthy none: ", Said(home).Last());
        home.Ask(new RemoveAutomation("other"));
        Assert.StartsWith("healthy > unhealthy missing", Said(home).Last());
    }

    [Fact]
    public void What_is_wrong_at_once_is_told_together_and_the_worst_gives_the_word()
    {
        var home = ARun.Home().OnGo("[{\"stop\":\"no\",\"error\":true}]");
        home.Go();
        home.With(
            "it",
            Names
                + "\"actions\":[{\"stop\":\"no\",\"error\":true},{\"wait_for_trigger\":"
                + "[{\"trigger\":\"state\",\"entity_id\":\"light.gone\"}]}]"
        );
        home.Go();
        Assert.Equal(
            "unhealthy > unhealthy failing: The last run failed at action/0: no"
                + " It names light.gone, which is not there.",
            Said(home).Last()
        );
    }

    [Fact]
    public void What_was_never_set_off_in_thirty_days_is_degraded_until_it_is()
    {
        var home = ARun.Home().OnGo("[{\"event\":\"done\"}]");
        home.Pass(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Empty(Said(home));
        home.Ask(new TriggerAutomation("it"));
        home.Restarted();
        home.Pass(1);
        Assert.Equal(
            ["healthy > degraded never_fired: None of its triggers has come for 30 days."],
            Said(home)
        );
        home.Pass(TimeSpan.FromDays(60));
        Assert.Single(Said(home));
        home.Go();
        Assert.Equal("degraded > healthy none: ", Said(home).Last());
        home.Pass(TimeSpan.FromDays(60));
        Assert.Equal(2, Said(home).Count());
    }

    [Fact]
    public void A_trigger_that_a_condition_stopped_has_come()
    {
        var home = ARun.Home().OnGo("[{\"event\":\"done\"}]", "\"conditions\":[\"{{ false }}\"],");
        home.Go();
        home.Pass(TimeSpan.FromDays(31));
        Assert.Empty(Said(home));
    }

    [Fact]
    public void Silence_is_told_also_where_something_worse_is_wrong()
    {
        var home = ARun.Home().OnGo(On("light.gone"));
        home.Pass(TimeSpan.FromDays(30));
        Assert.Equal(
            "unhealthy > unhealthy missing: It names light.gone, which is not there."
                + " None of its triggers has come for 30 days.",
            Said(home).Last()
        );
        home.Pass(TimeSpan.FromDays(30));
        Assert.Equal(2, Said(home).Count());
    }

    [Fact]
    public void Switched_off_is_no_fault_and_switched_on_it_has_another_chance()
    {
        var home = ARun.Home().OnGo(FailsIf);
        home.Go("""{"fail":true}""");
        home.Ask(new EnableAutomation("it", false));
        Assert.Equal("unhealthy > healthy none: ", Said(home).Last());
        home.Pass(TimeSpan.FromDays(31));
        Assert.Equal(2, Said(home).Count());
        home.Ask(new EnableAutomation("it", true));
        Assert.Equal(2, Said(home).Count());
        home.Pass(TimeSpan.FromDays(30));
        Assert.Contains("never_fired", Said(home).Last());
    }

    [Fact]
    public void Saved_again_it_has_another_chance()
    {
        var home = ARun.Home().OnGo(FailsIf);
        home.Go("""{"fail":true}""");
        home.OnGo("[{\"event\":\"done\"}]");
        Assert.Equal("unhealthy > healthy none: ", Said(home).Last());
    }

    [Fact]
    public void A_clock_that_is_set_neither_hastens_nor_delays_it()
    {
        var home = ARun.Home().OnGo("[{\"event\":\"done\"}]");
        home.Now += TimeSpan.FromDays(40);
        home.Ask(new ChangeClock(TimeSpan.FromDays(40)));
        home.Pass(TimeSpan.FromDays(29));
        Assert.Empty(Said(home));
        home.Pass(TimeSpan.FromDays(1));
        Assert.Single(Said(home));
    }

    [Fact]
    public void A_snapshot_keeps_it()
    {
        var home = ARun.Home().OnGo(FailsIf);
        home.Go("""{"fail":true}""");
        home.With("other", Names + "\"actions\":" + On("light.gone"));
        var bytes = home.Home.Capture().ToBytes();
        var restored = Home.Restore(home.Home.Id, HomeSnapshot.FromBytes(bytes), []);
        Assert.Equal(bytes, restored.Capture().ToBytes());
        Assert.Equal(bytes, home.Restored().Capture().ToBytes());
        Assert.Equal(home.Home.NextWakeup, restored.NextWakeup);
    }

    [Fact]
    public void Its_health_sets_other_automations_off()
    {
        var home = ARun.Home()
            .With(
                "watch",
                """
                "triggers":[{"trigger":"event","event_type":"hearth.automation.health_changed",
                  "event_data":{"to":"unhealthy"} }],
                "actions":[{"event":"alarm",
                  "event_data":{"of":"{{ trigger.event.data.automation }}"} }]
                """
            )
            .OnGo(FailsIf);
        home.Go("""{"fail":true}""");
        Assert.Equal(["alarm {\"of\":\"it\"}"], home.Said());
    }

    private const string Shelf = "homeassistant/light/shelf/config";

    private const string Announcement = """
        {"name":null,"unique_id":"shelf","command_topic":"shelf/set","state_topic":"shelf/state",
        "device":{"identifiers":["shelf"],"name":"Shelf"} }
        """;

    private const string FailsIf = """
        [{"if":["{{ trigger.event.data.fail }}"],"then":[{"stop":"Too hot","error":true}]}]
        """;

    private static string On(string entity) =>
        $"[{{\"action\":\"light.turn_on\",\"target\":{{\"entity_id\":\"{entity}\"}}}}]";

    private static IEnumerable<string> Said(AHome home) =>
        home.Of<AutomationHealthChanged>()
            .Select(said => $"{said.From} > {said.To} {said.Detail}: {said.Reason}");
}
