using System.Diagnostics;
using System.Text;

namespace Hearth.Bench;

/// <summary>How many publishes a second are acknowledged, and how long each takes.</summary>
internal static class PublishLoad
{
    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var connections = options.Number("connections", 1);
        var seconds = options.Number("seconds", 5);
        var latencies = new Latencies();
        var watch = Stopwatch.StartNew();
        var warm = Stopwatch.Frequency;
        var end = warm + seconds * Stopwatch.Frequency;
        var counts = await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(index =>
                    Task.Run(
                        () => ConnectionAsync(options, index, watch, warm, end, latencies, stop),
                        stop
                    )
                )
        );
        Console.WriteLine(
            $"publish: {connections} connections x {options.Number("window", 100)} in flight, "
                + $"QoS {options.Number("qos", 1)}: "
                + $"{counts.Sum() / (double)seconds:N0} acknowledged/s; "
                + latencies.Describe()
        );
        return 0;
    }

    private static async Task<long> ConnectionAsync(
        Arguments options,
        int index,
        Stopwatch watch,
        long warm,
        long end,
        Latencies latencies,
        CancellationToken stop
    )
    {
        var window = options.Number("window", 100);
        var qos = options.Number("qos", 1);
        var topic = Encoding.UTF8.GetBytes($"{options.Text("topic", "bench/reading")}/{index}");
        var payload = Payload(options.Number("size", 120));
        var sentAt = new long[ushort.MaxValue + 1];
        long counted = 0;
        var inFlight = 0;
        using var client = new RawClient
        {
            Acknowledged = id =>
            {
                var now = watch.ElapsedTicks;
                inFlight--;
                if (now >= warm && now < end)
                {
                    counted++;
                    latencies.Add(now - sentAt[id]);
                }
            },
        };
        await client.ConnectAsync(
            options.Text("host", "127.0.0.1"),
            options.Number("port", 1883),
            $"bench-{index}",
            stop
        );
        while (watch.ElapsedTicks < end)
        {
            while (inFlight < window && client.Room > payload.Length + 200)
            {
                var id = client.Publish(topic, payload, qos, retain: false);
                if (qos == 0)
                {
                    counted++;
                    continue;
                }

                sentAt[id] = watch.ElapsedTicks;
                inFlight++;
            }

            await client.FlushAsync(stop);
            if (qos > 0)
            {
                await client.ReceiveAsync(stop);
            }
        }

        return counted;
    }

    private static byte[] Payload(int size)
    {
        const string Head = "{\"power\":63.2,\"voltage\":230.1,\"pad\":\"";
        return Encoding.UTF8.GetBytes(
            Head + new string('x', Math.Max(0, size - Head.Length - 2)) + "\"}"
        );
    }
}
