using System.Collections.Concurrent;
using System.Reflection;

namespace Hearth.Simulation;

/// <summary>Runs worlds, several at a time; each is a world of its own.</summary>
internal static class Seeds
{
    public static SeedsResult Run(IEnumerable<int> seeds)
    {
        var failures = new ConcurrentBag<string>();
        var reports = new ConcurrentBag<RunReport>();
        // Worlds know nothing of the runner's context; their threads are their own schedulers.
        Parallel.ForEach(
            seeds,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            seed =>
            {
                try
                {
                    reports.Add(new World(seed).Run());
                }
                catch (Exception fault)
                {
                    failures.Add($"seed {seed} ({Version}): {fault}\n  ./simulate {seed}");
                }
            }
        );
        return new SeedsResult([.. failures.Order()], [.. reports]);
    }

    private static string Version { get; } =
        typeof(Seeds)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "unknown version";
}

internal sealed record SeedsResult(IReadOnlyList<string> Failures, IReadOnlyList<RunReport> Reports)
{
    public long Events => Reports.Sum(report => report.Events);
}
