namespace Hearth.Simulation;

/// <summary>
/// How bad a run's world is: each seed draws its own, so that some runs fail everywhere and some
/// fail in one way only. Shares are of 1.
/// </summary>
internal sealed record Weather
{
    /// <summary>Commits that fail.</summary>
    public double Fail { get; init; }

    /// <summary>Commits that are durable and report a failure.</summary>
    public double Tear { get; init; }

    /// <summary>Commits and reads that take very long.</summary>
    public double Stall { get; init; }

    /// <summary>Reads that fail.</summary>
    public double ReadFail { get; init; }

    /// <summary>Calls on their way to a home that are lost, or whose answers are.</summary>
    public double Lose { get; init; }

    /// <summary>Mean time between two events of the kind, or null for never.</summary>
    public TimeSpan? Crash { get; init; }

    public TimeSpan? Outage { get; init; }

    public TimeSpan? Split { get; init; }

    public TimeSpan? Jump { get; init; }

    /// <summary>After this all is well, and everything must come to its end.</summary>
    public static Weather Fair { get; } = new();

    public static Weather Draw(Random random)
    {
        double Share(double most) => random.Next(3) == 0 ? 0 : random.NextDouble() * most;
        TimeSpan? Every(double seconds) =>
            random.Next(2) == 0
                ? null
                : TimeSpan.FromSeconds(seconds * (0.3 + random.NextDouble()));
        return new Weather
        {
            Fail = Share(0.03),
            Tear = Share(0.03),
            Stall = Share(0.01),
            ReadFail = Share(0.02),
            Lose = Share(0.01),
            Crash = Every(60),
            Outage = Every(90),
            Split = Every(60),
            Jump = Every(80),
        };
    }
}
