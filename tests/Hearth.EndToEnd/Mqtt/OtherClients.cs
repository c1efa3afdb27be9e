using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Mqtt;

/// <summary>
/// The hub with MQTT clients that other people wrote: each connects, gets and publishes with every
/// QoS, and sees retained messages, a will, a session that stays and a shared subscription.
/// </summary>
public sealed class OtherClients : IAsyncLifetime
{
    private RunningHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await RunningHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("4", false)]
    [InlineData("5", false)]
    [InlineData("4", true)]
    [InlineData("5", true)]
    public async Task Node_with_mqtt_from_npm(string version, bool overWebSocket)
    {
        await NodePackages.InstallAsync();
        var url = overWebSocket
            ? $"ws://127.0.0.1:{_hub.HttpPort}/mqtt"
            : $"mqtt://127.0.0.1:{_hub.MqttPort}";

        var output = await Tool.RunAsync(
            "node",
            NodePackages.Folder,
            "from-node.mjs",
            url,
            version
        );

        Assert.Equal(["everyQos", "retained", "will", "session", "shared"], Done(output));
    }

    [Theory]
    [InlineData("4", false)]
    [InlineData("5", false)]
    [InlineData("4", true)]
    [InlineData("5", true)]
    public async Task Python_with_paho(string version, bool overWebSocket)
    {
        var output = await Tool.RunAsync(
            "/usr/bin/python3",
            NodePackages.Folder,
            "from-python.py",
            overWebSocket ? "ws" : "tcp",
            $"{(overWebSocket ? _hub.HttpPort : _hub.MqttPort)}",
            version
        );

        Assert.Equal(["every_qos", "retained", "will", "session", "shared"], Done(output));
    }

    /// <summary>What a script says that works.</summary>
    private static IEnumerable<string> Done(IEnumerable<string> output) =>
        output
            .Where(line => line.StartsWith("ok ", StringComparison.Ordinal))
            .Select(line => line[3..]);
}
