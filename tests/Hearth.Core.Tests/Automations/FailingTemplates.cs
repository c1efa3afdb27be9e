using Hearth.Core.Automations;

namespace Hearth.Core.Tests.Automations;

/// <summary>What templates have to do with how an automation fares: whom they name, and that they
/// fail.</summary>
public sealed class FailingTemplates
{
    [Theory]
    [InlineData("""[{"action":"notify.ana","data":{"message":"{{ states('light.gone') }}"} }]""")]
    [InlineData(
        """[{"action":"notify.ana","data":{"message":[{"a":"{{ states.light.gone.state }}"}]} }]"""
    )]
    [InlineData("""["{{ is_state('light.gone', 'on') }}"]""")]
    [InlineData("""[{"wait_template":"{{ is_state('light.gone', 'on') }}","timeout":5}]""")]
    [InlineData("""[{"delay":"{{ states('light.gone') | int(1) }}"}]""")]
    [InlineData("""[{"variables":{"x":"{{ state_attr('light.gone', 'x') }}"} }]""")]
    [InlineData("""[{"event":"done","event_data":{"x":"{{ states('light.gone') }}"} }]""")]
    [InlineData("""[{"stop":"{{ states('light.gone') }}"}]""")]
    [InlineData(
        """[{"repeat":{"for_each":"{{ [states('light.gone')] }}","sequence":[{"delay":1}]} }]"""
    )]
    [InlineData(
        """
            [{"if":[{"condition":"template","value_template":"{{ states('light.gone') }}"}],
              "then":[]}]
            """
    )]
    [InlineData(
        """
            [{"condition":"numeric_state","entity_id":"sensor.desk_power","above":1,
              "value_template":"{{ states('light.gone') }}"}]
            """
    )]
    [InlineData(
        """
            [{"wait_for_trigger":[{"trigger":"state","entity_id":"light.lamp",
              "for":"{{ states('light.gone') }}"}]}]
            """
    )]
    [InlineData(
        """[{"action":"light.turn_on","target":{"entity_id":"{{ states('light.gone') }}"} }]"""
    )]
    public void What_a_template_names_is_missed_wherever_it_stands(string actions)
    {
        var home = ARun.Home().OnGo(actions);
        Assert.Equal(
            ["healthy > unhealthy missing: It names light.gone, which is not there."],
            Said(home)
        );
    }

    [Theory]
    [InlineData("""{"trigger":"template","value_template":"{{ is_state('light.shelf','on') }}"}""")]
    [InlineData(
        """
            {"trigger":"mqtt","topic":"a","payload":"1",
             "value_template":"{{ states('light.shelf') }}"}
            """
    )]
    [InlineData(
        """{"trigger":"event","event_type":"x","variables":{"x":"{{ states('light.shelf') }}"} }"""
    )]
    public void What_a_trigger_names_in_a_template_may_come_and_mends_it(string trigger)
    {
        var home = ARun.Home()
            .With("it", $"\"triggers\":[{trigger}],\"actions\":[{{\"event\":\"done\"}}]");
        Assert.StartsWith("healthy > unhealthy missing: It names light.shelf", Said(home).Last());
        home.Receive(Shelf, Announcement);
        Assert.Equal("unhealthy > healthy none: ", Said(home).Last());
    }

    [Fact]
    public void What_a_template_asks_about_being_there_is_not_missed()
    {
        var home = ARun.Home()
            .OnGo("""["{{ has_value('light.gone') and is_state('light.gone', 'on') }}"]""");
        Assert.Empty(Said(home));
    }

