using Hearth.Core.Events;

namespace Hearth.Storage;

/// <summary>Finds rows of a log by what is said in them, forwards and backwards.</summary>
public interface ILogSearch
{
    /// <summary>
    /// The rows in which the terms may be found, in the order asked for, until a maximum is
    /// reached. A row may be answered that has none of them; one that has them is never left out.
    /// </summary>
    /// <exception cref="LogDamagedException">A row's checksum does not hold; it names the row.
    /// </exception>
    /// <exception cref="LogUnavailableException">The log cannot be read now.</exception>
    Task<FoundRows> SearchAsync(HomeId home, LogSearch search, CancellationToken cancellationToken);
}

/// <summary>What to look for, and where.</summary>
/// <param name="After">Only in rows with events after this one.</param>
/// <param name="Before">Only in rows with events before this one.</param>
/// <param name="NewestFirst">From the end to the beginning.</param>
/// <param name="AllOf">Of each list at least one has to be in the row; empty for every row.</param>
public sealed record LogSearch(
    Sequence After,
    Sequence Before,
    bool NewestFirst,
    IReadOnlyList<IReadOnlyList<SearchTerm>> AllOf,
    int RowsMax,
    int BytesMax
);

/// <summary>Something that a row can be found by.</summary>
public readonly record struct SearchTerm(SearchKind Kind, string Value);

/// <summary>The numbers are in the database.</summary>
public enum SearchKind
{
    Type = 1,
    Source = 2,
    Subject = 3,
    Topic = 4,

    /// <summary>The id of the first event of a chain.</summary>
    Correlation = 5,
}

/// <param name="Rows">In the order asked for; each comes whole.</param>
/// <param name="Looked">How far the search has come: up to this sequence, or, newest first, down to
/// it, there is nothing but what was answered.</param>
/// <param name="IsOver">There is nothing more within the bounds.</param>
public sealed record FoundRows(IReadOnlyList<Row> Rows, Sequence Looked, bool IsOver);
