using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Events;

/// <summary>
/// Events as the HTTP binding of CloudEvents carries them: structured (the body is the event),
/// binary (headers are the attributes, the body is the data) or as a batch.
/// </summary>
internal static class EventsBody
{
    public const string Structured = "application/cloudevents+json";
    public const string Batch = "application/cloudevents-batch+json";
    public const int BatchMax = 1000;
    public const int BatchBytesMax = 8 * 1024 * 1024;

    private const string HeaderPrefix = "ce-";

    /// <summary>The events, or the problem with them.</summary>
    public static async Task<(IReadOnlyList<NewEvent> Events, Problem? Problem)> ReadAsync(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var contentType = context.Request.ContentType;
        var media = JsonBody.Media(contentType).ToLowerInvariant();
        if (media is not (Structured or Batch) && !IsBinary(context.Request))
        {
            var taken =
                $"{Structured}, {Batch}, or any other with ce-id, ce-source, ce-type and"
                + " ce-specversion as headers";
            return ([], JsonBody.NotTaken(contentType, taken));
        }

        var bytesMax = media == Batch ? BatchBytesMax : CloudEventReader.BytesMax;
        var body = await JsonBody.ReadAsync(context, bytesMax, cancellationToken);
        return media switch
        {
            Structured => OfStructured(body),
            Batch => OfBatch(body),
            _ => OfBinary(context.Request, body),
        };
    }

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

    private static (IReadOnlyList<NewEvent>, Problem?) OfBatch(ReadOnlyMemory<byte> body)
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

        if (list.GetArrayLength() > BatchMax)
        {
            var count = $"The batch has {list.GetArrayLength()} events; at most {BatchMax}.";
            return ([], new Problem(ProblemKinds.TooLarge, count));
        }

        return OfList(list);
    }

    private static (IReadOnlyList<NewEvent>, Problem?) OfList(JsonElement list)
    {
        var faults = new List<Fault>();
        var events = new List<NewEvent>(list.GetArrayLength());
        var index = 0;
        foreach (var json in list.EnumerateArray())
        {
            var bytes = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(json).Length;
            if (bytes > CloudEventReader.BytesMax)
            {
                var size =
                    $"Event {index} of the batch has {bytes} bytes; at most"
                    + $" {CloudEventReader.BytesMax}.";
                return ([], new Problem(ProblemKinds.TooLarge, size));
            }

            if (CloudEventReader.Read(json, "/" + index, faults) is { } read)
            {
                events.Add(read);
            }

            index++;
        }

        return faults.Count == 0 ? (events, null) : ([], Problem.Invalid(faults));
    }

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
            "/data" => new ProblemFault(Place.Pointer, "#", fault.Detail),
            "/datacontenttype" => new ProblemFault(Place.Header, "content-type", fault.Detail),
            _ => new ProblemFault(
                Place.Header,
                HeaderPrefix + fault.Pointer.TrimStart('/'),
                fault.Detail
            ),
        };
}
