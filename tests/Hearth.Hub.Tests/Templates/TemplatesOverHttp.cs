using System.Text.Json;

namespace Hearth.Hub.Tests.Templates;

public sealed class TemplatesOverHttp : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("{{ 1 + 1 }}", "2", "number", "2")]
    [InlineData(" {{ '21.50' }} ", "21.50", "number", "21.50")]
    [InlineData("{{ [1, 'a'] }}", """[1,"a"]""", "list", "[1, 'a']")]
    [InlineData("{{ {'a': none} }}", """{"a":null}""", "dict", "{'a': None}")]
    [InlineData("{{ 1 > 0 }}", "true", "boolean", "True")]
    [InlineData("{{ none }}", "null", "none", "None")]
    [InlineData("{{ nothing }}", "\"\"", "text", "")]
    [InlineData("on", "\"on\"", "text", "on")]
    public async Task A_template_is_rendered_with_its_type(
        string template,
        string result,
        string type,
        string text
    )
    {
        var answer = await RenderAsync($$"""{"template":{{JsonSerializer.Serialize(template)}}}""");

        Assert.Equal(200, answer.Status);
        Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(result), answer.Json.GetProperty("result"))
        );
        Assert.Equal(type, answer.Json.GetProperty("type").GetString());
        Assert.Equal(text, answer.Json.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("""{"sensor.x":"20"}""", "21.0")]
    [InlineData("""{"sensor.x":{"state":"20","attributes":{"unit":"C"}}}""", "21.0")]
    [InlineData("""[{"entity_id":"sensor.x","state":"20"}]""", "21.0")]
    [InlineData("{}", "1")]
    public async Task States_that_are_given_stand_for_the_homes(string states, string expected)
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        var answer = await RenderAsync(
            $$$"""{"template":"{{ states('sensor.x') | float(0) + 1 }}","states":{{{states}}}}"""
        );

        Assert.Equal(expected, answer.Json.GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_homes_own_states_are_seen_where_none_are_given()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        var answer = await RenderAsync(
            """
            {"template":"{{ states.light | map(attribute='entity_id') | list }}
            {{- device_id('light.lamp') }}"}
            """.ReplaceLineEndings(" ")
        );

        Assert.Equal("['light.lamp']lamp", answer.Json.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Variables_time_and_zone_are_those_of_the_request()
    {
        var answer = await RenderAsync(
            """
            {"template":"{{ a.b }} {{ now() }}","variables":{"a":{"b":[1]}},
             "now":"2026-07-01T10:00:00Z","time_zone":"Europe/Berlin"}
            """
        );

        Assert.Equal("[1] 2026-07-01 12:00:00+02:00", answer.Json.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("a\\n{{ 1 | nosuch }}", 2, 8)]
    [InlineData("{{ 1 / 0 }}", 1, 6)]
    [InlineData(
        "{% for x in range(9999) %}{% for y in range(9999) %}{% endfor %}{% endfor %}",
        1,
        0
    )]
    public async Task A_template_that_fails_is_answered_with_the_place(
        string template,
        int line,
        int column
    )
    {
        var answer = await RenderAsync($$"""{"template":"{{template}}"}""");

        Assert.Equal(422, answer.Status);
        Assert.Equal(
            "urn:hearth:problem:template-failed",
            answer.Json.GetProperty("type").GetString()
        );
        Assert.Equal(line, answer.Json.GetProperty("line").GetInt32());
        Assert.True(column == 0 || column == answer.Json.GetProperty("column").GetInt32());
        Assert.Equal(["pointer #/template"], answer.Places);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_request_is_said_at_once()
    {
        var answer = await RenderAsync(
            """
            {"template":1,"variables":[],"states":{"x":"on","sensor.y":{"state":2}},"now":"soon",
             "time_zone":"Nowhere","more":1}
            """
        );

        Assert.Equal(422, answer.Status);
        Assert.Equal(
            [
                "pointer #/more",
                "pointer #/now",
                "pointer #/states/sensor.y/state",
                "pointer #/states/x",
                "pointer #/template",
                "pointer #/time_zone",
                "pointer #/variables",
            ],
            answer.Places.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"template":"\ud800"}""")]
    [InlineData("""{"template":"","states":5}""")]
    [InlineData("""{"template":"","states":["on"]}""")]
    public async Task A_careless_request_is_refused(string body)
    {
        Assert.Equal(422, (await RenderAsync(body)).Status);
    }

    private Task<Answered> RenderAsync(string body) =>
        _hub.PostAsync("/api/v1/templates/render", body, "application/json");
}
