using Hearth.Core.Automations;
using Hearth.Core.Devices;
using static Hearth.Core.Tests.Automations.Reading;

namespace Hearth.Core.Tests.Automations;

public sealed class ReadingTriggers
{
    [Theory]
    [InlineData("\"triggers\":[{\"trigger\":\"state\",\"entity_id\":\"light.desk\"}]")]
    [InlineData("\"trigger\":{\"platform\":\"state\",\"entity_id\":[\"light.desk\"]}")]
    [InlineData("\"trigger\":[{\"trigger\":\"state\",\"entity_id\":\"Light.Desk \"}]")]
    [InlineData("\"triggers\":{\"platform\":\"state\",\"entity_id\":\"light.desk,light.desk\"}")]
    public void Old_and_new_spellings_in_a_list_or_not_mean_the_same(string triggers)
    {
        var rules = Rules($$"""{ {{triggers}},"action":{"service":"homeassistant.toggle"} }""");
        var trigger = Assert.IsType<StateTrigger>(Assert.Single(rules.Triggers));
        Assert.Equal([new EntityId("light.desk")], trigger.Watched);
        Assert.Equal("0", trigger.Id);
        Assert.False(trigger.StateOnly);
    }

    [Fact]
    public void Lists_in_lists_are_laid_flat_and_numbered()
    {
        var triggers = Triggers(
            """
            [{"triggers":[{"trigger":"sun","event":"sunset"},
              {"triggers":{"trigger":"sun","event":"sunrise","id":"up"}}]},
             {"trigger":"homeassistant","event":"start","enabled":false,"alias":"Boot"}]
            """
        );
        Assert.Equal(["0", "up", "2"], triggers.Select(trigger => trigger.Id));
        Assert.Equal([0, 1, 2], triggers.Select(trigger => trigger.Index));
        Assert.Equal([true, true, false], triggers.Select(trigger => trigger.Enabled));
        Assert.Equal("Boot", triggers[2].Alias);
    }

    [Theory]
    [InlineData("\"no\"", false)]
    [InlineData("0", false)]
    [InlineData("\"enable\"", true)]
    [InlineData("\"{{ 1 > 2 }}\"", false)]
    [InlineData("\"{{ wanted }}\"", true)]
    public void Enabled_is_a_flag_however_it_is_written(string written, bool enabled)
    {
        var trigger = Trigger<HubTrigger>(
            $$"""{"trigger":"homeassistant","event":"start","enabled":{{written}}}""",
            ""","trigger_variables":{"wanted":true}"""
        );
        Assert.Equal(enabled, trigger.Enabled);
    }

    [Theory]
    [InlineData("\"to\":null", true)]
    [InlineData("\"not_from\":[\"unknown\",\"unavailable\"]", true)]
    [InlineData("\"attribute\":\"brightness\"", false)]
    public void A_state_is_asked_for_where_one_is_written_be_it_null(string more, bool stateOnly)
    {
        var trigger = Trigger<StateTrigger>(
            $$"""{"trigger":"state","entity_id":"light.desk",{{more}}}"""
        );
        Assert.Equal(stateOnly, trigger.StateOnly);
        Assert.Null(trigger.To);
    }

    [Theory]
    [InlineData("true", "on")]
    [InlineData("\"on\"", "on")]
    [InlineData("21.5", "21.5")]
    [InlineData("[\"on\"]", "on")]
    public void A_state_may_be_a_flag_or_a_number(string written, string state) =>
        Assert.Equal(
            [state],
            Trigger<StateTrigger>(
                $$"""{"trigger":"state","entity_id":"light.desk","to":{{written}}}"""
            ).To
        );

    [Theory]
    [InlineData("\"00:05:00\"", 300)]
    [InlineData("\"1:30\"", 5400)]
    [InlineData("90", 90)]
    [InlineData("\"90\"", 90)]
    [InlineData("{\"minutes\":1,\"seconds\":\"30\"}", 90)]
    [InlineData("{\"milliseconds\":500,\"hours\":0}", 0.5)]
    public void A_time_is_written_in_any_of_its_forms(string written, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            Trigger<StateTrigger>(
                $$"""{"trigger":"state","entity_id":"light.desk","for":{{written}}}"""
            ).For!.Fixed
        );

