using System.Net.WebSockets;
using Hearth.Core.Events;

namespace Hearth.Hub.Events;

/// <summary>
/// One reader of a WebSocket: how far it has come, and whether it keeps up.
/// </summary>
internal sealed class SocketReader(
    WebSocket socket,
    FollowerOptions limits,
    TimeProvider clock,
    StreamStart start
)
{
    /// <summary>How long a reader has to take the last message and to say goodbye.</summary>
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(2);

    private readonly JsonWriter _json = new(1024);
    private Task _sending = Task.CompletedTask;
    private readonly ReaderPace _pace = new(limits, clock, start);

    /// <summary>Everything up to here is sent, or not wanted.</summary>
    public Sequence Cursor { get; private set; } = start.After;

    /// <summary>It has got everything up to here, where the log ends or not.</summary>
    public void Reached(Sequence head) => _pace.Reached(Cursor, head);

    /// <summary>Sends an event that is wanted; answers what to say where the reader is too slow.
    /// </summary>
    public async ValueTask<Goodbye?> TakeAsync(
        Event item,
        EventFilter filter,
        Sequence head,
        CancellationToken cancellationToken
    )
    {
        if (item.Sequence <= Cursor || !filter.Matches(item))
        {
            Cursor = item.Sequence > Cursor ? item.Sequence : Cursor;
            return null;
        }

        _json.Clear();
        CloudEventFormat.Write(_json, item);
        var bytes = _json.WrittenMemory;
        _sending = socket
            .SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None)
            .AsTask();
        var isAtOnce = _sending.IsCompleted;
        try
        {
            await _sending.WaitAsync(limits.UntakenMax, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The message is under way: whoever goes on after the cursor gets it again, whole.
            return TooSlow(
                $"Too slow: Nothing was taken for {limits.UntakenMax.TotalSeconds:0.#} s"
            );
        }

        Cursor = item.Sequence;
        _pace.Sent(bytes.Length);
        return !isAtOnce && _pace.TooFarBehind(item, head) is { } why ? TooSlow(why) : null;
    }

    /// <summary>Says goodbye, once the reader has taken what is under way, and waits a little for
    /// its own goodbye. False where it takes nothing, so that nothing can be said to it.</summary>
    /// <param name="receiving">Completes when the reader has said goodbye or has gone.</param>
    public async Task<bool> CloseAsync(Goodbye? goodbye, Task receiving)
    {
        // One that is slow, but takes something, gets the time that any message has.
        var isSlow = goodbye is { Status: WebSocketCloseStatus.PolicyViolation };
        var timeMax = isSlow && _sending.IsCompleted ? limits.UntakenMax : GoodbyeMax;
        using var enough = new CancellationTokenSource(timeMax, clock);
        try
        {
            await _sending.WaitAsync(enough.Token);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(
                    goodbye?.Status ?? WebSocketCloseStatus.NormalClosure,
                    goodbye is null ? null : $"{goodbye.Reason} with ?after={Cursor.Value}",
                    enough.Token
                );
            }
        }
        catch (Exception fault)
            when (fault is OperationCanceledException or WebSocketException or IOException)
        {
            return false;
        }

        await receiving
            .WaitAsync(timeMax, clock, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private static Goodbye TooSlow(string why) =>
        new(WebSocketCloseStatus.PolicyViolation, $"{why}; resume");
}
