using System.Diagnostics;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Bench;

/// <summary>Who wants an event: every subscription asked, and looked up in the index. No hub.
/// </summary>
internal static class MatchLoad
{
    private static readonly Event Item = new()
    {
        Sequence = new Sequence(7),
        Id = "7",
        Source = "/garden/gate",
        Time = DateTimeOffset.UnixEpoch,
        RecordedTime = DateTimeOffset.UnixEpoch,
        Principal = Principal.Anonymous,
        Root = new EventRef(new Sequence(7), "7"),
        Data = new MessageReceived("home/7/power", Payload.FromText("63"), 1, false, "desk"),
    };

    public static int Run(Arguments options)
    {
        var definitions = Definitions(options.Number("subscriptions", 10_000)).ToList();
        var index = new SubscriptionIndex<SubscriptionDefinition>(
            definitions.Select(definition => KeyValuePair.Create(definition, definition))
        );
        var found = new List<SubscriptionDefinition>();
        Report("asked", definitions.Count, () => definitions.Count(one => one.Matches(Item)));
        Report(
            "looked up",
            definitions.Count,
            () =>
            {
                found.Clear();
                index.Find(Item, found);
                return found.Count(one => one.Matches(Item));
            }
        );
        return 0;
    }

    /// <summary>Three want the event; the rest others of its kind.</summary>
    private static IEnumerable<SubscriptionDefinition> Definitions(int count)
    {
        string[] wanting =
        [
            """{"topic":"home/7/power"}""",
            """{"topic":"home/+/power"}""",
            """{"prefix":{"type":"hearth.message."}}""",
        ];
        for (var number = 0; number < count; number++)
        {
            var filter =
                number < wanting.Length
                    ? wanting[number]
                    : (number % 3) switch
                    {
                        0 => $$$"""{"topic":"home/{{{number + 10}}}/power"}""",
                        1 => $$$"""{"prefix":{"type":"com.example.{{{number}}}."}}""",
                        _ => $$$"""{"exact":{"subject":"gate {{{number}}}"}}""",
                    };
            yield return SubscriptionDefinition.Read(
                $$"""{"sink":"https://x.example/","protocol":"HTTP","filters":[{{filter}}]}""",
                []
            )!;
        }
    }

    private static void Report(string how, int count, Func<int> match)
    {
        var wanted = 0;
        // The first second is for the compiler. Time on the processor is what counts: it does not
        // hang on who else is on the machine.
        var (rounds, watch) = (0, Stopwatch.StartNew());
        var began = Environment.CpuUsage.TotalTime;
        for (var warm = false; watch.Elapsed < TimeSpan.FromSeconds(3); rounds++)
        {
            wanted = match();
            if (!warm && watch.Elapsed > TimeSpan.FromSeconds(1))
            {
                (warm, rounds, began) = (true, -1, Environment.CpuUsage.TotalTime);
            }
        }

        var took = (Environment.CpuUsage.TotalTime - began) / Math.Max(rounds, 1);
        Console.WriteLine(
            $"{count:N0} subscriptions {how}: {took.TotalMicroseconds:N2} us an event,"
                + $" {wanted} want it"
        );
    }
}
