using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Events;

/// <summary>
/// Events as the HTTP binding of CloudEvents carries them: structured (the body is the event),
/// binary (headers are the attributes, the body is the data) or as a batch.
/// </summary>
internal sealed class EventsBody(EventOptions limits)
{
    public const string Structured = CloudEventFormat.MediaType;
    public const string Batch = "application/cloudevents-batch+json";

    private const string HeaderPrefix = "ce-";

    /// <summary>The events, or the problem with them.</summary>
    public async Task<(IReadOnlyList<NewEvent> Events, Problem? Problem)> ReadAsync(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var contentType = context.Request.ContentType;
        var media = JsonBody.Media(contentType).ToLowerInvariant();
        if (!IsTaken(context.Request, media))
        {
            var taken =
                $"{Structured} and {Batch}, both in UTF-8, or any other with ce-id, ce-source,"
                + " ce-type and ce-specversion as headers";
            return ([], JsonBody.NotTaken(contentType, taken));
        }

        var bytesMax = media == Batch ? limits.BatchBytesMax : limits.BytesMax;
        ReadOnlyMemory<byte> body;
        try
        {
            body = await JsonBody.ReadAsync(context, bytesMax, cancellationToken);
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == 413)
        {
            var what = media == Batch ? "A batch" : "An event";
            return ([], TooLarge("", $"{what} has at most {bytesMax} bytes, and this has more."));
        }

        return media switch
        {
            Structured => OfStructured(body),
            Batch => OfBatch(body),
            _ => OfBinary(context.Request, body),
        };
    }

    /// <summary>Whatever calls itself CloudEvents is meant whole (HTTP binding, section 3), so
    /// another format of it is no data of a binary event.</summary>
    private static bool IsTaken(HttpRequest request, string media) =>
        media is Structured or Batch
            ? IsUtf8(request)
            : !media.StartsWith(CloudEventFormat.AnyMediaType, StringComparison.Ordinal)
                && IsBinary(request);

    private static bool IsUtf8(HttpRequest request) =>
        request.GetTypedHeaders().ContentType?.Charset.Value is not { Length: > 0 } charset
        || charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    private static bool IsBinary(HttpRequest request) =>
        request.Headers.Keys.Any(name =>
            name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)
        );

    private static (IReadOnlyList<NewEvent>, Problem?) OfStructured(ReadOnlyMemory<byte> body)
    {
        using var document = JsonBody.Parse(body, out var problem);
        if (document is null)
        {
            return ([], problem);
        }

        var faults = new List<Fault>();
        var read = CloudEventReader.Read(document.RootElement, "", faults);
        return read is null ? ([], Problem.Invalid(faults)) : ([read], null);
    }

    private (IReadOnlyList<NewEvent>, Problem?) OfBatch(ReadOnlyMemory<byte> body)
    {
        using var document = JsonBody.Parse(body, out var problem);
        if (document is null)
        {
            return ([], problem);
        }

        var list = document.RootElement;
        if (list.ValueKind != JsonValueKind.Array)
        {
            return ([], Problem.Invalid([new Fault("", "A batch is a list of events: [{…}, …].")]));
        }

        if (list.GetArrayLength() > limits.BatchMax)
        {
            var count = $"The batch has {list.GetArrayLength()} events; at most {limits.BatchMax}.";
            return ([], TooLarge($"/{limits.BatchMax}", count));
        }

        return OfList(list);
    }

    /// <summary>Every event is looked at, so that all that is wrong is said at once; it ends where
    /// no more could be listed.</summary>
    private (IReadOnlyList<NewEvent>, Problem?) OfList(JsonElement list)
    {
        var faults = new List<Fault>();
        var events = new List<NewEvent>(list.GetArrayLength());
        var kind = ProblemKinds.Invalid;
        var index = 0;
        foreach (var json in list.EnumerateArray())
        {
            var bytes = JsonMarshal.GetRawUtf8Value(json).Length;
            if (bytes > limits.BytesMax)
            {
                kind = ProblemKinds.TooLarge;
                faults.Add(
                    new Fault(
                        $"/{index}{LargestMember(json)}",
                        $"Event {index} of the batch has {bytes} bytes; at most {limits.BytesMax}."
                    )
                );
            }

            if (CloudEventReader.Read(json, "/" + index, faults) is { } read)
            {
                events.Add(read);
            }

            if (faults.Count > Problem.FaultsMax)
            {
                break;
            }

            index++;
        }

        return faults.Count == 0
            ? (events, null)
            : ([], Problem.Listing(kind, [.. faults.Select(Problem.InBody)]));
    }

    /// <summary>The pointer to the data or the attribute that makes an event large; empty where
    /// that has no name of an attribute.</summary>
    private static string LargestMember(JsonElement json)
    {
        var (name, most) = ("", 0);
        if (json.ValueKind != JsonValueKind.Object)
        {
            return name;
        }

        foreach (var member in json.EnumerateObject())
        {
            var bytes = JsonMarshal.GetRawUtf8Value(member.Value).Length;
            if (bytes > most)
            {
                var raw = JsonMarshal.GetRawUtf8PropertyName(member);
                var isPlain = raw.Length <= 64 && !raw.ContainsAnyExcept(OfNames);
                (name, most) = (isPlain ? "/" + Encoding.ASCII.GetString(raw) : "", bytes);
            }
        }

        return name;
    }

    private static readonly SearchValues<byte> OfNames = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789_"u8
    );

    private static Problem TooLarge(string pointer, string detail) =>
        Problem.Listing(ProblemKinds.TooLarge, [Problem.InBody(new Fault(pointer, detail))]);

    private static (IReadOnlyList<NewEvent>, Problem?) OfBinary(
        HttpRequest request,
        ReadOnlyMemory<byte> body
    )
    {
        var attributes = request
            .Headers.Where(header =>
                header.Key.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)
            )
            .SelectMany(header =>
                header.Value.Select(value =>
                    KeyValuePair.Create(
                        header.Key[HeaderPrefix.Length..].ToLowerInvariant(),
                        HeaderText.Decode(value ?? "")
                    )
                )
            );
        var contentType = string.IsNullOrEmpty(request.ContentType) ? null : request.ContentType;
        var faults = new List<Fault>();
        var read = CloudEventReader.Read(attributes, contentType, new Payload(body), faults);
        return read is null ? ([], Problem.Invalid([.. faults.Select(InHeaders)])) : ([read], null);
    }

    /// <summary>The reader names attributes; here they were headers.</summary>
    private static ProblemFault InHeaders(Fault fault) =>
        fault.Pointer switch
        {
            "" or "/data" => new ProblemFault(Place.Pointer, "#", fault.Detail),
            "/datacontenttype" => new ProblemFault(Place.Header, "content-type", fault.Detail),
            _ => new ProblemFault(
                Place.Header,
                HeaderPrefix + fault.Pointer.TrimStart('/'),
                fault.Detail
            ),
        };
}
