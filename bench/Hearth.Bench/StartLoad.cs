using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hearth.Bench;

/// <summary>How long a hub takes from its process's start to ready, and what it holds when idle.
/// </summary>
internal static class StartLoad
{
    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var hub = options.Text("hub", "");
        for (var round = 0; round < options.Number("rounds", 5); round++)
        {
            var directory = Directory.CreateTempSubdirectory("hearth-bench-");
            try
            {
                await RoundAsync(hub, directory.FullName, stop);
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }

        return 0;
    }

    private static async Task RoundAsync(string hub, string directory, CancellationToken stop)
    {
        var (http, mqtt) = (FreePort(), FreePort());
        var arguments = $"--http-port {http} --mqtt-port {mqtt} --data {directory}";
        var isDll = hub.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(
            isDll ? "dotnet" : hub,
            isDll ? $"\"{hub}\" {arguments}" : arguments
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new IOException($"{hub} did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var client = new HttpClient();
        var ready = new Uri($"http://127.0.0.1:{http}/health/ready");
        while (!await IsReadyAsync(client, ready, stop))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, stop);
        }

        var started = watch.Elapsed;
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, stop);
        var memory = await File.ReadAllLinesAsync($"/proc/{process.Id}/status", stop);
        var resident = memory.First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        var mebibytes =
            long.Parse(
                resident.Split(':')[1].Replace("kB", "").Trim(),
                CultureInfo.InvariantCulture
            ) / 1024.0;
        Console.WriteLine(
            $"start: ready after {started.TotalSeconds:0.00} s, idle {mebibytes:0} MiB"
        );
        process.Kill();
        await process.WaitForExitAsync(stop);
    }

    private static async Task<bool> IsReadyAsync(
        HttpClient client,
        Uri ready,
        CancellationToken stop
    )
    {
        try
        {
            using var answer = await client.GetAsync(ready, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
