using System.Runtime.CompilerServices;
using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Hub.Automations;

/// <summary>Goes through the events of a home that may say something, one after the other.
/// </summary>
internal sealed class LogScan(ILogSearch search, HomeId home)
{
    /// <summary>What is rare in a long log would keep a request for minutes: after so many rows a
    /// scan ends as it is.</summary>
    private const int RowsMax = 50_000;

    private const int RowsAtOnce = 128;
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
        var rows = 0;
        IsOver = false;
        while (!IsOver && rows < RowsMax)
        {
            var found = await search.SearchAsync(
                home,
                new LogSearch(after, before, newestFirst, allOf, RowsAtOnce, BytesAtOnce),
                cancellationToken
            );
            rows += found.Rows.Count;
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
