using System.IO.Hashing;
using System.Runtime.InteropServices;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Search;

/// <summary>One line of the index: this is said in the row that ends at this sequence.</summary>
internal readonly record struct SearchEntry(long Home, long Term, long Row)
{
    /// <summary>As they lie in the table: written in order, they touch few pages.</summary>
    public static readonly Comparison<SearchEntry> InOrder = (left, right) =>
    {
        var byHome = left.Home.CompareTo(right.Home);
        var byTerm = byHome != 0 ? byHome : left.Term.CompareTo(right.Term);
        return byTerm != 0 ? byTerm : left.Row.CompareTo(right.Row);
    };
}

/// <summary>
/// What rows are found by, as 64 bits: two things may look alike, which costs a row read in vain
/// and nothing else. What nearly every row says (the two types that readings are made of, the home
/// as source) is not worth a line, and looking for it means reading the log.
/// </summary>
internal static class SearchTerms
{
    /// <summary>Adds the lines of a row.</summary>
    public static void AddOf(Row row, long home, List<SearchEntry> entries)
    {
        var before = entries.Count;
        foreach (var item in row.Events)
        {
            if (IsIndexed(SearchKind.Type, item.Type, row.Home))
            {
                Add(SearchKind.Type, item.Type);
            }

            if (IsIndexed(SearchKind.Source, item.Source, row.Home))
            {
                Add(SearchKind.Source, item.Source);
            }

            if (item.Data.Subject is { } subject)
            {
                Add(SearchKind.Subject, subject);
            }

            if (item.Data is MessageEvent message)
            {
                Add(SearchKind.Topic, message.Topic);
            }

            if (item.Root.Sequence < row.First || item.Root.Id != item.Root.Sequence.ToString())
            {
                Add(SearchKind.Correlation, item.Root.Id);
            }
        }

        void Add(SearchKind kind, string value)
        {
            var entry = new SearchEntry(home, HashOf(kind, value), row.Last.Value);
            // The events of a row are few, and say the same things.
            for (var index = before; index < entries.Count; index++)
            {
                if (entries[index].Term == entry.Term)
                {
                    return;
                }
            }

            entries.Add(entry);
        }
    }

    /// <summary>Whether every row that says this has a line for it.</summary>
    public static bool IsIndexed(SearchKind kind, string value, HomeId home) =>
        kind switch
        {
            SearchKind.Type => value is not (MessageReceived.TypeName or StateChanged.TypeName),
            SearchKind.Source => value != home.Source,
            _ => true,
        };

    public static long HashOf(SearchKind kind, string value) =>
        (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(value.AsSpan()), seed: (long)kind);
}
