using System.Diagnostics;
using System.Globalization;

namespace Hearth.Bench;

/// <summary>
/// Clients that connect at a steady rate, all at once go without a word, and connect again: what a
/// home does after its access point was restarted.
/// </summary>
internal static class StormLoad
{
    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var rate = options.Number("rate", 1_000);
        var clients = options.Number("clients", 10_000);
        var pid = options.Number("pid", 0);
        await WhenOpenAsync(options, stop);
        Console.WriteLine($"storm: {clients} clients at {rate}/s; {Memory(pid)} before");
        for (var round = 1; round <= options.Number("rounds", 2); round++)
        {
            var latencies = new Latencies();
            var cpu = CpuSeconds(pid);
            var watch = Stopwatch.StartNew();
            var connecting = new List<Task<RawClient?>>(clients);
            while (connecting.Count < clients)
            {
                var due = Math.Min(clients, (int)(watch.Elapsed.TotalSeconds * rate) + 1);
                while (connecting.Count < due)
                {
                    connecting.Add(ConnectAsync(options, connecting.Count, latencies, stop));
                }

                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stop);
            }

            var connected = await Task.WhenAll(connecting);
            var failed = connected.Count(client => client is null);
            Console.WriteLine(
                $"storm: round {round}: {clients - failed:N0} connected in "
                    + $"{watch.Elapsed.TotalSeconds:0.0} s, {failed} failed; CONNACK after "
                    + $"{latencies.Describe()}; {Memory(pid)}, "
                    + $"{CpuSeconds(pid) - cpu:0.00} s of processor"
            );
            foreach (var client in connected)
            {
                client?.Dispose();
            }
        }

        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, stop);
        Console.WriteLine($"storm: {Memory(pid)} when all are gone");
        return 0;
    }

    /// <summary>What the system counts as a process's memory.</summary>
    public static string Memory(int pid)
    {
        if (pid == 0)
        {
            return "memory unknown";
        }

        var line = File.ReadLines($"/proc/{pid}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return $"{int.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024} MiB";
    }

    /// <summary>The processor's time that a process has had, of all its threads.</summary>
    public static double CpuSeconds(int pid) =>
        pid == 0 ? 0 : Process.GetProcessById(pid).TotalProcessorTime.TotalSeconds;

    private static async Task WhenOpenAsync(Arguments options, CancellationToken stop)
    {
        RawClient? first;
        while ((first = await ConnectAsync(options, -1, new Latencies(), stop)) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
        }

        first.Dispose();
    }

    private static async Task<RawClient?> ConnectAsync(
        Arguments options,
        int index,
        Latencies latencies,
        CancellationToken stop
    )
    {
        var client = new RawClient(256) { Stays = options.Number("stays", 0) == 1 };
        var began = Stopwatch.GetTimestamp();
        try
        {
            await client.ConnectAsync(
                options.Text("host", "127.0.0.1"),
                options.Number("port", 1883),
                $"storm-{index}",
                stop
            );
            latencies.Add(Stopwatch.GetTimestamp() - began);
            return client;
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
        {
            client.Dispose();
            return null;
        }
    }
}
