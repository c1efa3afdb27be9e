using System.Threading.Channels;

namespace Hearth.Sdk.Connection;

/// <summary>
/// Everything a device does happens here, one at a time and in order: commands, events, messages
/// and timers. That is why a device's own code needs no locks.
/// </summary>
internal sealed class Turns(Action<Exception> onFailure)
{
    /// <summary>
    /// How many turns may wait before the connection is given up. Acknowledged messages never
    /// come near it (the broker keeps to the receive maximum); it bounds a flood of QoS 0.
    /// </summary>
    public const int WaitingMax = 10_000;

    // Not bounded by the channel, because a timer's turn must not be lost: the session asks
    // HasRoom before it takes a message, and each timer has at most one turn waiting. Not made
    // for a single reader, because such a channel cannot count.
    private readonly Channel<Func<CancellationToken, Task>> turns = Channel.CreateUnbounded<
        Func<CancellationToken, Task>
    >();

    public bool HasRoom => turns.Reader.Count < WaitingMax;

    public void Post(Func<CancellationToken, Task> turn) => turns.Writer.TryWrite(turn);

    /// <summary>Posts a turn and waits until it has ended, well or badly.</summary>
    public async Task PostAndWaitAsync(
        Func<CancellationToken, Task> turn,
        CancellationToken cancellationToken
    )
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(async token =>
        {
            try
            {
                await turn(token).ConfigureAwait(false);
            }
            finally
            {
                ended.TrySetResult();
            }
        });
        await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes turns until it is cancelled. One that throws is told, not fatal.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var turn = await turns.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                await turn(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                onFailure(failure);
            }
        }
    }
}
