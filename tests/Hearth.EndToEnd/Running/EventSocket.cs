using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Hearth.EndToEnd.Running;

/// <summary>The events of a hub as a program follows them over a WebSocket.</summary>
internal static class EventSocket
{
    /// <summary>The sequences of the events after one, until the hub closes.</summary>
    public static async IAsyncEnumerable<long> FollowAsync(
        RunningHub hub,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("cloudevents.json");
        var address = $"ws://127.0.0.1:{hub.HttpPort}/api/v1/events/ws?after={after}";
        await socket.ConnectAsync(new Uri(address), cancellationToken);
        var message = new MemoryStream();
        var room = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(room, cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                yield break;
            }

            message.Write(room, 0, part.Count);
            if (part.EndOfMessage)
            {
                var item = JsonElement.Parse(message.ToArray());
                yield return long.Parse(item.GetProperty("sequence").GetString()!);
                message.SetLength(0);
            }
        }
    }
}
