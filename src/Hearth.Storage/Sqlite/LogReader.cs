using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// How the log is read: every row is verified, and so is that none is missing. What does not hold
/// is named, never skipped.
/// </summary>
internal readonly struct LogReader(Database database, HomeId home)
{
    private const string SelectRows = """
        SELECT key, count, class, time, checksum, events
        FROM log WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT ?3
        """;

    /// <summary>The home's number, or null when there is no such home.</summary>
    public long? Number() => Head()?.Number;

    /// <summary>Retention may have taken rows up to here; above it every row is there.</summary>
    public Sequence Thinned() => Head()?.Thinned ?? Sequence.None;

    /// <param name="upTo">Only rows that end here or before; null for all.</param>
    public IReadOnlyList<Row> Read(
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken,
        Sequence? upTo = null
    )
    {
        if (Head() is not { } head || after >= head.Last || rowsMax <= 0)
        {
            return [];
        }

        var end = upTo < head.Last ? upTo.Value : head.Last;
        var statement = database[SelectRows]
            .Bind(1, LogKey.Of(head.Number, after.Value))
            .Bind(2, LogKey.Of(head.Number, end.Value))
            .Bind(3, rowsMax);
        var rows = new List<Row>();
        var expected = after.Next;
        long bytes = 0;
        while (statement.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = Verified(statement);
            CheckFollows(row, expected, head.Thinned, isFirst: rows.Count == 0);
            bytes += row.Body.Length;
            if (rows.Count > 0 && bytes > bytesMax)
            {
                statement.Reset();
                return rows;
            }

            rows.Add(row);
            expected = row.Last.Next;
        }

        if (end == head.Last && rows.Count < rowsMax && expected <= head.Last)
        {
            throw new LogDamagedException(
                $"The log of home {home} ends at {expected.Value - 1}, but it had come to "
                    + $"{head.Last.Value}: rows are missing."
            );
        }

        return rows;
    }

    /// <summary>The row that the sequence before this one stands in, or, where retention has taken
    /// it, the one before that; null at the beginning of the log.</summary>
    public Row? RowBefore(long sequence, LogHead head)
    {
        if (sequence <= 1)
        {
            return null;
        }

        var holding = database[SelectRows]
            .Bind(1, LogKey.Of(head.Number, sequence - 2))
            .Bind(2, LogKey.Of(head.Number, head.Last.Value))
            .Bind(3, 1);
        if (One(holding) is { } row && row.First.Value < sequence)
        {
            return row;
        }

        if (sequence - 1 > head.Thinned.Value)
        {
            throw Missing(sequence - 1);
        }

        var earlier = database[
            """
            SELECT key, count, class, time, checksum, events
            FROM log WHERE key > ?1 AND key < ?2 ORDER BY key DESC LIMIT 1
            """
        ]
            .Bind(1, LogKey.Of(head.Number, 0))
            .Bind(2, LogKey.Of(head.Number, sequence - 1));
        return One(earlier);
    }

    /// <summary>The rows before one, newest first, until either maximum is reached.</summary>
    /// <param name="first">Where that row begins.</param>
    /// <param name="floor">Only rows that end after this.</param>
    public IReadOnlyList<Row> ReadBackwards(
        long first,
        long floor,
        LogHead head,
        int rowsMax,
        long bytesMax
    )
    {
        var statement = database[
            """
            SELECT key, count, class, time, checksum, events
            FROM log WHERE key > ?1 AND key < ?2 ORDER BY key DESC LIMIT ?3
            """
        ]
            .Bind(1, LogKey.Of(head.Number, floor))
            .Bind(2, LogKey.Of(head.Number, first))
            .Bind(3, rowsMax);
        var rows = new List<Row>();
        var expected = first - 1;
        long bytes = 0;
        while (statement.Step())
        {
            var row = Verified(statement);
            if (row.Last.Value != expected && expected > head.Thinned.Value)
            {
                throw Missing(expected);
            }

            rows.Add(row);
            expected = row.First.Value - 1;
            bytes += row.Body.Length;
            if (bytes > bytesMax)
            {
                statement.Reset();
                break;
            }
        }

        return rows;
    }

    private Row? One(Statement statement)
    {
        if (!statement.Step())
        {
            return null;
        }

        var row = Verified(statement);
        statement.Reset();
        return row;
    }

    private LogDamagedException Missing(long sequence) =>
        new($"The row of home {home} with the event {sequence} is missing.");

    /// <summary>When the newest row was taken; null for an empty log.</summary>
    /// <exception cref="LogDamagedException">The newest row is not where the log's head says.
    /// </exception>
    public DateTimeOffset? NewestTime()
    {
        if (Head() is not { } head)
        {
            return null;
        }

        var statement = database[
            """
            SELECT key, time FROM log WHERE key > ?1 AND key <= ?2 ORDER BY key DESC LIMIT 1
            """
        ]
            .Bind(1, LogKey.Of(head.Number, 0))
            .Bind(2, LogKey.Of(head.Number, LogKey.SequenceMax));
        var newest = 0L;
        DateTimeOffset? time = null;
        if (statement.Step())
        {
            newest = LogKey.SequenceOf(statement.Long(0));
            time = LogKey.IsTime(statement.Long(1)) ? LogKey.Time(statement.Long(1)) : null;
            statement.Reset();
        }

        return newest == head.Last.Value || head.Thinned >= head.Last
            ? time
            : throw new LogDamagedException(
                $"The newest row of home {home} ends at {newest}, but its log should have come to "
                    + $"{head.Last.Value}."
            );
    }

    /// <summary>Snapshots up to a sequence, newest first, each with whether it verified.</summary>
    public IReadOnlyList<(StoredSnapshot Snapshot, bool IsVerified)> Snapshots(Sequence upTo) =>
        Head() is { } head ? new SnapshotTables(database, home, head.Number).UpTo(upTo) : [];

    public LogHead? Head()
    {
        var statement = database["SELECT no, last, thinned, searchable FROM homes WHERE home = ?1"]
            .Bind(1, home.Value);
        if (!statement.Step())
        {
            return null;
        }

        var head = new LogHead(
            statement.Long(0),
            new Sequence(statement.Long(1)),
            new Sequence(statement.Long(2)),
            new Sequence(statement.Long(3))
        );
        statement.Reset();
        return head;
    }

    private Row Verified(Statement statement)
    {
        var last = new Sequence(LogKey.SequenceOf(statement.Long(0)));
        var first = new Sequence(last.Value - statement.Long(1) + 1);
        var retention = (RetentionClass)statement.Long(2);
        var ticks = statement.Long(3);
        var body = statement.Bytes(5).ToArray();
        // A damaged time may be one that does not exist.
        var isTime = LogKey.IsTime(ticks);
        var time = isTime ? LogKey.Time(ticks) : default;
        if (
            !isTime
            || Checksum.OfRow(home, first, last, retention, time, body) != statement.Long(4)
        )
        {
            throw new LogDamagedException(
                $"The row of home {home} that ends at {last.Value} is damaged: its checksum does "
                    + "not hold."
            );
        }

        return Row.Stored(home, first, last, retention, time, body);
    }

    /// <summary>Rows follow each other without gaps, but where retention has taken some.</summary>
    private void CheckFollows(Row row, Sequence expected, Sequence thinned, bool isFirst)
    {
        // The first row may begin before: the reader's sequence can stand inside it.
        var overlaps = row.First < expected && !isFirst;
        var isMissing = row.First > expected && row.First.Value - 1 > thinned.Value;
        if (overlaps || isMissing)
        {
            throw new LogDamagedException(
                $"The log of home {home} goes on with {row.First.Value}–{row.Last.Value} where "
                    + $"{expected.Value} should be: rows are missing or damaged."
            );
        }
    }
}

/// <summary>What is known of a home's log beside its rows.</summary>
/// <param name="Thinned">Retention may have taken rows up to here.</param>
/// <param name="Searchable">Up to here the search index is whole.</param>
internal sealed record LogHead(long Number, Sequence Last, Sequence Thinned, Sequence Searchable);
