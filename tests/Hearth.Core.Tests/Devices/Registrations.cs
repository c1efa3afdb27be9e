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
    public void A_lock_alone_says_whether_its_device_can_be_reached()
    {
        var home = new AHome();
        home.Receive(Lock, WithAvailability("\"availability_mode\":\"all\",", "a", "b"));
        Assert.Equal(Connectivity.Unknown, home.Device("front_door").Connectivity);
        home.Receive("a", "{\"up\":\"yes\"}");
        Assert.Equal(Connectivity.Offline, home.Device("front_door").Connectivity);
        home.Crash(secondsDown: 1);
        home.Receive("b", "{\"up\":\"yes\"}");
        Assert.Equal(Connectivity.Online, home.Device("front_door").Connectivity);
        var bytes = home.Home.Capture().ToBytes();
        Assert.Equal(bytes, home.Restored().Capture().ToBytes());
        Assert.Equal(bytes, HomeSnapshot.FromBytes(bytes).ToBytes());
        home.Receive("a", "{\"up\":\"no\"}");
        home.Receive("b", "neither");
        Assert.Equal(Connectivity.Offline, home.Device("front_door").Connectivity);
        Assert.Empty(home.Device("front_door").Entities);
    }

    [Fact]
    public void A_lock_that_names_another_topic_is_heard_there_alone()
    {
        var home = new AHome();
        home.Receive(Lock, WithAvailability("", "a"));
        home.Receive(Lock, WithAvailability("", "+/lwt"));
        Assert.Single(home.Of<DeviceUpdated>());
        home.Receive("a", "{\"up\":\"yes\"}");
        Assert.Equal(Connectivity.Unknown, home.Device("front_door").Connectivity);
        home.Receive("door/lwt", "{\"up\":\"yes\"}");
        Assert.Equal(Connectivity.Online, home.Device("front_door").Connectivity);
        home.Receive(Lock, "");
        Assert.Empty(home.Devices);
        home.Receive("door/lwt", "{\"up\":\"no\"}");
        Assert.Empty(home.Of<DeviceDisconnected>());
    }

    [Fact]
    public void Whatever_else_an_unknown_component_says_does_no_harm()
    {
        var home = new AHome();
        home.Receive(
            Lock,
            """
            {"command_topic":"#","value_template":"{{","qos":9,"unique_id":["x"],"name":{},
            "availability_mode":"most",
            "availability":[{"topic":"x#"},{"topic":"b","value_template":"{{"},{"topic":"c"},7],
            "device":{"identifiers":["door"],"name":"Front door"}}
            """
        );
        Assert.Empty(home.Of<AnnouncementRefused>());
        home.Receive("b", "online");
        Assert.Equal(Connectivity.Unknown, home.Device("front_door").Connectivity);
        home.Receive("c", "online");
        Assert.Equal(Connectivity.Online, home.Device("front_door").Connectivity);
    }

    [Fact]
    public void A_device_that_is_known_by_a_lock_alone_says_itself_what_is_wrong_with_it()
    {
        var home = new AHome();
        home.Receive(Lock, "{");
        Assert.Single(home.Of<AnnouncementRefused>());
        home.Receive(Lock, LockOfADoor);
        Assert.Single(home.Of<AnnouncementMended>());
        home.Receive(Lock, "{");
        Assert.Single(home.Of<AnnouncementRefused>());
        Assert.Equal(DeviceHealth.Degraded, home.Device("front_door").Health);
        home.Receive(Lock, LockOfADoor);
        Assert.Equal(DeviceHealth.Healthy, home.Device("front_door").Health);
    }

    [Fact]
    public void What_is_wrong_is_said_in_a_thousand_characters()
    {
        var home = new AHome();
        var topic = string.Concat(Enumerable.Repeat("😀+", 1_000));
        home.Receive(
            "homeassistant/switch/x/config",
            $$"""{"command_topic":"{{topic}}","unique_id":"x"}"""
        );
        var reason = home.Of<AnnouncementRefused>().Single().Reason;
        Assert.InRange(reason.Length, 900, 1_100);
        Assert.EndsWith("…", reason);
        Assert.Equal(
            home.Home.Capture().ToBytes(),
            HomeSnapshot.FromBytes(home.Home.Capture().ToBytes()).ToBytes()
        );
    }

    private static string WithAvailability(string mode, params string[] topics)
    {
        var entries = topics.Select(topic =>
            "{\"t\":\""
            + topic
            + "\",\"val_tpl\":\"{{ value_json.up }}\","
            + "\"pl_avail\":\"yes\",\"pl_not_avail\":\"no\"}"
        );
        return LockOfADoor.Replace(
            "\"unique_id\"",
            mode + "\"avty\":[" + string.Join(',', entries) + "],\"unique_id\"",
            StringComparison.Ordinal
        );
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
