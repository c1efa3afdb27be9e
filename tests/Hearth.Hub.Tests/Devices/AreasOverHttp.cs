using System.Text.Json;

namespace Hearth.Hub.Tests.Devices;

public sealed class AreasOverHttp : IAsyncLifetime
{
    private AHub _hub = null!;
    private ALamp _lamp = null!;
    private string _device = "";

    public async ValueTask InitializeAsync()
    {
        _hub = await AHub.StartAsync();
        _lamp = await ALamp.PlugInAsync(_hub);
        var devices = await _hub.GetAsync("/api/v1/devices");
        _device = devices.Json[0].GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _lamp.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task A_person_names_a_device_and_says_where_it_is()
    {
        var patched = await SendAsync(
            HttpMethod.Patch,
            $"devices/{_device}",
            """{"name":"Reading lamp","area":"Study","labels":["Evening"]}""",
            "application/merge-patch+json"
        );
        Assert.True(patched.Status == 200, patched.Body);
        var saved = await SendAsync(
            HttpMethod.Put,
            "areas/study",
            """{"name":"My study","floor":"Upstairs","labels":["Quiet"]}"""
        );
        Assert.True(saved.Status == 200, saved.Body);

        var device = (await _hub.GetAsync($"/api/v1/devices/{_device}")).Json;
        Assert.Equal(
            ("Reading lamp", "study", """["Evening"]"""),
            (
                device.GetProperty("name").GetString(),
                device.GetProperty("area").GetString(),
                device.GetProperty("labels").GetRawText()
            )
        );
        var area =
            """{"id":"study","name":"My study","floor":"Upstairs","labels":["Quiet"],"""
            + $"\"devices\":[\"{_device}\"]}}";
        Assert.Equal(area, saved.Body);
        Assert.Equal($"[{area}]", (await _hub.GetAsync("/api/v1/areas")).Body);
        Assert.Equal(
            """[{"id":"upstairs","name":"Upstairs","areas":["study"]}]""",
            (await _hub.GetAsync("/api/v1/floors")).Body
        );
        Assert.Equal(
            $$"""[{"id":"evening","name":"Evening","areas":[],"devices":["{{_device}}"]},"""
                + """{"id":"quiet","name":"Quiet","areas":["study"],"devices":[]}]""",
            (await _hub.GetAsync("/api/v1/labels")).Body
        );
        var rendered = await _hub.PostAsync(
            "/api/v1/templates/render",
            """{"template":"{{ area_name('DEVICE') }} {{ floors() }} {{ labels() }}"}""".Replace(
                "DEVICE",
                _device,
                StringComparison.Ordinal
            ),
            "application/json"
        );
        Assert.Equal(
            "My study ['upstairs'] ['evening', 'quiet']",
            rendered.Json.GetProperty("result").GetString()
        );
    }

    [Fact]
    public async Task Json_is_taken_as_a_patch_too_and_null_takes_back()
    {
        await SendAsync(HttpMethod.Patch, $"devices/{_device}", """{"name":"Mine"}""");
        var patched = await SendAsync(
            HttpMethod.Patch,
            $"devices/{_device}",
            """{"name":null,"area":"Hall"}"""
        );
        Assert.NotEqual("Mine", patched.Json.GetProperty("name").GetString());
        Assert.Equal("hall", patched.Json.GetProperty("area").GetString());
    }

    [Theory]
    [InlineData("devices/nobody", "{}", 404, "not-found")]
    [InlineData("devices/{id}", "{", 400, "malformed-json")]
    [InlineData("devices/{id}", """{"name":1,"x":2}""", 422, "invalid")]
    public async Task What_is_wrong_with_a_patch_is_said(
        string path,
        string body,
        int status,
        string problem
    )
    {
        var at = path.Replace("{id}", _device, StringComparison.Ordinal);
        var refused = await SendAsync(HttpMethod.Patch, at, body);
        Assert.Equal((status, problem), (refused.Status, refused.Problem));
    }

    [Fact]
    public async Task What_is_wrong_with_an_area_is_said_at_once()
    {
        var refused = await SendAsync(HttpMethod.Put, "areas/My%20Study", """{"floor":1}""");
        Assert.Equal((422, "invalid"), (refused.Status, refused.Problem));
        Assert.Equal(["pointer #", "pointer #/floor", "pointer #/name"], refused.Places.Order());
        var other = await SendAsync(HttpMethod.Put, "areas/study", "name: x", "text/plain");
        Assert.Equal(415, other.Status);
        Assert.Equal(JsonValueKind.Array, (await _hub.GetAsync("/api/v1/floors")).Json.ValueKind);
    }

    private Task<Answered> SendAsync(
        HttpMethod method,
        string path,
        string body,
        string contentType = "application/json"
    ) =>
        _hub.SendAsync(
            new HttpRequestMessage(method, "/api/v1/" + path)
            {
                Content = AHub.Body(body, contentType),
            }
        );
}
