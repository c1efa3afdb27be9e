using System.Globalization;
using Hearth.Core.Events;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Events;

/// <summary>What a request for events asks for, from its query.</summary>
internal sealed record EventQuery
{
    public const int LimitMax = 1000;
    private const int LimitDefault = 100;

    /// <summary>Null where the query has none.</summary>
    public Sequence? After { get; init; }

    /// <summary>Only what comes before it; null where the query does not say.</summary>
    public Sequence? Before { get; init; }

    public bool IsNewestFirst { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public int Limit { get; init; } = LimitDefault;

    public EventFilter Filter { get; init; } = new();

    private static readonly string[] OfPage =
    [
        "after",
        "before",
        "order",
        "from",
        "to",
        "type",
        "source",
        "subject",
        "topic",
        "correlation",
        "limit",
    ];

    private static readonly string[] OfStream =
    [
        "after",
        "type",
        "source",
        "subject",
        "topic",
        "correlation",
    ];

    public static EventQuery? ReadPage(HttpRequest request, out Problem? problem) =>
        Read(request, OfPage, out problem);

    public static EventQuery? ReadStream(HttpRequest request, out Problem? problem) =>
        Read(request, OfStream, out problem);

    private static EventQuery? Read(HttpRequest request, string[] known, out Problem? problem)
    {
        var faults = new List<ProblemFault>();
        var query = request.Query;
        foreach (var name in query.Keys.Where(name => !known.Contains(name)))
        {
            Fault(faults, name, $"There is no parameter {name}; there are {Words(known)}.");
        }

        var topics = query["topic"].OfType<string>().ToList();
        foreach (var topic in topics.Where(topic => !TopicPattern.IsValid(topic)))
        {
            Fault(
                faults,
                "topic",
                $"\"{topic}\" is no topic filter; write it like home/+/power/#."
            );
        }

        var read = new EventQuery
        {
            After = ReadSequence(query, "after", faults),
            Before = ReadSequence(query, "before", faults),
            IsNewestFirst = ReadOrder(query, faults),
            From = ReadTime(query, "from", faults),
            To = ReadTime(query, "to", faults),
            Limit = PageLimit.Read(query["limit"].FirstOrDefault(), LimitMax, LimitDefault, faults),
            Filter = new EventFilter
            {
                Types = [.. query["type"].OfType<string>()],
                Sources = [.. query["source"].OfType<string>()],
                Subjects = [.. query["subject"].OfType<string>()],
                Topics = topics,
                Correlation = query["correlation"].FirstOrDefault(),
            },
        };
        problem = faults.Count == 0 ? null : Problem.InvalidParameters(faults);
        return problem is null ? read : null;
    }

    private static Sequence? ReadSequence(
        IQueryCollection query,
        string name,
        List<ProblemFault> faults
    )
    {
        if (query[name].FirstOrDefault() is not { } text)
        {
            return null;
        }

        if (Sequence.TryParse(text, out var sequence))
        {
            return sequence;
        }

        Fault(faults, name, $"\"{text}\" is no sequence; write the digits of one, like 42.");
        return null;
    }

    private static bool ReadOrder(IQueryCollection query, List<ProblemFault> faults)
    {
        var text = query["order"].FirstOrDefault() ?? "asc";
        if (text is not ("asc" or "desc"))
        {
            Fault(faults, "order", $"\"{text}\" is no order; write asc or desc.");
        }

        return text == "desc";
    }

    private static DateTimeOffset? ReadTime(
        IQueryCollection query,
        string name,
        List<ProblemFault> faults
    )
    {
        if (query[name].FirstOrDefault() is not { } text)
        {
            return null;
        }

        var isTime = DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        );
        if (isTime)
        {
            return time;
        }

        Fault(
            faults,
            name,
            $"\"{text}\" is no time; write it like 2026-11-25T18:30:00Z (and + as %2B)."
        );
        return null;
    }

    private static void Fault(List<ProblemFault> faults, string name, string detail) =>
        faults.Add(new ProblemFault(Place.Parameter, name, detail));

    private static string Words(string[] names) => string.Join(", ", names);
}
