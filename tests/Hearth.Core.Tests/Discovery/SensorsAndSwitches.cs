using Hearth.Core.Events;

namespace Hearth.Core.Tests.Discovery;

public sealed class SensorsAndSwitches
{
    [Theory]
    [InlineData("\"dev_cla\":\"power\"", "63.20", "63.20")]
    [InlineData("\"dev_cla\":\"power\"", "", "unknown")]
    [InlineData("\"dev_cla\":\"power\"", "None", "unknown")]
    [InlineData("\"dev_cla\":\"power\"", "abc", "unknown")]
    [InlineData("\"unit_of_meas\":\"W\"", "abc", "unknown")]
    [InlineData("\"stat_cla\":\"total\"", "7", "7")]
    [InlineData("\"icon\":\"x\"", "abc", "abc")]
    [InlineData("\"icon\":\"x\"", "", "")]
    [InlineData("\"ops\":[\"a\",\"b\"]", "b", "b")]
    [InlineData("\"ops\":[\"a\",\"b\"]", "c", "unknown")]
    [InlineData(
        "\"dev_cla\":\"timestamp\"",
        "2026-01-02T03:04:05+01:00",
        "2026-01-02T02:04:05+00:00"
    )]
    [InlineData("\"dev_cla\":\"timestamp\"", "yesterday", "unknown")]
    [InlineData("\"dev_cla\":\"date\"", "2026-01-02", "2026-01-02")]
    [InlineData("\"val_tpl\":\"{{ value_json.a }}\"", "{\"a\":21.50}", "21.5")]
    [InlineData("\"val_tpl\":\"{{ value_json.a }}\"", "{\"a\":null}", "unknown")]
    [InlineData(
        "\"val_tpl\":\"{{ value_json.a }}\",\"unit_of_meas\":\"W\"",
        "{\"b\":1}",
        "unknown"
    )]
    [InlineData("\"val_tpl\":\"{{ value_json.a.b }}\"", "{\"b\":1}", "unknown")]
    [InlineData("\"val_tpl\":\" {{ value }} \"", "  x  ", "x")]
    public void A_sensor_makes_of_a_message(string options, string payload, string state) =>
        Assert.Equal(
            state,
            ABehaviour.Of("sensor", $$"""{"stat_t":"s",{{options}}}""").Hears("s", payload).Shown
        );

    [Fact]
    public void A_message_that_changes_nothing_gives_the_same_instance()
    {
        var sensor = ABehaviour.Of("sensor", """{"stat_t":"s"}""").Hears("s", "x");
        var before = sensor.State;
        Assert.Same(before, sensor.Hears("s", "x").State);
    }

    [Fact]
    public void Attributes_that_come_as_JSON_replace_those_before()
    {
        var sensor = ABehaviour.Of(
            "sensor",
            """{"stat_t":"s","json_attr_t":"a","json_attr_tpl":"{{ value_json.x | tojson }}"}"""
        );
        sensor.Hears("a", """{"x":{"n":1.50,"l":[1, 2],"name":"no"} }""");
        Assert.Equal("unknown l=[1,2] n=1.5", sensor.Shown.Replace(", ", ","));
        sensor.Hears("a", """{"x":{"m":true} }""", "nonsense");
        Assert.Equal("unknown m=true", sensor.Shown);
    }

    [Theory]
    [InlineData("\"pl_on\":true,\"val_tpl\":\"{{ value_json.a }}\"", "{\"a\":true}", "on")]
    [InlineData("\"pl_on\":1,\"pl_off\":0", "0", "off")]
    [InlineData("\"stat_t\":\"s\"", "ON", "on")]
    [InlineData("\"stat_t\":\"s\"", "on", "unknown")]
    [InlineData("\"stat_on\":\"on\"", "on", "on")]
    public void On_and_off_are_told_apart_as_announced(string options, string said, string state)
    {
        var json = $$"""{"stat_t":"s","cmd_t":"c",{{options}}}""";
        Assert.Equal(state, ABehaviour.Of("switch", json).Hears("s", said).Shown);
    }

    [Theory]
    [InlineData("\"pl_on\":\"1\"", "c 1")]
    [InlineData("\"cmd_tpl\":\"{\\\"to\\\":\\\"{{ value }}\\\"}\"", "c {\"to\":\"ON\"}")]
    public void A_switch_sends_its_payload_or_what_its_template_makes(string options, string sent)
    {
        var device = ABehaviour.Of("switch", $$"""{"cmd_t":"c",{{options}}}""");
        Assert.Equal(sent, device.Sends("turn_on"));
        Assert.True(device.Itself.Optimistic);
    }

    [Fact]
    public void A_sensor_cannot_be_told_anything() =>
        Assert.Equal(
            "A sensor cannot turn on.",
            ABehaviour.Of("sensor", """{"stat_t":"s"}""").Sends("turn_on")
        );

    [Theory]
    [InlineData("online", true)]
    [InlineData("offline", false)]
    [InlineData("maybe", null)]
    public void Availability_is_yes_no_or_nothing(string said, bool? available)
    {
        var sensor = ABehaviour.Of(
            "sensor",
            """{"stat_t":"s","avty":{"t":"lwt","val_tpl":"{{ value_json.state }}"} }"""
        );
        var payload = Payload.FromText($$"""{"state":"{{said}}"}""");
        Assert.False(sensor.State.Available);
        Assert.Equal(available, sensor.Itself.ReceiveAvailability(0, payload, AHome.Monday));
    }

    [Fact]
    public void Timers_are_told_to_the_home()
    {
        var sensor = ABehaviour.Of(
            "binary_sensor",
            """{"stat_t":"s","exp_aft":"30","off_dly":2.5,"frc_upd":true}"""
        );
        Assert.Equal(TimeSpan.FromSeconds(30), sensor.Itself.ExpireAfter);
        Assert.Equal(TimeSpan.FromSeconds(2.5), sensor.Itself.OffDelay);
        Assert.True(sensor.Itself.ForceUpdate);
    }
}
