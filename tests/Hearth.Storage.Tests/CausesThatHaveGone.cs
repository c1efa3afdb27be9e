using System.Globalization;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite;

namespace Hearth.Storage.Tests;

/// <summary>What outlives its cause tells the cause's facts by value, across a thinning of a real
/// log.</summary>
public sealed class CausesThatHaveGone : IDisposable
{
    private const string Sensor = """
        {"name":"Power","unique_id":"desk_power","state_topic":"desk/power",
        "unit_of_measurement":"W","device":{"identifiers":["desk"],"name":"Desk"}}
        """;

    private const string Rule = """
        {"id":"lights-out","alias":"Lights out",
        "triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":50,
        "for":"00:00:10"}],
        "actions":[{"action":"switch.turn_off",
        "target":{"entity_id":"switch.desk"}}]}
        """;

    private readonly AFolder _folder = new();
    private readonly Home _home = Home.Restore(HomeId.Default, null, []);
    private DateTimeOffset _now = AHome.Start;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_tells_what_began_it_when_the_reading_has_left_the_log()
    {
        await using var log = await _folder.OpenAsync(options =>
            options with
            {
                SignOfLifeEvery = TimeSpan.FromDays(40),
            }
        );
        var owner = (await log.OpenAsync(_home.Id, Token)).Owner;
        await DecideAsync(log, owner, Message("homeassistant/sensor/desk/config", Sensor));
        await DecideAsync(log, owner, new SaveAutomation(null, Rule));
        await DecideAsync(log, owner, Message("desk/power", "10"));
        await DecideAsync(log, owner, Message("desk/power", "63.2"));
        _now += TimeSpan.FromSeconds(10);
        await DecideAsync(log, owner, new Wake());
        var before = await EventsAsync(log);
        var crossed = before.Last(item => item.Data is StateChanged);

        await log.SaveSnapshotAsync(
            _home.Id,
            owner,
            new StoredSnapshot(_home.Last, 1, _now, _home.Capture().ToBytes()),
            Token
        );
        _folder.Time.Advance(TimeSpan.FromDays(20));
        await log.ThinAsync(Token);

        var after = await EventsAsync(log);
        Assert.DoesNotContain(after, item => item.Sequence == crossed.Sequence);
        var run = Assert.Single(after, item => item.Data is AutomationTriggered);
        Assert.Equal(crossed.Ref, run.Cause);
        Assert.Equal(crossed.Root, run.Root);
        var facts = JsonElement.Parse(((AutomationTriggered)run.Data).Facts);
        Assert.Equal("sensor.desk_power", facts.GetProperty("entity_id").GetString());
        Assert.Equal("10", facts.GetProperty("from").GetString());
        Assert.Equal("63.2", facts.GetProperty("to").GetString());
        Assert.Equal(
            crossed.Time,
            DateTimeOffset.Parse(
                facts.GetProperty("since").GetString()!,
                CultureInfo.InvariantCulture
            )
        );
    }

    private static ReceiveMessage Message(string topic, string payload) =>
        new(topic, Payload.FromText(payload), 1, false, "desk");

    private async Task DecideAsync(SqliteEventLog log, long owner, Input input)
    {
        var last = _home.Last;
        var decided = _home.Decide(input, _now);
        Assert.Null(decided.Refusal);
        Assert.NotEmpty(decided.Events);
        var row = Row.Of(_home.Id, decided.Events);
        await log.AppendAsync(new HomeCommit(_home.Id, owner, last, [row], _home.NextWakeup, []));
    }

    private async Task<IReadOnlyList<Event>> EventsAsync(SqliteEventLog log)
    {
        var rows = await log.ReadAsync(_home.Id, Sequence.None, 999, int.MaxValue, Token);
        return [.. rows.SelectMany(row => row.Events)];
    }
}
