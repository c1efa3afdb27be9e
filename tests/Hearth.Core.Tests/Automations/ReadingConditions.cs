using Hearth.Core.Automations;
using static Hearth.Core.Tests.Automations.Reading;

namespace Hearth.Core.Tests.Automations;

public sealed class ReadingConditions
{
    [Fact]
    public void A_group_says_where_each_of_its_conditions_stands()
    {
        var group = Condition<OrCondition>(
            """
            [{"condition":"or","alias":"Either","conditions":[
              {"condition":"state","entity_id":"a.b","state":"on"},
              {"not":[{"condition":"sun","after":"sunset"},"{{ true }}"]}]}]
            """
        );
        Assert.Equal(("condition/0", "Either"), (group.Path, group.Alias));
        Assert.Equal("condition/0/conditions/0", group.Conditions[0].Path);
        var not = Assert.IsType<NotCondition>(group.Conditions[1]);
        Assert.Equal(
            ["condition/0/conditions/1/conditions/0", "condition/0/conditions/1/conditions/1"],
            not.Conditions.Select(condition => condition.Path)
        );
    }

    [Theory]
    [InlineData("{\"and\":[\"{{ true }}\"]}", typeof(AndCondition))]
    [InlineData("{\"or\":\"{{ true }}\",\"alias\":\"x\"}", typeof(OrCondition))]
    [InlineData("{\"not\":[\"{{ true }}\"],\"enabled\":false}", typeof(NotCondition))]
    [InlineData("\"{{ is_state('a.b', 'on') }}\"", typeof(TemplateCondition))]
    [InlineData("[[\"{{ true }}\",\"{{ false }}\"]]", typeof(AndCondition))]
    [InlineData(
        "{\"condition\":\"template\",\"value_template\":\"true\"}",
        typeof(TemplateCondition)
    )]
    [InlineData("{\"condition\":\"trigger\",\"id\":[\"a\",2]}", typeof(TriggerCondition))]
    [InlineData("{\"condition\":\"time\",\"weekday\":\"sat\"}", typeof(TimeCondition))]
    [InlineData("{\"condition\":\"{{ true }}\",\"alias\":\"x\"}", typeof(TemplateCondition))]
    [InlineData("{\"condition\":\"zone\",\"enabled\":false}", null)]
    public void Every_way_to_write_a_condition_is_read(string json, Type? type)
    {
        if (type is null)
        {
            Assert.Contains("knows no zones", Assert.Single(FaultsOfCondition(json)).Detail);
            return;
        }

        var condition = Assert.Single(Conditions(json));
        Assert.IsType(type, condition);
        Assert.Equal(!json.Contains("enabled"), condition.Enabled);
    }

    [Fact]
    public void A_states_condition_may_ask_any_of_several_for_one_of_several_states()
    {
        var condition = Condition<StateCondition>(
            """
            {"condition":"state","entity_id":["a.b","a.c"],"match":"any","state":["on",5],
             "attribute":"mode","for":{"minutes":5}}
            """
        );
        Assert.True(condition.Any);
        Assert.Equal(["on", "5"], condition.States);
        Assert.Equal("mode", condition.Attribute);
        Assert.Equal(TimeSpan.FromMinutes(5), condition.For!.Fixed);
    }

    [Fact]
    public void A_time_lies_between_times_of_the_clock_or_of_entities()
    {
        var condition = Condition<TimeCondition>(
            """{"condition":"time","after":"22:00:00","before":"input_datetime.up"}"""
        );
        Assert.Equal(new TimeOnly(22, 0), condition.After!.Value.Time);
        Assert.Equal("input_datetime.up", condition.Before!.Value.Entity!.Value.Value);
    }

    [Fact]
    public void The_sun_has_its_offsets()
    {
        var condition = Condition<SunCondition>(
            """
            {"condition":"sun","after":"sunset","after_offset":"-01:00:00","before":"sunrise"}
            """
        );
        Assert.False(condition.AfterSunrise);
        Assert.True(condition.BeforeSunrise);
        Assert.Equal(TimeSpan.FromHours(-1), condition.AfterOffset);
    }

    [Theory]
    [InlineData("light", "is_on", "", "on")]
    [InlineData("binary_sensor", "is_no_motion", "", "off")]
    [InlineData("binary_sensor", "is_not_open", "", "off")]
    [InlineData("cover", "is_closed", "", "closed")]
    [InlineData("climate", "is_hvac_mode", ",\"hvac_mode\":\"heat\"", "heat")]
    [InlineData("select", "selected_option", ",\"option\":\"eco\"", "eco")]
    public void A_devices_condition_becomes_its_entitys(
        string domain,
        string type,
        string more,
        string state
    )
    {
        var condition = Condition<StateCondition>(
            $$"""
            {"condition":"device","device_id":"d","domain":"{{domain}}","type":"{{type}}",
             "entity_id":"{{domain}}.x"{{more}}}
            """
        );
        Assert.Equal([state], condition.States);
    }

    [Theory]
    [InlineData("{\"condition\":\"stat\"}", "/condition", "state")]
    [InlineData(
        "{\"condition\":\"state\",\"entity_id\":\"a.b\",\"states\":\"on\"}",
        "/states",
        "state"
    )]
    [InlineData(
        "{\"condition\":\"state\",\"entity_id\":\"a.b\",\"state\":\"on\",\"match\":\"al\"}",
        "/match",
        "all"
    )]
    [InlineData("{\"condition\":\"light.is_on\"}", "/condition", null)]
    [InlineData("{\"condition\":\"state\",\"entity_id\":\"a.b\"}", "/state", null)]
    [InlineData("{\"condition\":\"numeric_state\",\"entity_id\":\"a.b\"}", "/above", null)]
    [InlineData("{\"condition\":\"time\"}", "", null)]
    [InlineData("{\"condition\":\"sun\"}", "", null)]
    [InlineData("{\"condition\":\"trigger\"}", "/id", null)]
    [InlineData("{\"condition\":\"and\"}", "/conditions", null)]
    [InlineData("{\"or\":[],\"conditions\":[]}", "/or", null)]
    [InlineData("{\"platform\":\"state\"}", "/condition", null)]
    [InlineData("\"on\"", "", null)]
    [InlineData("\"{{ 1\"", "", null)]
    [InlineData("{\"condition\":\"device\",\"domain\":\"zha\",\"type\":\"x\"}", "/domain", null)]
    public void What_is_wrong_has_its_place_and_perhaps_what_was_meant(
        string json,
        string place,
        string? meant
    )
    {
        var faults = FaultsOfCondition(json);
        Assert.Contains(
            ("/conditions" + place, meant),
            faults.Select(fault => (fault.Pointer, fault.Suggestion))
        );
    }
}
