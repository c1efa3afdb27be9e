using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Discovery;

public sealed class Announcements
{
    [Theory]
    [InlineData("homeassistant/light/desk/config", "light", "desk")]
    [InlineData("homeassistant/light/node_1/desk-2/config", "light", "node_1/desk-2")]
    [InlineData("homeassistant/device/desk/config", "device", "desk")]
    public void A_discovery_topic_names_component_and_item(
        string topic,
        string component,
        string id
    )
    {
        Assert.True(DiscoveryTopic.TryParse(topic, out var parsed));
        Assert.Equal((component, id), (parsed.Component, parsed.Item));
    }

    [Theory]
    [InlineData("homeassistant/config")]
    [InlineData("homeassistant/light/config")]
    [InlineData("homeassistant/light/a b/config")]
    [InlineData("homeassistant/light//config")]
    [InlineData("homeassistant/light/a/b/c/config")]
    [InlineData("homeassistant/light/desk/state")]
    [InlineData("other/light/desk/config")]
    public void Any_other_topic_is_none(string topic) =>
        Assert.False(DiscoveryTopic.TryParse(topic, out _));

    [Fact]
    public void Short_names_are_written_out_and_the_base_topic_put_in()
    {
        var entity = Single(
            "sensor",
            """
            {"~":"bridge/desk","stat_t":"~/power","json_attr_t":"raw/~","uniq_id":"p1","val_tpl":
            "{{ value }}","dev_cla":"power","unit_of_meas":"W","avty":{"t":"~/lwt","pl_avail":1}}
            """
        );
        Assert.Equal(
            """
            {"state_topic":"bridge/desk/power","json_attributes_topic":"raw/bridge/desk",
            "unique_id":"p1","value_template":"{{ value }}","device_class":"power",
            "unit_of_measurement":"W","availability":[{"topic":"bridge/desk/lwt",
            "payload_available":"1","payload_not_available":"offline"}]}
            """.ReplaceLineEndings(""),
            entity.Options
        );
    }

    [Fact]
    public void A_short_name_means_something_else_in_each_scope()
    {
        var parsed = Parse(
            "sensor",
            """
            {"stat_t":"a","uniq_id":"u","dev":{"ids":"x","mdl":"M","sw":2,"mf":"F","cns":[["mac","1"]]},
            "o":{"name":"N","sw":"1"}}
            """
        );
        var device = parsed.Announcement!.Device!;
        Assert.Equal(("M", "2", "F"), (device.Model, device.SwVersion, device.Manufacturer));
        Assert.Equal(["x"], device.Identifiers);
        Assert.Equal("mac", Assert.Single(device.Connections).Key);
    }

    [Fact]
    public void Values_of_the_wrong_type_become_what_they_stand_for()
    {
        var entity = Single(
            "sensor",
            """
            {"stat_t":"a","uniq_id":17,"name":"","en":"off","ops":"one","icon":null,"qos":"1"}
            """
        );
        Assert.Equal("17", entity.UniqueId);
        Assert.True(entity.IsMain);
        Assert.False(entity.EnabledByDefault);
        Assert.Equal(
            """
            {"state_topic":"a","unique_id":"17","name":null,"enabled_by_default":false,
            "options":["one"],"qos":"1"}
            """.ReplaceLineEndings(""),
            entity.Options
        );
    }

    [Fact]
    public void What_the_root_of_a_device_says_holds_for_its_components()
    {
        var parsed = Announcement.Parse(
            "homeassistant/device/desk/config",
            Payload.FromText(
                """
                {"dev":{"ids":["d"]},"o":{"name":"x"},"avty_t":"lwt","qos":2,"stat_t":"all",
                "cmps":{"a":{"p":"sensor","uniq_id":"a"},
                "b":{"p":"sensor","uniq_id":"b","stat_t":"own","avty_t":"mine"},
                "c":{"p":"sensor"},"d":{"p":"infrared","uniq_id":"d"} }}
                """
            )
        );
        Assert.Empty(parsed.Faults);
        var (a, b) = (parsed.Announcement!.Entities[0], parsed.Announcement.Entities[1]);
        Assert.Equal(2, parsed.Announcement.Entities.Count);
        Assert.Equal(["all"], a.Behaviour.StateTopics);
        Assert.Equal("lwt", Assert.Single(a.Behaviour.Availability).Topic);
        Assert.Equal(["own"], b.Behaviour.StateTopics);
        Assert.Equal("mine", Assert.Single(b.Behaviour.Availability).Topic);
        Assert.Equal(
            new DiscoveryKey("sensor", "device/desk c"),
            Assert.Single(parsed.Announcement.Removed)
        );
    }

