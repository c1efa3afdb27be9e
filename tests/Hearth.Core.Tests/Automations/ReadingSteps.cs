using Hearth.Core.Automations;
using Hearth.Core.Templates;
using static Hearth.Core.Tests.Automations.Reading;

namespace Hearth.Core.Tests.Automations;

public sealed class ReadingSteps
{
    [Theory]
    [InlineData(
        "{\"action\":\"light.turn_on\",\"target\":{\"entity_id\":\"light.desk\"},\"data\":{\"brightness\":5}}"
    )]
    [InlineData(
        "{\"service\":\"Light.Turn_On\",\"entity_id\":\"light.desk\",\"data\":{\"brightness\":5},\"metadata\":{}}"
    )]
    [InlineData(
        "{\"service\":\"light.turn_on\",\"data\":{\"entity_id\":[\"light.desk\"],\"brightness\":5}}"
    )]
    [InlineData(
        "{\"service\":\"light.turn_on\",\"data\":{\"entity_id\":\"light.desk\",\"brightness\":9},\"data_template\":{\"brightness\":5}}"
    )]
    public void A_call_means_the_same_in_every_spelling(string json)
    {
        var call = Step<CallStep>(json);
        var context = TemplateContext.Empty;
        Assert.Equal("light.turn_on", call.Action.RenderText(context));
        Assert.Equal("['light.desk']", call.Target.Entities!.RenderText(context));
        Assert.Equal("{'brightness': 5}", call.Data!.RenderText(context));
    }

    [Fact]
    public void A_call_may_be_a_template_for_whole_areas()
    {
        var call = Step<CallStep>(
            """
            {"service_template":"light.turn_{{ 'on' }}","alias":"All","continue_on_error":true,
             "target":{"area_id":"kitchen","floor_id":["up"],"label_id":"{{ [1] }}",
              "device_id":"desk_lamp"},"response_variable":"answer","enabled":false}
            """
        );
        var context = TemplateContext.Empty;
        Assert.Equal("light.turn_on", call.Action.RenderText(context));
        Assert.Equal("['kitchen']", call.Target.Areas!.RenderText(context));
        Assert.Equal("['up']", call.Target.Floors!.RenderText(context));
        Assert.Equal("{{ [1] }}", call.Target.Labels!.Source);
        Assert.Equal("['desk_lamp']", call.Target.Devices!.RenderText(context));
        Assert.Equal("answer", call.ResponseVariable);
        Assert.Equal(("All", true, false), (call.Alias, call.ContinueOnError, call.Enabled));
    }

    [Theory]
    [InlineData("{\"action\":\"notify.ana\",\"data\":\"{{ {'message': 'x'} }}\"}")]
    [InlineData("{\"action\":\"mqtt.publish\",\"data\":{\"topic\":\"a\"}}")]
    [InlineData("{\"action\":\"cover.open_cover\",\"data\":{}}")]
    [InlineData("{\"action\":\"homeassistant.turn_off\",\"entity_id\":\"all\"}")]
    public void A_call_that_needs_nobody_is_taken_without(string json) => Step<CallStep>(json);

    [Fact]
    public void A_script_called_by_its_name_keeps_all_of_its_data()
    {
        var data = Step<CallStep>("""{"action":"script.x","data":{"entity_id":"a.b"}}""").Data!;
        Assert.Equal("{'entity_id': 'a.b'}", data.RenderText(TemplateContext.Empty));
    }

