using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Devices;

public sealed class States
{
    [Fact]
    public void A_plug_announced_in_two_messages_is_one_device()
    {
        var home = AHome.WithAPlug();
        Assert.Single(home.Of<DeviceRegistered>());
        Assert.Equal(
            ["switch.desk", "sensor.desk_power"],
            home.Device("desk").Entities.Select(entity => entity.Value)
        );
    }

    [Fact]
    public void The_same_announcement_again_is_no_event()
    {
        var home = AHome.WithAPlug();
        var config = home.Of<MessageReceived>().First();
        home.Receive(config.Topic, config.Payload.Text!);
        Assert.Empty(home.Of<DeviceUpdated>().Skip(1));
    }

    [Fact]
    public void An_empty_announcement_takes_the_entity_away_and_the_last_one_the_device()
    {
        var home = AHome.WithAPlug();
        home.Receive("homeassistant/sensor/desk_power/config", "");
        Assert.Equal(["switch.desk"], home.Device("desk").Entities.Select(item => item.Value));
        home.Receive("homeassistant/switch/desk/config", "");
        Assert.Single(home.Of<DeviceRemoved>());
    }

    [Fact]
    public void A_device_is_off_when_its_main_entity_is()
    {
        var home = AHome.WithAPlug();
        home.Receive("desk/state", "OFF");
        Assert.Equal(DeviceState.Off, home.Device("desk").State);
        home.Receive("desk/state", "ON");
        Assert.Equal(DeviceState.Active, home.Device("desk").State);
    }

    [Fact]
    public void A_last_will_takes_the_device_offline_and_off()
    {
        var home = AHome.WithAPlug(AHome.WithLwt);
        home.Receive("desk/lwt", "online");
        home.Receive("desk/state", "ON");
        Assert.Equal(Connectivity.Online, home.Device("desk").Connectivity);
        home.Receive("desk/lwt", "offline");
        Assert.Equal(Connectivity.Offline, home.Device("desk").Connectivity);
        Assert.Equal(DeviceState.Off, home.Device("desk").State);
        Assert.Equal(EntityState.Unavailable, home.Entity("switch.desk").State.Shown);
        home.Receive("desk/lwt", "online");
        Assert.Equal("on", home.Entity("switch.desk").State.Shown);
        Assert.Equal(DeviceState.Active, home.Device("desk").State);
    }

    [Fact]
    public void A_problem_sensor_that_is_on_triggers_its_device()
    {
        var home = new AHome();
        home.Receive(
            "homeassistant/binary_sensor/boiler/config",
            """
            {"name":"Problem","unique_id":"b1","state_topic":"boiler/problem","device_class":"problem",
            "device":{"identifiers":["boiler"],"name":"Boiler"}}
            """
        );
        home.Receive("boiler/problem", "ON");
        Assert.Equal(DeviceState.Triggered, home.Device("boiler").State);
        home.Receive("boiler/problem", "OFF");
        Assert.Equal(DeviceState.Off, home.Device("boiler").State);
    }

    [Fact]
    public void A_disabled_device_is_off_and_its_reports_change_nothing()
    {
        var home = AHome.WithAPlug();
        home.Receive("desk/state", "ON");
        home.Ask(new EnableDevice(new DeviceId("desk"), false));
        Assert.Equal(DeviceState.Off, home.Device("desk").State);
        home.Receive("desk/state", "OFF");
        Assert.Equal("on", home.Entity("switch.desk").State.Value);
        Assert.Equal(RefusalKind.Unsupported, home.Call("switch.turn_on", "switch.desk")?.Kind);
        home.Ask(new EnableDevice(new DeviceId("desk"), true));
        Assert.Equal(DeviceState.Active, home.Device("desk").State);
    }

    [Fact]
    public void A_sensor_that_is_silent_too_long_is_unavailable_until_it_reports()
    {
        var home = new AHome();
        home.Receive(
            "homeassistant/sensor/t/config",
            """
            {"name":"T","unique_id":"t1","state_topic":"t","expire_after":60,
            "device":{"identifiers":["t"],"name":"T"}}
            """
        );
        home.Receive("t", "21");
        home.Pass(40);
        home.Receive("t", "21");
        home.Pass(40);
        Assert.Equal("21", home.Entity("sensor.t_t").State.Shown);
        home.Pass(30);
        Assert.Equal(EntityState.Unavailable, home.Entity("sensor.t_t").State.Shown);
        home.Receive("t", "21");
        Assert.Equal("21", home.Entity("sensor.t_t").State.Shown);
    }
}
