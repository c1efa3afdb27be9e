using System.Net.WebSockets;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Hearth.Hub.Events;

/// <summary>
/// Events over a WebSocket (the WebSocket binding of CloudEvents): a follower of the log that sends
/// each event as one text message. Nothing is buffered for a reader beyond what is on its way to
/// the socket; whoever falls behind is told where to go on, and comes back.
/// </summary>
internal sealed partial class EventSocket(
    HearthOptions options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<EventSocket> logger
)
{
    public const string Protocol = "cloudevents.json";

    public async Task<IResult> RunAsync(
        HttpContext context,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return Refuse("This address speaks WebSocket only; /events/stream sends over HTTP.");
        }

        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            return Refuse($"The WebSocket has to ask for the protocol \"{Protocol}\".");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var _ = lifetime.ApplicationStopping.Register(ending.Cancel);
        var feed = context.Home().Feed;
        var start = await LogFollowing.BeginAsync(feed, query, ending.Token);
        if (start.Problem is not null)
        {
            return start.Problem;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext
            {
                SubProtocol = Protocol,
                KeepAliveInterval = options.Followers.Heartbeat,
                // Later than the reader's own limit, which says why before it ends the connection.
                KeepAliveTimeout = options.Followers.UntakenMax + options.Followers.UntakenMax,
            }
        );
        await SpeakAsync(context, socket, query.Filter, start, ending);
        return Results.Empty;
    }

    private async Task SpeakAsync(
        HttpContext context,
        WebSocket socket,
        EventFilter filter,
        StreamStart start,
        CancellationTokenSource ending
    )
    {
        // The server's own rule of a least rate would cut a reader off after five seconds; it comes
        // back for the last bytes, which nobody else watches.
        var rate = context.Features.Get<IHttpMinResponseDataRateFeature>();
        var least = rate?.MinDataRate;
        rate?.MinDataRate = null;
        using var hearing = new CancellationTokenSource();
        var reader = new SocketReader(socket, options.Followers, clock, start);
        var receiving = ReceiveAsync(socket, ending, hearing.Token);
        var goodbye = await FollowAsync(reader, context.Home().Feed, filter, start, ending.Token);
        if (goodbye is { Status: WebSocketCloseStatus.PolicyViolation })
        {
            Log.CutOff(logger, context.TraceIdentifier, goodbye.Reason);
        }

        var isTold = await reader.CloseAsync(goodbye, receiving);
        rate?.MinDataRate = least;
        if (!isTold)
        {
            context.Abort();
        }

        await hearing.CancelAsync();
        await receiving;
    }

    /// <summary>Sends until something ends it; answers what is to be said at the end, or null
    /// where the reader has gone.</summary>
    private async Task<Goodbye?> FollowAsync(
        SocketReader reader,
        HomeFeed feed,
        EventFilter filter,
        StreamStart start,
        CancellationToken cancellationToken
    )
    {
        var reading = start.Reading;
        try
        {
            while (true)
            {
                var rows = await reading;
                foreach (var item in rows.SelectMany(row => row.Events))
                {
                    if (
                        await reader.TakeAsync(item, filter, feed.Head, cancellationToken) is
                        { } end
                    )
                    {
                        return end;
                    }
                }

                reading = LogFollowing.ReadAsync(feed, reader.Cursor, cancellationToken);
                reader.Reached(feed.Head);
            }
        }
        catch (OperationCanceledException)
        {
            return lifetime.ApplicationStopping.IsCancellationRequested
                ? new Goodbye(WebSocketCloseStatus.EndpointUnavailable, "The hub stops; resume")
                : null;
        }
        catch (WebSocketException)
        {
            return null;
        }
        catch (Exception fault) when (fault is HomeClosedException or CursorGoneException)
        {
            return new Goodbye(
                WebSocketCloseStatus.InternalServerError,
                "Not readable now; resume"
            );
        }
        catch (LogDamagedException fault)
        {
            Log.Damaged(logger, fault.Message);
            return new Goodbye(WebSocketCloseStatus.InternalServerError, "The log is damaged");
        }
    }

    /// <summary>Hears the reader's answers to pings and its closing; it has nothing else to say.
    /// </summary>
    private static async Task ReceiveAsync(
        WebSocket socket,
        CancellationTokenSource ending,
        CancellationToken cancellationToken
    )
    {
        var room = new byte[256];
        try
        {
            while (true)
            {
                var message = await socket.ReceiveAsync(room, cancellationToken);
                if (message.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }
            }
        }
        catch (Exception fault)
            when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection has ended without a closing handshake.
        }

        await ending.CancelAsync();
    }

    private static Problem Refuse(string detail) => new(ProblemKinds.BadRequest, detail);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Event WebSocket {RequestId} was cut off: {Why}"
        )]
        public static partial void CutOff(ILogger logger, string requestId, string why);

        [LoggerMessage(Level = LogLevel.Error, Message = "An event WebSocket ended: {Why}")]
        public static partial void Damaged(ILogger logger, string why);
    }
}

/// <summary>How a WebSocket is closed.</summary>
internal sealed record Goodbye(WebSocketCloseStatus Status, string Reason);
