namespace Hearth.Simulation;

/// <summary>
/// Time that passes only when the world has nothing else to do. The wall clock can be set; the
/// steady one, which timers follow, cannot.
/// </summary>
internal sealed class SimulatedClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Ring, (TimeSpan Due, long Number)> _rings = new();
    private long _numbers;
    private TimeSpan _wallAhead;

    /// <summary>How long the world has been running.</summary>
    public TimeSpan Elapsed { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed + _wallAhead;

    public override long GetTimestamp() => Elapsed.Ticks;

    /// <summary>Somebody sets the wall clock.</summary>
    public void SetWall(TimeSpan by) => _wallAhead += by;

    /// <summary>Lets time pass until the next timer is due, and rings it.</summary>
    /// <returns>False when there is none before <paramref name="until"/>; time then stands there.
    /// </returns>
    public bool Advance(TimeSpan until)
    {
        while (_rings.TryPeek(out var ring, out var at) && at.Due <= until)
        {
            _rings.Dequeue();
            if (!ring.IsCurrent)
            {
                continue;
            }

            Elapsed = at.Due > Elapsed ? at.Due : Elapsed;
            ring.Timer.Run();
            return true;
        }

        Elapsed = until > Elapsed ? until : Elapsed;
        return false;
    }

    /// <summary>Does something after a while, on the thread that drives the world.</summary>
    public void After(TimeSpan wait, Action action) =>
        CreateTimer(static state => ((Action)state!)(), action, wait, Timeout.InfiniteTimeSpan);

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private readonly record struct Ring(SimulatedTimer Timer, long Generation)
    {
        public bool IsCurrent => Timer.Generation == Generation;
    }

    private sealed class SimulatedTimer(SimulatedClock clock, TimerCallback callback, object? state)
        : ITimer
    {
        private TimeSpan _period;

        public long Generation { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Generation++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                var due = (clock.Elapsed + dueTime, clock._numbers++);
                clock._rings.Enqueue(new Ring(this, Generation), due);
            }

            return true;
        }

        public void Run()
        {
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            callback(state);
        }

        public void Dispose() => Generation++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
