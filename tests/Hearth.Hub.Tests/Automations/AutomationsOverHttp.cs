namespace Hearth.Hub.Tests.Automations;

public sealed class AutomationsOverHttp : IAsyncLifetime
{
    private const string Definition = """
        {
          "alias": "Lights out",
          "triggers": [{"trigger": "event", "event_type": "com.example.night"}],
          "actions": [{"action": "light.turn_on", "target": {"entity_id": "light.lamp"}}]
        }
        """;

    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Halves_of_surrogate_pairs_are_said_with_their_places()
    {
        const string Halves =
            "{\n \"alias\": \"\\ud800\", \"variables\": {\"a\": [1, {\"\\uDC00\": 2}]}\n}";
        var saved = await SendAsync("POST", "", Halves);
        Assert.Equal((422, "invalid"), (saved.Status, saved.Problem));
        Assert.Equal(["pointer #/alias", "pointer #/variables/a/1"], saved.Places);
        Assert.Equal(
            [(2, 11), (2, 45)],
            saved
                .Json.GetProperty("errors")
                .EnumerateArray()
                .Select(error =>
                    (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32())
                )
        );
        var validated = await SendAsync("POST", "/validate", Halves);
        Assert.Equal(200, validated.Status);
        Assert.False(validated.Json.GetProperty("valid").GetBoolean());
        Assert.Equal(2, validated.Json.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task An_automation_is_saved_read_changed_and_removed()
    {
        var created = await SendAsync("POST", "", Definition);
        Assert.Equal(201, created.Status);
        Assert.Equal("/api/v1/automations/lights_out", created.Headers.Location!.OriginalString);
        Assert.Equal("Lights out", created.Json.GetProperty("alias").GetString());
        Assert.True(created.Json.GetProperty("enabled").GetBoolean());

        var read = await SendAsync("GET", "/lights_out");
        Assert.Equal(created.Body, read.Body);
        Assert.Single((await SendAsync("GET", "")).Json.EnumerateArray());

        var changed = await SendAsync("PUT", "/lights_out", Definition.Replace("night", "dusk"));
        Assert.Equal(200, changed.Status);
        Assert.Contains("com.example.dusk", changed.Body);

        Assert.Equal(204, (await SendAsync("DELETE", "/lights_out")).Status);
        Assert.Equal("not-found", (await SendAsync("GET", "/lights_out")).Problem);
        Assert.Equal("not-found", (await SendAsync("DELETE", "/lights_out")).Problem);
    }

    [Fact]
    public async Task An_address_may_give_the_id()
    {
        var created = await SendAsync("PUT", "/mine", Definition);
        Assert.Equal(201, created.Status);
        Assert.Equal("mine", created.Json.GetProperty("id").GetString());
        Assert.Equal(200, (await SendAsync("PUT", "/mine", Definition)).Status);

        var other = Definition.Insert(1, "\"id\": \"yours\",");
        Assert.Equal("conflict", (await SendAsync("PUT", "/mine", other)).Problem);
        Assert.Equal(201, (await SendAsync("POST", "", other)).Status);
        Assert.Equal((409, "conflict"), await StatusAsync(SendAsync("POST", "", other)));
    }

    [Fact]
    public async Task An_automation_rests_while_it_is_disabled()
    {
        await SendAsync("PUT", "/a", Definition);
        Assert.False(
            (await SendAsync("POST", "/a/disable")).Json.GetProperty("enabled").GetBoolean()
        );
        Assert.True(
            (await SendAsync("POST", "/a/enable")).Json.GetProperty("enabled").GetBoolean()
        );
        Assert.Equal("not-found", (await SendAsync("POST", "/b/enable")).Problem);
        Assert.Equal("not-found", (await SendAsync("POST", "/b/disable")).Problem);
        Assert.Equal("not-found", (await SendAsync("POST", "/b/trigger")).Problem);
    }

    [Fact]
    public async Task An_automation_run_by_hand_answers_its_run_and_does_its_work()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        await SendAsync("PUT", "/a", Definition);
        var triggered = await SendAsync("POST", "/a/trigger");
        Assert.Equal(202, triggered.Status);
        var run = triggered.Json.GetProperty("run").GetString()!;
        await Until.TrueAsync(
            async () =>
                (await _hub.GetAsync("/api/v1/entities/light.lamp"))
                    .Json.GetProperty("state")
                    .GetString() == "on",
            "the lamp to be on"
        );
        var why = await _hub.GetAsync($"/api/v1/events?correlation={run}");
        Assert.Contains(
            "hearth.command.requested",
            why.Json.EnumerateArray().Select(item => item.GetProperty("type").GetString())
        );
        var read = await SendAsync("GET", "/a");
        Assert.NotEqual("null", read.Json.GetProperty("last_triggered").GetRawText());
    }

    [Fact]
    public async Task A_published_event_sets_an_automation_off()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        await SendAsync("PUT", "/a", Definition);
        await _hub.PostAsync(
            "/api/v1/events",
            Events.PublishingEvents.Event("1", type: "night"),
            "application/cloudevents+json"
        );
        await Until.TrueAsync(
            async () =>
                (await _hub.GetAsync("/api/v1/entities/light.lamp"))
                    .Json.GetProperty("state")
                    .GetString() == "on",
            "the lamp to be on"
        );
    }

    [Fact]
    public async Task Everything_wrong_with_an_automation_is_said_at_once()
    {
        var answer = await SendAsync(
            "POST",
            "",
            """{"triggers":[{"trigger":"moon"},{"trigger":"event"}],"wrong":1}"""
        );
        Assert.Equal((422, "invalid"), (answer.Status, answer.Problem));
        Assert.Equal(
            [
                "pointer #/wrong",
                "pointer #/triggers/0/trigger",
                "pointer #/triggers/1/event_type",
                "pointer #/actions",
            ],
            answer.Places
        );
    }

    private static async Task<(int, string)> StatusAsync(Task<Answered> answering)
    {
        var answer = await answering;
        return (answer.Status, answer.Problem);
    }

    private Task<Answered> SendAsync(string method, string path, string? body = null) =>
        _hub.SendAsync(
            new HttpRequestMessage(HttpMethod.Parse(method), "/api/v1/automations" + path)
            {
                Content = body is null ? null : AHub.Body(body, "application/json"),
            }
        );
}