    [Theory]
    [InlineData("\"{{ states('sensor.wait') }}\"")]
    [InlineData("{\"minutes\":\"{{ 5 }}\"}")]
    public void A_time_may_be_a_template_whole_or_in_a_part(string written)
    {
        var time = Trigger<StateTrigger>(
            $$"""{"trigger":"state","entity_id":"light.desk","for":{{written}}}"""
        ).For!;
        Assert.Null(time.Fixed);
        Assert.NotNull(time.Template);
    }

    [Fact]
    public void A_number_is_compared_with_numbers_or_entities()
    {
        var trigger = Trigger<NumericStateTrigger>(
            """
            {"platform":"numeric_state","entity_id":"sensor.power","attribute":"now",
             "above":"50","below":"input_number.limit","value_template":"{{ state.state }}",
             "hysteresis":5}
            """
        );
        Assert.Equal(50, trigger.Test.Above!.Value.Number);
        Assert.Equal(new EntityId("input_number.limit"), trigger.Test.Below!.Value.Entity);
        Assert.Equal("now", trigger.Test.Attribute);
        Assert.Equal("{{ state.state }}", trigger.Test.ValueTemplate!.Source);
        Assert.Equal(5, trigger.Hysteresis);
    }

    [Fact]
    public void Trigger_variables_fill_the_fields_of_triggers()
    {
        const string Variables = """
            ,"trigger_variables":{"room":"desk","topic":"z2m/{{ room }}","limit":20}
            """;
        var mqtt = Trigger<MqttTrigger>(
            """{"trigger":"mqtt","topic":"{{ topic }}/set","payload":"{{ room }}"}""",
            Variables
        );
        Assert.Equal(("z2m/desk/set", "desk"), (mqtt.Topic, mqtt.Payload));
        var number = Trigger<NumericStateTrigger>(
            """{"trigger":"numeric_state","entity_id":"sensor.{{ room }}","above":"{{ limit }}"}""",
            Variables
        );
        Assert.Equal(20, number.Test.Above!.Value.Number);
        Assert.Equal([new EntityId("sensor.desk")], number.Watched);
    }

    [Theory]
    [InlineData("\"07:30\"", "07:30:00")]
    [InlineData("\"7:30:15\"", "07:30:15")]
    public void A_time_of_day_is_hours_minutes_and_perhaps_seconds(string written, string time) =>
        Assert.Equal(
            TimeOnly.ParseExact(time, "HH:mm:ss", null),
            Assert.Single(Trigger<TimeTrigger>($$"""{"trigger":"time","at":{{written}}}""").At).Time
        );

