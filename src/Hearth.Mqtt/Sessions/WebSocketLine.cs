using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// A WebSocket as the stream of bytes that a connection reads and writes: packets may span frames,
/// and a frame may hold many [MQTT-6.0.0-2]. Both directions are as bounded as those of a socket.
/// </summary>
internal sealed class WebSocketLine(WebSocket socket, TimeProvider clock)
{
    private const int ReadBytes = 4 * 1024;

    // How long a client has to answer the closing handshake.
    private static readonly TimeSpan GoodbyeTimeMax = TimeSpan.FromMilliseconds(500);

    private readonly Pipe _received = new();
    private readonly Pipe _sent = new();
    private WebSocketCloseStatus _status = WebSocketCloseStatus.NormalClosure;

    /// <summary>Completes when the handler has, and the WebSocket is closed.</summary>
    public async Task RunAsync(EndPoint? remote, Func<ConnectionContext, Task> handler)
    {
        var connection = new DefaultConnectionContext(
            "",
            new Ends(_received.Reader, _sent.Writer),
            new Ends(_sent.Reader, _received.Writer)
        )
        {
            RemoteEndPoint = remote,
        };
        await using var _ = connection.ConnectionClosed.Register(socket.Abort);
        var receiving = ReceiveAsync();
        var sending = SendAsync();
        try
        {
            await handler(connection);
        }
        finally
        {
            await _sent.Writer.CompleteAsync();
            await _received.Reader.CompleteAsync();
            await sending;
            await CloseAsync(receiving);
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var memory = _received.Writer.GetMemory(ReadBytes);
                var frame = await socket.ReceiveAsync(memory, CancellationToken.None);
                if (frame.MessageType != WebSocketMessageType.Binary)
                {
                    // [MQTT-6.0.0-1]
                    var isText = frame.MessageType == WebSocketMessageType.Text;
                    _status = isText ? WebSocketCloseStatus.InvalidMessageType : _status;
                    return;
                }

                _received.Writer.Advance(frame.Count);
                if ((await _received.Writer.FlushAsync(CancellationToken.None)).IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception fault) when (IsTheEnd(fault))
        {
            // The client is gone without a word, or it was aborted here.
        }
        finally
        {
            await _received.Writer.CompleteAsync();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var result = await _sent.Reader.ReadAsync(CancellationToken.None);
                foreach (var part in result.Buffer)
                {
                    await socket.SendAsync(
                        part,
                        WebSocketMessageType.Binary,
                        endOfMessage: true,
                        CancellationToken.None
                    );
                }

                _sent.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception fault) when (IsTheEnd(fault))
        {
            // Whoever writes learns it from the pipe.
        }
        finally
        {
            await _sent.Reader.CompleteAsync();
        }
    }

    private async Task CloseAsync(Task receiving)
    {
        using var timeout = new CancellationTokenSource(GoodbyeTimeMax, clock);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(_status, null, timeout.Token);
            }

            await receiving.WaitAsync(timeout.Token);
            // What the client still sends is read: a socket that is closed with bytes unread takes
            // back what it has sent.
            var rest = new byte[ReadBytes];
            while (socket.State == WebSocketState.CloseSent)
            {
                await socket.ReceiveAsync(rest.AsMemory(), timeout.Token);
            }
        }
        catch (Exception fault) when (IsTheEnd(fault))
        {
            // It has had its moment.
            socket.Abort();
        }
    }

    private static bool IsTheEnd(Exception fault) =>
        fault
            is WebSocketException
                or IOException
                or OperationCanceledException
                or ObjectDisposedException
                or InvalidOperationException;

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
