using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hearth.Bench;

/// <summary>How many events a second are taken over HTTP, one by one or in batches; every event
/// has an id of its own, one request is under way on each connection.</summary>
internal static class HttpLoad
{
    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var connections = options.Number("connections", 50);
        var batch = options.Number("batch", 1);
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
                        () => ConnectionAsync(options, index, watch, (warm, end), latencies, stop),
                        stop
                    )
                )
        );
        Console.WriteLine(
            $"http: {connections} connections, {batch} events a request: "
                + $"{counts.Sum() * batch / (double)seconds:N0} events/s; {latencies.Describe()}"
        );
        return 0;
    }

    private static async Task<long> ConnectionAsync(
        Arguments options,
        int index,
        Stopwatch watch,
        (long Warm, long End) times,
        Latencies latencies,
        CancellationToken stop
    )
    {
        var batch = options.Number("batch", 1);
        var size = options.Number("size", 120);
        var host = options.Text("host", "127.0.0.1");
        var port = options.Number("port", 8080);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host, port, stop);
        var run = $"{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}-{index}";
        var pad = new string('x', Math.Max(0, size - 40));
        var answer = new byte[256 * 1024];
        var body = new StringBuilder();
        long sent = 0;
        long counted = 0;
        while (watch.ElapsedTicks < times.End)
        {
            var request = Request(body, $"{host}:{port}", run, sent, batch, pad);
            sent += batch;
            var began = watch.ElapsedTicks;
            for (var done = 0; done < request.Length; )
            {
                done += await socket.SendAsync(request.AsMemory(done), stop);
            }

            await ReceiveAsync(socket, answer, stop);
            var now = watch.ElapsedTicks;
            if (now >= times.Warm && now < times.End)
            {
                counted++;
                latencies.Add(now - began);
            }
        }

        return counted;
    }

    private static byte[] Request(
        StringBuilder body,
        string host,
        string run,
        long first,
        int batch,
        string pad
    )
    {
        body.Clear();
        body.Append(batch > 1 ? "[" : "");
        for (var item = 0; item < batch; item++)
        {
            body.Append(item > 0 ? "," : "")
                .Append("{\"specversion\":\"1.0\",\"id\":\"")
                .Append(run)
                .Append('-')
                .Append((first + item).ToString(CultureInfo.InvariantCulture))
                .Append("\",\"source\":\"/bench\",\"type\":\"com.example.reading\",")
                .Append("\"data\":{\"power\":63.2,\"voltage\":230.1,\"pad\":\"")
                .Append(pad)
                .Append("\"}}");
        }

        body.Append(batch > 1 ? "]" : "");
        var kind = batch > 1 ? "cloudevents-batch+json" : "cloudevents+json";
        return Encoding.UTF8.GetBytes(
            $"POST /api/v1/events HTTP/1.1\r\nHost: {host}\r\n"
                + $"Content-Type: application/{kind}\r\nContent-Length: {body.Length}\r\n\r\n"
                + body
        );
    }

    private static async Task ReceiveAsync(Socket socket, byte[] answer, CancellationToken stop)
    {
        var length = 0;
        while (!IsWhole(answer.AsSpan(0, length)))
        {
            var read = await socket.ReceiveAsync(answer.AsMemory(length), stop);
            length += read > 0 ? read : throw new IOException("The hub closed the connection.");
        }

        if (!answer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8))
        {
            throw new IOException(Encoding.UTF8.GetString(answer, 0, length));
        }
    }

    /// <summary>Whether an answer has come whole: by its length, or by its last chunk.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var name = answer[..head].IndexOf("Content-Length: "u8);
        if (name < 0)
        {
            return answer.EndsWith("0\r\n\r\n"u8);
        }

        var digits = answer[(name + "Content-Length: ".Length)..head];
        var line = digits.IndexOf((byte)'\r');
        var length = int.Parse(line < 0 ? digits : digits[..line], CultureInfo.InvariantCulture);
        return answer.Length >= head + 4 + length;
    }
}
