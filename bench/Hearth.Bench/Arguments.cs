using System.Globalization;

namespace Hearth.Bench;

/// <summary>A command and its options: <c>publish --connections 50 --window 20</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _options = [];

    public Arguments(string[] args)
    {
        Command = args.Length > 0 ? args[0] : "";
        for (var index = 1; index + 1 < args.Length; index += 2)
        {
            _options[args[index].TrimStart('-')] = args[index + 1];
        }
    }

    public string Command { get; }

    public string Text(string name, string otherwise) =>
        _options.TryGetValue(name, out var value) ? value : otherwise;

    public int Number(string name, int otherwise) =>
        _options.TryGetValue(name, out var value)
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : otherwise;

    public static int Usage()
    {
        Console.WriteLine(
            """
            Hearth.Bench publish [--host 127.0.0.1 --port 1883 --connections 1 --window 100
                                  --seconds 5 --size 120 --qos 1 --topic bench/reading]
              Publishes as fast as acknowledgements come back; the message is JSON of --size bytes.
            Hearth.Bench http    [--host 127.0.0.1 --port 8080 --connections 50 --batch 1
                                  --seconds 5 --size 120]
              Publishes events over HTTP, --batch of them in a request, each acknowledged.
            Hearth.Bench rule    [--http-port 8080 --port 1883 --devices 50 --connections 50
                                  --window 20 --rate 0 --seconds 5 --automations 50]
              Reading, rule, command: --rate 0 as fast as it goes, else that many readings a second.
              More --automations than devices watch something else.
              Registers the devices and their automations first; run it on a fresh data directory.
            Hearth.Bench match   [--subscriptions 10000]
              How long it takes to know who wants an event; needs no running hub.
            Hearth.Bench fanout  [--port 1883 --subscribers 1000 --messages 500 --qos 0 --pid 0]
              One publisher, every subscriber gets everything: deliveries a second.
            Hearth.Bench latency [--port 1883 --rate 0 --seconds 10 --peer-port 0]
              From publish to subscriber with QoS 1: --rate 0 one at a time, else that many a
              second; with --peer-port another broker in turn, five rounds each.
            Hearth.Bench storm   [--port 1883 --clients 10000 --rate 1000 --rounds 2 --pid 0]
              Clients that connect, all at once go without a word, and connect again; with --pid
              the memory of the hub.
            Hearth.Bench slow-reader [--port 1883 --rate 5000 --seconds 60 --qos 1 --pid 0]
              Five subscribers without and with one more that reads a message a second; then what
              it has missed.
            Hearth.Bench start   --hub path/to/hearth.dll [--rounds 5]
              Cold start to ready and memory when idle; needs no running hub.
            Hearth.Bench past    --data directory [--events 1000000 --days 30 --devices 50]
              Writes a home's past into a data directory, to rehearse over it and to ask why.
            Hearth.Bench why     [--port 8080 --samples 1000]
              How long a running hub takes to say why, of events all over its log and of
              entities' last changes; rule makes the log.
            Hearth.Bench templates [--renderings 200000]
              Nanoseconds and bytes a rendering of three templates; needs no running hub.
            """
        );
        return 2;
    }
}

/// <summary>Latencies of one run, in ticks of the stopwatch's clock.</summary>
internal sealed class Latencies
{
    private readonly List<long> _ticks = [];

    public void Add(long ticks)
    {
        lock (_ticks)
        {
            _ticks.Add(ticks);
        }
    }

    public void Clear()
    {
        lock (_ticks)
        {
            _ticks.Clear();
        }
    }

    public int Count
    {
        get
        {
            lock (_ticks)
            {
                return _ticks.Count;
            }
        }
    }

    /// <summary>In milliseconds; sorts first.</summary>
    public double Percentile(double share)
    {
        lock (_ticks)
        {
            _ticks.Sort();
            return _ticks.Count == 0 ? double.NaN : At(share);
        }
    }

    /// <summary>p50, p99 and the largest, in milliseconds.</summary>
    public string Describe()
    {
        lock (_ticks)
        {
            if (_ticks.Count == 0)
            {
                return "no latencies";
            }

            _ticks.Sort();
            return $"p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms, max {At(1):0.00} ms";
        }
    }

    private double At(double share) =>
        _ticks[Math.Min(_ticks.Count - 1, (int)(_ticks.Count * share))]
        * 1000.0
        / System.Diagnostics.Stopwatch.Frequency;
}
