using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Hub.Tests.Devices;

public sealed class DevicesOverHttp : IAsyncLifetime
{
    private const string Announcement = """
        {
          "device": {
            "identifiers": ["plug-7"], "connections": [["mac", "02:00:00:00:00:07"]],
            "name": "Küche", "mf": "Acme", "mdl": "P1", "sw": "1.2", "sa": "Kitchen"
          },
          "origin": {"name": "test"},
          "components": {
            "relay": {"platform": "switch", "unique_id": "plug-7-relay", "name": null},
            "power": {
              "platform": "sensor", "unique_id": "plug-7-power", "device_class": "power",
              "unit_of_measurement": "W", "state_class": "measurement",
              "entity_category": "diagnostic"
            }
          }
        }
        """;

    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_component_registers_and_is_there_with_its_entities()
    {
        var created = await RegisterAsync();
        Assert.Equal(201, created.Status);
        var id = created.Json.GetProperty("id").GetString()!;
        Assert.Equal($"/api/v1/devices/{id}", created.Headers.Location!.OriginalString);

        var list = await _hub.GetAsync("/api/v1/devices");
        var device = list.Json.EnumerateArray().Single();
        Assert.Equal(id, device.GetProperty("id").GetString());
        Assert.Equal("Küche", device.GetProperty("name").GetString());
        Assert.Contains("Küche", list.Body);
        Assert.Equal("Acme", device.GetProperty("manufacturer").GetString());
        Assert.Equal("Kitchen", device.GetProperty("suggested_area").GetString());
        Assert.Equal("active", device.GetProperty("state").GetString());
        Assert.True(device.GetProperty("enabled").GetBoolean());
        Assert.Equal(2, device.GetProperty("entities").GetArrayLength());

        var one = await _hub.GetAsync(created.Headers.Location.OriginalString);
        Assert.Equal(device.GetRawText(), one.Json.GetRawText());
    }

    [Fact]
    public async Task Registering_again_changes_nothing_and_finds_the_same_device()
    {
        var first = await RegisterAsync();
        var again = await RegisterAsync();
        Assert.Equal(200, again.Status);
        Assert.Equal(first.Body, again.Body);
        var said = await _hub.GetAsync("/api/v1/events?type=hearth.device.*");
        Assert.Single(said.Json.EnumerateArray());

        var renamed = await _hub.PostAsync(
            "/api/v1/devices",
            Announcement.Replace("Küche", "Bad"),
            "application/json"
        );
        Assert.Equal(200, renamed.Status);
        Assert.Equal("Bad", renamed.Json.GetProperty("name").GetString());
        Assert.Equal(
            first.Json.GetProperty("id").GetString(),
            renamed.Json.GetProperty("id").GetString()
        );
    }

    [Fact]
    public async Task A_reading_shows_up_at_its_entity()
    {
        var created = await RegisterAsync();
        var sensor = EntityOf(created, "sensor");
        Assert.Equal("unknown", sensor.GetProperty("state").GetString());
        var stop = TestContext.Current.CancellationToken;
        var reading = new ReceiveMessage(
            "hearth/devices/plug_7/power/state",
            Payload.FromText("63.20"),
            0,
            false,
            "plug"
        );
        var answer = await _hub.Home.SubmitAsync(reading, stop);

        var entity = await _hub.GetAsync(
            "/api/v1/entities/" + sensor.GetProperty("entity_id").GetString()
        );
        Assert.Equal("63.20", entity.Json.GetProperty("state").GetString());
        Assert.True(entity.Json.GetProperty("available").GetBoolean());
        Assert.Equal("W", entity.Json.GetProperty("unit_of_measurement").GetString());
        Assert.Equal("power", entity.Json.GetProperty("device_class").GetString());
        Assert.Equal("diagnostic", entity.Json.GetProperty("entity_category").GetString());
        Assert.Equal("plug-7-power", entity.Json.GetProperty("unique_id").GetString());
        Assert.Equal(
            "{\"state_class\":\"measurement\"}",
            entity.Json.GetProperty("attributes").GetRawText()
        );
        Assert.Equal(answer.Row!.Last.ToString(), entity.Json.GetProperty("sequence").GetString());
    }

    [Fact]
    public async Task A_device_is_shut_out_and_let_in_again()
    {
        var id = (await RegisterAsync()).Json.GetProperty("id").GetString();
        var disabled = await PostAsync($"/api/v1/devices/{id}/disable");
        Assert.False(disabled.Json.GetProperty("enabled").GetBoolean());
        Assert.Equal("off", disabled.Json.GetProperty("state").GetString());
        var enabled = await PostAsync($"/api/v1/devices/{id}/enable");
        Assert.True(enabled.Json.GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task A_removed_device_is_gone_with_its_entities()
    {
        var id = (await RegisterAsync()).Json.GetProperty("id").GetString();
        Assert.Equal(204, (await SendAsync(HttpMethod.Delete, $"/api/v1/devices/{id}")).Status);
        Assert.Equal("[]", (await _hub.GetAsync("/api/v1/devices")).Body);
        Assert.Equal("[]", (await _hub.GetAsync("/api/v1/entities")).Body);
        Assert.Equal(
            "not-found",
            (await SendAsync(HttpMethod.Delete, $"/api/v1/devices/{id}")).Problem
        );
    }

    [Theory]
    [InlineData("GET", "/api/v1/devices/nobody")]
    [InlineData("POST", "/api/v1/devices/nobody/disable")]
    [InlineData("POST", "/api/v1/devices/nobody/enable")]
    [InlineData("GET", "/api/v1/entities/light.nobody")]
    public async Task What_is_not_there_is_said_so(string method, string path)
    {
        var answer = await SendAsync(HttpMethod.Parse(method), path);
        Assert.Equal((404, "not-found"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task A_bad_announcement_is_refused_with_the_place_that_is_wrong()
    {
        var answer = await _hub.PostAsync(
            "/api/v1/devices",
            """{"device":{"identifiers":["x"]},"components":{"a":{"platform":"light"},"b":1}}""",
            "application/json"
        );
        Assert.Equal((422, "invalid"), (answer.Status, answer.Problem));
        Assert.Contains("pointer #/components/b", answer.Places);
        Assert.Equal("[]", (await _hub.GetAsync("/api/v1/devices")).Body);
    }

    [Fact]
    public async Task A_body_that_is_not_json_is_refused()
    {
        var text = await _hub.PostAsync("/api/v1/devices", "{}", "text/plain");
        Assert.Equal("unsupported-media-type", text.Problem);
        var broken = await _hub.PostAsync("/api/v1/devices", "{", "application/json");
        Assert.Equal("malformed-json", broken.Problem);
    }

    private static System.Text.Json.JsonElement EntityOf(Answered device, string component) =>
        device
            .Json.GetProperty("entities")
            .EnumerateArray()
            .Single(entity => entity.GetProperty("component").GetString() == component);

    private Task<Answered> RegisterAsync() =>
        _hub.PostAsync("/api/v1/devices", Announcement, "application/json");

    private Task<Answered> PostAsync(string path) => SendAsync(HttpMethod.Post, path);

    private Task<Answered> SendAsync(HttpMethod method, string path) =>
        _hub.SendAsync(new HttpRequestMessage(method, path));
}
