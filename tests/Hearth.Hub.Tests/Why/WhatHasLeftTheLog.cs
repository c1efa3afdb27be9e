using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Automations;
using Hearth.Core.Events;
using Hearth.Hub.Tests.Automations;

namespace Hearth.Hub.Tests.Why;

/// <summary>A hub with a past of which only the end is left.</summary>
public sealed class WhatHasLeftTheLog : IAsyncLifetime
{
    private ALogWithWhims _log = null!;
    private AHub _hub = null!;
    private Event[] _past = null!;

    public async ValueTask InitializeAsync()
    {
        var first = await AHub.StartAsync();
        await TellAsync(
            first,
            "homeassistant/sensor/desk/config",
            """
            {"name":"Power","unique_id":"desk","state_topic":"desk/power",
            "unit_of_measurement":"W","device":{"identifiers":["desk"],"name":"Desk"}}
            """
        );
        await first.Home.SubmitAsync(
            new SaveAutomation(
                "busy",
                """
                {"alias":"Busy","triggers":[{"trigger":"numeric_state","above":50,"for":1,
                "entity_id":"sensor.desk_power"}],"actions":[{"event":"com.example.busy"}]}
                """
            ),
            Stop
        );
        await TellAsync(first, "desk/power", "4");
        await TellAsync(first, "desk/power", "63");
        await Until.TrueAsync(
            async () => (await PastAsync(first)).Any(item => item.Data is AutomationTriggered),
            "the automation to fire"
        );
        _past = await PastAsync(first);
        await first.StopAsync();
        _hub = await AHub.StartAsync(
            new Dictionary<string, string?> { ["Hearth:Data"] = first.Data },
            log => _log = new ALogWithWhims(log)
        );
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_run_tells_the_facts_of_what_began_it()
    {
        var run = _past.Single(item => item.Data is AutomationTriggered);
        _log.Oldest = run.Sequence;
        var why = await WhyAsync($"events/{run.Id}");
        Assert.Contains(
            "fired: Desk Power was 63 W, above 50 W for 1 s, since ",
            why.Text("sentence")
        );
        Assert.EndsWith("; the reading before that was 4 W.", why.Text("sentence"));
        Assert.False(why.GetProperty("complete").GetBoolean());
        var missing = why.GetProperty("missing").EnumerateArray().ToArray();
        Assert.Equal(
            [run.Root.Sequence.ToString(), run.Cause!.Value.Sequence.ToString()],
            missing.Select(gone => gone.Text("sequence"))
        );
        Assert.Equal("4", missing[1].GetProperty("facts").Text("from"));
    }

    [Fact]
    public async Task An_entity_whose_last_change_is_gone_is_told_as_it_is()
    {
        _log.Oldest = _past[^1].Sequence;
        var why = await WhyAsync("entities/sensor.desk_power");
        Assert.Equal("Desk Power is 63 W; what led to it has left the log.", why.Text("sentence"));
        Assert.Equal(JsonValueKind.Null, why.GetProperty("event").ValueKind);
        Assert.False(why.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task An_event_that_is_gone_is_a_problem_and_so_is_a_damaged_log()
    {
        _log.Oldest = _past[^1].Sequence;
        Assert.Equal("not-found", (await _hub.GetAsync("/api/v1/events/2/why")).Problem);
        _log.IsDamaged = true;
        Assert.Equal("log-damaged", (await _hub.GetAsync("/api/v1/events/2/why")).Problem);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task TellAsync(AHub hub, string topic, string payload) =>
        await hub.Home.SubmitAsync(
            new ReceiveMessage(topic, Payload.FromText(payload), 1, false, "desk"),
            Stop
        );

    private static async Task<Event[]> PastAsync(AHub hub)
    {
        var rows = await hub.Home.Feed.ReadKeptAsync(Sequence.None, 999, 1 << 20, Stop);
        return [.. rows.SelectMany(row => row.Events)];
    }

    private async Task<JsonElement> WhyAsync(string of)
    {
        var answer = await _hub.GetAsync($"/api/v1/{of}/why");
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }
}
