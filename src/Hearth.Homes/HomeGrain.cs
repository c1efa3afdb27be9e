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

    private HostedHome _hosted = null!;
    private Task _leaving = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var around = new HomeSurroundings(
            log,
            clock,
            new Random(),
            options,
            TaskScheduler.Current,
            TaskScheduler.Default,
            logger
        );
        _hosted = new HostedHome(new HomeId(this.GetPrimaryKeyString()), local, around);
        _hosted.Start();
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
            await _hosted.StopAsync().WaitAsync(cancellationToken);
        }

        _hosted.Leave();
        await _leaving;
    }

    public void Dispose() => _hosted.Dispose();

    public ValueTask<RowBatch> Open() => _hosted.OpenAsync();

    public ValueTask<AnswerBatch> Submit(SubmissionBatch batch) => _hosted.SubmitAsync(batch);

    public ValueTask<RowBatch> ReadCommitted(ReadRequest request) => _hosted.ReadAsync(request);

    public ValueTask<StateBytes> Capture() => _hosted.CaptureAsync();

    private async Task LeaveWhenEndedAsync()
    {
        await _hosted.Ended;
        DeactivateOnIdle();
    }

    /// <summary>Somebody follows, or something is pending: not idle, though nobody calls.</summary>
    private Task StayWhileNeeded(CancellationToken cancellationToken)
    {
        if (_hosted.IsNeeded)
        {
            DelayDeactivation(Stay);
        }

        return Task.CompletedTask;
    }
}
