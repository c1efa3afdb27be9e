using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Hub.Events;

/// <summary>
/// Which events somebody wants: each list that is not empty must have a match; an empty filter
/// wants everything.
/// </summary>
internal sealed record EventFilter
{
    /// <summary>Whole types, or the beginning of some with <c>.*</c> behind it.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    public IReadOnlyList<string> Sources { get; init; } = [];

    public IReadOnlyList<string> Subjects { get; init; } = [];

    /// <summary>MQTT filters; only messages have a topic.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>The <c>correlationid</c>: the id of the first event of a chain.</summary>
    public string? Correlation { get; init; }

    /// <summary>What the log can be searched for; of each list one has to be there. Beginnings of
    /// types and wildcards of topics are not: they mean reading the log.</summary>
    public IReadOnlyList<IReadOnlyList<SearchTerm>> Terms()
    {
        IReadOnlyList<IReadOnlyList<SearchTerm>> all =
        [
            Of(SearchKind.Correlation, Correlation is null ? [] : [Correlation]),
            Of(SearchKind.Subject, Subjects),
            Of(SearchKind.Topic, IsAnyOf(Topics, "+#") ? [] : Topics),
            Of(SearchKind.Source, Sources),
            Of(SearchKind.Type, IsAnyOf(Types, "*") ? [] : Types),
        ];
        return [.. all.Where(anyOf => anyOf.Count > 0)];
    }

    /// <summary>What rows have that are not searched for and yet may have what is wanted.</summary>
    public IReadOnlyList<RowMarks> Marks() =>
        [.. new[] { RowMarks.OfTypes(Types), RowMarks.OfTopics(Topics) }.OfType<RowMarks>()];

    public bool Matches(Event item) =>
        (Types.Count == 0 || Types.Any(type => IsOfType(item.Type, type)))
        && (Sources.Count == 0 || Sources.Contains(item.Source))
        && (Subjects.Count == 0 || Subjects.Contains(item.Data.Subject))
        && (Topics.Count == 0 || (item.Data is MessageEvent message && IsOnTopic(message.Topic)))
        && (Correlation is null || Correlation == item.Root.Id);

    private static IReadOnlyList<SearchTerm> Of(SearchKind kind, IReadOnlyList<string> values) =>
        [.. values.Select(value => new SearchTerm(kind, value))];

    private static bool IsAnyOf(IReadOnlyList<string> values, string signs) =>
        values.Any(value => value.AsSpan().IndexOfAny(signs) >= 0);

    private static bool IsOfType(string type, string wanted) =>
        wanted.EndsWith(".*", StringComparison.Ordinal)
            ? type.AsSpan().StartsWith(wanted.AsSpan(0, wanted.Length - 1))
            : type == wanted;

    private bool IsOnTopic(string topic) =>
        Topics.Any(filter => TopicPattern.Matches(filter, topic));
}
