using System.Buffers.Binary;
using System.Diagnostics;

namespace Hearth.Bench;

/// <summary>
/// How long a message with QoS 1 takes from its publisher to its subscriber, one at a time or at a
/// steady rate; beside a peer in turns, because the machine's speed drifts.
/// </summary>
internal static class LatencyLoad
{
    private const int Rounds = 5;

    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var ports = new[] { options.Number("port", 1883), options.Number("peer-port", 0) };
        var rate = options.Number("rate", 0);
        foreach (var port in ports.Where(port => port > 0))
        {
            // What a program does for the first time, it does slowly.
            await RoundAsync(options, port, new Latencies(), stop);
        }

        var results = ports.Select(_ => new List<Latencies>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var index = 0; index < ports.Length; index++)
            {
                if (ports[index] > 0)
                {
                    var latencies = new Latencies();
                    await RoundAsync(options, ports[index], latencies, stop);
                    results[index].Add(latencies);
                }
            }
        }

        for (var index = 0; index < ports.Length; index++)
        {
            if (results[index].Count > 0)
            {
                Console.WriteLine(
                    $"latency: port {ports[index]}, "
                        + (rate == 0 ? "one at a time" : $"{rate}/s")
                        + $", medians of {Rounds} rounds: "
                        + $"p50 {Median(results[index], 0.5):0.00} ms, "
                        + $"p99 {Median(results[index], 0.99):0.00} ms, "
                        + $"{results[index].Average(one => one.Count):N0} messages a round"
                );
            }
        }

        return 0;
    }

    private static double Median(List<Latencies> rounds, double share)
    {
        var sorted = rounds.Select(one => one.Percentile(share)).Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static async Task RoundAsync(
        Arguments options,
        int port,
        Latencies latencies,
        CancellationToken stop
    )
    {
        var host = options.Text("host", "127.0.0.1");
        var arrived = new SemaphoreSlim(0);
        using var subscriber = new RawClient
        {
            Arrived = (_, payload) =>
            {
                latencies.Add(
                    Stopwatch.GetTimestamp() - BinaryPrimitives.ReadInt64BigEndian(payload)
                );
                arrived.Release();
            },
        };
        using var publisher = new RawClient();
        await subscriber.ConnectAsync(host, port, "latency-sub", stop);
        await subscriber.SubscribeAsync("bench/latency", stop);
        await publisher.ConnectAsync(host, port, "latency-pub", stop);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] reading = [ReadAsync(subscriber, ended.Token), ReadAsync(publisher, ended.Token)];
        var seconds = options.Number("seconds", 10);
        if (options.Number("rate", 0) is > 0 and var rate)
        {
            await PaceAsync(publisher, rate, seconds, stop);
        }
        else
        {
            await OneByOneAsync(publisher, arrived, seconds, stop);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, stop);
        await ended.CancelAsync();
        await Task.WhenAll(reading);
    }

    private static async Task OneByOneAsync(
        RawClient publisher,
        SemaphoreSlim arrived,
        int seconds,
        CancellationToken stop
    )
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            Publish(publisher);
            await publisher.FlushAsync(stop);
            await arrived.WaitAsync(stop);
        }
    }

    private static async Task PaceAsync(
        RawClient publisher,
        int rate,
        int seconds,
        CancellationToken stop
    )
    {
        var watch = Stopwatch.StartNew();
        for (var sent = 0; sent < rate * seconds; )
        {
            var due = (int)(watch.Elapsed.TotalSeconds * rate);
            for (; sent < due; sent++)
            {
                Publish(publisher);
            }

            await publisher.FlushAsync(stop);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stop);
        }
    }

    private static void Publish(RawClient publisher)
    {
        Span<byte> payload = stackalloc byte[120];
        payload.Fill((byte)'x');
        BinaryPrimitives.WriteInt64BigEndian(payload, Stopwatch.GetTimestamp());
        publisher.Publish("bench/latency"u8, payload, qos: 1, retain: false);
    }

    // What it acknowledges goes out by whoever flushes next, here.
    private static async Task ReadAsync(RawClient client, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await client.ReceiveAsync(stop);
                if (client.Arrived is not null)
                {
                    await client.FlushAsync(stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }
}
