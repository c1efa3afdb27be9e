using System.Diagnostics;
using System.Net;

namespace Hearth.EndToEnd.Running;

/// <summary>
/// A hub in a process of its own, on ports and a folder of its own, that can be killed and started
/// again on the same ones.
/// </summary>
internal sealed class RunningHub : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder? _folder;
    private RunningProgram? _program;

    private RunningHub(string? data)
    {
        _folder = data is null ? new TemporaryFolder() : null;
        Data = data ?? _folder!.Path;
        HttpPort = Ports.Take();
        MqttPort = Ports.Take();
        Api = new Api(new Uri($"http://127.0.0.1:{HttpPort}"));
    }

    public int HttpPort { get; }

    public int MqttPort { get; }

    public string Data { get; }

    /// <summary>What its next process has in its environment besides.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public Api Api { get; }

    public RunningProgram Program =>
        _program ?? throw new InvalidOperationException("The hub was not started.");

    /// <summary>A hub that is not started yet.</summary>
    /// <param name="data">Its folder; null for one of its own that is gone afterwards.</param>
    public static RunningHub On(string? data = null) => new(data);

    /// <summary>A hub that is ready.</summary>
    /// <param name="data">Its folder; null for one of its own that is gone afterwards.</param>
    public static async Task<RunningHub> StartAsync(string? data = null)
    {
        var hub = new RunningHub(data);
        try
        {
            await hub.StartAgainAsync();
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgainAsync()
    {
        await BeginAsync();
        await ReadyAsync();
    }

    /// <summary>Starts it without waiting for it to be ready.</summary>
    public async Task BeginAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        _program = RunningProgram.Start(
            Built.Hub,
            [
                "--http-port",
                HttpPort.ToString(),
                "--mqtt-port",
                MqttPort.ToString(),
                "--data",
                Data,
            ],
            environment: Environment
        );
    }

    public async Task ReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        await Eventually.Holds(
            "the hub is ready",
            ReadyWithin,
            async () =>
            {
                if (Program.HasExited)
                {
                    Assert.Fail($"The hub ended instead of becoming ready:\n{Program.Output}");
                }

                var status = await Api.StatusAsync("/health/ready");
                return (
                    status == HttpStatusCode.OK,
                    $"/health/ready answered {status?.ToString() ?? "nothing"} after"
                        + $" {watch.Elapsed.TotalSeconds:0.0} s; the hub printed:\n{Program.Output}"
                );
            }
        );
    }

    public Task KillAsync() => Program.KillAsync();

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task StopAsync()
    {
        Program.Terminate();
        var code = await Program.ExitAsync(TimeSpan.FromSeconds(20));
        Assert.True(code == 0, $"The hub ended with {code}:\n{Program.Output}");
    }

    public async Task KillAndStartAgainAsync()
    {
        await KillAsync();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        _folder?.Dispose();
    }
}