    [Fact]
    public void Every_step_says_where_it_stands_as_a_trace_does()
    {
        var steps = Steps(
            """
            [{"choose":{"conditions":"{{ true }}","sequence":[{"delay":1},{"delay":2}]},
              "default":{"delay":3}},
             {"if":[{"condition":"state","entity_id":"a.b","state":"on"}],
              "then":{"delay":1},"else":[{"delay":2}]},
             {"repeat":{"while":["{{ true }}"],"sequence":{"delay":1}}},
             {"parallel":[{"delay":1},{"sequence":[{"delay":1}]},[{"delay":1},{"delay":2}]]},
             {"sequence":{"delay":1}}]
            """
        ).Steps;
        var choose = Assert.IsType<ChooseStep>(steps[0]);
        Assert.Equal("action/0/choose/0/conditions/0", Conditions(choose.Choices[0].Condition));
        Assert.Equal("action/0/choose/0/sequence/1", choose.Choices[0].Sequence.Steps[1].Path);
        Assert.Equal("action/0/default/0", choose.Default!.Steps[0].Path);
        var check = Assert.IsType<IfStep>(steps[1]);
        Assert.Equal("action/1/if/condition/0", Conditions(check.Condition));
        Assert.Equal("action/1/then/0", check.Then.Steps[0].Path);
        Assert.Equal("action/1/else/0", check.Else!.Steps[0].Path);
        var repeat = Assert.IsType<RepeatStep>(steps[2]);
        Assert.Equal(
            ("action/2", "action/2/repeat/while/0"),
            (repeat.Path, Conditions(repeat.While!))
        );
        Assert.Equal("action/2/repeat/sequence/0", repeat.Sequence.Steps[0].Path);
        var parallel = Assert.IsType<ParallelStep>(steps[3]);
        Assert.Equal(
            ["action/3/parallel/0/sequence/0", "action/3/parallel/1/sequence/0"],
            parallel.Branches.Take(2).Select(branch => branch.Steps[0].Path)
        );
        Assert.Equal("action/3/parallel/2/sequence/1", parallel.Branches[2].Steps[1].Path);
        var sequence = Assert.IsType<SequenceStep>(steps[4]);
        Assert.Equal("action/4/sequence/0", sequence.Sequence.Steps[0].Path);

        static string Conditions(Condition all) =>
            Assert.Single(Assert.IsType<AndCondition>(all).Conditions).Path;
    }

    [Theory]
    [InlineData("\"count\":3")]
    [InlineData("\"count\":\"{{ 3 }}\"")]
    [InlineData("\"until\":\"{{ true }}\"")]
    [InlineData("\"for_each\":[\"a\",{\"b\":\"{{ 1 }}\"}]")]
    [InlineData("\"for_each\":\"{{ states }}\"")]
    public void A_loop_is_of_one_kind(string kind)
    {
        var repeat = Step<RepeatStep>($$"""{"repeat":{ {{kind}},"sequence":[]} }""");
        object?[] kinds = [repeat.Count, repeat.While, repeat.Until, repeat.ForEach];
        Assert.Single(kinds, some => some is not null);
    }

    [Fact]
    public void Waits_go_on_after_their_time_unless_told_otherwise()
    {
        var wait = Step<WaitTemplateStep>(
            """{"wait_template":"{{ is_state('a.b','on') }}","timeout":{"minutes":1}}"""
        );
        Assert.True(wait.ContinueOnTimeout);
        var trigger = Step<WaitForTriggerStep>(
            """
            {"wait_for_trigger":{"trigger":"state","entity_id":"a.b"},"timeout":"{{ 5 }}",
             "continue_on_timeout":"no"}
            """
        );
        Assert.False(trigger.ContinueOnTimeout);
        Assert.NotNull(trigger.Timeout!.Template);
        Assert.Single(trigger.Triggers);
    }

    [Theory]
    [InlineData("\"{{ true }}\"", typeof(TemplateCondition))]
    [InlineData(
        "{\"condition\":\"state\",\"entity_id\":\"a.b\",\"state\":\"on\"}",
        typeof(StateCondition)
    )]
    [InlineData("{\"or\":[\"{{ true }}\"]}", typeof(OrCondition))]
    public void A_condition_among_the_actions_is_a_step(string json, Type type)
    {
        var step = Step<ConditionStep>(json);
        Assert.IsType(type, step.Condition);
        Assert.Equal(("action/0", "action/0"), (step.Path, step.Condition.Path));
    }

    [Fact]
    public void Variables_events_stops_and_scenes_are_read()
    {
        var steps = Steps(
            """
            [{"variables":{"a":1,"b":"{{ a + 1 }}"}},
             {"event":"my.event","event_data":{"a":1},"event_data_template":{"b":"{{ 2 }}"}},
             {"scene":"scene.evening"},
             {"stop":"Enough {{ a }}","error":true}]
            """
        ).Steps;
        Assert.Equal(2, Assert.IsType<VariablesStep>(steps[0]).Variables.Members.Count);
        Assert.Equal(
            "{'a': 1, 'b': 2}",
            Assert.IsType<EventStep>(steps[1]).Data!.RenderText(TemplateContext.Empty)
        );
        var scene = Assert.IsType<CallStep>(steps[2]);
        Assert.Equal("scene.turn_on", scene.Action.RenderText(TemplateContext.Empty));
        Assert.True(Assert.IsType<StopStep>(steps[3]).IsError);
    }

