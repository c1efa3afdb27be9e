using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hearth.Hub.Tests;

public sealed class StartingAndStopping
{
    [Fact]
    public async Task A_hub_says_where_to_look_and_stops_when_it_is_asked_to()
    {
        await using var hub = new AProcess("--http-port", "0", "--mqtt-port", "0");
        await Until.TrueAsync(() => hub.Output.Contains("is ready."), "the hub to be ready");
        Assert.Contains("/docs", hub.Output);
        Assert.Contains("this machine only", hub.Output);
        await SendSignalAsync("TERM", hub.Id);
        Assert.Equal(0, await hub.EndAsync());
        Assert.Contains("Stopped.", hub.Output);
        Assert.DoesNotContain("   at ", hub.Output);
    }

    [Theory]
    [InlineData("HTTP", "--http-port", "--mqtt-port")]
    [InlineData("MQTT", "--mqtt-port", "--http-port")]
    public async Task A_port_in_use_is_a_sentence(string what, string taken, string free)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var hub = new AProcess(taken, $"{port}", free, "0");
        Assert.Equal(1, await hub.EndAsync());
        Assert.Contains(
            $"{what} port {port} is in use by another program. Stop that one, or choose another"
                + $" port: {taken} {port + 1}.",
            hub.Output
        );
        Assert.DoesNotContain("   at ", hub.Output);
    }

    [Fact]
    public async Task A_data_folder_in_use_is_a_sentence()
    {
        await using var first = await AHub.StartAsync();
        await using var hub = new AProcess(
            "--http-port",
            "0",
            "--mqtt-port",
            "0",
            "--data",
            first.Data
        );
        Assert.Equal(1, await hub.EndAsync());
        Assert.Contains($"The data directory {first.Data} is in use by another hub.", hub.Output);
        Assert.DoesNotContain("   at ", hub.Output);
    }

    [Fact]
    public async Task Wrong_settings_are_all_named()
    {
        await using var hub = new AProcess("--http-port", "x", "--mqtt-port", "70000");
        Assert.Equal(1, await hub.EndAsync());
        Assert.Contains("- Hearth:Http:Port (--http-port) is \"x\"", hub.Output);
        Assert.Contains("- Hearth:Mqtt:Port (--mqtt-port) is \"70000\"", hub.Output);
    }

    private static async Task SendSignalAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
