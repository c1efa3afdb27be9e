using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Sqlite;

/// <summary>Where the log lies and how it is written.</summary>
/// <param name="Directory">The data directory; made with access for its owner only when it is not
/// there. Exactly one hub at a time may have it open.</param>
public sealed record SqliteLogOptions(string Directory)
{
    /// <summary>How many pieces of work may be queued, 1 to 65,536; whoever comes then waits. It
    /// is also the most that one commit takes.</summary>
    public int QueueMax { get; init; } = 4096;

    /// <summary>After how many pages of 4 KiB the write-ahead log is carried over into the
    /// database; at least 1. More saves writing, fewer keeps the file and its recovery small.
    /// </summary>
    public int CheckpointPages { get; init; } = 4000;

    /// <summary>How many reads may run at once, at least 1; whoever comes then waits.</summary>
    public int ReadersMax { get; init; } = 8;

    /// <summary>How often at most the mark outside the database is written after commits.</summary>
    public TimeSpan MarkEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the sign of life is written, with or without commits.</summary>
    public TimeSpan SignOfLifeEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long rows are kept.</summary>
    public RetentionTimes Retention { get; init; } = new();

    /// <summary>How often what has had its time is taken away.</summary>
    public TimeSpan ThinEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Sees each connection that the writer opens. Tests make its disk fail with it.
    /// </summary>
    internal Action<SqliteConnection>? WriterConnected { get; init; }
}
