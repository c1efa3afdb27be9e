using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace Hearth.Bench;

/// <summary>
/// What one subscriber that reads a message a second costs the others, what becomes of it, and
/// whether it gets everything in the end.
/// </summary>
internal static class SlowReaderLoad
{
    private const int Others = 5;
    private const int PayloadBytes = 120;

    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var seconds = options.Number("seconds", 60);
        var pid = options.Number("pid", 0);
        var numbers = new Numbers();
        Console.WriteLine($"slow-reader: {StormLoad.Memory(pid)} before");
        var without = await PhaseAsync(options, seconds, numbers, stop);
        Console.WriteLine($"slow-reader: without it: {without.Describe()}");
        await using var slow = new SlowReader(options);
        await slow.SubscribeAsync(stop);
        var first = numbers.Next;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = slow.ReadSlowlyAsync(ended.Token);
        var with = await PhaseAsync(options, seconds, numbers, stop);
        await ended.CancelAsync();
        Console.WriteLine($"slow-reader: with it: {with.Describe()}; {StormLoad.Memory(pid)}");
        Console.WriteLine(
            $"slow-reader: p99 is {with.Percentile(0.99) / without.Percentile(0.99):0.00} times"
        );
        Console.WriteLine($"slow-reader: {await reading}");
        Console.WriteLine($"slow-reader: {await slow.CatchUpAsync(first, numbers.Next - 1, stop)}");
        return 0;
    }

    private static async Task<Latencies> PhaseAsync(
        Arguments options,
        int seconds,
        Numbers numbers,
        CancellationToken stop
    )
    {
        var (host, port) = (options.Text("host", "127.0.0.1"), options.Number("port", 1883));
        var latencies = new Latencies();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = new List<Task>();
        for (var index = 0; index < Others; index++)
        {
            var client = new RawClient
            {
                Arrived = (_, payload) =>
                    latencies.Add(
                        Stopwatch.GetTimestamp() - BinaryPrimitives.ReadInt64BigEndian(payload)
                    ),
            };
            await client.ConnectAsync(host, port, $"fast-{index}", stop);
            await client.SubscribeAsync("bench/slow", stop, qos: 0);
            reading.Add(ReadAsync(client, ended.Token));
        }

        using var publisher = new RawClient();
        await publisher.ConnectAsync(host, port, "slow-publisher", stop);
        reading.Add(ReadAsync(publisher, ended.Token));
        await PublishAsync(publisher, options.Number("rate", 5_000), seconds, numbers, stop);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop);
        await ended.CancelAsync();
        await Task.WhenAll(reading);
        return latencies;
    }

    private static async Task PublishAsync(
        RawClient publisher,
        int rate,
        int seconds,
        Numbers numbers,
        CancellationToken stop
    )
    {
        var watch = Stopwatch.StartNew();
        var payload = new byte[PayloadBytes];
        for (var sent = 0; sent < rate * seconds; )
        {
            for (var due = (int)(watch.Elapsed.TotalSeconds * rate); sent < due; sent++)
            {
                BinaryPrimitives.WriteInt64BigEndian(payload, Stopwatch.GetTimestamp());
                BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(8), numbers.Next++);
                publisher.Publish("bench/slow"u8, payload, qos: 1, retain: false);
            }

            await publisher.FlushAsync(stop);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stop);
        }
    }

    private static async Task ReadAsync(RawClient client, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await client.ReceiveAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The phase is over.
        }
        finally
        {
            client.Dispose();
        }
    }

    /// <summary>The next message's number.</summary>
    private sealed class Numbers
    {
        public long Next { get; set; } = 1;
    }

    private sealed class SlowReader(Arguments options) : IAsyncDisposable
    {
        private readonly HashSet<long> _read = [];
        private RawClient? _client;

        public async Task SubscribeAsync(CancellationToken stop)
        {
            await ConnectAsync(bufferBytes: 256, stop);
            await _client!.SubscribeAsync("bench/slow", stop, options.Number("qos", 1));
        }

        /// <summary>About a message a second, however many have come.</summary>
        public async Task<string> ReadSlowlyAsync(CancellationToken stop)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                while (true)
                {
                    await _client!.ReceiveAsync(stop);
                    await _client.FlushAsync(stop);
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop);
                }
            }
            catch (OperationCanceledException)
            {
                return $"it is still there, after {_read.Count} messages";
            }
            catch (Exception fault) when (fault is IOException or SocketException)
            {
                return $"it was cut off after {watch.Elapsed.TotalSeconds:0} s and {_read.Count} "
                    + $"messages, reason {_client!.Goodbye?.ToString("X2") ?? "untold"}";
            }
        }

        /// <summary>A new connection that reads as fast as it can.</summary>
        public async Task<string> CatchUpAsync(long first, long last, CancellationToken stop)
        {
            _client!.Dispose();
            await ConnectAsync(bufferBytes: 256 * 1024, stop);
            var watch = Stopwatch.StartNew();
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(stop);
            try
            {
                while (!_read.Contains(last))
                {
                    // What came with CONNACK is to be acknowledged as well.
                    await _client.FlushAsync(quiet.Token);
                    quiet.CancelAfter(TimeSpan.FromSeconds(10));
                    await _client.ReceiveAsync(quiet.Token);
                }
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // No more comes.
            }

            var missing = 0;
            for (var number = first; number <= last; number++)
            {
                missing += _read.Contains(number) ? 0 : 1;
            }

            return $"it came back and has {last - first + 1 - missing:N0} of "
                + $"{last - first + 1:N0} after {watch.Elapsed.TotalSeconds:0.0} s";
        }

        public ValueTask DisposeAsync()
        {
            _client?.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task ConnectAsync(int bufferBytes, CancellationToken stop)
        {
            _client = new RawClient(bufferBytes)
            {
                Stays = true,
                SystemBufferBytes = bufferBytes,
                Arrived = (_, payload) =>
                    _read.Add(BinaryPrimitives.ReadInt64BigEndian(payload[8..])),
            };
            var (host, port) = (options.Text("host", "127.0.0.1"), options.Number("port", 1883));
            // A run before may have left its session behind.
            var name = $"slow-reader-{Environment.ProcessId}";
            await _client.ConnectAsync(host, port, name, stop);
        }
    }
}
