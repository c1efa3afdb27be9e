using System.Net.Http.Headers;

namespace Hearth.Hub.Tests.Automations;

public sealed class YamlOverHttp : IAsyncLifetime
{
    private const string Written = """
        # Nobody reads in the dark.
        - alias: Lights out
          trigger:
            platform: event
            event_type: com.example.night
          action:
            - service: light.turn_off   # all of them
              entity_id: light.lamp
        """;

    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("text/yaml; charset=utf-8")]
    [InlineData("application/x-yaml")]
    public async Task An_automation_as_people_paste_it_is_taken_and_given_back_as_written(
        string contentType
    )
    {
        var created = await SendAsync("POST", "", Written, contentType);
        Assert.Equal(201, created.Status);
        Assert.Equal("lights_out", created.Json.GetProperty("id").GetString());
        Assert.Equal(
            "light.turn_off",
            created
                .Json.GetProperty("definition")
                .GetProperty("action")[0]
                .GetProperty("service")
                .GetString()
        );
        Assert.Equal(Written, await YamlAsync("lights_out"));
    }

    [Fact]
    public async Task A_remark_that_changes_is_kept_and_JSON_saved_over_it_takes_it_away()
    {
        await SendAsync("PUT", "/a", Written, "application/yaml");
        var changed = Written.Replace("Nobody", "Somebody");
        Assert.Equal(200, (await SendAsync("PUT", "/a", changed, "application/yaml")).Status);
        Assert.Equal(changed, await YamlAsync("a"));

        const string Json = """
            {"alias":"Night","actions":[{"action":"light.turn_off","target":{"entity_id":"light.a"}}]}
            """;
        await SendAsync("PUT", "/a", Json, "application/json");
        Assert.Equal(
            "alias: Night\nactions:\n- action: light.turn_off\n  target:\n    entity_id: light.a\n",
            await YamlAsync("a")
        );
    }

    [Fact]
    public async Task What_is_wrong_is_refused_with_its_line_column_and_what_was_meant()
    {
        var wrong = Written.Replace("platform: event", "platform: evnt");
        var answer = await SendAsync("POST", "", wrong, "application/yaml");
        Assert.Equal((422, "invalid"), (answer.Status, answer.Problem));
        var fault = answer.Json.GetProperty("errors")[0];
        Assert.Equal("#/trigger/platform", fault.GetProperty("pointer").GetString());
        Assert.Equal(4, fault.GetProperty("line").GetInt32());
        Assert.Equal(5, fault.GetProperty("column").GetInt32());
        Assert.Equal("event", fault.GetProperty("suggestion").GetString());

        Assert.Equal("[]", (await SendAsync("GET", "")).Body);
    }

    [Theory]
    [InlineData("a: 1\n b: 2", 2)]
    [InlineData("alias: x\nactions: [}", 2)]
    [InlineData("alias: x\n\tactions: []", 2)]
    [InlineData("alias: x\nactions: *nobody", 2)]
    [InlineData("", 1)]
    public async Task What_is_no_YAML_is_a_bad_request_with_its_line(string text, int line)
    {
        var broken = await SendAsync("POST", "", text, "application/yaml");
        Assert.Equal((400, "malformed-yaml"), (broken.Status, broken.Problem));
        var fault = broken.Json.GetProperty("errors")[0];
        Assert.Equal(line, fault.GetProperty("line").GetInt32());
        Assert.True(fault.GetProperty("column").GetInt32() > 0);

        var validated = await SendAsync("POST", "/validate", text, "application/yaml");
        Assert.Equal(200, validated.Status);
        Assert.Equal(line, validated.Json.GetProperty("errors")[0].GetProperty("line").GetInt32());
    }

    [Theory]
    [InlineData("alias: !secret name\nactions: []")]
    [InlineData("alias: a\nalias: b\nactions: []")]
    [InlineData("- alias: a\n  actions: []\n- alias: b\n  actions: []")]
    [InlineData("just a text")]
    public async Task YAML_that_is_no_automation_is_read_and_refused(string text)
    {
        var refused = await SendAsync("POST", "", text, "application/yaml");
        Assert.Equal((422, "invalid"), (refused.Status, refused.Problem));
    }

    [Fact]
    public async Task Validating_says_errors_and_warnings_and_saves_nothing()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        var doubtful = Written
            .Replace("light.lamp", "light.lam")
            .Replace("    - service", "    - service: notify.mobile_app_ana\n    - service");
        var answer = await SendAsync("POST", "/validate", doubtful, "application/yaml");
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Json.GetProperty("valid").GetBoolean());
        Assert.Empty(answer.Json.GetProperty("errors").EnumerateArray());
        var warnings = answer.Json.GetProperty("warnings").EnumerateArray().ToArray();
        Assert.Equal(
            [(7, "/action/0/service"), (9, "/action/1/entity_id")],
            warnings.Select(warning =>
                (warning.GetProperty("line").GetInt32(), warning.GetProperty("path").GetString()!)
            )
        );
        Assert.Equal("light.lamp", warnings[1].GetProperty("suggestion").GetString());

        var wrong = await SendAsync("POST", "/validate", "{\n\"actoins\": []}", "application/json");
        Assert.False(wrong.Json.GetProperty("valid").GetBoolean());
        var error = wrong.Json.GetProperty("errors")[1];
        Assert.Equal(2, error.GetProperty("line").GetInt32());
        Assert.Equal("actions", error.GetProperty("suggestion").GetString());

        var broken = await SendAsync("POST", "/validate", "{\n", "application/json");
        Assert.Equal(200, broken.Status);
        Assert.False(broken.Json.GetProperty("valid").GetBoolean());
        Assert.Equal("[]", (await SendAsync("GET", "")).Body);
    }

    [Fact]
    public async Task Validating_warns_of_what_templates_name()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        var doubtful = Written.Replace(
            "light.lamp",
            "light.lamp\n      data:\n        brightness: \"{{ states('light.lam') }}\""
        );
        var answer = await SendAsync("POST", "/validate", doubtful, "application/yaml");
        Assert.True(answer.Json.GetProperty("valid").GetBoolean(), answer.Body);
        var warning = Assert.Single(answer.Json.GetProperty("warnings").EnumerateArray());
        Assert.Equal("/action/0/data/brightness", warning.GetProperty("path").GetString());
        Assert.Equal(10, warning.GetProperty("line").GetInt32());
        Assert.Equal("light.lamp", warning.GetProperty("suggestion").GetString());
    }

    [Fact]
    public async Task Other_content_types_are_refused_and_malformed_JSON_stays_so()
    {
        var other = await SendAsync("POST", "", Written, "text/plain");
        Assert.Equal((415, "unsupported-media-type"), (other.Status, other.Problem));
        var malformed = await SendAsync("POST", "", "{", "application/json");
        Assert.Equal((400, "malformed-json"), (malformed.Status, malformed.Problem));
    }

    private async Task<string> YamlAsync(string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/automations/" + id);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/yaml"));
        var answer = await _hub.SendAsync(request);
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }

    private Task<Answered> SendAsync(
        string method,
        string path,
        string? body = null,
        string contentType = ""
    ) =>
        _hub.SendAsync(
            new HttpRequestMessage(HttpMethod.Parse(method), "/api/v1/automations" + path)
            {
                Content = body is null ? null : AHub.Body(body, contentType),
            }
        );
}
