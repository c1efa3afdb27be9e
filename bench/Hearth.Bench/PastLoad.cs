using System.Diagnostics;
using System.Globalization;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Storage;
using Hearth.Storage.Sqlite;

namespace Hearth.Bench;

/// <summary>
/// Writes the past of a home into a data directory: plugs with meters that people and an automation
/// switch, evenly over some days up to now. The home decides it as it would have lived it.
/// </summary>
internal static class PastLoad
{
    private const int RowsAtOnce = 2_000;

    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var directory = options.Text("data", "");
        var wanted = options.Number("events", 1_000_000);
        var days = options.Number("days", 30);
        var devices = options.Number("devices", 50);
        var watch = Stopwatch.StartNew();
        await using var log = await SqliteEventLog.OpenAsync(
            new SqliteLogOptions(directory)
            {
                Retention = new RetentionTimes { Messages = null, States = null },
            },
            TimeProvider.System,
            null,
            stop
        );
        var opened = await log.OpenAsync(HomeId.Default, stop);
        var past = new Past(log, opened, TimeProvider.System.GetUtcNow().AddDays(-days));
        for (var device = 0; device < devices; device++)
        {
            Announce(past, device);
        }

        past.Decide(new SaveAutomation("too-long", TooLong));
        // A reading is a message and a change of state; every tenth round somebody switches.
        var rounds = wanted / devices / 2;
        var step = TimeSpan.FromDays(days) / (rounds + 1);
        var random = new Random(1);
        for (var round = 0; round < rounds && past.Events < wanted; round++)
        {
            past.Now += step;
            for (var device = 0; device < devices; device++)
            {
                past.Receive($"plug{device}/power", Watts(random));
                if ((round + device) % 10 == 0)
                {
                    past.Receive($"plug{device}/state", random.Next(2) == 0 ? "ON" : "OFF");
                }
            }

            await past.CommitAsync(RowsAtOnce, stop);
        }

        await past.CommitAsync(0, stop);
        await past.SnapshotAsync(stop);
        Console.WriteLine(
            $"{past.Events:N0} events over {days} days in {watch.Elapsed.TotalSeconds:0} s"
        );
        return 0;
    }

    private const string TooLong = """
        {"id":"too-long","alias":"Too long","triggers":[{"trigger":"numeric_state",
        "entity_id":"sensor.plug0_power","above":95,"for":60}],
        "actions":[{"action":"switch.turn_off","target":{"entity_id":"switch.plug0"}}]}
        """;

    private static void Announce(Past past, int device)
    {
        var name = $"plug{device}";
        past.Receive(
            $"homeassistant/switch/{name}/config",
            $$"""
            {"name":null,"unique_id":"{{name}}_switch","command_topic":"{{name}}/set",
            "state_topic":"{{name}}/state","device":{"identifiers":["{{name}}"],"name":"{{name}}"} }
            """
        );
        past.Receive(
            $"homeassistant/sensor/{name}_power/config",
            $$$"""
            {"name":"Power","unique_id":"{{{name}}}_power","state_topic":"{{{name}}}/power",
            "device_class":"power","unit_of_measurement":"W",
            "value_template":"{{ value_json.power }}","device":{"identifiers":["{{{name}}}"]}}
            """
        );
    }

    private static string Watts(Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"power\":{random.Next(1000) / 10.0}}}");

    private sealed class Past(SqliteEventLog log, OpenedHome opened, DateTimeOffset begin)
    {
        private readonly Home _home = Home.Restore(HomeId.Default, null, []);
        private readonly List<Row> _rows = [];
        private Sequence _committed = opened.Last;

        public DateTimeOffset Now { get; set; } = begin;

        public long Events => _home.Last.Value;

        public void Receive(string topic, string payload) =>
            Decide(new ReceiveMessage(topic, Payload.FromText(payload), 1, false, "bench"));

        public void Decide(Input input)
        {
            var outcome = _home.Decide(input, Now);
            if (outcome.Events.Count > 0)
            {
                _rows.Add(Row.Of(HomeId.Default, outcome.Events));
            }
        }

        public async Task CommitAsync(int atLeast, CancellationToken stop)
        {
            stop.ThrowIfCancellationRequested();
            if (_rows.Count <= atLeast)
            {
                return;
            }

            await log.AppendAsync(
                new HomeCommit(
                    HomeId.Default,
                    opened.Owner,
                    _committed,
                    [.. _rows],
                    _home.NextWakeup,
                    []
                )
            );
            _committed = _home.Last;
            _rows.Clear();
        }

        public Task SnapshotAsync(CancellationToken stop)
        {
            var snapshot = _home.Capture();
            return log.SaveSnapshotAsync(
                HomeId.Default,
                opened.Owner,
                new StoredSnapshot(
                    snapshot.Sequence,
                    HomeSnapshot.Version,
                    snapshot.Time,
                    snapshot.ToBytes()
                ),
                stop
            );
        }
    }
}
