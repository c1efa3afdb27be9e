using Hearth.Core.Automations;
using Hearth.Core.Templates;
using static Hearth.Core.Tests.Automations.Reading;

namespace Hearth.Core.Tests.Automations;

public sealed class ReadingWholes
{
    private const string Act = """{"delay":1}""";

    [Fact]
    public void Everything_at_the_top_is_read()
    {
        var rules = Rules(
            """
            {"id":1600000000000,"alias":"Night","description":"","mode":"queued","max":"5",
             "max_exceeded":"SILENT","initial_state":"off","trace":{"stored_traces":50},
             "variables":{"a":"{{ 1 }}"},"trigger_variables":{"b":"{{ 1 + 1 }}"},
             "catch_up":{"within":"00:30:00","otherwise":"run"},
             "triggers":[],"conditions":[],"actions":[{"delay":1}]}
            """
        );
        Assert.Equal("Night", rules.Alias);
        Assert.Equal((RunMode.Queued, 5), (rules.Mode, rules.Max));
        Assert.False(rules.InitiallyEnabled);
        Assert.Single(rules.Variables!.Members);
        Assert.Equal("{'b': 2}", rules.TriggerVariables!.RenderText(TemplateContext.Empty));
        Assert.Equal(new CatchUp(TimeSpan.FromMinutes(30), true), rules.CatchUp);
    }

    [Theory]
    [InlineData("\"mod\":\"single\"", "/mod", "mode")]
    [InlineData("\"mode\":\"singel\"", "/mode", "single")]
    [InlineData("\"max\":0", "/max", null)]
    [InlineData("\"max\":\"many\"", "/max", null)]
    [InlineData("\"max_exceeded\":\"silnt\"", "/max_exceeded", "silent")]
    [InlineData("\"variables\":[]", "/variables", null)]
    [InlineData(
        "\"trigger_variables\":{\"a\":\"{{ states('a.b') }}\"}",
        "/trigger_variables/a",
        null
    )]
    [InlineData("\"catch_up\":{\"within\":\"{{ 1 }}\"}", "/catch_up/within", null)]
    [InlineData("\"catch_up\":{\"within\":5,\"otherwise\":\"rum\"}", "/catch_up/otherwise", "run")]
    [InlineData("\"trace\":{\"stored_trace\":5}", "/trace/stored_trace", "stored_traces")]
    [InlineData("\"triggers\":[],\"trigger\":[]", "/trigger", null)]
    [InlineData("\"conditions\":[],\"condition\":[]", "/condition", null)]
    [InlineData("\"action\":[]", "/action", null)]
    [InlineData("\"hide_entity\":true", "/hide_entity", null)]
    public void What_is_wrong_at_the_top_has_its_place(string member, string place, string? meant)
    {
        var faults = Faults($$"""{{{member}},"actions":{{Act}}}""");
        Assert.Equal((place, meant), (faults[0].Pointer, faults[0].Suggestion));
    }

