using Hearth.Core.Events;
using Hearth.Homes;

namespace Hearth.Hub.Events;

/// <summary>A page of the log, in order.</summary>
/// <param name="Body">The events as a batch of CloudEvents.</param>
/// <param name="Next">Where the next page goes on; null where the log ended for this query.
/// </param>
internal sealed record EventPage(byte[] Body, Sequence? Next)
{
    internal const int BytesMax = 4 * 1024 * 1024;
    private const int RowsAtOnce = 512;
    private const int BytesAtOnce = 1024 * 1024;

    /// <summary>A rare type in a long log would keep a request for minutes: after so many rows a
    /// page ends as it is, perhaps empty, and the next one goes on.</summary>
    internal const int RowsScannedMax = 50_000;

    public static async Task<EventPage> ReadAsync(
        HomeClient home,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        var head = await HeadAsync(home, query, cancellationToken);
        var start = query.After ?? Sequence.None;
        if (query.From is { } from && start < head)
        {
            start = await SeekAsync(home, start, head, from, cancellationToken);
        }

        var scan = new Scan(query, start, head);
        var rowsScanned = 0;
        while (!scan.IsOver && scan.Cursor < head && rowsScanned < RowsScannedMax)
        {
            var rows = await home.Feed.ReadKeptAsync(
                scan.Cursor,
                RowsAtOnce,
                BytesAtOnce,
                cancellationToken
            );
            if (rows.Count == 0)
            {
                break;
            }

            rowsScanned += rows.Count;
            foreach (var row in rows)
            {
                scan.Take(row);
            }
        }

        return scan.Finish();
    }

    /// <summary>The last sequence that a query may see.</summary>
    internal static async Task<Sequence> HeadAsync(
        HomeClient home,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        var head = await home.Feed.HeadAsync(cancellationToken);
        return query.Before is { } before && before <= head
            ? new Sequence(Math.Max(before.Value - 1, 0))
            : head;
    }

    /// <summary>After what everything is still there, as far as the beginning of the log tells.
    /// </summary>
    internal static async Task<Sequence> BeforeOldestAsync(
        HomeClient home,
        Sequence head,
        CancellationToken cancellationToken
    )
    {
        if (head == Sequence.None)
        {
            return head;
        }

        try
        {
            await home.Feed.ReadAsync(Sequence.None, 1, 1, cancellationToken);
            return Sequence.None;
        }
        catch (CursorGoneException gone)
        {
            return new Sequence(gone.Oldest.Value - 1);
        }
    }

    /// <summary>Rows are in the order of their times, so the first one of a time is found by
    /// halving.</summary>
    internal static async Task<Sequence> SeekAsync(
        HomeClient home,
        Sequence low,
        Sequence high,
        DateTimeOffset from,
        CancellationToken cancellationToken
    )
    {
        while (low < high)
        {
            var middle = new Sequence(low.Value + (high.Value - low.Value) / 2);
            var rows = await home.Feed.ReadKeptAsync(middle, 1, 1, cancellationToken);
            if (rows[0].Time < from)
            {
                low = rows[0].Last;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private sealed class Scan
    {
        private readonly EventQuery _query;
        private readonly Sequence _head;
        private readonly JsonWriter _json = new(4096);
        private int _count;
        private bool _isPastTo;

        public Scan(EventQuery query, Sequence start, Sequence head)
        {
            _query = query;
            _head = head;
            Cursor = start;
            _json.BeginArray();
        }

        /// <summary>Everything up to here has been looked at.</summary>
        public Sequence Cursor { get; private set; }

        public bool IsOver => _isPastTo || _count == _query.Limit || _json.Length > BytesMax;

        public void Take(Row row)
        {
            _isPastTo |= row.Time > _query.To;
            foreach (var item in row.Events)
            {
                if (IsOver || item.Sequence > _head)
                {
                    return;
                }

                if (item.Sequence > Cursor)
                {
                    Cursor = item.Sequence;
                    if (_query.Filter.Matches(item))
                    {
                        CloudEventFormat.Write(_json, item);
                        _count++;
                    }
                }
            }
        }

        public EventPage Finish() =>
            new(_json.EndArray().ToArray(), !_isPastTo && Cursor < _head ? Cursor : null);
    }
}
