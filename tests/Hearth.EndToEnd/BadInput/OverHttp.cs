using System.Text;
using System.Text.Json;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.BadInput;

/// <summary>Requests that are wrong are told so as problems (RFC 9457) and change nothing.
/// </summary>
public sealed class OverHttp(ACalmHub calm) : IClassFixture<ACalmHub>
{
    private const string AnEvent =
        """{"specversion":"1.0","id":"1","source":"/bad","type":"com.example.bad"}""";

    // csharpier-ignore
    public static TheoryData<string, string, string, string, int> Requests => new()
    {
        { "malformed JSON", "/api/v1/events", Api.EventType, """{"specversion":"1.0",""", 400 },
        { "an event without an id", "/api/v1/events", Api.EventType, """{"specversion":"1.0","source":"/bad","type":"com.example.bad"}""", 422 },
        { "wrong types", "/api/v1/events", Api.EventType, """{"specversion":1,"id":{},"source":[],"type":7}""", 422 },
        { "the hub's own type", "/api/v1/events", Api.EventType, """{"specversion":"1.0","id":"1","source":"/bad","type":"hearth.state.changed"}""", 422 },
        { "a wrong one in a batch", "/api/v1/events", Api.EventsType, $$"""[{{AnEvent}},{}]""", 422 },
        { "an unknown media type", "/api/v1/events", "text/plain", AnEvent, 415 },
        { "an unknown entity", "/api/v1/actions/light.turn_on", "application/json", """{"target":{"entity_id":["light.nobody"]}}""", 404 },
        { "a target of a wrong type", "/api/v1/actions/light.turn_on", "application/json", """{"target":"light.nobody"}""", 422 },
        { "a sensor that is to be switched", "/api/v1/actions/light.turn_on", "application/json", """{"target":{"entity_id":["sensor.plug_power"]}}""", 422 },
        { "an automation without actions", "/api/v1/automations", "application/json", """{"triggers":[]}""", 422 },
        { "an unknown trigger", "/api/v1/automations", "application/json", """{"triggers":[{"trigger":"moonrise"}],"actions":[{"action":"light.turn_on"}]}""", 422 },
        { "a device that says nothing", "/api/v1/devices", "application/json", "{}", 422 },
        { "no route", "/api/v1/nothing", "application/json", "{}", 404 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Is_a_problem_that_says_what_to_change(
        string what,
        string path,
        string type,
        string body,
        int status
    )
    {
        var before = await calm.LogAsync();
        using var answer = await calm.Hub.Api.SendAsync(
            HttpMethod.Post,
            path,
            body,
            type,
            TestContext.Current.CancellationToken
        );

        await IsProblemAsync(what, answer, status);
        Assert.Equal(before, await calm.LogAsync());
        await calm.IsCalmAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_more_than_1_MiB_is_too_large(bool isOneString)
    {
        var text = isOneString
            ? AnEvent[..^1] + $$""","data":"{{new string('x', 1024 * 1024)}}"}"""
            : new string('[', 1024 * 1024 + 1);
        var before = await calm.LogAsync();
        using var answer = await calm.Hub.Api.SendAsync(
            HttpMethod.Post,
            "/api/v1/events",
            text,
            Api.EventType,
            TestContext.Current.CancellationToken
        );

        await IsProblemAsync("1 MiB", answer, 413);
        Assert.Equal(before, await calm.LogAsync());
        await calm.IsCalmAsync();
    }

    [Fact]
    public async Task Broken_UTF_8_is_a_problem()
    {
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes(AnEvent[..^1]),
            .. ",\"data\":\""u8,
            0xff,
            .. "\"}"u8,
        ];
        var before = await calm.LogAsync();
        using var answer = await calm.Hub.Api.SendAsync(
            HttpMethod.Post,
            "/api/v1/events",
            body,
            Api.EventType,
            TestContext.Current.CancellationToken
        );

        await IsProblemAsync("broken UTF-8", answer, 400);
        Assert.Equal(before, await calm.LogAsync());
        await calm.IsCalmAsync();
    }

    private static async Task IsProblemAsync(string what, HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == status, $"{what}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("type").GetString()!);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }
}