    [Fact]
    public void A_component_with_a_fault_is_left_out_and_the_others_stay()
    {
        var parsed = Announcement.Parse(
            "homeassistant/device/desk/config",
            Payload.FromText(
                """
                {"dev":{"ids":["d"]},"cmps":{"good":{"p":"sensor","stat_t":"a"},
                "bad/one":{"p":"switch","cmd_t":"a/#","val_tpl":"{{ x","qos":7}}}
                """
            )
        );
        Assert.Equal("device/desk good", Assert.Single(parsed.Announcement!.Entities).DiscoveryId);
        Assert.Equal(
            [
                "/components/bad~1one/command_topic",
                "/components/bad~1one/value_template",
                "/components/bad~1one/qos",
            ],
            parsed.Faults.Select(fault => fault.Pointer)
        );
    }

    [Theory]
    [InlineData("sensor", "{}", "/state_topic")]
    [InlineData("light", "{\"state_topic\":\"a\"}", "/command_topic")]
    [InlineData("switch", "{\"command_topic\":\"a/+/b\"}", "/command_topic")]
    [InlineData("sensor", "{\"state_topic\":\"a/#/b\"}", "/state_topic")]
    [InlineData(
        "sensor",
        "{\"state_topic\":\"a\",\"availability_mode\":\"most\"}",
        "/availability_mode"
    )]
    [InlineData("sensor", "{\"state_topic\":\"a\",\"avty\":[{\"t\":\"x#\"}]}", "/availability")]
    [InlineData(
        "light",
        "{\"schema\":\"template\",\"cmd_t\":\"a\",\"cmd_on_tpl\":\"1\"}",
        "/command_off_template"
    )]
    [InlineData("sensor", "[1]", "")]
    [InlineData("sensor", "{\"state_topic\":\"a\",\"name\":\"\\ud800\"}", "")]
    [InlineData("sensor", "{\"state_topic\":\"a\",\"device\":{\"name\":\"x\"}}", "/device")]
    public void A_fault_names_its_place(string component, string json, string pointer) =>
        Assert.Equal(pointer, Assert.Single(Parse(component, json).Faults).Pointer);

    [Theory]
    [InlineData("infrared", "{\"anything\":1}")]
    [InlineData("number", "{\"command_topic\":\"a\"}")]
    [InlineData("light", "{\"schema\":\"someday\",\"cmd_t\":\"a\"}")]
    public void A_component_that_is_not_known_is_no_fault_and_no_entity(
        string component,
        string json
    )
    {
        var parsed = Parse(component, json);
        Assert.Empty(parsed.Faults);
        Assert.Empty(parsed.Announcement!.Entities);
    }

    [Fact]
    public void An_empty_payload_takes_the_item_away()
    {
        var parsed = Parse("light", "");
        Assert.Equal(
            new DiscoveryKey("light", "node/item"),
            Assert.Single(parsed.Announcement!.Removed)
        );
    }

    [Fact]
    public void An_entity_that_is_not_enabled_costs_no_look_at_its_templates()
    {
        var entity = Single("sensor", """{"stat_t":"a","en":false,"val_tpl":"{{ broken"}""");
        Assert.False(entity.EnabledByDefault);
    }

    private static EntityConfig Single(string component, string json) =>
        Assert.Single(Parse(component, json).Announcement!.Entities);

    private static ParsedAnnouncement Parse(string component, string json) =>
        Announcement.Parse($"homeassistant/{component}/node/item/config", Payload.FromText(json));
}
