using Hearth.Core.Events;
using Orleans.Runtime;

namespace Hearth.Homes;

/// <summary>
/// The way from this process to one home's grain. While a home is being activated Orleans delivers
/// calls in any order; so the first call opens the home, what comes meanwhile waits in line, and
/// from then on calls arrive in the order in which they were made.
/// </summary>
internal sealed class HomeConnection(IHomeGrain grain)
{
    private readonly Lock _lock = new();
    private readonly Queue<WaitingCall> _line = new();
    private volatile bool _isOpen;
    private Task<Sequence>? _opening;
    private long _head;

    /// <summary>The newest sequence that the grain told.</summary>
    public Sequence Head => new(Interlocked.Read(ref _head));

    public Task<AnswerBatch> SubmitAsync(SubmissionBatch batch)
    {
        if (_isOpen)
        {
            return CallAsync(batch);
        }

        lock (_lock)
        {
            if (_isOpen)
            {
                return CallAsync(batch);
            }

            var call = new WaitingCall(batch);
            _line.Enqueue(call);
            _ = Opening();
            return call.AnsweredAsync();
        }
    }

    /// <summary>Completes with the newest committed sequence once the home is open; asks again
    /// after a failure.</summary>
    /// <exception cref="HomeClosedException">The home cannot be reached or opened now.</exception>
    public Task<Sequence> OpenedAsync()
    {
        lock (_lock)
        {
            return Opening();
        }
    }

    public async Task<RowBatch> ReadAsync(ReadRequest request)
    {
        var answer = await AsClosed(grain.ReadCommitted(request));
        RaiseHead(answer.Head);
        return answer;
    }

    public async Task<StateBytes> CaptureAsync() => await AsClosed(grain.Capture());

    private Task<Sequence> Opening()
    {
        if (_opening is null or { IsFaulted: true })
        {
            _opening = OpenAsync();
        }

        return _opening;
    }

    private async Task<Sequence> OpenAsync()
    {
        // Away from the caller's lock, whatever Orleans does synchronously.
        await Task.Yield();
        try
        {
            var answer = await AsClosed(grain.Open());
            if (answer.Closed is { } reason)
            {
                throw new HomeClosedException(reason);
            }

            RaiseHead(answer.Head);
            lock (_lock)
            {
                while (_line.TryDequeue(out var call))
                {
                    call.Send(CallAsync);
                }

                _isOpen = true;
            }

            return answer.Head;
        }
        catch (HomeClosedException closed)
        {
            lock (_lock)
            {
                while (_line.TryDequeue(out var call))
                {
                    call.Fail(closed);
                }
            }

            throw;
        }
    }

    private Task<AnswerBatch> CallAsync(SubmissionBatch batch) => AsClosed(grain.Submit(batch));

    /// <summary>
    /// What Orleans throws when a grain cannot be reached (its process died, it was moved, no
    /// answer came in time) is for an edge the same as a closed home: nothing is acknowledged, try
    /// again.
    /// </summary>
    private static async Task<T> AsClosed<T>(ValueTask<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception fault) when (fault is OrleansException or TimeoutException)
        {
            throw new HomeClosedException("The home cannot be reached now; try again.", fault);
        }
    }

    private void RaiseHead(Sequence head)
    {
        var seen = Interlocked.Read(ref _head);
        while (head.Value > seen)
        {
            var before = Interlocked.CompareExchange(ref _head, head.Value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private sealed class WaitingCall(SubmissionBatch batch)
    {
        private readonly TaskCompletionSource<Task<AnswerBatch>> _sent = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public async Task<AnswerBatch> AnsweredAsync() => await await _sent.Task;

        public void Send(Func<SubmissionBatch, Task<AnswerBatch>> call) =>
            _sent.SetResult(call(batch));

        public void Fail(Exception fault) => _sent.SetException(fault);
    }
}
