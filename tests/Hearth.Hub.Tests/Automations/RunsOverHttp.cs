using System.Text.Json;
using Hearth.Hub.Tests.Events;

namespace Hearth.Hub.Tests.Automations;

public sealed class RunsOverHttp : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hearth-runs-").FullName;
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_run_is_told_step_by_step_with_its_commands_and_its_cause()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        await SaveAsync(
            """
            "conditions":[{"condition":"state","entity_id":"light.lamp","state":"off"}],
            "actions":[
              {"variables":{"level":"{{ 40 + 2 }}"}},
              {"if":[{"condition":"template","value_template":"{{ level > 40 }}"}],
               "then":[{"action":"light.turn_on","target":{"entity_id":"light.lamp"}}]}
            ]
            """
        );
        await _hub.PublishAsync("go-1", "go");
        await Until.TrueAsync(
            async () => (await OnlyRunAsync()).Text("state") == "finished",
            "the run to end"
        );
        var summary = await OnlyRunAsync();
        Assert.Equal("finished", summary.Text("script_execution"));
        Assert.Equal("event", summary.GetProperty("trigger").Text("platform"));
        Assert.Equal("0", summary.GetProperty("trigger").Text("idx"));
        Assert.Equal("action/1/then/0", summary.Text("last_step"));
        Assert.Null(summary.Text("error"));
        Assert.InRange(summary.GetProperty("duration").GetDouble(), 0, 30);

        await Until.TrueAsync(
            async () => Command(await WholeAsync(summary)).Text("state") == "acknowledged",
            "the command to be acknowledged"
        );
        var whole = await WholeAsync(summary);
        Assert.Equal("light.lamp", Command(whole).Text("entity_id"));
        Assert.Equal("light.turn_on", Command(whole).Text("action"));
        string[] paths =
        [
            "trigger/0",
            "condition/0",
            "action/0",
            "action/1/if/condition/0",
            "action/1",
            "action/1/then/0",
        ];
        var told = whole.GetProperty("trace").EnumerateObject().Select(item => item.Name);
        Assert.Equal(paths, told.Where(paths.Contains));
        var step = whole.GetProperty("trace").GetProperty("action/0")[0];
        Assert.Equal("action/0", step.Text("path"));
        Assert.Equal("""{"level":42}""", step.GetProperty("changed_variables").GetRawText());
        Assert.False(step.TryGetProperty("result", out _));
        var condition = whole.GetProperty("trace").GetProperty("condition/0")[0];
        Assert.True(condition.GetProperty("result").GetProperty("result").GetBoolean());

        Assert.Equal("automation:it", whole.GetProperty("cause").Text("by"));
        Assert.Equal("go-1", whole.GetProperty("cause").Text("correlationid"));
        Assert.Equal("go", whole.GetProperty("config").Text("alias"));
        Assert.Equal(0, whole.GetProperty("steps_left_out").GetInt32());
    }

    [Fact]
    public async Task What_a_condition_stopped_is_a_run_too()
    {
        await SaveAsync(
            """
            "conditions":["{{ false }}"],"actions":[{"event":"com.example.done"}]
            """
        );
        await _hub.PublishAsync("go-1", "go");
        await Until.TrueAsync(async () => (await RunsAsync()).Length == 1, "a run");
        var run = await OnlyRunAsync();
        Assert.Equal("finished", run.Text("state"));
        Assert.Equal("failed_conditions", run.Text("script_execution"));
        Assert.Equal("condition/0", run.Text("last_step"));
        Assert.Equal(0, run.GetProperty("duration").GetDouble());
        var whole = await WholeAsync(run);
        Assert.Empty(whole.GetProperty("commands").EnumerateArray());
    }

    [Fact]
    public async Task A_run_that_fails_says_where_and_why()
    {
        await SaveAsync(
            """
            "actions":[{"delay":{"seconds":0}},{"stop":"The door is open","error":true}]
            """
        );
        await _hub.PublishAsync("go-1", "go");
        await Until.TrueAsync(async () => (await RunsAsync()).Length == 1, "a run");
        var run = await OnlyRunAsync();
        Assert.Equal("error", run.Text("script_execution"));
        Assert.Equal("action/1", run.Text("last_step"));
        Assert.Equal("The door is open", run.Text("error"));
    }

    [Fact]
    public async Task A_delay_goes_on_after_the_host_has_been_restarted()
    {
        await SaveAsync("\"actions\":[{\"delay\":1.5},{\"event\":\"com.example.done\"}]");
        await _hub.PublishAsync("go-1", "go");
        await Until.TrueAsync(async () => (await RunsAsync()).Length == 1, "a run");
        var before = await OnlyRunAsync();
        Assert.Equal("running", before.Text("state"));
        Assert.Null(before.Text("script_execution"));
        Assert.Null(before.Text("finished"));
        Assert.Equal("action/0", before.Text("last_step"));

        await _hub.StopAsync();
        _hub = await StartAsync();
        await Until.TrueAsync(
            async () => (await OnlyRunAsync()).Text("state") == "finished",
            "the run to end"
        );
        var after = await OnlyRunAsync();
        Assert.Equal(before.Text("run"), after.Text("run"));
        Assert.Equal(before.Text("started"), after.Text("started"));
        Assert.InRange(after.GetProperty("duration").GetDouble(), 1.5, 30);
        var delay = (await WholeAsync(after)).GetProperty("trace").GetProperty("action/0");
        Assert.Equal(2, delay.GetArrayLength());
        Assert.True(
            delay[1].GetProperty("result").GetProperty("delay").GetProperty("done").GetBoolean()
        );
    }

    [Fact]
    public async Task Pages_lead_to_the_oldest_run_and_say_of_each_how_it_ended()
    {
        await SaveAsync(
            """
            "mode":"parallel","max":50,"actions":[
              {"wait_for_trigger":[{"trigger":"event","event_type":"com.example.enough"}]}]
            """
        );
        for (var index = 0; index < 7; index++)
        {
            await _hub.PublishAsync($"go-{index}", "go");
        }

        // All of them end after the youngest of them has begun.
        await _hub.PublishAsync("enough", "enough");
        await Until.TrueAsync(
            async () => (await RunsAsync()).Count(run => run.Text("state") == "finished") == 7,
            "all runs to end"
        );
        var seen = new List<string?>();
        string? next = Address + "?limit=3";
        while (next is not null)
        {
            var page = await _hub.GetAsync(next);
            Assert.Equal(200, page.Status);
            var runs = page.Json.EnumerateArray().ToArray();
            Assert.All(runs, run => Assert.Equal("finished", run.Text("script_execution")));
            seen.AddRange(runs.Select(run => run.Text("run")));
            next = page.Headers.TryGetValues("Link", out var link)
                ? link.Single().Split('>')[0][1..]
                : null;
        }

        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Fact]
    public async Task Runs_outlive_their_automation_and_keep_the_config_that_they_ran_with()
    {
        await SaveAsync("\"actions\":[{\"event\":\"com.example.done\"}]");
        var triggered = await _hub.SendAsync(new(HttpMethod.Post, At("/trigger")));
        var run = triggered.Json.Text("run");
        await SaveAsync("\"actions\":[{\"event\":\"com.example.other\"}]");
        await _hub.SendAsync(new(HttpMethod.Delete, At("")));
        var whole = (await _hub.GetAsync($"{Address}/{run}")).Json;
        Assert.Contains("com.example.done", whole.GetProperty("config").GetRawText());
        Assert.Equal("manual", whole.GetProperty("trigger").Text("platform"));
        Assert.Equal("trigger", whole.GetProperty("trace").EnumerateObject().First().Name);
        Assert.Equal(run, (await OnlyRunAsync()).Text("run"));
    }

    [Fact]
    public async Task What_is_not_there_and_what_cannot_be_read_is_said()
    {
        Assert.Equal("not-found", (await _hub.GetAsync(Address)).Problem);
        await SaveAsync("\"actions\":[{\"event\":\"com.example.done\"}]");
        Assert.Empty(await RunsAsync());
        Assert.Equal("not-found", (await _hub.GetAsync(Address + "/1")).Problem);
        Assert.Equal("not-found", (await _hub.GetAsync(Address + "/0")).Problem);
        Assert.Equal("not-found", (await _hub.GetAsync(Address + "/x")).Problem);
        var answer = await _hub.GetAsync(Address + "?before=x&limit=101");
        Assert.Equal("invalid", answer.Problem);
        Assert.Equal(["parameter before", "parameter limit"], answer.Places);
    }

    private const string Address = "/api/v1/automations/it/runs";

    private static string At(string path) => "/api/v1/automations/it" + path;

    private Task<AHub> StartAsync() => AHub.StartAsync(new() { ["Hearth:Data"] = _folder });

    private async Task SaveAsync(string members)
    {
        var body =
            "{\"alias\":\"go\",\"triggers\":[{\"trigger\":\"event\",\"event_type\":\"com.example.go\"}],"
            + members
            + "}";
        var saved = await _hub.SendAsync(
            new(HttpMethod.Put, At("")) { Content = AHub.Body(body, "application/json") }
        );
        Assert.True(saved.Status is 200 or 201, saved.Body);
    }

    private async Task<JsonElement[]> RunsAsync() =>
        [.. (await _hub.GetAsync(Address)).Json.EnumerateArray()];

    private async Task<JsonElement> OnlyRunAsync() => Assert.Single(await RunsAsync());

    private async Task<JsonElement> WholeAsync(JsonElement run) =>
        (await _hub.GetAsync($"{Address}/{run.Text("run")}")).Json;

    private static JsonElement Command(JsonElement run) =>
        Assert.Single(run.GetProperty("commands").EnumerateArray());
}

/// <summary>Texts of answers, read in one word.</summary>
internal static class InJson
{
    public static string? Text(this JsonElement json, string name) =>
        json.GetProperty(name).GetString();
}
