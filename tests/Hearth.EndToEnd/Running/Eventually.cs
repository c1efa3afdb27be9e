using System.Diagnostics;

namespace Hearth.EndToEnd.Running;

/// <summary>
/// Waits for a condition, never for a time: looks again and again until it holds, and fails with
/// what was seen last.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>What is found, once it is found.</summary>
    /// <param name="look">The value, or null and what was seen instead.</param>
    public static async Task<T> Finds<T>(
        string what,
        TimeSpan within,
        Func<Task<(T? Found, string Seen)>> look
    )
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var (found, seen) = await look();
            if (found is not null)
            {
                return found;
            }

            if (watch.Elapsed > within)
            {
                Assert.Fail($"Not within {within.TotalSeconds} s: {what}.\nSeen last: {seen}");
            }

            // The pause between two looks, not what is waited for.
            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static Task Holds(
        string what,
        TimeSpan within,
        Func<Task<(bool Holds, string Seen)>> look
    ) =>
        Finds(
            what,
            within,
            async () =>
            {
                var (holds, seen) = await look();
                return (holds ? "" : null, seen);
            }
        );

    public static Task Holds(string what, TimeSpan within, Func<bool> holds, Func<string> seen) =>
        Holds(what, within, () => Task.FromResult((holds(), seen())));
}
