using System.IO.Hashing;
using System.Runtime.InteropServices;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Search;

/// <summary>One line of the index: this is said in a row that ends in this block.</summary>
internal readonly record struct SearchEntry(long Home, long Term, long Block)
{
    /// <summary>As they lie in the table: written in order, they touch few pages.</summary>
    public static readonly Comparison<SearchEntry> InOrder = (left, right) =>
    {
        var byHome = left.Home.CompareTo(right.Home);
        var byTerm = byHome != 0 ? byHome : left.Term.CompareTo(right.Term);
        return byTerm != 0 ? byTerm : left.Block.CompareTo(right.Block);
    };
}

/// <summary>
/// The lines of the rows of one home, as they come. Rows that end within 64 sequences are a block
/// and share their lines: what says the same thing over and over costs next to nothing, and what is
/// found is some dozen rows to look through.
/// </summary>
internal sealed class SearchLines(long home)
{
    private const int BlockBits = 6;

    private readonly HashSet<long> _ofBlock = [];
    private long _block = -1;

    public static long BlockOf(long sequence) => sequence >> BlockBits;

    /// <summary>The last sequence of a block.</summary>
    public static long EndOf(long block) => (block + 1 << BlockBits) - 1;

    /// <summary>What was added last may have been undone: it is added again.</summary>
    public void Forget() => _block = -1;

    /// <summary>Adds the lines that a row needs and its block does not have yet.</summary>
    public void Add(Row row, List<SearchEntry> entries)
    {
        if (BlockOf(row.Last.Value) != _block)
        {
            _block = BlockOf(row.Last.Value);
            _ofBlock.Clear();
        }

        foreach (var item in row.Events)
        {
            if (SearchTerms.IsIndexed(SearchKind.Type, item.Type, row.Home))
            {
                Add(SearchKind.Type, item.Type, entries);
            }

            if (SearchTerms.IsIndexed(SearchKind.Source, item.Source, row.Home))
            {
                Add(SearchKind.Source, item.Source, entries);
            }

            if (item.Data is MessageEvent message)
            {
                // Its topic is its subject, too.
                Add(SearchKind.Topic, message.Topic, entries);
            }
            else if (item.Data.Subject is { } subject)
            {
                Add(SearchKind.Subject, subject, entries);
            }

            if (!IsFoundByItsSequence(item.Root, row))
            {
                Add(SearchKind.Correlation, item.Root.Id, entries);
            }
        }
    }

    /// <summary>A chain that the home itself began in this row has the sequence as id.</summary>
    private static bool IsFoundByItsSequence(EventRef root, Row row) =>
        root.Sequence >= row.First
        && row.Events[(int)(root.Sequence.Value - row.First.Value)].Source == row.Home.Source;

    private void Add(SearchKind kind, string value, List<SearchEntry> entries)
    {
        var term = SearchTerms.HashOf(kind, value);
        if (_ofBlock.Add(term))
        {
            entries.Add(new SearchEntry(home, term, _block));
        }
    }
}

/// <summary>
/// What rows are found by, as 64 bits: two things may look alike, which costs a row read in vain
/// and nothing else. What nearly every row says (the two types that readings are made of, the home
/// as source) is not worth a line, and looking for it means reading the log.
/// </summary>
internal static class SearchTerms
{
    /// <summary>What a term is written as.</summary>
    public static IEnumerable<long> HashesOf(SearchTerm term) =>
        term.Kind == SearchKind.Subject
            ? [HashOf(SearchKind.Subject, term.Value), HashOf(SearchKind.Topic, term.Value)]
            : [HashOf(term.Kind, term.Value)];

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
