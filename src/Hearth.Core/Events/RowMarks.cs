using System.Text;

namespace Hearth.Core.Events;

/// <summary>
/// Bytes of which some stand in every row that has what is looked for, so that most rows that have
/// it not need not be parsed. A row without them is not looked for; one with them may be.
/// </summary>
public sealed class RowMarks
{
    private readonly byte[][] _any;

    private RowMarks(IEnumerable<byte[]> any) => _any = [.. any];

    /// <summary>What rows with one of these types have; null where nothing is asked for.</summary>
    /// <param name="types">Whole types, or the beginning of some with <c>.*</c> behind it.</param>
    public static RowMarks? OfTypes(IReadOnlyList<string> types) =>
        types.Count == 0 ? null : new RowMarks(types.SelectMany(RowFormat.MarksOf));

    /// <summary>What rows with a message on one of these topics have; null where nothing is asked
    /// for, or nothing that stands there literally.</summary>
    /// <param name="filters">MQTT topic filters.</param>
    public static RowMarks? OfTopics(IReadOnlyList<string> filters)
    {
        var literals = filters.Select(LongestLiteral).ToList();
        return filters.Count == 0 || literals.Contains("")
            ? null
            : new RowMarks(literals.Select(text => Inside(text).ToArray()));
    }

    public bool MayBeIn(Row row)
    {
        var body = row.Body.Span;
        foreach (var mark in _any)
        {
            if (body.IndexOf(mark) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A text as it stands inside a JSON string.</summary>
    internal static ReadOnlySpan<byte> Inside(string text)
    {
        var json = new JsonWriter();
        json.String(text);
        return json.Written[1..^1];
    }

    /// <summary>The longest run of levels without a wildcard. The slashes around it are left out:
    /// "a/#" means "a", too.</summary>
    private static string LongestLiteral(string filter)
    {
        var (longest, run) = ("", new StringBuilder());
        foreach (var level in filter.Split('/'))
        {
            if (level is "+" or "#")
            {
                run.Clear();
                continue;
            }

            run.Append(run.Length > 0 ? "/" : "").Append(level);
            longest = run.Length > longest.Length ? run.ToString() : longest;
        }

        return longest;
    }
}
