using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Search;

/// <summary>
/// Takes lines of the index away whose rows retention has taken. They do no harm but fill the disk,
/// so it begins only when a million sequences are behind retention; it looks where nobody waits,
/// and takes away a little with each commit.
/// </summary>
internal sealed class SearchSweep(LogWriter writer, Readers readers)
{
    private const long SequencesOfSweep = 1_000_000;
    private const int LinesAtOnce = 5_000;

    private readonly Dictionary<HomeId, Sequence> _swept = [];

    /// <summary>Goes through the index of a home, if that is worth it. One call at a time.
    /// </summary>
    public async Task RunAsync(HomeId home, CancellationToken cancellationToken)
    {
        var thinned = await readers.ReadAsync(
            database => new LogReader(database, home).Thinned(),
            cancellationToken
        );
        var behind = thinned.Value - _swept.GetValueOrDefault(home).Value;
        if (behind < SequencesOfSweep)
        {
            return;
        }

        await GoThroughAsync(home, cancellationToken);
        _swept[home] = thinned;
    }

    internal async Task GoThroughAsync(HomeId home, CancellationToken cancellationToken)
    {
        SearchEntry? cursor = default(SearchEntry);
        while (cursor is { } from)
        {
            var (dead, next) = await readers.ReadAsync(
                database => Look(database, home, from),
                cancellationToken
            );
            if (dead.Count > 0)
            {
                var take = new TakeLines(home, dead);
                await writer.QueueAsync(take);
                await take.Done.WaitAsync(cancellationToken);
            }

            cursor = next;
        }
    }

    private static (IReadOnlyList<SearchEntry> Dead, SearchEntry? Next) Look(
        Database database,
        HomeId home,
        SearchEntry from
    )
    {
        var dead = new List<SearchEntry>();
        if (new LogReader(database, home).Number() is not { } number)
        {
            return (dead, null);
        }

        var lines = database[
            """
            SELECT term, block FROM search
            WHERE home = ?1 AND (term, block) > (?2, ?3) ORDER BY term, block LIMIT ?4
            """
        ]
            .Bind(1, number)
            .Bind(2, from == default ? long.MinValue : from.Term)
            .Bind(3, from.Block)
            .Bind(4, LinesAtOnce);
        var alive = new Dictionary<long, bool>();
        SearchEntry? last = null;
        while (lines.Step())
        {
            var line = new SearchEntry(number, lines.Long(0), lines.Long(1));
            last = line;
            if (!alive.TryGetValue(line.Block, out var isAlive))
            {
                alive[line.Block] = isAlive = HasRows(database, line);
            }

            if (!isAlive)
            {
                dead.Add(line);
            }
        }

        return (dead, last);
    }

    private static bool HasRows(Database database, SearchEntry line)
    {
        var row = database["SELECT 1 FROM log WHERE key >= ?1 AND key <= ?2 LIMIT 1"]
            .Bind(1, LogKey.Of(line.Home, SearchLines.EndOf(line.Block - 1) + 1))
            .Bind(2, LogKey.Of(line.Home, SearchLines.EndOf(line.Block)));
        var isThere = row.Step();
        row.Reset();
        return isThere;
    }
}

/// <summary>Lines whose rows are gone.</summary>
internal sealed class TakeLines(HomeId home, IReadOnlyList<SearchEntry> lines)
    : AwaitedWork<bool>(home)
{
    public override void Write(LogTables tables) => tables.TakeLines(lines);

    protected override bool Result() => true;
}
