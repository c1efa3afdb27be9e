using System.Net.Sockets;
using System.Text;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.BadInput;

/// <summary>A bare connection to the broker, for bytes that no client library would send.</summary>
internal sealed class RawLine : IDisposable
{
    private static readonly TimeSpan ClosedWithin = TimeSpan.FromSeconds(15);

    private readonly TcpClient _client = new() { NoDelay = true };

    private RawLine() { }

    public static async Task<RawLine> OpenAsync(RunningHub hub)
    {
        var line = new RawLine();
        await line._client.ConnectAsync(
            "127.0.0.1",
            hub.MqttPort,
            TestContext.Current.CancellationToken
        );
        return line;
    }

    /// <summary>A connection that the broker has taken, MQTT 5.</summary>
    public static async Task<RawLine> ConnectAsync(RunningHub hub, string client)
    {
        var line = await OpenAsync(hub);
        await line.SendAsync(Connect(client));
        var answer = new byte[4];
        await line._client.GetStream().ReadExactlyAsync(answer, Cancelled);
        Assert.True(answer[0] == 0x20 && answer[3] == 0, Convert.ToHexString(answer));
        // The properties of the CONNACK.
        var rest = new byte[answer[1] - 2];
        await line._client.GetStream().ReadExactlyAsync(rest, Cancelled);
        return line;
    }

    /// <summary>MQTT 5, clean start, a minute of keep-alive.</summary>
    public static byte[] Connect(string client)
    {
        var id = Encoding.UTF8.GetBytes(client);
        byte[] body = [.. "\0\u0004MQTT\u0005\u0002\0<\0"u8, 0, (byte)id.Length, .. id];
        return [0x10, (byte)body.Length, .. body];
    }

    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _client.GetStream().WriteAsync(bytes, Cancelled);
        }
        catch (IOException)
        {
            // The broker has already closed it; that is what the test then looks at.
        }
    }

    /// <summary>What the broker still sends until it closes the connection.</summary>
    public async Task<byte[]> RestAsync()
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        late.CancelAfter(ClosedWithin);
        using var rest = new MemoryStream();
        try
        {
            await _client.GetStream().CopyToAsync(rest, late.Token);
        }
        catch (IOException)
        {
            // A reset is a close, too.
        }
        catch (OperationCanceledException) when (!Cancelled.IsCancellationRequested)
        {
            Assert.Fail(
                $"The connection is still open after {ClosedWithin.TotalSeconds} s. It got:"
                    + $" {Convert.ToHexString(rest.ToArray())}"
            );
        }

        return rest.ToArray();
    }

    public void Dispose() => _client.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
