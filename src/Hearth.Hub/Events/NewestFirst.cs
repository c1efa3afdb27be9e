using Hearth.Core.Events;
using Hearth.Homes;

namespace Hearth.Hub.Events;

/// <summary>
/// A page of the log from its newest event down. The log is read forwards, so the page looks at one
/// stretch after the other, each before the last one, and keeps of a stretch only what can still
/// come onto the page.
/// </summary>
internal sealed class NewestFirst
{
    private const int RowsAtOnce = 512;
    private const int BytesAtOnce = 1024 * 1024;
    private const int StretchMax = 4096;

    private readonly HomeClient _home;
    private readonly EventQuery _query;
    private readonly JsonWriter _json = new(4096);

    /// <summary>Everything after it has been looked at.</summary>
    private Sequence _cursor;
    private int _count;
    private long _scanned;

    private NewestFirst(HomeClient home, EventQuery query, Sequence head)
    {
        _home = home;
        _query = query;
        _cursor = head;
        _json.BeginArray();
    }

    private bool IsFull => _count == _query.Limit || _json.Length > EventPage.BytesMax;

    public static async Task<EventPage> ReadAsync(
        HomeClient home,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        var head = await EventPage.HeadAsync(home, query, cancellationToken);
        var floor = query.After ?? Sequence.None;
        if (query.From is { } from && floor < head)
        {
            floor = await EventPage.SeekAsync(home, floor, head, from, cancellationToken);
        }

        if (query.To is { } to && floor < head && to < DateTimeOffset.MaxValue)
        {
            head = await EventPage.SeekAsync(home, floor, head, to.AddTicks(1), cancellationToken);
        }

        var page = new NewestFirst(home, query, head);
        await page.FillAsync(floor, cancellationToken);
        // The next page ends before the last event that was looked at.
        return new EventPage(
            page._json.EndArray().ToArray(),
            page._cursor > floor ? page._cursor.Next : null
        );
    }

    private async Task FillAsync(Sequence floor, CancellationToken cancellationToken)
    {
        var length = (long)_query.Limit;
        while (!IsFull && _cursor > floor && _scanned < EventPage.RowsScannedMax)
        {
            var low = new Sequence(Math.Max(floor.Value, _cursor.Value - length));
            var stretch = new Stretch(low, _query.Limit - _count);
            await CollectAsync(stretch, _cursor, cancellationToken);
            _scanned += _cursor.Value - low.Value;
            Take(stretch);
            length = Math.Min(length * 2, StretchMax);
        }
    }

    /// <summary>Reads a stretch up to a sequence.</summary>
    private async Task CollectAsync(
        Stretch stretch,
        Sequence high,
        CancellationToken cancellationToken
    )
    {
        var cursor = stretch.Low;
        while (cursor < high)
        {
            var rows = await _home.Feed.ReadKeptAsync(
                cursor,
                RowsAtOnce,
                BytesAtOnce,
                cancellationToken
            );
            if (rows.Count == 0)
            {
                return;
            }

            foreach (var row in rows)
            {
                foreach (var item in row.Events)
                {
                    if (item.Sequence > cursor && item.Sequence <= high)
                    {
                        stretch.Add(item, row.Body.Length, _query.Filter.Matches(item));
                    }
                }
            }

            cursor = rows[^1].Last;
        }
    }

    private void Take(Stretch stretch)
    {
        foreach (var item in stretch.FromTheEnd())
        {
            if (IsFull)
            {
                return;
            }

            CloudEventFormat.Write(_json, item);
            _count++;
            _cursor = new Sequence(item.Sequence.Value - 1);
        }

        if (!IsFull)
        {
            _cursor = stretch.Low;
        }
    }

    /// <summary>The last events of a stretch that are wanted, as many as a page can take.</summary>
    private sealed class Stretch(Sequence low, int countMax)
    {
        private readonly LinkedList<(Event Item, int Bytes)> _kept = [];
        private long _bytes;

        /// <summary>Of what comes after it everything that is wanted is kept.</summary>
        public Sequence Low { get; private set; } = low;

        public void Add(Event item, int bytes, bool isWanted)
        {
            if (!isWanted)
            {
                return;
            }

            _kept.AddLast((item, bytes));
            _bytes += bytes;
            while (_kept.Count > countMax || (_bytes > 2L * EventPage.BytesMax && _kept.Count > 1))
            {
                var (dropped, size) = _kept.First!.Value;
                _kept.RemoveFirst();
                _bytes -= size;
                Low = dropped.Sequence;
            }
        }

        public IEnumerable<Event> FromTheEnd()
        {
            for (var node = _kept.Last; node is not null; node = node.Previous)
            {
                yield return node.Value.Item;
            }
        }
    }
}
