using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Hub.Events;

/// <summary>
/// A page of the log, oldest or newest first. The log is searched for rows that may hold what is
/// wanted, which is every row where nothing can be searched for; the filter has the last word on
/// each event.
/// </summary>
/// <param name="Body">The events as a batch of CloudEvents.</param>
/// <param name="Next">Where the next page goes on; null where the log ended for this query.
/// </param>
internal sealed record EventPage(byte[] Body, Sequence? Next)
{
    private const int BytesMax = 4 * 1024 * 1024;
    private const int RowsAtOnceMin = 16;
    private const int RowsAtOnceMax = 512;
    private const int BytesAtOnce = 1024 * 1024;

    /// <summary>A rare event in a long log would keep a request for minutes: after so many rows a
    /// page ends as it is, perhaps empty, and the next one goes on.</summary>
    private const int RowsScannedMax = 50_000;

    public static async Task<EventPage> ReadAsync(
        HomeClient home,
        ILogSearch search,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        var (after, before) = await BoundsAsync(home, query, cancellationToken);
        var terms = query.Filter.Terms();
        var filling = new Filling(query);
        var rowsAtOnce = Math.Clamp(query.Limit, RowsAtOnceMin, RowsAtOnceMax);
        var rowsScanned = 0;
        var isOver = false;
        while (!isOver && !filling.IsFull && rowsScanned < RowsScannedMax)
        {
            var part = new LogSearch(
                after,
                before,
                query.IsNewestFirst,
                terms,
                rowsAtOnce,
                BytesAtOnce
            );
            var found = await search.SearchAsync(home.Id, part, cancellationToken);
            rowsScanned += found.Rows.Count;
            rowsAtOnce = Math.Min(rowsAtOnce * 2, RowsAtOnceMax);
            var looked = filling.Take(found, after, before);
            isOver = found.IsOver && looked == found.Looked;
            (after, before) = query.IsNewestFirst ? (after, looked) : (looked, before);
        }

        var next = query.IsNewestFirst ? before : after;
        return new EventPage(filling.ToBody(), isOver ? null : next);
    }

    /// <summary>The last sequence of what was recorded before a time, from one sequence to another.
    /// Rows are in the order of their times, so it is found by halving.</summary>
    internal static async Task<Sequence> SeekAsync(
        HomeClient home,
        Sequence low,
        Sequence high,
        DateTimeOffset before,
        CancellationToken cancellationToken
    )
    {
        while (low < high)
        {
            var middle = new Sequence(low.Value + (high.Value - low.Value) / 2);
            var rows = await home.Feed.ReadKeptAsync(middle, 1, 1, cancellationToken);
            if (rows.Count > 0 && rows[0].Time < before)
            {
                // A row may reach beyond what is asked for.
                low = rows[0].Last < high ? rows[0].Last : high;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Only events between these two, both left out.</summary>
    private static async Task<(Sequence After, Sequence Before)> BoundsAsync(
        HomeClient home,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        var head = await home.Feed.HeadAsync(cancellationToken);
        var last =
            query.Before is { } before && before <= head
                ? new Sequence(Math.Max(before.Value - 1, 0))
                : head;
        var after = query.After ?? Sequence.None;
        if (query.From is { } from && after < last)
        {
            after = await SeekAsync(home, after, last, from, cancellationToken);
        }

        if (query.To is { } to && after < last && to < DateTimeOffset.MaxValue)
        {
            last = await SeekAsync(home, after, last, to.AddTicks(1), cancellationToken);
        }

        return (after, last.Next);
    }

    private sealed class Filling
    {
        private readonly EventQuery _query;
        private readonly IReadOnlyList<RowMarks> _marks;
        private readonly JsonWriter _json = new(4096);
        private int _count;

        public Filling(EventQuery query)
        {
            _query = query;
            _marks = query.Filter.Marks();
            _json.BeginArray();
        }

        public bool IsFull => _count == _query.Limit || _json.Length > BytesMax;

        /// <summary>Takes what is wanted until the page is full; how far it has come.</summary>
        public Sequence Take(FoundRows found, Sequence after, Sequence before)
        {
            foreach (var row in found.Rows)
            {
                // To parse a row is most of what it costs to look at it.
                if (_marks.Any(marks => !marks.MayBeIn(row)))
                {
                    continue;
                }

                var events = _query.IsNewestFirst ? row.Events.Reverse() : row.Events;
                foreach (var item in events)
                {
                    if (item.Sequence <= after || item.Sequence >= before)
                    {
                        continue;
                    }

                    if (_query.Filter.Matches(item))
                    {
                        CloudEventFormat.Write(_json, item);
                        _count++;
                    }

                    if (IsFull)
                    {
                        return item.Sequence;
                    }
                }
            }

            return found.Looked;
        }

        public byte[] ToBody() => _json.EndArray().ToArray();
    }
}
