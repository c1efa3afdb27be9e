using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Hub.Events;

/// <summary>
/// A page of what a search of the log finds, in either order. The search answers rows that may
/// hold what is wanted; the filter has the last word on each event.
/// </summary>
internal sealed class FoundPage
{
    private const int RowsAtOnce = 512;
    private const int BytesAtOnce = 1024 * 1024;

    private readonly EventQuery _query;
    private readonly JsonWriter _json = new(4096);
    private int _count;

    private FoundPage(EventQuery query)
    {
        _query = query;
        _json.BeginArray();
    }

    private bool IsFull => _count == _query.Limit || _json.Length > EventPage.BytesMax;

    public static async Task<EventPage> ReadAsync(
        HomeClient home,
        ILogSearch search,
        EventQuery query,
        IReadOnlyList<IReadOnlyList<SearchTerm>> terms,
        CancellationToken cancellationToken
    )
    {
        var (after, before) = await BoundsAsync(home, query, cancellationToken);
        var page = new FoundPage(query);
        var rowsScanned = 0;
        var isOver = false;
        while (!isOver && !page.IsFull && rowsScanned < EventPage.RowsScannedMax)
        {
            var part = new LogSearch(
                after,
                before,
                query.IsNewestFirst,
                terms,
                RowsAtOnce,
                BytesAtOnce
            );
            var found = await search.SearchAsync(home.Id, part, cancellationToken);
            rowsScanned += found.Rows.Count;
            var looked = page.Take(found, after, before);
            isOver = found.IsOver && looked == found.Looked;
            (after, before) = query.IsNewestFirst ? (after, looked) : (looked, before);
        }

        var next = query.IsNewestFirst ? before : after;
        return new EventPage(page._json.EndArray().ToArray(), isOver ? null : next);
    }

    /// <summary>Only events between these two, both left out.</summary>
    private static async Task<(Sequence After, Sequence Before)> BoundsAsync(
        HomeClient home,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        var last = await EventPage.HeadAsync(home, query, cancellationToken);
        var after = query.After ?? Sequence.None;
        if ((query.From ?? query.To) is null || after >= last)
        {
            return (after, last.Next);
        }

        var oldest = await EventPage.BeforeOldestAsync(home, last, cancellationToken);
        if (query.From is { } from && oldest < last)
        {
            var start = await EventPage.SeekAsync(home, oldest, last, from, cancellationToken);
            after = start > after ? start : after;
        }

        if (query.To is { } to && oldest < last && to < DateTimeOffset.MaxValue)
        {
            last = await EventPage.SeekAsync(home, oldest, last, to.AddTicks(1), cancellationToken);
        }

        return (after, last.Next);
    }

    /// <summary>Takes what is wanted until the page is full; how far it has come.</summary>
    private Sequence Take(FoundRows found, Sequence after, Sequence before)
    {
        foreach (var row in found.Rows)
        {
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
}
