using System.Runtime.CompilerServices;
using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Hub.Automations;

/// <summary>Goes through the events of a home that may say something, one after the other.
/// </summary>
/// <param name="rowsMax">What is rare in a long log would keep a request for minutes: after so many
/// rows a scan ends as it is.</param>
internal sealed class LogScan(ILogSearch search, HomeId home, int rowsMax = 50_000)
{
    // The first event is often all that is wanted.
    private const int RowsAtOnceMin = 16;
    private const int RowsAtOnceMax = 512;
    private const int BytesAtOnce = 1024 * 1024;

    /// <summary>How far it has come.</summary>
    public Sequence Looked { get; private set; }

    /// <summary>True where there is nothing more within the bounds.</summary>
    public bool IsOver { get; private set; }

    /// <param name="after">Only what follows.</param>
    /// <param name="before">Only what precedes.</param>
    /// <param name="allOf">As <see cref="LogSearch"/> has it: an event need not have them.</param>
    public async IAsyncEnumerable<Event> EventsAsync(
        Sequence after,
        Sequence before,
        bool newestFirst,
        IReadOnlyList<IReadOnlyList<SearchTerm>> allOf,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (rows, rowsAtOnce) = (0, RowsAtOnceMin);
        IsOver = after.Next >= before;
        while (!IsOver && rows < rowsMax)
        {
            var found = await search.SearchAsync(
                home,
                new LogSearch(after, before, newestFirst, allOf, rowsAtOnce, BytesAtOnce),
                cancellationToken
            );
            rows += found.Rows.Count;
            rowsAtOnce = Math.Min(rowsAtOnce * 2, RowsAtOnceMax);
            foreach (var row in found.Rows)
            {
                var events = newestFirst ? row.Events.Reverse() : row.Events;
                foreach (var item in events)
                {
                    if (item.Sequence > after && item.Sequence < before)
                    {
                        yield return item;
                    }
                }
            }

            Looked = found.Looked;
            IsOver = found.IsOver;
            (after, before) = newestFirst ? (after, Looked) : (Looked, before);
        }
    }
}
