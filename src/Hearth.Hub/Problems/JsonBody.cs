using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;

namespace Hearth.Hub.Problems;

/// <summary>
/// Request bodies as JSON: read whole, bounded, strict, and refused with the place of the first
/// error.
/// </summary>
internal static class JsonBody
{
    /// <summary>The most that a body may have where nothing else is said.</summary>
    public const int BytesMax = 1024 * 1024;

    public const int DepthMax = 64;

    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DepthMax };

    /// <summary>The whole body; throws <see cref="BadHttpRequestException"/> (413) when it is
    /// larger.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpContext context,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        // The server's own limit would cut the connection off under a client that still sends, and
        // the client would never see why. It is counted here instead, and the server lets what
        // follows run dry for a few seconds after the answer.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var announced = context.Request.ContentLength ?? 4096;
        var buffer = new byte[Math.Min(announced, bytesMax) + 1];
        var length = 0;
        while (announced <= bytesMax)
        {
            var read = await context.Request.Body.ReadAsync(
                buffer.AsMemory(length),
                cancellationToken
            );
            length += read;
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            if (length > bytesMax)
            {
                break;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(length * 2, bytesMax + 1));
            }
        }

        throw new BadHttpRequestException("The body is too large.", 413);
    }

    /// <summary>Parses a body, or answers the problem with it. Every name and every text in the
    /// document can be read.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body, out Problem? problem)
    {
        problem = null;
        if (!Utf8.IsValid(body.Span))
        {
            problem = new Problem(ProblemKinds.MalformedJson, "The body is not UTF-8.");
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(body, Strict);
            if (HalfPairs.Find(body.Span) is not { Count: > 0 } halves)
            {
                return document;
            }

            document.Dispose();
            problem = Problem.Invalid(halves.Select(half => half.Fault));
            return null;
        }
        catch (JsonException fault)
        {
            problem = Malformed(fault);
            return null;
        }
    }

    /// <summary>Reads a body of <c>application/json</c>, or answers the problem with it.</summary>
    /// <param name="also">Another content type that is taken here.</param>
    public static async Task<(JsonDocument? Document, Problem? Problem)> ReadJsonAsync(
        HttpContext context,
        CancellationToken cancellationToken,
        string? also = null
    )
    {
        var media = Media(context.Request.ContentType);
        var isOther = media.Equals(also, StringComparison.OrdinalIgnoreCase);
        if (!isOther && !IsJson(context.Request.ContentType))
        {
            return (null, NotTaken(context.Request.ContentType, "application/json"));
        }

        var body = await ReadAsync(context, BytesMax, cancellationToken);
        var document = Parse(body, out var problem);
        return (document, problem);
    }

    public static Problem NotTaken(string? contentType, string taken) =>
        new(
            ProblemKinds.UnsupportedMediaType,
            string.IsNullOrEmpty(contentType)
                ? $"The request has no Content-Type; write {taken}."
                : $"The Content-Type is {contentType}; {taken} is taken here."
        );

    private static bool IsJson(string? contentType) =>
        Media(contentType).Equals("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>A content type without its parameters.</summary>
    public static string Media(string? contentType) =>
        contentType is null ? "" : contentType.Split(';')[0].Trim();

    private static Problem Malformed(JsonException fault)
    {
        var line = fault.LineNumber + 1;
        var column = fault.BytePositionInLine + 1;
        // The reader's message ends with its own count of lines, from 0.
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = end < 0 ? fault.Message : fault.Message[..end];
        return new Problem(ProblemKinds.MalformedJson, $"At line {line}, byte {column}: {reason}");
    }
}
