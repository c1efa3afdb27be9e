namespace Hearth.Sdk.Connection;

/// <summary>
/// How long to wait before connecting again: half a second at first, doubling up to half a
/// minute. Each wait is drawn from the upper half of its step, so that a house full of devices
/// does not come back in the same instant.
/// </summary>
internal sealed class Backoff(Random random)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan step = First;

    public TimeSpan Next()
    {
        var wait = step * (0.5 + random.NextDouble() / 2);
        step = step * 2 < Longest ? step * 2 : Longest;
        return wait;
    }

    public void Reset() => step = First;
}
