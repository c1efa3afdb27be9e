using System.Diagnostics;
using System.Text.Json;

namespace Hearth.Hub.Tests.Devices;

public sealed class ActionsOverHttp : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_call_that_waits_is_answered_when_the_lamp_has_done_it()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        var answer = await CallAsync(
            "light.turn_on?wait=20s",
            """{"target":{"entity_id":"light.lamp"},"data":{"brightness":128}}"""
        );

        Assert.Equal(200, answer.Status);
        var command = answer.Json.GetProperty("commands").EnumerateArray().Single();
        Assert.Equal("acknowledged", command.GetProperty("state").GetString());
        Assert.Equal("light.lamp", command.GetProperty("entity_id").GetString());
        Assert.Equal("light.turn_on", command.GetProperty("action").GetString());
        var entity = await _hub.GetAsync("/api/v1/entities/light.lamp");
        Assert.Equal("on", entity.Json.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, entity.Json.GetProperty("desired").ValueKind);
        Assert.Equal(
            128,
            entity.Json.GetProperty("attributes").GetProperty("brightness").GetInt32()
        );
    }

    [Fact]
    public async Task A_call_that_does_not_wait_is_answered_with_its_command()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        var answer = await CallAsync("light.turn_on", """{"target":{"device_id":["lamp"]}}""");

        Assert.Equal(202, answer.Status);
        var command = answer.Json.GetProperty("commands").EnumerateArray().Single();
        Assert.Equal("requested", command.GetProperty("state").GetString());
        var id = command.GetProperty("id").GetString();
        var logged = await _hub.GetAsync("/api/v1/events?type=hearth.command.requested");
        Assert.Equal(id, logged.Json.EnumerateArray().Single().GetProperty("sequence").GetString());
    }

    [Fact]
    public async Task A_deaf_lamp_exhausts_the_callers_patience_and_shows_what_is_desired()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub, deaf: true);
        var began = Stopwatch.GetTimestamp();
        var answer = await CallAsync(
            "light.turn_on?wait=300ms",
            """{"target":{"entity_id":["light.lamp"]}}"""
        );

        Assert.Equal(202, answer.Status);
        Assert.True(Stopwatch.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(300));
        Assert.NotEqual(
            "acknowledged",
            answer.Json.GetProperty("commands")[0].GetProperty("state").GetString()
        );
        var entity = await _hub.GetAsync("/api/v1/entities/light.lamp");
        Assert.Equal("on", entity.Json.GetProperty("desired").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Nobody_who_listens_is_a_failure_with_its_reason()
    {
        await (await ALamp.PlugInAsync(_hub)).DisposeAsync();
        await _hub.Home.SubmitAsync(
            new Core.ReceiveMessage(
                "lamp/status",
                Core.Events.Payload.FromText("online"),
                0,
                true,
                "ghost"
            ),
            TestContext.Current.CancellationToken
        );
        var answer = await CallAsync(
            "light.turn_on?wait=20s",
            """{"target":{"entity_id":"light.lamp"}}"""
        );
        var command = answer.Json.GetProperty("commands")[0];
        Assert.Equal(
            ("failed", "no_subscriber"),
            (command.GetProperty("state").GetString(), command.GetProperty("reason").GetString())
        );
        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("turn_on", "{}", 400, "invalid-parameter")]
    [InlineData("light.turn.on", "{}", 400, "invalid-parameter")]
    [InlineData("light.turn_on?wait=soon", "{}", 400, "invalid-parameter")]
    [InlineData("light.turn_on?wait=61s", "{}", 400, "invalid-parameter")]
    [InlineData("light.turn_on", "[]", 422, "invalid")]
    [InlineData("light.turn_on", "{", 400, "malformed-json")]
    [InlineData("light.turn_on", """{"target":{"entity_id":"light.nobody"}}""", 404, "not-found")]
    public async Task A_call_that_makes_no_sense_is_refused(
        string action,
        string body,
        int status,
        string problem
    )
    {
        var answer = await CallAsync(action, body);
        Assert.Equal((status, problem), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task Everything_wrong_with_a_body_is_said_at_once()
    {
        var answer = await CallAsync(
            "light.turn_on",
            """{"target":{"entity_id":[1,"light.a"],"area_id":"x"},"data":1,"when":"now"}"""
        );
        Assert.Equal("invalid", answer.Problem);
        Assert.Equal(
            [
                "pointer #/when",
                "pointer #/target/area_id",
                "pointer #/target/entity_id/0",
                "pointer #/data",
            ],
            answer.Places
        );
    }

    [Fact]
    public async Task An_action_that_an_entity_does_not_know_is_unsupported()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        var answer = await CallAsync("light.explode", """{"target":{"entity_id":"light.lamp"}}""");
        Assert.Equal((422, "unsupported"), (answer.Status, answer.Problem));
    }

    private Task<Answered> CallAsync(string action, string body) =>
        _hub.PostAsync("/api/v1/actions/" + action, body, "application/json");
}
