namespace Hearth.Storage.Sqlite;

/// <summary>What the log has done since it was opened.</summary>
/// <param name="Commits">Transactions that became durable.</param>
/// <param name="Rows">Rows in them.</param>
/// <param name="Failures">Transactions that failed; nothing of them is there.</param>
/// <param name="Checkpoints">How often the write-ahead log was carried over.</param>
/// <param name="Queued">What waits now.</param>
/// <param name="LastCommit">How long the newest commit took.</param>
public readonly record struct LogStatistics(
    long Commits,
    long Rows,
    long Failures,
    long Checkpoints,
    int Queued,
    TimeSpan LastCommit
);
