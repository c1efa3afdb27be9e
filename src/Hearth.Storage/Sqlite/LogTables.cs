using Hearth.Core.Events;
using Hearth.Storage.Sqlite.Search;
using Hearth.Storage.Sqlite.Subscriptions;
using Hearth.Storage.Sqlite.Truths;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// What the writer does to the tables, on its own connection. Whoever calls is inside a
/// transaction; what fails throws and is undone by the writer.
/// </summary>
internal sealed class LogTables : IDisposable
{
    private readonly Database _database;
    private readonly Statement _insert;
    private readonly TruthChanges _truths;
    private readonly SearchIndex _search;
    private readonly SearchTables _searchTables;
    private readonly Dictionary<HomeId, long> _numbers = [];

    public LogTables(Database database, PublishedFilters published, SearchIndex search)
    {
        _database = database;
        _search = search;
        _searchTables = new SearchTables(database);
        _truths = new TruthChanges(new TruthTables(database, published));
        _insert = database[
            """
            INSERT INTO log (key, count, class, time, checksum, events)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """
        ];
    }

    public void Begin() => _database["BEGIN IMMEDIATE"].Run();

    public void Commit() => _database["COMMIT"].Run();

    public void Savepoint()
    {
        _database["SAVEPOINT one"].Run();
        _search.Mark();
    }

    public void Release() => _database["RELEASE one"].Run();

    public void UndoToSavepoint()
    {
        _database["ROLLBACK TO one"].Run();
        _database["RELEASE one"].Run();
        _truths.Clear();
        _search.UndoToMark();
        // A home that was made behind the savepoint is gone again, and so is its number.
        _numbers.Clear();
    }

    /// <summary>Carries the write-ahead log over; answers false when readers were in the way of
    /// some of it.</summary>
    public bool Checkpoint(string mode)
    {
        var statement = _database[$"PRAGMA wal_checkpoint({mode})"];
        statement.Step();
        var complete = statement.Long(0) == 0 && statement.Long(1) == statement.Long(2);
        statement.Reset();
        return complete;
    }

    public int TakePagesWritten() => _database.TakePagesWritten();

    public void Dispose() => _database.Dispose();

    /// <summary>Makes the home where it is not there, and gives it the next owner.</summary>
    public HomeHead TakeOver(HomeId home)
    {
        var statement = _database[
            """
            INSERT INTO homes (home, last, owner) VALUES (?1, 0, 1)
            ON CONFLICT (home) DO UPDATE SET owner = owner + 1
            RETURNING no, last, owner
            """
        ];
        statement.Bind(1, home.Value).Step();
        var head = new HomeHead(
            statement.Long(0),
            new Sequence(statement.Long(1)),
            statement.Long(2)
        );
        statement.Reset();
        _numbers[home] = head.Number;
        return head;
    }

    /// <summary>The fence: moves the end of a home's log from where its owner thinks it is.
    /// </summary>
    /// <returns>The home's number.</returns>
    /// <exception cref="LogFencedException">It has another owner or another end.</exception>
    public long Advance(
        HomeId home,
        long owner,
        Sequence expected,
        Sequence last,
        DateTimeOffset? nextWakeup
    )
    {
        if (last.Value > LogKey.SequenceMax)
        {
            throw new InvalidOperationException($"Sequence {last.Value} does not fit.");
        }

        var number = NumberOf(home);
        var moved = _database[
            "UPDATE homes SET last = ?1, wakeup = ?2 WHERE no = ?3 AND last = ?4 AND owner = ?5"
        ]
            .Bind(1, last.Value)
            .Bind(2, nextWakeup is { } at ? LogKey.Ticks(at) : (long?)null)
            .Bind(3, number)
            .Bind(4, expected.Value)
            .Bind(5, owner)
            .Change();
        return moved == 1 ? number : throw new LogFencedException(home);
    }

    public void Insert(long home, Row row)
    {
        _insert
            .Bind(1, LogKey.Of(home, row.Last.Value))
            .Bind(2, row.Last.Value - row.First.Value + 1)
            .Bind(3, (long)row.Class)
            .Bind(4, LogKey.Ticks(row.Time))
            .Bind(5, Checksum.OfRow(row))
            .BindText(6, row.Body.Span)
            .Run();
        _truths.Apply(home, row.Home, row.Events);
        _search.Add(home, row);
    }

    /// <summary>Writes the next lines of the search index that are due.</summary>
    public void WriteSearch() => _search.WriteSlice(_searchTables);

    /// <summary>Writes lines of rows that were committed before the home was followed.</summary>
    public void Index(HomeId home, Sequence upTo, IReadOnlyList<SearchEntry> entries)
    {
        foreach (var entry in entries)
        {
            _searchTables.Insert(entry);
        }

        _searchTables.MoveWatermark(NumberOf(home), upTo.Value);
    }

    /// <summary>Follows a home for the search index from here on; false where it is not whole.
    /// </summary>
    public bool FollowSearch(HomeId home)
    {
        var number = NumberOf(home);
        if (_search.IsFollowed(number))
        {
            return true;
        }

        if (!_searchTables.IsWhole(number, out var watermark))
        {
            return false;
        }

        _search.Follow(number, watermark);
        return true;
    }

    public void TakeLines(IReadOnlyList<SearchEntry> lines)
    {
        foreach (var line in lines)
        {
            _searchTables.Take(line);
        }
    }

    public bool ClearSearch(HomeId home, int linesMax)
    {
        var number = NumberOf(home);
        _search.Forget(number);
        return _searchTables.Clear(number, linesMax);
    }

    public void Insert(long home, ReceivedPacket packet) =>
        _database["INSERT OR IGNORE INTO received (home, client, packet) VALUES (?1, ?2, ?3)"]
            .Bind(1, home)
            .Bind(2, packet.Client)
            .Bind(3, packet.PacketId)
            .Run();

    /// <summary>Writes what the inserted rows changed of the current truths.</summary>
    public void WriteTruths(long home) => _truths.Write(home);

    /// <summary>A home's snapshots, for its owner and not beyond the end of its log.</summary>
    /// <exception cref="LogFencedException">It has another owner, or its log ends before.
    /// </exception>
    public SnapshotTables Snapshots(HomeId home, long owner, Sequence sequence)
    {
        var number = NumberOf(home);
        var statement = _database[
            """
            SELECT 1 FROM homes WHERE no = ?1 AND owner = ?2 AND last >= ?3
            """
        ]
            .Bind(1, number)
            .Bind(2, owner)
            .Bind(3, sequence.Value);
        if (!statement.Step())
        {
            throw new LogFencedException(home);
        }

        statement.Reset();
        return new SnapshotTables(_database, home, number);
    }

    /// <summary>Writes what has changed of sessions and wills.</summary>
    public void SaveSessions(HomeId home, SessionChanges changes)
    {
        var number = NumberOf(home);
        new SessionTables(_database, number).Write(changes);
        new WillTable(_database, number).Write(changes);
    }

    public ThinningTables Thinning(HomeId home) => new(_database, NumberOf(home));

    public SubscriptionTables SubscriptionsOf(HomeId home) => new(_database, NumberOf(home));

    private long NumberOf(HomeId home)
    {
        if (_numbers.TryGetValue(home, out var known))
        {
            return known;
        }

        var statement = _database["SELECT no FROM homes WHERE home = ?1"].Bind(1, home.Value);
        if (!statement.Step())
        {
            throw new LogFencedException(home);
        }

        var number = statement.Long(0);
        statement.Reset();
        return _numbers[home] = number;
    }
}
