using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Hub.Cli;

namespace Hearth.Hub.Tests.Automations;

public sealed class RehearsingOverHttp(RehearsingOverHttp.Shared shared)
    : IClassFixture<RehearsingOverHttp.Shared>
{
    /// <summary>A rehearsal changes nothing, so that one hub will do.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal AHub Hub { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Hub = await AHub.StartAsync();

        public async ValueTask DisposeAsync() => await Hub.DisposeAsync();
    }

    private const string Path = "/api/v1/automations/rehearse";

    private const string LightsOut = """
        {"alias":"Lights out","triggers":[{"trigger":"numeric_state",
        "entity_id":"sensor.desk_power","above":50,"for":"00:00:10"}],
        "conditions":[{"condition":"state","entity_id":"light.desk","state":"on"}],
        "actions":[{"action":"light.turn_off","target":{"entity_id":"light.desk"}}]}
        """;

    private readonly AHub _hub = shared.Hub;

    [Fact]
    public async Task What_was_live_is_found_again_and_nothing_is_done()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub);
        const string definition = """
            {"id":"it","triggers":[{"trigger":"event","event_type":"com.example.go"}],
            "conditions":[{"condition":"state","entity_id":"light.lamp","state":"off"}],
            "actions":[{"action":"light.turn_on","target":{"entity_id":"light.lamp"}}]}
            """;
        var saved = await _hub.PostAsync("/api/v1/automations", definition, "application/json");
        Assert.Equal(201, saved.Status);
        await _hub.PublishAsync("go-1", "go");
        await Until.TrueAsync(
            async () =>
                (await _hub.GetAsync("/api/v1/entities/light.lamp")).Json.Text("state") == "on",
            "the lamp to be on"
        );
        await _hub.PublishAsync("go-2", "go");
        var before = await RunsAsync();

        var report = await RehearseAsync($"{{\"automation\":{definition}}}");

        var run = Assert.Single(report.GetProperty("runs").EnumerateArray());
        Assert.Equal("go-1", run.Text("event"));
        Assert.Equal("finished", run.Text("result"));
        var action = Assert.Single(run.GetProperty("actions").EnumerateArray());
        Assert.Equal(
            "light.turn_on light.lamp",
            $"{action.Text("action")} {action.Text("target")}"
        );
        var skipped = Assert.Single(report.GetProperty("skipped").EnumerateArray());
        Assert.Equal("go-2", skipped.Text("event"));
        Assert.Equal("failed_conditions", skipped.Text("stopped_by"));
        Assert.Equal("condition/0", skipped.GetProperty("trace")[0].Text("path"));
        Assert.NotNull(report.Text("reliable_from"));
        Assert.Equal(before, await RunsAsync());
    }

    [Fact]
    public async Task States_at_the_beginning_are_looked_up_where_they_have_changed_since()
    {
        await using var lamp = await ALamp.PlugInAsync(_hub, "other");
        await _hub.PublishAsync("went-1", "went");
        var begin = (await TimeOfAsync("went-1")).AddTicks(-1);
        var call = await _hub.PostAsync(
            "/api/v1/actions/light.turn_on?wait=20s",
            """{"target":{"entity_id":["light.other"]}}""",
            "application/json"
        );
        Assert.Equal(200, call.Status);

        var report = await RehearseAsync(
            $$$"""
            {"from":"{{{Timestamp.ToText(begin)}}}","automation":{"triggers":[{"trigger":"event",
            "event_type":"com.example.went"}],
            "conditions":["{{ is_state('light.other', 'off') }}"],
            "actions":[{"event":"done"}]} }
            """
        );

        Assert.Equal(1, report.GetProperty("run_count").GetInt32());
    }

    [Fact]
    public async Task A_past_that_is_given_needs_no_devices()
    {
        var report = await RehearseAsync(
            $$"""
            {"automation":{{LightsOut}},"from":"2026-01-02T18:00:00Z",
            "states":{"light.desk":"on","sensor.desk_power":{"state":"4"} },
            "events":[
              {"at":5,"entity_id":"sensor.desk_power","state":63.2},
              {"at":"00:01:00","entity_id":"light.desk","state":"off"},
              {"at":"2026-01-02T18:02:00Z","entity_id":"sensor.desk_power","state":"4"},
              {"at":130,"entity_id":"sensor.desk_power","state":"70"}],
            "until":"00:10:00"}
            """
        );

        var run = Assert.Single(report.GetProperty("runs").EnumerateArray());
        Assert.Equal("2026-01-02T18:00:15+00:00", run.Text("at"));
        var action = Assert.Single(run.GetProperty("actions").EnumerateArray());
        Assert.Equal(
            "light.turn_off light.desk",
            $"{action.Text("action")} {action.Text("target")}"
        );
        Assert.Equal(45, run.GetProperty("sooner").GetDouble());
        Assert.Equal(1, report.GetProperty("skipped_count").GetInt32());
        Assert.Equal("2026-01-02T18:10:00+00:00", report.Text("to"));
        Assert.Null(report.Text("reliable_from"));
    }

    [Theory]
    [InlineData("""{"trigger":"event","event_type":"go"}""", """{"at":1,"type":"go"}""")]
    [InlineData("""{"trigger":"mqtt","topic":"a/+"}""", """{"at":1,"topic":"a/b","payload":5}""")]
    [InlineData("""{"trigger":"webhook","webhook_id":"x"}""", """{"at":1,"webhook_id":"x"}""")]
    [InlineData("""{"trigger":"tag","tag_id":"x"}""", """{"at":1,"tag_id":"x"}""")]
    [InlineData(
        """{"trigger":"homeassistant","event":"start"}""",
        """{"at":1,"homeassistant":"start"}"""
    )]
    [InlineData(
        """{"trigger":"state","entity_id":"cover.hall","to":"unavailable"}""",
        """{"at":1,"entity_id":"cover.hall","state":"unavailable"}"""
    )]
    public async Task Whatever_sets_automations_off_can_happen_in_it(string trigger, string happens)
    {
        var report = await RehearseAsync(
            $$"""
            {"automation":{"triggers":[{{trigger}}],"actions":[{"action":"cover.open_cover",
            "target":{"entity_id":"cover.hall"} }]},"from":"2026-01-02T18:00:00Z",
            "states":{"cover.hall":"closed"},"events":[{{happens}}]}
            """
        );

        var run = Assert.Single(report.GetProperty("runs").EnumerateArray());
        var action = Assert.Single(run.GetProperty("actions").EnumerateArray());
        Assert.Equal("cover.open_cover", action.Text("action"));
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{}", "#/automation")]
    [InlineData("""{"automation":7}""", "#/automation")]
    [InlineData("""{"automation":{"triggers":[{"trigger":"sttae"}]}}""", "#/automation/triggers/0")]
    [InlineData("""{"automation":"a: [","from":"x"}""", "#")]
    [InlineData("""{"automation":{{it}},"form":"x"}""", "#/form")]
    [InlineData("""{"automation":{{it}},"from":"yesterday"}""", "#/from")]
    [InlineData(
        """{"automation":{{it}},"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}""",
        "#/from"
    )]
    [InlineData("""{"automation":{{it}},"events":[]}""", "#/from")]
    [InlineData("""{"automation":{{it}},"events":{},"from":"2026-01-02T00:00:00Z"}""", "#/events")]
    [InlineData("""{"automation":{{it}},"events":[{"at":5}],"from":"2026-01-02"}""", "#/events/0")]
    [InlineData(
        """{"automation":{{it}},"events":[{"entity_id":"a.b"}],"from":"2026-01-02"}""",
        "#/events/0/at"
    )]
    [InlineData(
        """{"automation":{{it}},"events":[{"at":5,"entity_id":"a"}],"from":"2026-01-02"}""",
        "#/events/0/entity_id"
    )]
    [InlineData(
        """{"automation":{{it}},"events":[{"at":"2026-01-01","type":"a"}],"from":"2026-01-02"}""",
        "#/events/0/at"
    )]
    [InlineData("""{"automation":{{it}},"states":{"x":"on"},"from":"2026-01-02"}""", "#/states/x")]
    [InlineData(
        """{"automation":{{it}},"states":{},"to":"2026-01-03","from":"2026-01-02"}""",
        "#/to"
    )]
    [InlineData("""{"automation":{{it}},"until":[],"from":"2026-01-02"}""", "#/until")]
    [InlineData("""{"automation":{{it}},"until":"9998-01-01","from":"2026-01-02"}""", "#/until")]
    [InlineData(
        """{"automation":{{it}},"events":[{"at":{"days":3650},"type":"a"}],"from":"2026-01-02"}""",
        "#/events"
    )]
    [InlineData(
        """{"automation":{{it}},"events":[{"at":{"days":3650},"type":"a"}],"from":"9998-06-01"}""",
        "#/events/0/at"
    )]
    [InlineData(
        """{"automation":{{it}},"states":{"sun.sun":"up"},"from":"2026-01-02"}""",
        "#/states/sun.sun"
    )]
    [InlineData(
        """
            {"automation":{{it}},"from":"2026-01-02",
            "events":[{"at":1,"entity_id":"sun.sun","state":"x"}]}
            """,
        "#/events/0/entity_id"
    )]
    public async Task What_is_wrong_is_named_with_its_place(string body, string place)
    {
        var whole = body.Replace("{{it}}", LightsOut, StringComparison.Ordinal);
        var answer = await _hub.PostAsync(Path, whole, "application/json");
        Assert.InRange(answer.Status, 400, 422);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Contains(place, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_in_YAML_is_refused_with_its_line()
    {
        const string draft = "alias: x\ntriggers:\n  - trigger: sttae\nactions: []\n";
        var answer = await _hub.PostAsync(
            Path,
            $"{{\"automation\":{JsonSerializer.Serialize(draft)}}}",
            "application/json"
        );
        Assert.Equal(422, answer.Status);
        Assert.Equal(3, answer.Json.GetProperty("errors")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task At_the_command_line_a_file_is_tried()
    {
        var folder = Directory.CreateTempSubdirectory("hearth-files-");
        try
        {
            var draft = System.IO.Path.Combine(folder.FullName, "draft.yaml");
            var past = System.IO.Path.Combine(folder.FullName, "past.yaml");
            await File.WriteAllTextAsync(draft, LightsOut, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                past,
                """
                from: 2026-01-02T18:00:00Z
                states: {light.desk: "on", sensor.desk_power: 4}
                events:
                  - {at: 5, entity_id: sensor.desk_power, state: 63.2}
                """,
                TestContext.Current.CancellationToken
            );
            var hub = $"127.0.0.1:{_hub.Port}";

            await using var given = new AProcess("rehearse", draft, "--past", past, "--hub", hub);
            Assert.Equal(ExitCode.Answered, await given.EndAsync());
            Assert.Contains("it would have run once.", given.Output);
            Assert.Contains("Desk power was 63.2, above 50 for", given.Output);
            Assert.Contains("would have: light.turn_off light.desk", given.Output);

            await using var recorded = new AProcess("rehearse", draft, "--json", "--hub", hub);
            Assert.Equal(ExitCode.Answered, await recorded.EndAsync());
            Assert.Contains("\"run_count\":0", recorded.Output);

            await using var wrong = new AProcess("rehearse", draft, "--from", "7x", "--hub", hub);
            Assert.Equal(ExitCode.NotAsked, await wrong.EndAsync());
            Assert.Contains("--from is \"7x\"", wrong.Output);

            await using var both = new AProcess([
                "rehearse",
                draft,
                "--past",
                past,
                "--from",
                "7d",
                "--hub",
                hub,
            ]);
            Assert.Equal(ExitCode.NotAsked, await both.EndAsync());
            Assert.Contains("leave --from and --to out", both.Output);

            await using var none = new AProcess("rehearse", draft + "x", "--hub", hub);
            Assert.Equal(ExitCode.NotAsked, await none.EndAsync());
            Assert.Contains("cannot be read", none.Output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("7d", -7 * 24 * 60)]
    [InlineData("1.5h", -90)]
    [InlineData("30m", -30)]
    [InlineData("2w", -14 * 24 * 60)]
    public void A_time_is_read_as_people_write_it(string text, int minutes)
    {
        var now = new DateTimeOffset(2026, 3, 2, 18, 0, 0, TimeSpan.Zero);
        Assert.Equal(now.AddMinutes(minutes), RehearseCommand.Read(text, now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("-7d")]
    [InlineData("99999999d")]
    [InlineData("soon")]
    [InlineData("18:30")]
    public void What_is_no_time_is_none(string text) =>
        Assert.Null(RehearseCommand.Read(text, DateTimeOffset.UnixEpoch));

    private async Task<JsonElement> RehearseAsync(string body)
    {
        var answer = await _hub.PostAsync(Path, body, "application/json");
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }

    private async Task<string> RunsAsync() =>
        (await _hub.GetAsync("/api/v1/automations/it/runs")).Body;

    private async Task<DateTimeOffset> TimeOfAsync(string id)
    {
        var events = (await _hub.GetAsync($"/api/v1/events?correlation={id}")).Json;
        return Timestamp.Parse(events[0].Text("recordedtime")!);
    }
}