    [Theory]
    [InlineData(
        "light",
        "turn_on",
        ",\"brightness_pct\":40",
        "light.turn_on",
        "{'brightness_pct': 40}"
    )]
    [InlineData(
        "light",
        "brightness_decrease",
        "",
        "light.turn_on",
        "{'brightness_step_pct': -10}"
    )]
    [InlineData("switch", "toggle", "", "switch.toggle", null)]
    [InlineData(
        "cover",
        "set_position",
        ",\"position\":5",
        "cover.set_cover_position",
        "{'position': 5}"
    )]
    [InlineData("lock", "lock", "", "lock.lock", null)]
    [InlineData("vacuum", "dock", "", "vacuum.return_to_base", null)]
    public void A_devices_action_becomes_its_entitys(
        string domain,
        string type,
        string more,
        string action,
        string? data
    )
    {
        var call = Step<CallStep>(
            $$"""
            {"device_id":"d","domain":"{{domain}}","type":"{{type}}",
             "entity_id":"{{domain}}.x"{{more}}}
            """
        );
        Assert.Equal(action, call.Action.RenderText(TemplateContext.Empty));
        Assert.Equal(data, call.Data?.RenderText(TemplateContext.Empty));
    }

    [Theory]
    [InlineData("{\"action\":\"light.turn_on\"}", "/target", null)]
    [InlineData("{\"action\":\"turn_on\"}", "/action", null)]
    [InlineData("{\"action\":\"a.b\",\"service\":\"a.b\"}", "/service", null)]
    [InlineData("{\"action\":\"a.b\",\"dta\":{}}", "/dta", "data")]
    [InlineData("{\"action\":\"a.b\",\"data\":[]}", "/data", null)]
    [InlineData("{\"action\":\"a.b\",\"data\":{\"x\":\"{{ 1\"}}", "/data/x", null)]
    [InlineData(
        "{\"action\":\"a.b\",\"target\":{\"entity\":\"a.b\"}}",
        "/target/entity",
        "entity_id"
    )]
    [InlineData(
        "{\"action\":\"a.b\",\"target\":{\"entity_id\":\"desk\"}}",
        "/target/entity_id",
        null
    )]
    [InlineData("{\"delay\":\"soon\"}", "/delay", null)]
    [InlineData("{\"dely\":5}", "/dely", "delay")]
    [InlineData("{\"alias\":\"x\"}", "", null)]
    [InlineData("5", "", null)]
    [InlineData("{\"wait_template\":null}", "/wait_template", null)]
    [InlineData("{\"wait_for_trigger\":[]}", "/wait_for_trigger", null)]
    [InlineData("{\"wait_for_trigger\":{\"trigger\":\"x\"}}", "/wait_for_trigger/trigger", null)]
    [InlineData("{\"choose\":[{\"sequence\":[]}]}", "/choose/0/conditions", null)]
    [InlineData("{\"choose\":[{\"conditions\":\"{{ 1 }}\"}]}", "/choose/0/sequence", null)]
    [InlineData(
        "{\"choose\":[{\"condition\":\"{{ 1 }}\",\"sequence\":[]}]}",
        "/choose/0/condition",
        "conditions"
    )]
    [InlineData("{\"if\":\"{{ 1 }}\"}", "/then", null)]
    [InlineData("{\"repeat\":{\"sequence\":[]}}", "/repeat", null)]
    [InlineData("{\"repeat\":{\"count\":-1,\"sequence\":[]}}", "/repeat/count", null)]
    [InlineData(
        "{\"repeat\":{\"count\":1,\"until\":\"{{ 1 }}\",\"sequence\":[]}}",
        "/repeat",
        null
    )]
    [InlineData("{\"repeat\":{\"for_each\":\"a\",\"sequence\":[]}}", "/repeat/for_each", null)]
    [InlineData("{\"parallel\":[]}", "/parallel", null)]
    [InlineData("{\"event\":\"hearth.state.changed\"}", "/event", null)]
    [InlineData("{\"scene\":\"evening\"}", "/scene", null)]
    [InlineData("{\"set_conversation_response\":\"x\"}", "/set_conversation_response", null)]
    [InlineData(
        "{\"device_id\":\"d\",\"domain\":\"mobile_app\",\"type\":\"notify\"}",
        "/domain",
        null
    )]
    public void What_is_wrong_has_its_place_and_perhaps_what_was_meant(
        string json,
        string place,
        string? meant
    ) =>
        Assert.Contains(
            ("/actions" + place, meant),
            FaultsOfStep(json).Select(fault => (fault.Pointer, fault.Suggestion))
        );
}
