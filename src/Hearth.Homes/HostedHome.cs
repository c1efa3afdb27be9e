using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Homes;

/// <summary>
/// A home as calls reach it, with the ring that followers in this process read. Everything of a
/// grain but Orleans, so that the simulation runs it, too.
/// </summary>
internal sealed class HostedHome : IDisposable
{
    private readonly HomeId _id;
    private readonly LocalHomes _local;
    private readonly IEventLog _log;
    private readonly TimeProvider _clock;
    private readonly RowRing _ring;

    public HostedHome(HomeId id, LocalHomes local, HomeSurroundings around)
    {
        _id = id;
        _local = local;
        _log = around.Log;
        _clock = around.Clock;
        _ring = new RowRing(around.Options.RingRows, around.Options.RingBytes, around.Clock);
        Live = new LiveHome(id, _ring, around);
    }

    public LiveHome Live { get; }

    /// <summary>Completes when another owner has taken the home.</summary>
    public Task Ended => Live.Ended;

    /// <summary>Whether something is pending or somebody follows: not idle, though nobody calls.
    /// </summary>
    public bool IsNeeded => Live.HasPendingWakeup || _ring.IsFollowed;

    public void Start()
    {
        _local.Add(_id, _ring);
        Live.Start();
    }

    public Task StopAsync() => Live.StopAsync();

    /// <summary>Leaves this process: followers here look for the home anew.</summary>
    public void Leave()
    {
        Live.Leave("The home moves; try again.");
        _local.Remove(_id, _ring);
    }

    public void Dispose() => Live.Dispose();

    public async ValueTask<RowBatch> OpenAsync()
    {
        // A call without inputs is answered when the home is open and all before it is durable.
        var answers = await SubmitAsync(new SubmissionBatch([]));
        return new RowBatch([], _ring.Head, Closed: answers.Closed);
    }

    public async ValueTask<AnswerBatch> SubmitAsync(SubmissionBatch batch)
    {
        try
        {
            return AnswerBatch.Of(await Live.SubmitAsync(batch.Items));
        }
        catch (HomeClosedException closed)
        {
            return AnswerBatch.HomeClosed(closed.Message);
        }
    }

    public async ValueTask<RowBatch> ReadAsync(ReadRequest request)
    {
        var (after, rowsMax, bytesMax, wait) = request;
        try
        {
            if (after >= _ring.Head)
            {
                await WaitAsync(after, wait);
            }

            var rows = _ring.Read(after, rowsMax, bytesMax);
            if (rows.Count == 0 && after < _ring.Head)
            {
                var none = CancellationToken.None;
                rows = await OlderRows.ReadAsync(_log, _id, after, rowsMax, bytesMax, none);
            }

            return new RowBatch(rows, _ring.Head);
        }
        catch (CursorGoneException gone)
        {
            return new RowBatch([], _ring.Head, Oldest: gone.Oldest);
        }
        catch (HomeClosedException closed)
        {
            return new RowBatch([], _ring.Head, Closed: closed.Message);
        }
    }

    public async ValueTask<StateBytes> CaptureAsync()
    {
        try
        {
            // A call without inputs is answered when the home is open and all before it is durable.
            await Live.SubmitAsync([]);
            if (Live.Home is not { } home)
            {
                return new StateBytes(default, Live.Closed ?? "The home moves; try again.");
            }

            var snapshot = home.Capture();
            await Live.SubmitAsync([]);
            // Writing it down takes longer than the home may stand still.
            return new StateBytes(await Task.Run(snapshot.ToBytes));
        }
        catch (HomeClosedException closed)
        {
            return new StateBytes(default, closed.Message);
        }
    }

    private async Task WaitAsync(Sequence after, TimeSpan wait)
    {
        using var deadline = new CancellationTokenSource(wait, _clock);
        try
        {
            await _ring.WaitAsync(after, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // No row came; the follower asks again.
        }
    }
}
