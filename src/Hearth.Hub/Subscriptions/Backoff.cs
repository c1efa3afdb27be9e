namespace Hearth.Hub.Subscriptions;

/// <summary>When a failed delivery is tried again, and until when.</summary>
internal static class Backoff
{
    /// <summary>How long an event is tried before it becomes a dead letter.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Exponential with full jitter: anything from nothing up to 1 s, 2 s, 4 s … 10 min, so that
    /// those who failed together do not come back together. A sink that says when to come back is
    /// not disturbed before.
    /// </summary>
    /// <param name="failures">How many there were in a row; at least 1.</param>
    public static TimeSpan Next(int failures, TimeSpan? retryAfter, Random random)
    {
        var doublings = Math.Min(failures - 1, 20);
        var span = Math.Min(First.Ticks << doublings, Most.Ticks);
        var delay = TimeSpan.FromTicks((long)(random.NextDouble() * span));
        if (retryAfter is not { } asked)
        {
            return delay;
        }

        asked = asked > GiveUpAfter ? GiveUpAfter : asked;
        return asked > delay ? asked : delay;
    }

    /// <summary>Whether an event has had its time: since it happened, or since the sink began to
    /// fail, whichever is later.</summary>
    public static bool IsOver(
        DateTimeOffset recorded,
        DateTimeOffset failingSince,
        DateTimeOffset now
    )
    {
        var since = recorded > failingSince ? recorded : failingSince;
        return now - since >= GiveUpAfter;
    }
}

/// <summary>So many deliveries a minute to one address, whoever makes them, evenly.</summary>
internal sealed class SinkRates(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _next = [];

    /// <summary>Completes when it is this delivery's turn.</summary>
    public Task WaitAsync(Uri sink, int ratePerMinute, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset turn;
        lock (_lock)
        {
            turn = _next.GetValueOrDefault(sink.AbsoluteUri, now);
            turn = turn > now ? turn : now;
            _next[sink.AbsoluteUri] = turn + TimeSpan.FromMinutes(1) / ratePerMinute;
        }

        return turn > now ? Task.Delay(turn - now, clock, cancellationToken) : Task.CompletedTask;
    }
}
