using System.Diagnostics;
using System.Text;

namespace Hearth.Bench;

/// <summary>One publisher and many subscribers that all get everything.</summary>
internal static class FanoutLoad
{
    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var count = options.Number("subscribers", 1_000);
        var messages = options.Number("messages", 500);
        var qos = options.Number("qos", 0);
        var (host, port) = (options.Text("host", "127.0.0.1"), options.Number("port", 1883));
        long delivered = 0;
        var subscribers = new List<RawClient>(count);
        for (var index = 0; index < count; index++)
        {
            var client = new RawClient(32 * 1024)
            {
                Arrived = (_, _) => Interlocked.Increment(ref delivered),
            };
            subscribers.Add(client);
            await client.ConnectAsync(host, port, $"fan-{index}", stop);
            await client.SubscribeAsync("bench/fan", stop, qos);
        }

        var expected = (long)count * messages;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = subscribers.Select(client => ReadAsync(client, ended.Token)).ToList();
        var pid = options.Number("pid", 0);
        var cpu = StormLoad.CpuSeconds(pid);
        var watch = Stopwatch.StartNew();
        await PublishAsync(host, port, messages, stop);
        while (Interlocked.Read(ref delivered) < expected && watch.Elapsed.TotalSeconds < 120)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stop);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine(
            $"fanout: 1 -> {count}, QoS {qos}, {messages} messages of 120 bytes: "
                + $"{delivered:N0} of {expected:N0} delivered, {delivered / seconds:N0}/s, "
                + $"{StormLoad.CpuSeconds(pid) - cpu:0.00} s of the broker's processor"
        );
        await ended.CancelAsync();
        await Task.WhenAll(reading);
        subscribers.ForEach(client => client.Dispose());
        return delivered == expected ? 0 : 1;
    }

    private static async Task PublishAsync(
        string host,
        int port,
        int messages,
        CancellationToken stop
    )
    {
        var inFlight = 0;
        using var publisher = new RawClient { Acknowledged = _ => inFlight-- };
        await publisher.ConnectAsync(host, port, "fan-publisher", stop);
        var payload = Encoding.UTF8.GetBytes(new string('x', 120));
        for (var sent = 0; sent < messages || inFlight > 0; )
        {
            while (inFlight < 20 && sent < messages)
            {
                publisher.Publish("bench/fan"u8, payload, qos: 1, retain: false);
                inFlight++;
                sent++;
            }

            await publisher.FlushAsync(stop);
            await publisher.ReceiveAsync(stop);
        }
    }

    private static async Task ReadAsync(RawClient client, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await client.ReceiveAsync(stop);
                await client.FlushAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // All has come.
        }
    }
}
