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
                [.. anyOf.Select(term => SearchTerms.HashOf(term.Kind, term.Value))],
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
        while (!IsFull && from < Math.Min(Watermark, to))
        {
            var next = NextLine(from + 1);
            if (next is not { } last || _log.RowEndingAt(last, head) is not { } row)
            {
                from = next ?? Math.Min(Watermark, to);
                continue;
            }

            if (row.First.Value > to)
            {
                from = to;
                break;
            }

            Take(row);
            from = last;
        }

        while (!IsFull && from < to)
        {
            var rows = _log.Read(
                new Sequence(from),
                search.RowsMax - _rows.Count,
                search.BytesMax,
                cancellationToken
            );
            foreach (var row in rows.TakeWhile(row => row.First.Value <= to))
            {
                Take(row);
            }

            from = rows.Count == 0 ? to : rows[^1].Last.Value;
        }

        return new FoundRows(_rows, new Sequence(Math.Min(from, to)), from >= to);
    }

    public FoundRows Backwards()
    {
        // Rows that begin at or after this were looked at.
        var before = Math.Min(head.Last.Value + 1, search.Before.Value);
        var down = search.After.Value + 1;
        while (!IsFull && before > down && before - 1 > Watermark)
        {
            var row = _log.RowBefore(before, head);
            if (row is null || row.Last.Value < down)
            {
                before = down;
                break;
            }

            if (row.Last.Value > Watermark)
            {
                Take(row);
                before = row.First.Value;
            }
            else
            {
                before = Watermark + 1;
            }
        }

        var end = _log.RowBefore(before, head)?.Last.Value ?? 0;
        while (!IsFull && before > down)
        {
            if (LineBefore(end) is not { } last || last < down)
            {
                before = down;
                break;
            }

            end = last - 1;
            if (_log.RowEndingAt(last, head) is { } row)
            {
                Take(row);
                before = row.First.Value;
                end = before - 1;
            }
        }

        return new FoundRows(_rows, new Sequence(Math.Max(before, down)), before <= down);
    }

    private void Take(Row row)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _rows.Add(row);
        _bytes += row.Body.Length;
    }

    /// <summary>The first row at or after this that has a line for each list; null for none up to
    /// the watermark.</summary>
    private long? NextLine(long from) =>
        Agree(
            from,
            """
            SELECT last FROM search
            WHERE home = ?1 AND term = ?2 AND last >= ?3 ORDER BY last LIMIT 1
            """,
            isNearer: static (line, nearest) => line < nearest
        )
            is { } found
        && found <= Watermark
            ? found
            : null;

    /// <summary>The last row at or before this that has a line for each list.</summary>
    private long? LineBefore(long end) =>
        Agree(
            Math.Min(end, Watermark),
            """
            SELECT last FROM search
            WHERE home = ?1 AND term = ?2 AND last <= ?3 ORDER BY last DESC LIMIT 1
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

                foreach (var row in anyOf.Rows)
                {
                    Consider(isNearer(row, candidate) ? null : row);
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
            ? [row.Last.Value]
            : [];

    /// <summary>One of several: terms that have lines, and rows that are meant anyway.</summary>
    private readonly record struct AnyOf(IReadOnlyList<long> Terms, IReadOnlyList<long> Rows);
}
