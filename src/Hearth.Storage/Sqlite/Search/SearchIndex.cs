using System.Runtime.InteropServices;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Search;

/// <summary>
/// Follows the log for the index, on the writer's thread: gathers the lines of what is committed,
/// sorts them, and writes them in bulk, a slice with each commit, so that no commit waits long.
/// A home's watermark, up to which the index is whole, moves when a run is written. A home is
/// followed from the moment its watermark has come to its end; until then, after a start or a
/// failure, <see cref="SearchCatchUp"/> reads the log for it.
/// </summary>
internal sealed class SearchIndex
{
    /// <summary>A run begins when this many rows wait, or when the log rests.</summary>
    private const int RowsOfRun = 20_000;

    /// <summary>Above this the index goes first: searches read what it does not have.</summary>
    private const int RowsBehindMax = 50_000;

    /// <summary>How many seconds a home that never rests is behind at most, if it has time.
    /// </summary>
    private const int TicksOfRun = 5;

    private const int Slice = 1_000;
    private const int LargeSlice = 16_000;

    private readonly Dictionary<long, long> _followed = [];
    private readonly Dictionary<long, SearchLines> _lines = [];
    private List<SearchEntry> _gathered = [];
    private List<SearchEntry> _run = [];
    private Dictionary<long, long> _runUpTo = [];
    private int _written;
    private int _mark;
    private long _rowsGathered;
    private long _rowsAtTick;
    private int _ticks;
    private bool _isAtRest;

    /// <summary>Where to return to when what comes next is undone.</summary>
    public void Mark() => _mark = _gathered.Count;

    public void UndoToMark()
    {
        _gathered.RemoveRange(_mark, _gathered.Count - _mark);
        foreach (var lines in _lines.Values)
        {
            lines.Forget();
        }
    }

    /// <summary>A row that is being committed.</summary>
    public void Add(long home, Row row)
    {
        if (_lines.TryGetValue(home, out var lines))
        {
            lines.Add(row, _gathered);
            _rowsGathered++;
        }
    }

    /// <summary>What was added of a home is durable up to here.</summary>
    public void Committed(long home, Sequence last)
    {
        if (_followed.ContainsKey(home))
        {
            _followed[home] = last.Value;
        }
    }

    /// <summary>From here on the home is followed.</summary>
    public void Follow(long home, Sequence watermark)
    {
        _followed[home] = watermark.Value;
        _lines[home] = new SearchLines(home);
    }

    public bool IsFollowed(long home) => _followed.ContainsKey(home);

    public void Forget(long home)
    {
        _followed.Remove(home);
        _lines.Remove(home);
    }

    /// <summary>After a failure nobody knows what is in the log: it is read again.</summary>
    public void ForgetAll()
    {
        _followed.Clear();
        _lines.Clear();
        _gathered.Clear();
        _run.Clear();
        _runUpTo = [];
        _written = 0;
        _mark = 0;
        _rowsGathered = 0;
        IsLost = true;
    }

    /// <summary>Whether a run is under way.</summary>
    public bool IsWriting => _runUpTo.Count > 0;

    /// <summary>Set when <see cref="ForgetAll"/> left homes that nobody follows.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether a run should begin, because many rows wait.</summary>
    public bool IsDue => !IsWriting && _rowsGathered >= RowsOfRun;

    /// <summary>About a second has passed. Whether a run should begin, because the log rests or the
    /// last run is some time ago.</summary>
    public bool IsDueWithTime()
    {
        _isAtRest = _rowsGathered == _rowsAtTick;
        _rowsAtTick = _rowsGathered;
        _ticks++;
        return !IsWriting && _rowsGathered > 0 && (_isAtRest || _ticks >= TicksOfRun);
    }

    /// <summary>Begins a run, between two commits: all that was gathered is durable.</summary>
    public void BeginRun()
    {
        (_run, _gathered) = (_gathered, _run);
        _gathered.Clear();
        CollectionsMarshal.AsSpan(_run).Sort(SearchEntry.InOrder);
        _runUpTo = new Dictionary<long, long>(_followed);
        _written = 0;
        _mark = 0;
        _rowsGathered = 0;
        _rowsAtTick = 0;
        _ticks = 0;
    }

    /// <summary>Writes the next lines of the run, inside a transaction; the watermarks with the
    /// last.</summary>
    public void WriteSlice(SearchTables tables)
    {
        if (!IsWriting)
        {
            return;
        }

        var isFirst = _isAtRest || _rowsGathered > RowsBehindMax - RowsOfRun;
        var slice = isFirst ? LargeSlice : Slice;
        var end = Math.Min(_run.Count, _written + slice);
        for (; _written < end; _written++)
        {
            tables.Insert(_run[_written]);
        }

        if (_written < _run.Count)
        {
            return;
        }

        foreach (var (home, upTo) in _runUpTo)
        {
            // A home that is read again from its watermark on moves it itself.
            if (_followed.ContainsKey(home))
            {
                tables.MoveWatermark(home, upTo);
            }
        }

        _runUpTo = [];
    }
}

/// <summary>How the index is written.</summary>
internal sealed class SearchTables(Database database)
{
    private readonly Statement _insert = database[
        "INSERT OR IGNORE INTO search (home, term, block) VALUES (?1, ?2, ?3)"
    ];

    public void Insert(SearchEntry entry) =>
        _insert.Bind(1, entry.Home).Bind(2, entry.Term).Bind(3, entry.Block).Run();

    public void Take(SearchEntry entry) =>
        database["DELETE FROM search WHERE home = ?1 AND term = ?2 AND block = ?3"]
            .Bind(1, entry.Home)
            .Bind(2, entry.Term)
            .Bind(3, entry.Block)
            .Run();

    public void MoveWatermark(long home, long upTo) =>
        database["UPDATE homes SET searchable = ?2 WHERE no = ?1 AND searchable < ?2"]
            .Bind(1, home)
            .Bind(2, upTo)
            .Run();

    /// <summary>Whether the watermark is at the end of the home's log.</summary>
    public bool IsWhole(long home, out Sequence watermark)
    {
        var statement = database["SELECT searchable, last FROM homes WHERE no = ?1"].Bind(1, home);
        watermark = Sequence.None;
        if (!statement.Step())
        {
            return false;
        }

        watermark = new Sequence(statement.Long(0));
        var isWhole = statement.Long(0) == statement.Long(1);
        statement.Reset();
        return isWhole;
    }

    /// <summary>Takes some lines of a home away; false when none are left, and then its watermark
    /// is back at the beginning.</summary>
    public bool Clear(long home, int linesMax)
    {
        // The watermark goes first: a search must not trust an index that is half gone.
        database["UPDATE homes SET searchable = 0 WHERE no = ?1"].Bind(1, home).Run();
        return database[
                """
                DELETE FROM search WHERE (home, term, block) IN (
                    SELECT home, term, block FROM search WHERE home = ?1 LIMIT ?2)
                """
            ]
                .Bind(1, home)
                .Bind(2, linesMax)
                .Change() > 0;
    }
}
