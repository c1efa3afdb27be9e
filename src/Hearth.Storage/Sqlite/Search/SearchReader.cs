using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Search;

/// <summary>
/// Searches in one read transaction: up to the watermark in the index, above it in the log itself.
/// </summary>
internal sealed class SearchReader(
    Database database,
    HomeId home,
    LogHead head,
    LogSearch search,
    CancellationToken cancellationToken
)
{
    private readonly LogReader _log = new(database, home);
    private readonly List<Row> _rows = [];
    private readonly IReadOnlyList<AnyOf> _allOf =
    [
        .. search
            .AllOf.Where(anyOf =>
                anyOf.All(term => SearchTerms.IsIndexed(term.Kind, term.Value, home))
            )
            .Select(anyOf => new AnyOf(
                [.. anyOf.SelectMany(SearchTerms.HashesOf)],
                [.. anyOf.SelectMany(term => RootOf(term, new LogReader(database, home), head))]
            )),
    ];

    private long _bytes;

    private bool IsFull => _rows.Count >= search.RowsMax || _bytes > search.BytesMax;

    /// <summary>Up to here the index is asked; without something to ask for, not at all.</summary>
    private long Watermark => _allOf.Count == 0 ? 0 : head.Searchable.Value;

    public FoundRows Forwards()
    {
        var from = search.After.Value;
        var to = Math.Min(head.Last.Value, search.Before.Value - 1);
        while (!IsFull && from < to)
        {
            var (start, upTo) = from < Watermark ? NextStretch(from) : (from, head.Last.Value);
            var rows =
                start < upTo
                    ? _log.Read(
                        new Sequence(start),
                        search.RowsMax - _rows.Count,
                        search.BytesMax,
                        cancellationToken,
                        new Sequence(upTo)
                    )
                    : [];
            foreach (var row in rows.Where(row => row.First.Value <= to))
            {
                Take(row);
            }

            from = rows.Count > 0 ? rows[^1].Last.Value : Math.Max(from, upTo);
        }

        return new FoundRows(_rows, new Sequence(Math.Min(from, to)), from >= to);
    }

    /// <summary>The next block with lines up to the watermark, or nothing up to there.</summary>
    private (long Start, long UpTo) NextStretch(long from) =>
        NextLine(SearchLines.BlockOf(from + 1)) is { } block
            ? (
                Math.Max(from, SearchLines.EndOf(block - 1)),
                Math.Min(SearchLines.EndOf(block), Watermark)
            )
            : (Watermark, Watermark);

    public FoundRows Backwards()
    {
        // Rows that begin at or after this were looked at.
        var before = Math.Min(head.Last.Value + 1, search.Before.Value);
        var down = search.After.Value + 1;
        while (!IsFull && before > down)
        {
            var row = _log.RowBefore(before, head);
            if (row is not null && row.Last.Value <= Watermark)
            {
                row = RowInBlockBefore(row);
            }

            if (row is null || row.Last.Value < down)
            {
                before = down;
                break;
            }

            Take(row);
            before = TakeWhatIsNotIndexed(row.First.Value, down);
        }

        return new FoundRows(_rows, new Sequence(Math.Max(before, down)), before <= down);
    }

    /// <summary>Above the watermark every row is read, so they are read together. Answers where the
    /// last one that was taken begins.</summary>
    private long TakeWhatIsNotIndexed(long before, long down)
    {
        var floor = Math.Max(Watermark, down - 1);
        if (IsFull || before - 1 <= floor)
        {
            return before;
        }

        var rowsMax = search.RowsMax - _rows.Count;
        var rows = _log.ReadBackwards(before, floor, head, rowsMax, search.BytesMax - _bytes);
        foreach (var row in rows)
        {
            Take(row);
            before = row.First.Value;
        }

        return before;
    }

    /// <summary>This row, or the next one below it that ends in a block with lines.</summary>
    private Row? RowInBlockBefore(Row start)
    {
        Row? row = start;
        while (row is not null)
        {
            var own = SearchLines.BlockOf(row.Last.Value);
            if (LineBefore(own) is not { } block)
            {
                return null;
            }

            if (block == own)
            {
                return row;
            }

            row = _log.RowBefore(SearchLines.EndOf(block) + 1, head);
            if (row is not null && SearchLines.BlockOf(row.Last.Value) > block)
            {
                // It begins in that block and ends in a later one.
                row = _log.RowBefore(row.First.Value, head);
            }
        }

        return null;
    }

    private void Take(Row row)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _rows.Add(row);
        _bytes += row.Body.Length;
    }

    /// <summary>The first block at or after this that has a line for each list; null for none up to
    /// the watermark.</summary>
    private long? NextLine(long from) =>
        Agree(
            from,
            """
            SELECT block FROM search
            WHERE home = ?1 AND term = ?2 AND block >= ?3 ORDER BY block LIMIT 1
            """,
            isNearer: static (line, nearest) => line < nearest
        )
            is { } found
        && found <= SearchLines.BlockOf(Watermark)
            ? found
            : null;

    /// <summary>The last block at or before this that has a line for each list.</summary>
    private long? LineBefore(long end) =>
        Agree(
            end,
            """
            SELECT block FROM search
            WHERE home = ?1 AND term = ?2 AND block <= ?3 ORDER BY block DESC LIMIT 1
            """,
            isNearer: static (line, nearest) => line > nearest
        );

    /// <summary>Each list says where its nearest line is; the one that is furthest is where the
    /// others are asked next, until all say the same.</summary>
    private long? Agree(long start, string sql, Func<long, long, bool> isNearer)
    {
        var candidate = start;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var furthest = candidate;
            foreach (var anyOf in _allOf)
            {
                long? nearest = null;
                foreach (var term in anyOf.Terms)
                {
                    Consider(Seek(sql, term, candidate));
                }

                foreach (var block in anyOf.Blocks)
                {
                    Consider(isNearer(block, candidate) ? null : block);
                }

                if (nearest is not { } found)
                {
                    return null;
                }

                furthest = isNearer(furthest, found) ? found : furthest;

                void Consider(long? line)
                {
                    if (line is { } at && (nearest is null || isNearer(at, nearest.Value)))
                    {
                        nearest = at;
                    }
                }
            }

            if (furthest == candidate)
            {
                return candidate;
            }

            candidate = furthest;
        }
    }

    private long? Seek(string sql, long term, long at)
    {
        var statement = database[sql].Bind(1, head.Number).Bind(2, term).Bind(3, at);
        if (!statement.Step())
        {
            return null;
        }

        var found = statement.Long(0);
        statement.Reset();
        return found;
    }

    /// <summary>A chain that the home began is known by its first event's sequence, and the row of
    /// that one has no line for it.</summary>
    private static IEnumerable<long> RootOf(SearchTerm term, LogReader log, LogHead head) =>
        term.Kind == SearchKind.Correlation
        && Sequence.TryParse(term.Value, out var root)
        && root > Sequence.None
        && root <= head.Last
        && log.RowBefore(root.Value + 1, head) is { } row
        && row.Last >= root
            ? [SearchLines.BlockOf(row.Last.Value)]
            : [];

    /// <summary>One of several: terms that have lines, and blocks that are meant anyway.</summary>
    private readonly record struct AnyOf(IReadOnlyList<long> Terms, IReadOnlyList<long> Blocks);
}
