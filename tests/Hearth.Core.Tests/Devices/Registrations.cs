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
    public void A_bad_announcement_of_nobody_is_said_once_until_it_is_mended()
    {
        const string Topic = "homeassistant/sensor/nobody/config";
        var home = new AHome();
        home.Receive(Topic, "{");
        Assert.Equal(["message.received", "hub.announcement_refused"], home.Types);
        Assert.Contains("is no JSON object", home.Of<AnnouncementRefused>().Single().Reason);
        home.Crash(secondsDown: 60);
        home.Receive(Topic, "{");
        Assert.Single(home.Of<AnnouncementRefused>());
        home.Receive(Topic, "{\"name\":\"Nobody\"}");
        Assert.Equal(2, home.Of<AnnouncementRefused>().Count());
        home.Receive(Topic, "");
        Assert.Equal(Topic, home.Of<AnnouncementMended>().Single().Topic);
        home.Receive(Topic, "");
        Assert.Single(home.Of<AnnouncementMended>());
    }

    private const string Lock = "homeassistant/lock/door/config";
    private const string LockOfADoor = """
        {"command_topic":"door/set","unique_id":"door_lock",
        "device":{"identifiers":["door"],"name":"Front door"}}
        """;
    private const string BatteryOfADoor = """
        {"state_topic":"door/battery","unique_id":"door_battery","name":"Battery",
        "device":{"identifiers":["door"]}}
        """;

    [Fact]
    public void A_component_that_is_not_known_yet_still_says_what_its_device_is()
    {
        var home = new AHome();
        home.Receive(Lock, LockOfADoor);
        Assert.Empty(home.Device("front_door").Entities);
        home.Receive("homeassistant/sensor/battery/config", BatteryOfADoor);
        Assert.Equal(
            "sensor.front_door_battery",
            home.Device("front_door").Entities.Single().Value
        );
        var said = home.Events.Count();
        home.Receive(Lock, LockOfADoor);
        Assert.Equal(said + 1, home.Events.Count());
    }

    [Theory]
    [InlineData(Lock, "homeassistant/sensor/battery/config")]
    [InlineData("homeassistant/sensor/battery/config", Lock)]
    public void A_device_is_gone_with_the_last_thing_that_it_announced(string first, string last)
    {
        var home = new AHome();
        home.Receive(Lock, LockOfADoor);
        home.Receive("homeassistant/sensor/battery/config", BatteryOfADoor);
        home.Crash(secondsDown: 1);
        home.Receive(first, "");
        Assert.Single(home.Devices);
        home.Receive(last, "");
        Assert.Empty(home.Devices);
        var bytes = home.Home.Capture().ToBytes();
        Assert.Equal(bytes, home.Restored().Capture().ToBytes());
    }

    [Fact]
    public void A_whole_device_of_unknown_components_comes_and_goes()
    {
        const string Topic = "homeassistant/device/door/config";
        var home = new AHome();
        home.Receive(
            Topic,
            """
            {"device":{"identifiers":["door"],"name":"Front door"},"origin":{"name":"x"},
            "components":{"a":{"platform":"lock","command_topic":"a/set"},
            "b":{"platform":"cover","command_topic":"b/set"}}}
            """
        );
        Assert.Equal(2, home.Device("front_door").Others.Count);
        var again = HomeSnapshot.FromBytes(home.Home.Capture().ToBytes());
        Assert.Equal(home.Home.Capture().ToBytes(), again.ToBytes());
        home.Receive(Topic, "");
        Assert.Empty(home.Devices);
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
