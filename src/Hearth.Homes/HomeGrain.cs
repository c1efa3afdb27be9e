using Hearth.Core.Events;
using Hearth.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Hearth.Homes;

/// <summary>
/// Orleans' part in a home: that it lives once in the cluster, and has one turn at a time. All else
/// is in <see cref="LiveHome"/>. Reentrant, because a call waits for nothing but commits.
/// </summary>
[Reentrant]
internal sealed class HomeGrain(
    IEventLog log,
    TimeProvider clock,
    HomesOptions options,
    LocalHomes local,
    ILogger<HomeGrain> logger
) : Grain, IHomeGrain, IDisposable
{
    /// <summary>How often a home looks whether it is still needed here, and for how long that is
    /// good.</summary>
    private static readonly TimeSpan StayCheck = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Stay = TimeSpan.FromMinutes(5);

    private HomeId _id;
    private LiveHome _live = null!;
    private RowRing _ring = null!;
    private Task _leaving = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = new HomeId(this.GetPrimaryKeyString());
        _ring = new RowRing(options.RingRows, options.RingBytes, clock);
        var around = new HomeSurroundings(
            log,
            clock,
            new Random(),
            options,
            TaskScheduler.Current,
            TaskScheduler.Default,
            logger
        );
        _live = new LiveHome(_id, _ring, around);
        local.Add(_id, _ring);
        _live.Start();
        _leaving = LeaveWhenEndedAsync();
        this.RegisterGrainTimer(
            StayWhileNeeded,
            new GrainTimerCreationOptions(StayCheck, StayCheck) { Interleave = true }
        );
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(
        DeactivationReason reason,
        CancellationToken cancellationToken
    )
    {
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown)
        {
            await _live.StopAsync().WaitAsync(cancellationToken);
        }

        _live.Leave("The home moves.");
        local.Remove(_id, _ring);
        await _leaving;
    }

    public void Dispose() => _live.Dispose();

    public async ValueTask<RowBatch> Open()
    {
        var answers = await Submit(new SubmissionBatch([]));
        return new RowBatch([], _ring.Head, Closed: answers.Closed);
    }

    public async ValueTask<AnswerBatch> Submit(SubmissionBatch batch)
    {
        try
        {
            return AnswerBatch.Of(await _live.SubmitAsync(batch.Items));
        }
        catch (HomeClosedException closed)
        {
            return AnswerBatch.HomeClosed(closed.Message);
        }
    }

    public async ValueTask<RowBatch> ReadCommitted(ReadRequest request)
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
                rows = await OlderRows.ReadAsync(
                    log,
                    _id,
                    after,
                    rowsMax,
                    bytesMax,
                    CancellationToken.None
                );
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

    private async Task WaitAsync(Sequence after, TimeSpan wait)
    {
        using var deadline = new CancellationTokenSource(wait, clock);
        try
        {
            await _ring.WaitAsync(after, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // No row came; the follower asks again.
        }
    }

    private async Task LeaveWhenEndedAsync()
    {
        await _live.Ended;
        DeactivateOnIdle();
    }

    /// <summary>Somebody follows, or something is pending: not idle, though nobody calls.</summary>
    private Task StayWhileNeeded(CancellationToken cancellationToken)
    {
        if (_live.HasPendingWakeup || _ring.IsFollowed)
        {
            DelayDeactivation(Stay);
        }

        return Task.CompletedTask;
    }
}