    [Fact]
    public void A_blueprint_is_refused_with_what_to_do()
    {
        var fault = Assert.Single(Faults("""{"use_blueprint":{"path":"x.yaml","input":{}}}"""));
        Assert.Equal("/use_blueprint", fault.Pointer);
        Assert.Contains("Take control", fault.Detail);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"alias\":\"\\ud800\"}")]
    public void What_is_no_automation_at_all_is_refused(string definition) =>
        Assert.Equal("", Assert.Single(Faults(definition)).Pointer);

    [Fact]
    public void Nothing_is_read_beyond_the_limits()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 70)) + new string(']', 70);
        Assert.Contains("depth", Faults($$"""{"actions":{{deep}}}""")[0].Detail);
        var large = new string('x', AutomationParser.BytesMax);
        Assert.Contains(
            "256 KiB",
            Faults($$"""{"alias":"{{large}}","actions":{{Act}}}""")[0].Detail
        );
        var many = string.Join(",", Enumerable.Repeat(Act, StepReader.StepsMax));
        Assert.Equal(StepReader.StepsMax, Steps($"[{many}]").Steps.Count);
        var fault = Assert.Single(Faults($$"""{"actions":[{{many}},{"delay":1},{"x":1}]}"""));
        Assert.Equal("/actions/1000", fault.Pointer);
    }

    [Fact]
    public void A_list_of_conditions_stands_at_the_conditions()
    {
        var rules = Rules("""{"condition":["{{ true }}"],"actions":[{"delay":1}]}""");
        Assert.Equal("condition", rules.Condition.Path);
        Assert.Equal("action", rules.Actions.Path);
    }

    [Theory]
    [InlineData("light.dsk", "/triggers/entity_id", "light.desk")]
    [InlineData("light.hall", "/triggers/entity_id", null)]
    public void An_entity_that_is_not_there_is_a_warning(string entity, string place, string? meant)
    {
        var warning = Assert.Single(
            Warnings(
                $$"""
                {"triggers":{"trigger":"state","entity_id":"{{entity}}"},"actions":{{Act}} }
                """
            )
        );
        Assert.Equal((place, meant), (warning.Pointer, warning.Suggestion));
        Assert.Contains($"There is no entity {entity} yet", warning.Detail);
    }

    [Theory]
    [InlineData("\"action\":\"notify.mobile_app_x\"", "/action", null)]
    [InlineData("\"action\":\"notify.anna\"", "/action", "notify.ana")]
    [InlineData(
        "\"action\":\"light.turn_onn\",\"entity_id\":\"light.desk\"",
        "/action",
        "light.turn_on"
    )]
    [InlineData("\"action\":\"script.bedtime\"", "/action", null)]
    [InlineData("\"action\":\"cover.open_cover\"", "/action", null)]
    [InlineData(
        "\"action\":\"light.turn_on\",\"target\":{\"entity_id\":[\"light.desk\",\"light.dask\"]}",
        "/target/entity_id/1",
        "light.desk"
    )]
    [InlineData(
        "\"action\":\"light.turn_on\",\"target\":{\"device_id\":\"desk_lampp\"}",
        "/target/device_id",
        "desk_lamp"
    )]
    [InlineData(
        "\"action\":\"light.turn_on\",\"target\":{\"area_id\":\"kichen\"}",
        "/target/area_id",
        "kitchen"
    )]
    [InlineData("\"scene\":\"scene.evening\"", "/scene", null)]
    [InlineData(
        "\"device_id\":\"d\",\"domain\":\"cover\",\"type\":\"open\",\"entity_id\":\"light.desk\"",
        "/type",
        null
    )]
    public void What_an_action_names_and_is_not_there_is_a_warning(
        string step,
        string place,
        string? meant
    )
    {
        var warnings = Warnings(
            $$"""
            {"triggers":{"trigger":"homeassistant","event":"start"},"actions":{ {{step}} } }
            """
        );
        Assert.Contains(
            ("/actions" + place, meant),
            warnings.Select(warning => (warning.Pointer, warning.Suggestion))
        );
    }

    [Theory]
    [InlineData("automation.turn_off")]
    [InlineData("mqtt.publish")]
    [InlineData("notify.ana")]
    [InlineData("notify.notify")]
    [InlineData("persistent_notification.create")]
    [InlineData("{{ 'any.thing' }}")]
    public void What_is_there_is_no_warning(string action) =>
        Assert.Empty(
            Warnings(
                $$"""
                {"triggers":{"trigger":"state","entity_id":"sun.sun","to":"below_horizon"},
                 "actions":{"action":"{{action}}"} }
                """
            )
        );

    [Fact]
    public void Without_actions_it_is_said_that_it_does_nothing() =>
        Assert.Equal(
            "/actions",
            Assert
                .Single(
                    Warnings(
                        """
                        {"triggers":{"trigger":"homeassistant","event":"start"},"actions":[]}
                        """
                    )
                )
                .Pointer
        );

    [Fact]
    public void Without_triggers_it_is_said_that_it_runs_by_hand() =>
        Assert.Equal("/triggers", Assert.Single(Warnings($$"""{"actions":{{Act}}}""")).Pointer);

    [Fact]
    public void An_event_that_only_Home_Assistant_has_is_a_warning_with_ours() =>
        Assert.Contains(
            "hearth.state.changed",
            Assert
                .Single(
                    Warnings(
                        $$"""
                        {"triggers":{"trigger":"event","event_type":"state_changed"},
                         "actions":{{Act}}}
                        """
                    )
                )
                .Detail
        );
}
