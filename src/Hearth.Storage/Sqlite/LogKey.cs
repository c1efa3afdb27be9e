using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// Where a row lies in the table of the log: the home's number, then the row's last sequence, in
/// one integer. So the table is its own index: rows of a home lie together and in order, and the
/// row that a sequence stands inside is the first one at or after it.
/// </summary>
internal static class LogKey
{
    private const int SequenceBits = 44;

    /// <summary>The largest sequence that fits: 17 million million, or 55 years of 10,000 a second.
    /// </summary>
    public const long SequenceMax = (1L << SequenceBits) - 1;

    public static long Of(long home, long sequence) => home << SequenceBits | sequence;

    public static long SequenceOf(long key) => key & SequenceMax;

    /// <summary>Times are kept as ticks of 100 ns since 1970, so that they come back exactly.
    /// </summary>
    public static long Ticks(DateTimeOffset time) =>
        time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;

    /// <summary>False for what cannot be a time, because it was damaged.</summary>
    public static bool IsTime(long ticks) =>
        ticks >= Ticks(DateTimeOffset.MinValue) && ticks <= Ticks(DateTimeOffset.MaxValue);

    public static DateTimeOffset Time(long ticks) =>
        new(DateTimeOffset.UnixEpoch.UtcTicks + ticks, TimeSpan.Zero);
}
