using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Devices;

public sealed class Registrations
{
    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"name\":\"no topic\",\"device\":{\"identifiers\":[\"desk\"]}}")]
    [InlineData("{\"state_topic\":\"a\",\"value_template\":\"{{ x\"}")]
    public void A_bad_announcement_changes_nothing_and_shows_on_the_devices_health(string bad)
    {
        var home = AHome.WithAPlug();
        home.Receive("homeassistant/sensor/desk_power/config", bad);
        Assert.Equal("Power", home.Entity("sensor.desk_power").Config.Name);
        Assert.Equal(DeviceHealth.Degraded, home.Device("desk").Health);
        Assert.Equal("configuration_error", home.Device("desk").HealthDetail);
        var good = home.Of<MessageReceived>().ElementAt(1);
        home.Receive(good.Topic, good.Payload.Text!);
        Assert.Equal(DeviceHealth.Healthy, home.Device("desk").Health);
    }

    [Fact]
    public void A_bad_announcement_of_nobody_is_only_a_message()
    {
        var home = new AHome();
        home.Receive("homeassistant/sensor/nobody/config", "{");
        Assert.Equal(["message.received"], home.Types);
    }

    [Fact]
    public void A_component_that_names_no_topics_gets_some()
    {
        var body = """
            {"device":{"identifiers":["Hall Lamp"],"name":"Hall"},"origin":{"name":"curl"},
            "components":{"lamp":{"platform":"light","schema":"json","name":null,"unique_id":"h1"}}}
            """;
        var (announcement, faults) = Announcement.FromBody(Payload.FromText(body));
        Assert.Empty(faults);
        var home = new AHome();
        Assert.Null(home.Ask(new RegisterDevice(announcement!)).Refusal);
        home.Receive("hearth/devices/hall_lamp/lamp/state", "{\"state\":\"ON\"}");
        Assert.Equal("on", home.Entity("light.hall").State.Value);
        Assert.Null(home.Call("light.turn_off", "light.hall"));
        Assert.Equal(
            "hearth/devices/hall_lamp/lamp/set",
            home.Of<MessagePublished>().Single().Topic
        );
    }

    [Fact]
    public void Everything_that_is_wrong_with_a_registration_is_said_at_once()
    {
        var (announcement, faults) = Announcement.FromBody(
            Payload.FromText("{\"device\":{},\"components\":{\"a\":{},\"b\":3}}")
        );
        Assert.Null(announcement);
        Assert.Equal(
            ["/device", "/components/a/platform", "/components/b"],
            faults.Select(fault => fault.Pointer)
        );
    }
}
