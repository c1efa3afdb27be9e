using System.Text.Json;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Devices;

/// <summary>A device that registers over HTTP and speaks MQTT afterwards.</summary>
public sealed class OverHttp
{
    private const string Lamp = """
        {
          "device": { "identifiers": ["porch"], "name": "Porch" },
          "origin": { "name": "end-to-end" },
          "components": {
            "lamp": { "platform": "light", "unique_id": "porch_lamp", "schema": "json", "qos": 1 }
          }
        }
        """;

    [Fact]
    public async Task Reports_and_is_told_on_the_topics_that_it_was_given()
    {
        await using var hub = await RunningHub.StartAsync();
        await hub.Api.PostAsync("/api/v1/devices", JsonElement.Parse(Lamp));
        await using var device = await Peer.ConnectAsync(hub, "porch");
        await device.SubscribeAsync("hearth/devices/porch/lamp/set");

        await device.PublishAsync("hearth/devices/porch/lamp/state", """{"state":"ON"}""", true);
        var light = await Twin.EntityAsync(hub.Api, "porch_lamp", entity => entity.State == "on");
        await hub.Api.PostAsync(
            "/api/v1/actions/light.turn_off",
            new { target = new { entity_id = light.Id } }
        );

        await device.GetsAsync("the command", item => item.Payload.Contains("OFF"));
    }

    [Fact]
    public async Task Is_still_there_after_a_kill_and_can_be_shut_out_and_let_in_again()
    {
        await using var hub = await RunningHub.StartAsync();
        await hub.Api.PostAsync("/api/v1/devices", JsonElement.Parse(Lamp));
        await hub.KillAndStartAgainAsync();
        var light = await Twin.EntityAsync(hub.Api, "porch_lamp");
        await using var device = await Peer.ConnectAsync(hub, "porch");

        await hub.Api.PostAsync($"/api/v1/devices/{light.Device}/disable", new { });
        await device.PublishAsync("hearth/devices/porch/lamp/state", """{"state":"ON"}""");
        Assert.Equal("unknown", (await Twin.EntityAsync(hub.Api, "porch_lamp")).State);

        await hub.Api.PostAsync($"/api/v1/devices/{light.Device}/enable", new { });
        await device.PublishAsync("hearth/devices/porch/lamp/state", """{"state":"ON"}""");
        await Twin.EntityAsync(hub.Api, "porch_lamp", entity => entity.State == "on");
    }
}
