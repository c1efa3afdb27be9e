using System.Collections.Concurrent;
using System.Text;
using Hearth.EndToEnd.Running;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Hearth.EndToEnd.Mqtt;

/// <summary>The hub with MQTTnet, over TCP and over WebSocket; much more of it is in the tests of
/// durability.</summary>
public sealed class NetClient : IAsyncLifetime
{
    private RunningHub _hub = null!;

    public static TheoryData<MqttProtocolVersion, bool> Lines { get; } =
        new()
        {
            { MqttProtocolVersion.V311, false },
            { MqttProtocolVersion.V500, false },
            { MqttProtocolVersion.V311, true },
            { MqttProtocolVersion.V500, true },
        };

    public async ValueTask InitializeAsync() => _hub = await RunningHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Messages_retained_messages_and_shared_work(
        MqttProtocolVersion version,
        bool overWebSocket
    )
    {
        var got = new ConcurrentQueue<string>();
        using var one = await ConnectAsync(version, overWebSocket, "one", got);
        using var two = await ConnectAsync(version, overWebSocket, "two", got);
        await PublishAsync(two, "kept", "kept", MqttQualityOfServiceLevel.AtLeastOnce, true);
        await one.SubscribeAsync("kept", cancellationToken: Stop);
        await GotAsync(got, "one kept");
        for (var qos = MqttQualityOfServiceLevel.AtMostOnce; (int)qos <= 2; qos++)
        {
            await one.SubscribeAsync($"qos/{qos}", qos, Stop);
            await PublishAsync(two, $"qos/{qos}", $"{qos}", qos);
            await GotAsync(got, $"one {qos}");
        }

        await one.SubscribeAsync("$share/g/jobs", cancellationToken: Stop);
        await two.SubscribeAsync("$share/g/jobs", cancellationToken: Stop);
        await PublishAsync(two, "jobs", "job", MqttQualityOfServiceLevel.AtMostOnce);
        await PublishAsync(two, "jobs", "job", MqttQualityOfServiceLevel.AtMostOnce);

        await GotAsync(got, "one job");
        await GotAsync(got, "two job");
        Assert.Equal(got.Count, got.Distinct().Count());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<IMqttClient> ConnectAsync(
        MqttProtocolVersion version,
        bool overWebSocket,
        string name,
        ConcurrentQueue<string> got
    )
    {
        var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += taken =>
        {
            got.Enqueue($"{name} {taken.ApplicationMessage.ConvertPayloadToString()}");
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder()
            .WithProtocolVersion(version)
            .WithClientId(name);
        options = overWebSocket
            ? options.WithWebSocketServer(server =>
                server.WithUri($"ws://127.0.0.1:{_hub.HttpPort}/mqtt")
            )
            : options.WithTcpServer("127.0.0.1", _hub.MqttPort);
        await client.ConnectAsync(options.Build(), Stop);
        return client;
    }

    private static async Task PublishAsync(
        IMqttClient client,
        string topic,
        string payload,
        MqttQualityOfServiceLevel qos,
        bool retain = false
    ) =>
        await client.PublishAsync(
            new MqttApplicationMessage
            {
                Topic = topic,
                PayloadSegment = Encoding.UTF8.GetBytes(payload),
                QualityOfServiceLevel = qos,
                Retain = retain,
            },
            Stop
        );

    private static Task GotAsync(ConcurrentQueue<string> got, string what) =>
        Eventually.Holds(
            what,
            TimeSpan.FromSeconds(20),
            () => got.Contains(what),
            () => string.Join('\n', got)
        );
}
