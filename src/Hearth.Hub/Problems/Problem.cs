using System.Buffers;
using System.Text.Json;
using Hearth.Core;
using Microsoft.AspNetCore.Http.Metadata;

namespace Hearth.Hub.Problems;

/// <summary>Where something is wrong in a request.</summary>
internal enum Place
{
    /// <summary>In the body; named by a JSON pointer (RFC 6901) as a fragment, <c>#/type</c>.
    /// </summary>
    Pointer,

    Header,

    /// <summary>In the query.</summary>
    Parameter,
}

/// <summary>One thing that is wrong with a request.</summary>
internal readonly record struct ProblemFault(Place Place, string Name, string Detail)
{
    /// <summary>The line in the body, from 1; null where lines say nothing.</summary>
    public int? Line { get; init; }

    /// <summary>The character in the line, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>The word that was probably meant.</summary>
    public string? Suggestion { get; init; }
}

/// <summary>An answer that says no.</summary>
internal sealed record Problem(ProblemKind Kind, string Detail, IReadOnlyList<ProblemFault> Faults)
    : IResult
{
    public const string MediaType = "application/problem+json";

    public Problem(ProblemKind kind, string detail)
        : this(kind, detail, []) { }

    /// <summary>After how many seconds it is worth trying again.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The first sequence that the log still holds.</summary>
    public string? Oldest { get; init; }

    /// <summary>Where in a template it failed, counted from 1.</summary>
    public int? Line { get; init; }

    public int? Column { get; init; }

    public static Problem Of(Refusal refusal) =>
        new(ProblemKinds.Of(refusal.Kind), refusal.Detail, [.. refusal.Faults.Select(InBody)]);

    /// <summary>The most faults that one answer lists.</summary>
    public const int FaultsMax = 100;

    /// <summary>A request whose parameters are wrong.</summary>
    public static Problem InvalidParameters(IReadOnlyList<ProblemFault> faults) =>
        Listing(ProblemKinds.InvalidParameter, faults);

    /// <summary>A request in whose content everything in <paramref name="faults"/> is wrong.
    /// </summary>
    public static Problem Invalid(IReadOnlyList<ProblemFault> faults) =>
        Listing(ProblemKinds.Invalid, faults);

    /// <summary>A problem that lists faults, as many as an answer may have.</summary>
    public static Problem Listing(ProblemKind kind, IReadOnlyList<ProblemFault> faults) =>
        faults.Count switch
        {
            1 => new(kind, faults[0].Detail, faults),
            <= FaultsMax => new(
                kind,
                $"{faults.Count} things are wrong with it; errors lists them.",
                faults
            ),
            _ => new(
                kind,
                $"More than {FaultsMax} things are wrong with it; errors lists the first ones.",
                [.. faults.Take(FaultsMax)]
            ),
        };

    public static Problem Invalid(IEnumerable<Fault> faults) => Invalid([.. faults.Select(InBody)]);

    public static Problem NotFound(string what, string id) =>
        new(ProblemKinds.NotFound, $"There is no {what} \"{id}\" in this home.");

    public static ProblemFault InBody(Fault fault) =>
        new(Place.Pointer, "#" + fault.Pointer, fault.Detail) { Suggestion = fault.Suggestion };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Kind.Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString();
        }

        var body = new ArrayBufferWriter<byte>(512);
        Write(body, httpContext.TraceIdentifier);
        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
        }
    }

    private void Write(IBufferWriter<byte> body, string requestId)
    {
        using var json = new Utf8JsonWriter(body, JsonBody.WriterOptions);
        json.WriteStartObject();
        json.WriteString("type", Kind.Type);
        json.WriteString("title", Kind.Title);
        json.WriteNumber("status", Kind.Status);
        json.WriteString("detail", Detail);
        json.WriteString("help", Kind.Help);
        json.WriteString("request_id", requestId);
        if (Oldest is not null)
        {
            json.WriteString("oldest", Oldest);
        }

        if (Line is { } line)
        {
            json.WriteNumber("line", line);
        }

        if (Column is { } column)
        {
            json.WriteNumber("column", column);
        }

        if (Faults.Count > 0)
        {
            json.WriteStartArray("errors");
            foreach (var fault in Faults)
            {
                json.WriteStartObject();
                json.WriteString("detail", fault.Detail);
                json.WriteString(NameOf(fault.Place), fault.Name);
                WriteMore(json, fault);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteMore(Utf8JsonWriter json, ProblemFault fault)
    {
        if (fault is { Line: { } line, Column: { } column })
        {
            json.WriteNumber("line", line);
            json.WriteNumber("column", column);
        }

        if (fault.Suggestion is { } suggestion)
        {
            json.WriteString("suggestion", suggestion);
        }
    }

    private static string NameOf(Place place) =>
        place switch
        {
            Place.Pointer => "pointer",
            Place.Header => "header",
            _ => "parameter",
        };
}
