using System.Text.Json;
using Hearth.Hub.Cli;
using Hearth.Hub.Tests.Automations;
using Hearth.Hub.Tests.Events;

namespace Hearth.Hub.Tests.Why;

public sealed class WhyOverHttp : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task An_entity_says_why_from_the_first_event_to_the_acknowledgement()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        await SaveAsync(
            "lights-on",
            Going("{\"action\":\"light.turn_on\",\"target\":{\"entity_id\":\"light.lamp\"}}")
        );
        await _hub.PublishAsync("go-1", "go");
        await OnAsync();
        var why = await WhyAsync("entities/light.lamp");
        Assert.Equal(
            "Lamp turned on because automation Lights on fired: event \"com.example.go\" was"
                + " published by /garden (programs cannot say what led to theirs).",
            why.Text("sentence")
        );
        Assert.True(why.GetProperty("complete").GetBoolean());
        Assert.Equal(
            ["com.example.go", "hearth.automation.triggered", "hearth.command.requested"],
            why.GetProperty("causes").EnumerateArray().Select(step => step.Text("type"))
        );
        Assert.Contains(
            "hearth.command.acknowledged",
            why.GetProperty("effects").EnumerateArray().Select(step => step.Text("type"))
        );
        var entity = why.GetProperty("parts")[0];
        Assert.Equal("entity", entity.Text("kind"));
        Assert.Equal("light.lamp", entity.Text("of"));
        Assert.Equal("on", why.Text("state"));
        Assert.Equal(JsonValueKind.Null, why.GetProperty("attempt").ValueKind);

        var root = await WhyAsync("events/go-1");
        Assert.Equal("go-1", root.GetProperty("event").Text("id"));
        var triggered = root.GetProperty("effects")[0];
        Assert.Equal("hearth.automation.triggered", triggered.Text("type"));
        var command = triggered.GetProperty("effects")[0];
        var types = command.GetProperty("effects").EnumerateArray().ToArray();
        Assert.Contains("hearth.state.changed", types.Select(step => step.Text("type")));
        var change = types.Single(step => step.Text("type") == "hearth.state.changed");
        var done = change.GetProperty("effects").EnumerateArray().Select(step => step.Text("type"));
        Assert.Contains("hearth.command.acknowledged", done);
    }

    [Fact]
    public async Task At_the_command_line_the_same_is_read_by_a_person()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        await SaveAsync(
            "lights-on",
            Going("{\"action\":\"light.turn_on\",\"target\":{\"entity_id\":\"light.lamp\"}}")
        );
        await _hub.PublishAsync("go-1", "go");
        await OnAsync();
        var (code, said) = await AskAsync("light.lamp");
        Assert.Equal(ExitCode.Answered, code);
        Assert.StartsWith("Lamp turned on because automation Lights on fired: event", said);
        Assert.Contains("└── ", said);
        Assert.Contains("Lamp acknowledged its command to turn on", said);
        Assert.All(said.Split('\n'), line => Assert.True(line.Length <= 80, line));

        (code, said) = await AskAsync("light.lamp", "--json");
        Assert.Equal(ExitCode.Answered, code);
        Assert.Equal("light.lamp", JsonElement.Parse(said).Text("entity_id"));

        (code, said) = await AskAsync("light.lamp", "--not");
        Assert.Equal(ExitCode.Answered, code);
        Assert.StartsWith("Automation Lights on did run, at ", said);

        (code, said) = await AskAsync("light.nobody");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("There is no entity \"light.nobody\" in this home.", said);
    }

    [Fact]
    public async Task An_event_is_found_by_its_sequence_and_by_the_id_that_its_program_gave_it()
    {
        await _hub.PublishAsync("a/b 1", "go");
        var byId = await WhyAsync("events/a%2Fb%201");
        var sequence = byId.GetProperty("event").Text("sequence")!;
        var padded = await WhyAsync("events/" + sequence);
        var plain = await WhyAsync("events/" + sequence.TrimStart('0'));
        Assert.Equal(byId.Text("sentence"), padded.Text("sentence"));
        Assert.Equal(byId.Text("sentence"), plain.Text("sentence"));
        Assert.Equal(
            "Event \"com.example.go\" was published by /garden; programs cannot say what led"
                + " to theirs, so the chain begins here.",
            byId.Text("sentence")
        );
        Assert.Empty(byId.GetProperty("causes").EnumerateArray());
    }

    [Fact]
    public async Task An_id_that_two_programs_have_used_needs_its_source()
    {
        await PublishFromAsync("/one");
        await PublishFromAsync("/two");
        var both = await _hub.GetAsync("/api/v1/events/same/why");
        Assert.Equal("conflict", both.Problem);
        Assert.Contains("/one", both.Body);
        var one = await WhyAsync("events/same", "?source=/one");
        Assert.Equal("/one", one.GetProperty("event").Text("source"));
    }

    [Fact]
    public async Task What_is_not_there_is_a_problem()
    {
        string[] paths =
        [
            "events/nobody",
            "events/0",
            "events/999999",
            "events/99999999999999999999999",
            "entities/light.nobody",
        ];
        foreach (var path in paths)
        {
            var answer = await _hub.GetAsync($"/api/v1/{path}/why");
            Assert.Equal(404, answer.Status);
            Assert.Equal("not-found", answer.Problem);
        }

        Assert.Equal("not-found", (await _hub.GetAsync("/api/v1/automations/x/why-not")).Problem);
    }

    [Fact]
    public async Task What_came_to_nothing_since_is_said_with_what_held_its_automations_back()
    {
        var lamp = await ALamp.PlugInAsync(_hub, deaf: true);
        await SaveAsync(
            "lights-on",
            Going(
                "{\"action\":\"light.turn_on\",\"target\":{\"entity_id\":\"light.lamp\"}}",
                "\"conditions\":[{\"condition\":\"state\",\"entity_id\":\"light.lamp\",\"state\":\"on\"}],"
            )
        );
        await _hub.PublishAsync("go-1", "go");
        var why = await WhyAsync("entities/light.lamp");
        var held = Assert.Single(why.GetProperty("held_back").EnumerateArray());
        Assert.Equal("conditions", held.Text("held"));
        var condition = Assert.Single(held.GetProperty("conditions").EnumerateArray());
        Assert.Equal("condition/0", condition.Text("path"));
        Assert.Equal("off", condition.GetProperty("result").Text("state"));
        var alone = (await _hub.GetAsync("/api/v1/automations/lights-on/why-not")).Json;
        Assert.Equal(held.Text("run"), alone.Text("run"));
        Assert.Contains("Lamp was off, since ", alone.Text("sentence"));
        Assert.Contains(
            "It looks again when event \"com.example.go\" is published.",
            alone.Text("sentence")
        );

        await lamp.DisposeAsync();
        // Until its session has ended a command is taken for it.
        await Until.TrueAsync(
            async () => (await WhyAsync("entities/light.lamp")).Text("state") == "unavailable",
            "the lamp to be gone"
        );
        await Until.TrueAsync(
            async () =>
            {
                // A session that is being closed may still take one.
                var call = await _hub.PostAsync(
                    "/api/v1/actions/light.turn_on",
                    """{"target":{"entity_id":["light.lamp"]}}""",
                    "application/json"
                );
                Assert.Equal(202, call.Status);
                var attempt = (await WhyAsync("entities/light.lamp")).Text("attempt");
                return attempt?.Contains("nothing at home listens for it") == true;
            },
            "a command to come to nothing"
        );
        var after = await WhyAsync("entities/light.lamp");
        Assert.Contains("nothing at home listens for it", after.Text("attempt"));
        Assert.EndsWith(" It is still unavailable.", after.Text("sentence"));
    }

    [Theory]
    [InlineData("area_id", "study")]
    [InlineData("floor_id", "upstairs")]
    [InlineData("label_id", "evening")]
    [InlineData("entity_id", "all")]
    public async Task What_an_automation_reaches_by_its_place_it_can_be_held_back_from(
        string aim,
        string id
    )
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        var device = (await _hub.GetAsync("/api/v1/devices")).Json[0].GetProperty("id");
        foreach (
            var (method, path, body) in new[]
            {
                (
                    HttpMethod.Patch,
                    $"devices/{device}",
                    """{"area":"Study","labels":["Evening"]}"""
                ),
                (HttpMethod.Put, "areas/study", """{"name":"Study","floor":"Upstairs"}"""),
            }
        )
        {
            var request = new HttpRequestMessage(method, "/api/v1/" + path)
            {
                Content = AHub.Body(body, "application/json"),
            };
            Assert.Equal(200, (await _hub.SendAsync(request)).Status);
        }

        foreach (var domain in new[] { "light", "switch" })
        {
            var call = $$"""{"action":"{{domain}}.turn_on","target":{"{{aim}}":"{{id}}"} }""";
            await SaveAsync($"by-place-{domain}", Going(call));
        }

        var why = await WhyAsync("entities/light.lamp");
        var held = Assert.Single(why.GetProperty("held_back").EnumerateArray());
        Assert.Contains("by-place-light", held.GetRawText());
    }

    [Fact]
    public async Task A_chain_that_is_too_long_is_cut_and_says_where_the_rest_is()
    {
        var events = string.Join(',', Enumerable.Repeat("{\"event\":\"com.example.noise\"}", 350));
        await SaveAsync("noise", Going(events));
        await _hub.PublishAsync("go-1", "go");
        var why = await WhyAsync("events/go-1");
        // Cut is what came of it; every cause is there.
        Assert.True(why.GetProperty("complete").GetBoolean());
        Assert.True(why.GetProperty("cut").GetBoolean());
        Assert.Equal("/api/v1/events?correlation=go-1", why.Text("more"));
        Assert.Equal(200, (await _hub.GetAsync(why.Text("more")!)).Status);
    }

    [Fact]
    public async Task A_loop_of_two_automations_is_told_down_to_where_it_was_stopped()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        await SaveAsync("on-off", Turning("on", "off"));
        await SaveAsync("off-on", Turning("off", "on"));
        await SaveAsync("go", Going(Turn("on")));
        await _hub.PublishAsync("go-1", "go");
        var deep = new JsonDocumentOptions { MaxDepth = 1_024 };
        await Until.TrueAsync(
            async () =>
            {
                var answer = await _hub.GetAsync("/api/v1/events/go-1/why");
                Assert.True(answer.Status == 200, answer.Body);
                return answer.Body.Contains("hearth.automation.failed", StringComparison.Ordinal);
            },
            "the loop to be stopped"
        );
        var body = (await _hub.GetAsync("/api/v1/events/go-1/why")).Body;
        var why = JsonElement.Parse(body, deep);
        Assert.True(Depth(why) > 64, body);
        Assert.False(why.GetProperty("cut").GetBoolean());

        var sequence = why.GetProperty("event").Text("sequence")!;
        var (code, said) = await AskAsync(sequence);
        Assert.Equal(ExitCode.Answered, code);
        Assert.All(said.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("failed", said);
    }

    [Fact]
    public async Task An_event_that_is_as_deep_as_one_may_be_is_told_as_well()
    {
        var data = new string('[', 64) + new string(']', 64);
        using var content = AHub.Body(data, "application/json");
        content.Headers.Add("ce-specversion", "1.0");
        content.Headers.Add("ce-id", "deep");
        content.Headers.Add("ce-source", "/tests");
        content.Headers.Add("ce-type", "com.example.deep");
        var sent = await _hub.SendAsync(
            new(HttpMethod.Post, "/api/v1/events") { Content = content }
        );
        Assert.True(sent.Status == 200, sent.Body);
        var why = await _hub.GetAsync("/api/v1/events/deep/why");
        Assert.True(why.Status == 200, why.Body);
        Assert.Contains(data, why.Body);
    }

    [Fact]
    public async Task A_device_is_called_what_people_call_it()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        await BrightAsync(10);
        var device = (await _hub.GetAsync("/api/v1/entities/light.lamp")).Json.Text("device_id");
        var named = await _hub.SendAsync(
            new(HttpMethod.Patch, $"/api/v1/devices/{device}")
            {
                Content = AHub.Body("""{"name":"Reading lamp"}""", "application/merge-patch+json"),
            }
        );
        Assert.True(named.Status == 200, named.Body);
        var why = await WhyAsync("entities/light.lamp");
        Assert.StartsWith("Reading lamp turned on because ", why.Text("sentence"));
        Assert.Equal("Reading lamp", why.Text("name"));
    }

    [Fact]
    public async Task A_change_of_attributes_alone_is_not_what_an_entity_is_asked_about()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        await BrightAsync(10);
        var first = (await WhyAsync("entities/light.lamp")).GetProperty("event").Text("sequence");
        for (var level = 20; level < 60; level += 10)
        {
            await BrightAsync(level);
        }

        var why = await WhyAsync("entities/light.lamp");
        Assert.Equal(first, why.GetProperty("event").Text("sequence"));
        Assert.Equal(
            "Lamp turned on because somebody asked for it over the API.",
            why.Text("sentence")
        );
    }

    [Fact]
    public async Task What_has_never_reported_is_as_it_was_announced()
    {
        await _hub.PostAsync(
            "/api/v1/devices",
            """
            {"device":{"identifiers":["porch"],"name":"Porch"},"origin":{"name":"tests"},
            "components":{"light":{"platform":"light","name":null,"unique_id":"porch",
            "command_topic":"porch/set","state_topic":"porch/state"}}}
            """,
            "application/json"
        );
        var why = await WhyAsync("entities/light.porch");
        Assert.Equal(
            "Porch has not reported a state yet. Porch was registered with 1 entity; somebody did"
                + " it, over the API.",
            why.Text("sentence")
        );
    }

    private async Task<(int Code, string Said)> AskAsync(params string[] words)
    {
        await using var why = new AProcess([
            "why",
            .. words,
            "--hub",
            $"http://127.0.0.1:{_hub.Port}",
        ]);
        var code = await why.EndAsync();
        return (code, why.Output);
    }

    private static string Going(string actions, string more = "") =>
        "{\"alias\":\"Lights on\",\"triggers\":[{\"trigger\":\"event\","
        + $"\"event_type\":\"com.example.go\"}}],{more}\"actions\":[{actions}]}}";

    private static string Turning(string seen, string then) =>
        "{\"triggers\":[{\"trigger\":\"state\",\"entity_id\":\"light.lamp\","
        + $"\"to\":\"{seen}\"}}],\"actions\":[{Turn(then)}]}}";

    private static string Turn(string how) =>
        $"{{\"action\":\"light.turn_{how}\",\"target\":{{\"entity_id\":\"light.lamp\"}}}}";

    private static int Depth(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => 1
                + json.EnumerateObject()
                    .Select(member => Depth(member.Value))
                    .DefaultIfEmpty()
                    .Max(),
            JsonValueKind.Array => 1 + json.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
            _ => 0,
        };

    private async Task SaveAsync(string id, string definition)
    {
        var saved = await _hub.SendAsync(
            new(HttpMethod.Put, $"/api/v1/automations/{id}")
            {
                Content = AHub.Body(definition, "application/json"),
            }
        );
        Assert.True(saved.Status is 200 or 201, saved.Body);
    }

    private Task OnAsync() =>
        Until.TrueAsync(
            async () =>
                (await WhyAsync("entities/light.lamp"))
                    .GetRawText()
                    .Contains("command.acknowledged", StringComparison.Ordinal),
            "the lamp to have turned on"
        );

    private async Task BrightAsync(int level)
    {
        var call = await _hub.PostAsync(
            "/api/v1/actions/light.turn_on?wait=20s",
            $$"""{"target":{"entity_id":["light.lamp"]},"data":{"brightness":{{level}} } }""",
            "application/json"
        );
        Assert.Contains("acknowledged", call.Body);
    }

    private async Task PublishFromAsync(string source)
    {
        var answer = await _hub.PostAsync(
            "/api/v1/events",
            $$"""{"specversion":"1.0","id":"same","source":"{{source}}","type":"com.example.x"}""",
            "application/cloudevents+json"
        );
        Assert.Equal(200, answer.Status);
    }

    private async Task<JsonElement> WhyAsync(string of, string query = "")
    {
        var answer = await _hub.GetAsync($"/api/v1/{of}/why{query}");
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }
}
