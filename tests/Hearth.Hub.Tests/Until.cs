using System.Diagnostics;

namespace Hearth.Hub.Tests;

/// <summary>Waits for a condition that nothing announces.</summary>
internal static class Until
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition, string what) =>
        TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var stop = TestContext.Current.CancellationToken;
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Deadline, $"Waited in vain for {what}.");
            // The pace of asking, not a time to wait: the condition decides.
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, stop);
        }
    }
}