    [Fact]
    public void A_trigger_whose_template_fails_is_degraded_once_until_it_does_well()
    {
        var home = ARun.Home()
            .With(
                "it",
                """
                "triggers":[{"trigger":"event","event_type":"go"},
                  {"trigger":"template","value_template":
                    "{{ 100 / (states('sensor.desk_power') | int) > 5 }}"}],
                "actions":[{"event":"done"}]
                """
            );
        home.Power("0");
        home.Power("0.2");
        home.Power("0.4");
        var said = Assert.Single(Said(home));
        Assert.StartsWith("healthy > degraded failing: The template at trigger/1 fails: ", said);
        // A run that goes well mends no trigger.
        home.Go();
        home.Restarted();
        home.Power("0.1");
        Assert.Single(Said(home));
        var bytes = home.Home.Capture().ToBytes();
        Assert.Equal(bytes, home.Restored().Capture().ToBytes());
        Assert.Equal(
            bytes,
            Home.Restore(home.Home.Id, HomeSnapshot.FromBytes(bytes), []).Capture().ToBytes()
        );

        home.Power("50");
        Assert.Equal("degraded > healthy none: ", Said(home).Last());
        home.Power("0");
        Assert.Equal(3, Said(home).Count());
    }

    [Fact]
    public void A_template_that_time_makes_fail_is_told_at_the_minute()
    {
        var home = ARun.Home()
            .With(
                "it",
                """
                "triggers":[{"trigger":"template",
                  "value_template":"{{ 1 / (now().minute - 2) > 5 }}"}],
                "actions":[{"event":"done"}]
                """
            );
        home.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(
            [("degraded", 2), ("healthy", 3)],
            home.Events.Where(item => item.Data is AutomationHealthChanged)
                .Select(item => (((AutomationHealthChanged)item.Data).To, item.Time.Minute))
        );
    }

    [Theory]
    [InlineData(
        """
            {"trigger":"numeric_state","entity_id":"sensor.desk_power","above":5,
             "value_template":"{{ 100 / (state.state | int) }}"}
            """
    )]
    [InlineData(
        """
            {"trigger":"mqtt","topic":"desk/power","payload":"1",
             "value_template":"{{ 100 / value_json.power }}"}
            """
    )]
    public void Templates_in_other_triggers_are_told_as_well(string trigger)
    {
        var home = ARun.Home()
            .With("it", $"\"triggers\":[{trigger}],\"actions\":[{{\"event\":\"done\"}}]");
        home.Power("0");
        home.Power("0.0");
        Assert.StartsWith(
            "healthy > degraded failing: The template at trigger/0 fails: ",
            Assert.Single(Said(home))
        );
        home.Power("3");
        Assert.Equal("degraded > healthy none: ", Said(home).Last());
    }

    [Theory]
    [InlineData("\"{{ 1 / trigger.event.data.x > 0 }}\"", "condition/0")]
    [InlineData(
        """
            {"condition":"numeric_state","entity_id":"sensor.desk_power","above":0,
             "value_template":"{{ 1 / trigger.event.data.x }}"}
            """,
        "condition/0"
    )]
    [InlineData(
        """{"or":["{{ 1 / trigger.event.data.x > 0 }}","{{ true }}"]}""",
        "condition/0/conditions/0"
    )]
    public void A_condition_whose_template_fails_is_degraded_until_it_does_well(
        string condition,
        string place
    )
    {
        var home = ARun.Home().OnGo("[{\"event\":\"done\"}]", $"\"conditions\":[{condition}],");
        home.Go("""{"x":0}""");
        home.Go("""{"x":0}""");
        Assert.StartsWith(
            $"healthy > degraded failing: The template at {place} fails: ",
            Assert.Single(Said(home))
        );
        home.Ask(new TriggerAutomation("it"));
        Assert.Single(Said(home));
        var bytes = home.Home.Capture().ToBytes();
        Assert.Equal(bytes, home.Restored().Capture().ToBytes());

        home.Go("""{"x":1}""");
        Assert.Equal("degraded > healthy none: ", Said(home).Last());
    }

    private const string Shelf = "homeassistant/light/shelf/config";

    private const string Announcement = """
        {"name":null,"unique_id":"shelf","command_topic":"shelf/set","state_topic":"shelf/state",
        "device":{"identifiers":["shelf"],"name":"Shelf"} }
        """;

    private static IEnumerable<string> Said(AHome home) =>
        home.Of<AutomationHealthChanged>()
            .Select(said => $"{said.From} > {said.To} {said.Detail}: {said.Reason}");
}
