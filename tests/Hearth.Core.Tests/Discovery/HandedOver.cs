using Hearth.Core.Devices;

namespace Hearth.Core.Tests.Discovery;

/// <summary>A device that goes over from a topic per entity to one topic of its own.</summary>
public sealed class HandedOver
{
    private const string Single = "homeassistant/sensor/desk/power/config";
    private const string Whole = "homeassistant/device/desk/config";

    private const string SingleForm = """
        {"name":"Power","unique_id":"p","state_topic":"desk/power","device":{"identifiers":["desk"],
        "name":"Desk"} }
        """;

    private const string WholeForm = """
        {"device":{"identifiers":["desk"],"name":"Desk"},"origin":{"name":"new"},"components":
        {"power":{"platform":"sensor","name":"Power","unique_id":"p","state_topic":"desk/power"} } }
        """;

    [Fact]
    public void An_entity_keeps_its_id_and_state_and_outlives_its_old_topic()
    {
        var home = new AHome();
        home.Receive(Single, SingleForm);
        home.Receive("desk/power", "12");
        home.Receive(Single, """{"migrate_discovery": true }""");
        home.Receive(Whole, WholeForm);
        home.Receive(Single, "");
        var entity = home.Entity("sensor.desk_power");
        Assert.Equal("12", entity.State.Value);
        home.Receive("desk/power", "13");
        Assert.Equal("13", home.Entity("sensor.desk_power").State.Value);
    }

    [Fact]
    public void It_can_go_back_as_it_came()
    {
        var home = new AHome();
        home.Receive(Whole, WholeForm);
        home.Receive(Whole, """{"migrate_discovery": true }""");
        home.Receive(Single, SingleForm);
        home.Receive(Whole, "");
        Assert.Equal(new EntityId("sensor.desk_power"), Assert.Single(home.Devices).Entities[0]);
    }

    [Fact]
    public void A_component_with_a_fault_degrades_its_device_until_it_is_mended()
    {
        var home = new AHome();
        home.Receive(
            Whole,
            WholeForm.Replace("\"power\":{", "\"x\":{\"p\":\"switch\",\"a\":1},\"power\":{")
        );
        Assert.Equal(DeviceHealth.Degraded, home.Device("desk").Health);
        Assert.Equal("unknown", home.Entity("sensor.desk_power").State.Value);
        home.Receive(Whole, WholeForm);
        Assert.Equal(DeviceHealth.Healthy, home.Device("desk").Health);
    }
}