    [Fact]
    public void A_time_may_be_an_entitys_so_much_earlier_on_some_days()
    {
        var trigger = Trigger<TimeTrigger>(
            """
            {"trigger":"time","at":["input_datetime.up",
             {"entity_id":"sensor.alarm","offset":"-00:30:00"},
             {"entity_id":"sensor.alarm","offset":{"minutes":-5}}],"weekday":["mon","sun"]}
            """
        );
        Assert.Equal(
            [TimeSpan.Zero, TimeSpan.FromMinutes(-30), TimeSpan.FromMinutes(-5)],
            trigger.At.Select(at => at.Offset)
        );
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Sunday], trigger.Weekdays);
        Assert.Equal(3, trigger.Entities.Count);
    }

    [Fact]
    public void A_pattern_keeps_what_is_written()
    {
        var trigger = Trigger<TimePatternTrigger>(
            """{"trigger":"time_pattern","hours":"*","minutes":"/05","seconds":7}"""
        );
        Assert.Equal(("*", "/5", "7"), (trigger.Hours, trigger.Minutes, trigger.Seconds));
    }

    [Theory]
    [InlineData("\"+01:00\"", 3600)]
    [InlineData("\"-00:30:00\"", -1800)]
    [InlineData("-90", -90)]
    [InlineData("{\"hours\":-1}", -3600)]
    public void The_sun_may_be_awaited_later_or_earlier(string offset, int seconds)
    {
        var trigger = Trigger<SunTrigger>(
            $$"""{"platform":"sun","event":"Sunset","offset":{{offset}}}"""
        );
        Assert.False(trigger.IsSunrise);
        Assert.Equal(TimeSpan.FromSeconds(seconds), trigger.Offset);
    }

    [Fact]
    public void Events_messages_requests_and_tags_are_read()
    {
        var triggers = Triggers(
            """
            [{"trigger":"event","event_type":["a.b","c"],"event_data":{"n":1,"who":["ana"]}},
             {"trigger":"mqtt","topic":"a/+/b","payload":7,"encoding":"utf-8","qos":1,
              "value_template":"{{ value_json.x }}"},
             {"trigger":"webhook","webhook_id":"secret","allowed_methods":["get"]},
             {"trigger":"tag","tag_id":["a","b"],"device_id":"reader"},
             {"trigger":"template","value_template":"is_state('a.b','on')","for":5},
             {"trigger":"homeassistant","event":"shutdown"}]
            """
        );
        var anEvent = Assert.IsType<EventTrigger>(triggers[0]);
        Assert.Equal(["a.b", "c"], anEvent.EventTypes);
        Assert.Equal(2, anEvent.EventData.Count);
        Assert.Equal("7", Assert.IsType<MqttTrigger>(triggers[1]).Payload);
        var webhook = Assert.IsType<WebhookTrigger>(triggers[2]);
        Assert.Equal(["GET"], webhook.Methods);
        Assert.True(webhook.LocalOnly);
        Assert.Equal(["reader"], Assert.IsType<TagTrigger>(triggers[3]).Devices);
        Assert.NotNull(Assert.IsType<TemplateTrigger>(triggers[4]).Value.Source);
        Assert.False(Assert.IsType<HubTrigger>(triggers[5]).IsStart);
    }

    [Theory]
    [InlineData("light", "turned_on", "on")]
    [InlineData("binary_sensor", "no_motion", "off")]
    [InlineData("binary_sensor", "opened", "on")]
    [InlineData("binary_sensor", "locked", "off")]
    [InlineData("cover", "opened", "open")]
    [InlineData("lock", "jammed", "jammed")]
    [InlineData("alarm_control_panel", "armed_away", "armed_away")]
    [InlineData("switch", "changed_states", null)]
    public void A_devices_trigger_becomes_its_entitys_state(string domain, string type, string? to)
    {
        var trigger = Trigger<StateTrigger>(
            $$"""
            {"trigger":"device","device_id":"d","domain":"{{domain}}","type":"{{type}}",
             "entity_id":"{{domain}}.x","for":{"seconds":5},"metadata":{} }
            """
        );
        Assert.Equal(to is null ? null : [to], trigger.To);
        Assert.True(trigger.StateOnly);
        Assert.Equal(TimeSpan.FromSeconds(5), trigger.For!.Fixed);
    }

    [Fact]
    public void A_devices_number_becomes_its_entitys_number()
    {
        var trigger = Trigger<NumericStateTrigger>(
            """
            {"platform":"device","device_id":"d","domain":"sensor","type":"battery_level",
             "entity_id":"sensor.battery","below":20}
            """
        );
        Assert.Equal(20, trigger.Test.Below!.Value.Number);
    }

    [Fact]
    public void A_devices_button_is_what_it_announced()
    {
        var trigger = Trigger<DeviceTrigger>(
            """
            {"trigger":"device","device_id":"button","domain":"mqtt","type":"action",
             "subtype":"single","discovery_id":"0x1 action_single"}
            """
        );
        Assert.Equal(
            ("button", "action", "single"),
            (trigger.Device, trigger.Type, trigger.Subtype)
        );
    }

    [Theory]
    [InlineData("{\"trigger\":\"numericstate\"}", "/trigger", "numeric_state")]
    [InlineData("{\"trigger\":\"state\",\"entity\":\"a.b\"}", "/entity", "entity_id")]
    [InlineData("{\"trigger\":\"time\",\"at\":\"1:00\",\"weekday\":\"monday\"}", "/weekday", "mon")]
    [InlineData("{\"trigger\":\"sun\",\"event\":\"sunrse\"}", "/event", "sunrise")]
    [InlineData(
        "{\"trigger\":\"state\",\"entity_id\":\"a.b\",\"for\":{\"minute\":1}}",
        "/for/minute",
        "minutes"
    )]
    public void A_word_that_is_nearly_known_is_suggested(string json, string place, string meant)
    {
        var fault = FaultsOfTrigger(json).First(fault => fault.Suggestion is not null);
        Assert.Equal("/triggers" + place, fault.Pointer);
        Assert.Equal(meant, fault.Suggestion);
        Assert.Contains($"did you mean {meant}?", fault.Detail);
    }

    [Theory]
    [InlineData("calendar", "trigger: event")]
    [InlineData("zone", "to: home")]
    [InlineData("conversation", "trigger: webhook")]
    [InlineData("geo_location", "trigger: event")]
    [InlineData("persistent_notification", "what made one")]
    [InlineData("light.turned_on", "trigger: state and to: \"on\"")]
    [InlineData("motion.detected", "trigger: state and to: \"on\"")]
    [InlineData("power.crossed_threshold", "numeric_state with above or below")]
    public void What_Hearth_does_not_know_is_refused_by_name_with_what_to_write(
        string kind,
        string instead
    )
    {
        var fault = Assert.Single(FaultsOfTrigger($$"""{"trigger":"{{kind}}","target":{} }"""));
        Assert.Equal("/triggers/trigger", fault.Pointer);
        Assert.StartsWith($"is '{kind}'", fault.Detail);
        Assert.Contains(instead, fault.Detail);
    }

    [Theory]
    [InlineData(
        "{\"trigger\":\"state\",\"platform\":\"state\",\"entity_id\":\"a.b\"}",
        "/platform"
    )]
    [InlineData("{\"trigger\":\"state\"}", "/entity_id")]
    [InlineData("{\"trigger\":\"state\",\"entity_id\":\"desk\"}", "/entity_id")]
    [InlineData("{\"trigger\":\"state\",\"entity_id\":[\"a.b\",\"desk\"]}", "/entity_id/1")]
    [InlineData(
        "{\"trigger\":\"state\",\"entity_id\":\"0123456789abcdef0123456789abcdef\"}",
        "/entity_id"
    )]
    [InlineData(
        "{\"trigger\":\"state\",\"entity_id\":\"a.b\",\"from\":\"x\",\"not_from\":\"y\"}",
        "/not_from"
    )]
    [InlineData("{\"trigger\":\"state\",\"entity_id\":\"a.b\",\"to\":{}}", "/to")]
    [InlineData("{\"trigger\":\"state\",\"entity_id\":\"a.b\",\"for\":\"soon\"}", "/for")]
    [InlineData("{\"trigger\":\"state\",\"entity_id\":\"a.b\",\"for\":-5}", "/for")]
    [InlineData(
        "{\"trigger\":\"state\",\"entity_id\":\"a.b\",\"enabled\":\"perhaps\"}",
        "/enabled"
    )]
    [InlineData(
        "{\"trigger\":\"state\",\"entity_id\":\"a.b\",\"enabled\":\"{{ states('a.b') }}\"}",
        "/enabled"
    )]
    [InlineData("{\"trigger\":\"numeric_state\",\"entity_id\":\"a.b\"}", "/above")]
    [InlineData(
        "{\"trigger\":\"numeric_state\",\"entity_id\":\"a.b\",\"above\":5,\"below\":5}",
        "/above"
    )]
    [InlineData(
        "{\"trigger\":\"numeric_state\",\"entity_id\":\"a.b\",\"above\":\"high\"}",
        "/above"
    )]
    [InlineData(
        "{\"trigger\":\"numeric_state\",\"entity_id\":\"a.b\",\"above\":1,\"hysteresis\":-1}",
        "/hysteresis"
    )]
    [InlineData("{\"trigger\":\"template\"}", "/value_template")]
    [InlineData("{\"trigger\":\"template\",\"value_template\":\"{{ 1 +\"}", "/value_template")]
    [InlineData("{\"trigger\":\"event\"}", "/event_type")]
    [InlineData(
        "{\"trigger\":\"event\",\"event_type\":\"hearth.message.received\"}",
        "/event_type"
    )]
    [InlineData("{\"trigger\":\"event\",\"event_type\":\"a\",\"event_data\":[]}", "/event_data")]
    [InlineData(
        "{\"trigger\":\"event\",\"event_type\":\"a\",\"context\":{\"user_id\":\"x\"}}",
        "/context"
    )]
    [InlineData("{\"trigger\":\"mqtt\"}", "/topic")]
    [InlineData("{\"trigger\":\"mqtt\",\"topic\":\"a/#/b\"}", "/topic")]
    [InlineData("{\"trigger\":\"mqtt\",\"topic\":\"a\",\"qos\":3}", "/qos")]
    [InlineData("{\"trigger\":\"mqtt\",\"topic\":\"a\",\"encoding\":\"latin1\"}", "/encoding")]
    [InlineData("{\"trigger\":\"time\"}", "/at")]
    [InlineData("{\"trigger\":\"time\",\"at\":\"25:00\"}", "/at")]
    [InlineData("{\"trigger\":\"time\",\"at\":730}", "/at")]
    [InlineData("{\"trigger\":\"time\",\"at\":[\"7:00\",\"7pm\"]}", "/at/1")]
    [InlineData("{\"trigger\":\"time_pattern\"}", "")]
    [InlineData("{\"trigger\":\"time_pattern\",\"minutes\":60}", "/minutes")]
    [InlineData("{\"trigger\":\"time_pattern\",\"hours\":\"/0\"}", "/hours")]
    [InlineData("{\"trigger\":\"sun\"}", "/event")]
    [InlineData("{\"trigger\":\"sun\",\"event\":\"sunset\",\"offset\":\"late\"}", "/offset")]
    [InlineData("{\"trigger\":\"webhook\"}", "/webhook_id")]
    [InlineData("{\"trigger\":\"webhook\",\"webhook_id\":\"a/b\"}", "/webhook_id")]
    [InlineData(
        "{\"trigger\":\"webhook\",\"webhook_id\":\"a\",\"allowed_methods\":[\"DELETE\"]}",
        "/allowed_methods/0"
    )]
    [InlineData("{\"trigger\":\"tag\"}", "/tag_id")]
    [InlineData("{\"trigger\":\"homeassistant\",\"event\":\"boot\"}", "/event")]
    [InlineData(
        "{\"trigger\":\"device\",\"domain\":\"zha\",\"type\":\"x\",\"device_id\":\"d\"}",
        "/domain"
    )]
    [InlineData(
        "{\"trigger\":\"device\",\"domain\":\"light\",\"type\":\"x\",\"device_id\":\"d\"}",
        "/type"
    )]
    [InlineData(
        "{\"trigger\":\"device\",\"domain\":\"mqtt\",\"type\":\"x\",\"device_id\":\"d\"}",
        "/subtype"
    )]
    [InlineData("{\"entity_id\":\"a.b\"}", "/trigger")]
    [InlineData("\"state\"", "")]
    public void What_is_wrong_has_its_place(string json, string place) =>
        Assert.Contains("/triggers" + place, FaultsOfTrigger(json).Select(fault => fault.Pointer));

    [Fact]
    public void A_mistake_in_one_trigger_is_said_once()
    {
        var fault = Assert.Single(
            FaultsOfTrigger("""{"trigger":"state","entity_id":"a.b","too":"on"}""")
        );
        Assert.Equal("/triggers/too", fault.Pointer);
    }
}
