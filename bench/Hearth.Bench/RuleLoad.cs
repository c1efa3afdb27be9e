using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Hearth.Bench;

/// <summary>
/// The main job under load: a meter's reading crosses a threshold, an automation fires, the command
/// reaches the plug. Every second reading of a device is above the threshold.
/// </summary>
internal static class RuleLoad
{
    private sealed class Run(Arguments options)
    {
        public int Devices { get; } = options.Number("devices", 50);
        public int Automations { get; } = options.Number("automations", 0);
        public int Connections { get; } = options.Number("connections", 50);
        public int Window { get; } = options.Number("window", 20);
        public int Rate { get; } = options.Number("rate", 0);
        public int Seconds { get; } = options.Number("seconds", 5);
        public string Host { get; } = options.Text("host", "127.0.0.1");
        public int Port { get; } = options.Number("port", 1883);
        public int HttpPort { get; } = options.Number("http-port", 8080);
        public Latencies Commands { get; } = new();
        public long Arrived;
        public Latencies Acknowledgements { get; } = new();
        public Stopwatch Watch { get; } = new();
        public long[] AboveSince { get; } = new long[options.Number("devices", 50)];
        public static long Warm => Stopwatch.Frequency;
        public long End => Warm + Seconds * Stopwatch.Frequency;
    }

    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var run = new Run(options);
        await SetUpAsync(run, stop);
        using var plugs = new RawClient();
        plugs.Arrived = (topic, _) => Arrived(run, topic);
        await plugs.ConnectAsync(run.Host, run.Port, "bench-plugs", stop);
        await plugs.SubscribeAsync("bench/+/set", stop);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var commands = Task.Run(() => PlugsAsync(plugs, ended.Token), stop);
        run.Watch.Start();
        var meters = Enumerable
            .Range(0, run.Connections)
            .Select(index => Task.Run(() => MetersAsync(run, index, stop), stop));
        var readings = (await Task.WhenAll(meters)).Sum();
        await ended.CancelAsync();
        await commands;
        Console.WriteLine(
            $"rule: {run.Devices} devices, {Math.Max(run.Automations, run.Devices)} automations, "
                + $"{run.Connections} connections x {run.Window} in flight"
                + (run.Rate > 0 ? $", paced at {run.Rate}/s" : "")
                + $": {readings / (double)run.Seconds:N0} readings/s, "
                + $"{run.Arrived / (double)run.Seconds:N0} commands/s\n"
                + $"  reading acknowledged: {run.Acknowledgements.Describe()}\n"
                + $"  reading to command:   {run.Commands.Describe()}"
        );
        return 0;
    }

    private static async Task SetUpAsync(Run run, CancellationToken stop)
    {
        using var client = new RawClient();
        var inFlight = 0;
        client.Acknowledged = _ => inFlight--;
        await client.ConnectAsync(run.Host, run.Port, "bench-setup", stop);
        for (var device = 0; device < run.Devices; device++)
        {
            client.Publish(
                Encoding.UTF8.GetBytes($"homeassistant/device/bench{device}/config"),
                Encoding.UTF8.GetBytes(
                    $$$"""
                    {"device":{"identifiers":["bench{{{device}}}"],"name":"Bench {{{device}}}"},
                    "origin":{"name":"bench"},"components":{
                    "power":{"platform":"sensor","unique_id":"b{{{device}}}p","name":"Power",
                    "default_entity_id":"sensor.bench{{{device}}}","state_topic":"bench/{{{device}}}/power",
                    "value_template":"{{ value_json.power }}","unit_of_measurement":"W"},
                    "plug":{"platform":"switch","unique_id":"b{{{device}}}s","name":"Plug",
                    "default_entity_id":"switch.bench{{{device}}}",
                    "command_topic":"bench/{{{device}}}/set"} } }
                    """
                ),
                1,
                retain: true
            );
            inFlight++;
            await client.FlushAsync(stop);
            while (inFlight > 0)
            {
                await client.ReceiveAsync(stop);
            }
        }

        using var http = new HttpClient();
        for (var device = 0; device < run.Devices; device++)
        {
            var (sensor, plug) = ($"sensor.bench{device}", $"switch.bench{device}");
            await SaveRuleAsync(http, run, $"bench{device}", sensor, plug, stop);
        }

        // Those that watch something else, and should cost nothing.
        for (var other = 0; other < run.Automations - run.Devices; other++)
        {
            var sensor = $"sensor.other{other}";
            await SaveRuleAsync(http, run, $"other{other}", sensor, "switch.bench0", stop);
        }
    }

    private static async Task SaveRuleAsync(
        HttpClient http,
        Run run,
        string id,
        string sensor,
        string plug,
        CancellationToken stop
    )
    {
        var answer = await http.PutAsJsonAsync(
            new Uri($"http://{run.Host}:{run.HttpPort}/api/v1/automations/{id}"),
            new
            {
                triggers = new[]
                {
                    new
                    {
                        trigger = "numeric_state",
                        entity_id = sensor,
                        above = 50,
                    },
                },
                actions = new[]
                {
                    new { action = "switch.turn_off", target = new { entity_id = plug } },
                },
            },
            stop
        );
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
        {
            throw new IOException(await answer.Content.ReadAsStringAsync(stop));
        }
    }

    private static async Task PlugsAsync(RawClient plugs, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await plugs.ReceiveAsync(stop);
                await plugs.FlushAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over, and that is how the plugs are told.
        }
    }

    private static void Arrived(Run run, ReadOnlySpan<byte> topic)
    {
        var now = run.Watch.ElapsedTicks;
        var digits = topic["bench/".Length..^"/set".Length];
        var device = int.Parse(digits, CultureInfo.InvariantCulture);
        var since = Interlocked.Exchange(ref run.AboveSince[device], 0);
        if (now >= Run.Warm && now < run.End)
        {
            Interlocked.Increment(ref run.Arrived);
        }

        // Only with one reading of a device on its way is it clear which one this answers.
        if (since >= Run.Warm && now < run.End)
        {
            run.Commands.Add(now - since);
        }
    }

    private static async Task<long> MetersAsync(Run run, int index, CancellationToken stop)
    {
        var devices = DevicesOf(run, index);
        if (devices.Length == 0)
        {
            return 0;
        }

        var topics = devices
            .Select(device => Encoding.UTF8.GetBytes($"bench/{device}/power"))
            .ToArray();
        var sentAt = new long[ushort.MaxValue + 1];
        long counted = 0;
        var inFlight = 0;
        using var client = new RawClient();
        client.Acknowledged = id =>
        {
            var now = run.Watch.ElapsedTicks;
            inFlight--;
            if (now >= Run.Warm && now < run.End)
            {
                counted++;
                run.Acknowledgements.Add(now - sentAt[id]);
            }
        };
        await client.ConnectAsync(run.Host, run.Port, $"bench-meter-{index}", stop);
        long sent = 0;
        while (run.Watch.ElapsedTicks < run.End)
        {
            var due = Due(run, sent);
            while (inFlight < run.Window && due-- > 0 && client.Room > 400)
            {
                var turn = (int)(sent % devices.Length);
                var above = sent / devices.Length % 2 == 1;
                var now = run.Watch.ElapsedTicks;
                if (above)
                {
                    Volatile.Write(ref run.AboveSince[devices[turn]], now);
                }

                var payload = above ? Above : Below;
                sentAt[client.Publish(topics[turn], payload, 1, retain: false)] = now;
                inFlight++;
                sent++;
            }

            await client.FlushAsync(stop);
            if (inFlight > 0)
            {
                await client.ReceiveAsync(stop);
            }
            else
            {
                // Paced, and nothing due: a timer of a millisecond is what the pace needs.
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stop);
            }
        }

        return counted;
    }

    private static int[] DevicesOf(Run run, int index) =>
        [.. Enumerable.Range(0, run.Devices).Where(device => device % run.Connections == index)];

    private static long Due(Run run, long sent) =>
        run.Rate == 0
            ? long.MaxValue
            : run.Watch.ElapsedTicks
                * run.Rate
                / (Stopwatch.Frequency * Math.Min(run.Connections, run.Devices))
                - sent;

    private static readonly byte[] Above = Encoding.UTF8.GetBytes(Message("63.2"));
    private static readonly byte[] Below = Encoding.UTF8.GetBytes(Message("0.4"));

    private static string Message(string watts) =>
        $"{{\"power\":{watts},\"voltage\":230.1,\"current\":0.27,"
        + $"\"pad\":\"{new string('x', 60)}\"}}";
}
