using System.Text.Json.Serialization;

namespace Hearth.Hub.Problems;

/// <summary>A refusal (RFC 9457), as the OpenAPI document shows it; <see cref="Problem"/> writes
/// it.</summary>
/// <param name="Type">Which kind of problem; compare this one.</param>
/// <param name="Title">The kind in words, always the same.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time, and what to change.</param>
/// <param name="Help">Where the hub explains the kind.</param>
/// <param name="RequestId">Names the request in the hub's own output.</param>
internal sealed record ProblemBody(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Help,
    string RequestId
)
{
    /// <summary>Everything that is wrong, where several things can be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemErrorBody>? Errors { get; init; }

    /// <summary>The oldest sequence that is still there, where a cursor is gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Oldest { get; init; }

    /// <summary>The line of the template that failed, counted from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }

    /// <summary>The column in that line, counted from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Column { get; init; }
}

/// <summary>One thing that is wrong, with one of pointer, header and parameter.</summary>
/// <param name="Detail">What was found, and what to write instead.</param>
internal sealed record ProblemErrorBody(string Detail)
{
    /// <summary>A place in the body: a JSON pointer as a fragment, like #/type.</summary>
    public string? Pointer { get; init; }

    /// <summary>A header.</summary>
    public string? Header { get; init; }

    /// <summary>A parameter of the query.</summary>
    public string? Parameter { get; init; }
}
