namespace Hearth.Homes;

/// <summary>
/// Rings when the home wants to be woken. It looks at the clock again every half minute while
/// something is pending, because deadlines follow the wall clock and timers do not.
/// </summary>
internal sealed class WakeTimer(HomeSurroundings around, Func<DateTimeOffset?> next, Action wake)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(1);

    private ITimer? _timer;
    private Arming? _arming;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;

    /// <summary>Sees to it that the timer rings no later than the next deadline. A deadline that
    /// moves further away costs nothing: the timer then rings for nothing, once.</summary>
    public void Arm()
    {
        if (next() is not { } due || due >= _armedFor)
        {
            return;
        }

        var now = around.Clock.GetUtcNow();
        var wait = due - now;
        wait = wait > WaitMax ? WaitMax : wait;
        // A timer may ring a little before the clock says so; a millisecond keeps it from spinning.
        wait = wait < WaitMin ? WaitMin : wait;
        _armedFor = now + wait;
        if (_timer is null)
        {
            _arming = new Arming(this);
            _timer = around.Clock.CreateTimer(Ring, _arming, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What still rings after this is not heard.</summary>
    public void Disarm()
    {
        _timer?.Dispose();
        _timer = null;
        _arming = null;
        _armedFor = DateTimeOffset.MaxValue;
    }

    /// <summary>On the timer's thread: all it does is to ask for a turn.</summary>
    private static void Ring(object? state)
    {
        var arming = (Arming)state!;
        _ = Task.Factory.StartNew(
            arming.Rang,
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            arming.Timer.Turns
        );
    }

    private TaskScheduler Turns => around.Turns;

    private void Rang(Arming arming)
    {
        if (ReferenceEquals(arming, _arming))
        {
            _armedFor = DateTimeOffset.MaxValue;
            wake();
        }
    }

    private sealed class Arming(WakeTimer timer)
    {
        public WakeTimer Timer => timer;

        public void Rang() => timer.Rang(this);
    }
}

/// <summary>
/// Notices that the wall clock no longer goes the way the monotonic clock does. Small steps are
/// taken as they come; whoever sets the clock jumps by more than a minute.
/// </summary>
internal sealed class JumpDetector(TimeProvider clock)
{
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(60);

    private DateTimeOffset _wall = clock.GetUtcNow();
    private long _steady = clock.GetTimestamp();

    /// <summary>By how much the wall clock jumped since it was last looked at; null when it did
    /// not.</summary>
    public TimeSpan? Check(DateTimeOffset now)
    {
        var steady = clock.GetTimestamp();
        var drift = now - _wall - clock.GetElapsedTime(_steady, steady);
        (_wall, _steady) = (now, steady);
        return drift.Duration() > Jump ? drift : null;
    }

    /// <summary>The home was down; what happened meanwhile is no jump.</summary>
    public void Reset() => Check(clock.GetUtcNow());
}
