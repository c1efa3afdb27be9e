using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hearth.Sdk;

namespace Hearth.Hub.Tests.Events;

public sealed class ABurstOfADevice : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    /// <summary>More than the hub takes before it has acknowledged: the SDK waits, and does not
    /// have its connection ended.</summary>
    [Fact]
    public async Task Of_3_000_events_at_once_goes_out_on_one_connection()
    {
        const int count = 3_000;
        var token = TestContext.Current.CancellationToken;
        var notices = new ConcurrentQueue<HearthNotice>();
        await using var device = new HearthDevice("meter") { OnNotice = notices.Enqueue };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var connection = new HearthConnection { Host = "127.0.0.1", Port = _hub.MqttPort };
        var running = device.RunAsync(connection, stop.Token);

        await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(number =>
                    device.PublishAsync(
                        new HearthEvent("meter.read", "/meter", $"{number}")
                        {
                            Data = JsonNode.Parse($"{number}"),
                        },
                        token
                    )
                )
        );

        Assert.DoesNotContain(notices, notice => notice.Kind == HearthNoticeKind.Disconnected);
        await stop.CancelAsync();
        await running;
    }
}
