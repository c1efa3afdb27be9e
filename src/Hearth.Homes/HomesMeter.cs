using System.Diagnostics.Metrics;
using Hearth.Core;

namespace Hearth.Homes;

/// <summary>What homes measure of themselves; costs next to nothing while nobody listens.</summary>
internal static class HomesMeter
{
    public const string Name = "Hearth.Homes";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Decide = Meter.CreateHistogram<double>(
        "hearth.homes.decide.duration",
        "s",
        "How long deciding one input took."
    );

    private static readonly Histogram<int> Commit = Meter.CreateHistogram<int>(
        "hearth.homes.commit.rows",
        "{row}",
        "Rows that shared one commit."
    );

    private static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>(
        "hearth.homes.calls.waiting",
        "{call}",
        "Calls that wait for their turn: the depth of the homes' queues."
    );

    public static void Queued(int calls) => Waiting.Add(calls);

    public static void Decided(Input input, TimeSpan took)
    {
        if (Decide.Enabled)
        {
            Decide.Record(
                took.TotalSeconds,
                new KeyValuePair<string, object?>("input", input.GetType().Name)
            );
        }
    }

    public static void Committed(int rows) => Commit.Record(rows);
}
