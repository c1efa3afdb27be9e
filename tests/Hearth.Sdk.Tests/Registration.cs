using System.Text.Json.Nodes;
using MQTTnet.Protocol;

namespace Hearth.Sdk.Tests;

public sealed class Registration
{
    [Fact]
    public async Task A_device_announces_all_it_is_with_one_retained_message()
    {
        await using var broker = await Broker.StartAsync();
        await using var device = new HearthDevice("desk-lamp", "Desk lamp")
        {
            Manufacturer = "Acme",
            Model = "Glow",
            SerialNumber = "17",
            SoftwareVersion = "1.2",
            HardwareVersion = "B",
            SuggestedArea = "Office",
        };
        device.AddLight("light", brightness: true);
        device.AddSwitch("fan-switch");
        device.AddSensor("power", "W", "power", "measurement", diagnostic: true);
        device.AddBinarySensor("hot", "heat", name: "Too hot");
        device.AddEntity("button", "restart", new JsonObject { ["icon"] = "mdi:restart" });

        var running = device.RunAsync(broker.Connection, TestContext.Current.CancellationToken);
        var config = await broker.WaitForAsync("homeassistant/device/desk-lamp/config");

        Assert.True(config.Retain);
        Assert.Equal(1, config.Qos);
        Assert.False(running.IsCompleted);
        var expected = JsonNode.Parse(
            """
            {
              "device": {
                "identifiers": ["desk-lamp"], "name": "Desk lamp", "manufacturer": "Acme",
                "model": "Glow", "serial_number": "17", "sw_version": "1.2",
                "hw_version": "B", "suggested_area": "Office"
              },
              "origin": { "name": "Hearth.Sdk", "sw_version": "0.1.0" },
              "availability_topic": "desk-lamp/status",
              "qos": 1,
              "components": {
                "light": {
                  "platform": "light", "unique_id": "desk-lamp_light", "name": null,
                  "default_entity_id": "light.desk_lamp",
                  "state_topic": "desk-lamp/light/state",
                  "command_topic": "desk-lamp/light/set",
                  "schema": "json", "brightness": true,
                  "supported_color_modes": ["brightness"]
                },
                "fan-switch": {
                  "platform": "switch", "unique_id": "desk-lamp_fan-switch",
                  "name": "Fan switch",
                  "default_entity_id": "switch.desk_lamp_fan_switch",
                  "state_topic": "desk-lamp/fan-switch/state",
                  "command_topic": "desk-lamp/fan-switch/set"
                },
                "power": {
                  "platform": "sensor", "unique_id": "desk-lamp_power", "name": "Power",
                  "default_entity_id": "sensor.desk_lamp_power",
                  "state_topic": "desk-lamp/power/state",
                  "unit_of_measurement": "W", "device_class": "power",
                  "state_class": "measurement", "entity_category": "diagnostic"
                },
                "hot": {
                  "platform": "binary_sensor", "unique_id": "desk-lamp_hot",
                  "name": "Too hot", "default_entity_id": "binary_sensor.desk_lamp_hot",
                  "state_topic": "desk-lamp/hot/state", "device_class": "heat"
                },
                "restart": {
                  "platform": "button", "unique_id": "desk-lamp_restart", "name": "Restart",
                  "default_entity_id": "button.desk_lamp_restart",
                  "command_topic": "desk-lamp/restart/set", "icon": "mdi:restart"
                }
              }
            }
            """
        );
        Assert.Equal(expected!.ToJsonString(), JsonNode.Parse(config.Payload)!.ToJsonString());
    }

    [Fact]
    public async Task A_topic_given_as_null_is_left_out_and_a_given_one_is_kept()
    {
        await using var device = new HearthDevice("blind");
        var config = new JsonObject { ["command_topic"] = null, ["state_topic"] = "blind/now" };

        var cover = device.AddEntity("cover", "blind", config);

        Assert.Null(cover.CommandTopic);
        Assert.Equal("blind/now", cover.StateTopic);
        Assert.Throws<InvalidOperationException>(() =>
            cover.OnCommand((_, _) => Task.CompletedTask)
        );
    }

    [Fact]
    public async Task A_device_is_online_while_it_runs_and_offline_after_a_clean_stop()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();

        await lamp.ConnectAsync(broker.Connection);
        Assert.Equal("online", await broker.RetainedAsync("desk-lamp/status"));

        await lamp.StopAsync();
        Assert.Equal("offline", await broker.RetainedAsync("desk-lamp/status"));
        Assert.Single(broker.Published.All, p => p.Payload == "offline");
    }

    [Fact]
    public async Task Two_devices_with_different_ids_stand_side_by_side()
    {
        await using var broker = await Broker.StartAsync();
        await using var one = new RunningDevice("lamp-1");
        await using var two = new RunningDevice("lamp-2");
        one.Device.AddLight("light");
        two.Device.AddLight("light");

        await one.ConnectAsync(broker.Connection);
        await two.ConnectAsync(broker.Connection);

        Assert.Contains(
            "\"lamp-1_light\"",
            await broker.RetainedAsync("homeassistant/device/lamp-1/config")
        );
        Assert.Contains(
            "\"lamp-2_light\"",
            await broker.RetainedAsync("homeassistant/device/lamp-2/config")
        );
    }

    [Fact]
    public async Task A_registration_that_the_broker_refuses_is_told_and_tried_again()
    {
        await using var broker = await Broker.StartAsync();
        broker.Judge = p =>
            p.Topic.EndsWith("/config")
                ? MqttPubAckReasonCode.NotAuthorized
                : MqttPubAckReasonCode.Success;
        await using var lamp = new RunningDevice();

        lamp.Start(broker.Connection);
        var told = await lamp.NextNoticeAsync();
        broker.Judge = null;
        lamp.Clock.Advance(told.RetryIn!.Value);
        await lamp.ConnectedAsync();

        Assert.Equal(HearthNoticeKind.Disconnected, told.Kind);
        Assert.Contains("NotAuthorized", told.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("desk lamp")]
    [InlineData("desk/lamp")]
    [InlineData("lampe-küche")]
    [InlineData("hearth")]
    [InlineData("homeassistant")]
    public void An_id_that_does_not_fit_into_a_topic_is_refused(string id) =>
        Assert.Throws<ArgumentException>(() => new HearthDevice(id));

    [Fact]
    public async Task A_key_is_used_once()
    {
        await using var device = new HearthDevice("desk-lamp");
        device.AddLight("light");

        Assert.Throws<ArgumentException>(() => device.AddSwitch("light"));
        Assert.Throws<ArgumentException>(() => device.AddSwitch("a/b"));
    }

    [Fact]
    public async Task A_running_device_takes_no_more_entities()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        await lamp.ConnectAsync(broker.Connection);

        Assert.Throws<InvalidOperationException>(() => lamp.Device.AddLight("late"));
    }
}
