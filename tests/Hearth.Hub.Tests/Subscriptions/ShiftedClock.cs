namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>A clock that runs as the machine's, and can be put forward.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _ticks;

    public void PutForward(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() =>
        System.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
}
