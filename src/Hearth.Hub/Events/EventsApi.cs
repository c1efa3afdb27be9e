using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hearth.Hub.Events;

/// <summary>What became of events that were published, in their order.</summary>
internal sealed record PublishedBody(IReadOnlyList<PublishedItem> Events);

/// <param name="Id">The event's own id.</param>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Duplicate">True where an event of this source and id was there already.</param>
internal sealed record PublishedItem(string Id, string Sequence, bool Duplicate);

/// <summary>The bus over HTTP: publish events, read the log, follow it.</summary>
internal static class EventsApi
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/events").WithTags("Events");
        group.MapPost("", Publish).WithName("publishEvents").TakesEvents();
        group
            .MapGet("", Read)
            .WithName("readEvents")
            .Produces(200, contentType: EventsBody.Batch)
            .Refuses(400, 503);
        group
            .MapGet("/stream", Follow)
            .WithName("followEvents")
            .Produces(200, contentType: "text/event-stream")
            .Refuses(400, 410, 503);
        group
            .MapGet("/ws", FollowOverWebSocket)
            .WithName("followEventsOverWebSocket")
            .Produces(101)
            .Refuses(400, 410, 503);
    }

    /// <summary>Publish one event or several.</summary>
    /// <remarks>
    /// The HTTP binding of CloudEvents 1.0: structured, binary (ce- headers) or a batch of up to
    /// 1,000 events; all of them are taken, or none, and everything that is wrong with any of them
    /// is said at once, with the place in the batch. Answered when they are durable. The same
    /// source and id again changes nothing and is answered as a duplicate. Types that begin with
    /// hearth. and attributes that the hub asserts itself (sequence, causationid, correlationid,
    /// authtype, authid, recordedtime, expirytime, severitytext) are refused.
    /// </remarks>
    internal static async Task<Results<Ok<PublishedBody>, Problem>> Publish(
        HttpContext context,
        HearthOptions options,
        CancellationToken cancellationToken
    )
    {
        var body = new EventsBody(options.Events);
        var (events, problem) = await body.ReadAsync(context, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (events.Count == 0)
        {
            return TypedResults.Ok(new PublishedBody([]));
        }

        var input = context.Signed(new PublishEvents(events));
        var answer = await context.Home().SubmitAsync(input, cancellationToken);
        return answer.Refusal is { } refusal
            ? Problem.Of(refusal)
            : TypedResults.Ok(
                new PublishedBody([
                    .. answer.Published.Select(item => new PublishedItem(
                        item.Id,
                        item.Sequence.ToString(),
                        item.Duplicate
                    )),
                ])
            );
    }

    /// <summary>Read a page of the log.</summary>
    /// <remarks>
    /// In order, oldest first, or with order=desc newest first. Link rel="next" leads to the next
    /// page and is absent at the end; what is published meanwhile moves nothing from one page to
    /// another. A page may be short or even empty and still have a next one. What retention
    /// has taken is left out; whoever must not miss anything follows the stream, which says so.
    /// </remarks>
    /// <param name="after">Only what follows this sequence.</param>
    /// <param name="before">Only what precedes this sequence.</param>
    /// <param name="order">asc (oldest first, the default) or desc (newest first).</param>
    /// <param name="from">Only what was recorded at this time or later (RFC 3339).</param>
    /// <param name="to">Only what was recorded at this time or earlier (RFC 3339).</param>
    /// <param name="type">Types; with .* behind it the beginning of some.</param>
    /// <param name="source">Sources.</param>
    /// <param name="subject">Subjects: an entity, a device, an automation.</param>
    /// <param name="topic">MQTT topic filters; only messages have a topic.</param>
    /// <param name="correlation">The correlationid: everything that one event led to.</param>
    /// <param name="limit">1 to 1,000, by default 100.</param>
    internal static async Task<IResult> Read(
        HttpContext context,
        ILogSearch search,
        [FromQuery] string? after,
        [FromQuery] string? before,
        [FromQuery] string? order,
        [FromQuery] string? from,
        [FromQuery] string? to,
        [FromQuery] string[]? type,
        [FromQuery] string[]? source,
        [FromQuery] string[]? subject,
        [FromQuery] string[]? topic,
        [FromQuery] string? correlation,
        [FromQuery] string? limit,
        CancellationToken cancellationToken
    )
    {
        var query = EventQuery.ReadPage(context.Request, out var problem);
        if (query is null)
        {
            return problem!;
        }

        var page = await EventPage.ReadAsync(context.Home(), search, query, cancellationToken);
        if (page.Next is { } next)
        {
            var cursor = query.IsNewestFirst ? "before" : "after";
            var address = NextPage(context, cursor, next);
            context.Response.Headers.Link = $"<{address}>; rel=\"next\"";
        }

        return TypedResults.Bytes(page.Body, EventsBody.Batch);
    }

    /// <summary>Follow the log as server-sent events.</summary>
    /// <remarks>
    /// Each event's id is its sequence and its data a CloudEvent. With Last-Event-ID (which
    /// browsers send by themselves) or after, what came since is replayed first, without a gap or
    /// a duplicate; without either the stream begins now. A live reader that falls 30 seconds or
    /// 10 MiB behind is told so with a last event of the SSE type hearth.error, whose data has
    /// detail and resume_after, and may come back; one that takes nothing at all is cut off.
    /// </remarks>
    /// <param name="after">The sequence to go on after; Last-Event-ID is stronger.</param>
    /// <param name="type">Types; with .* behind it the beginning of some.</param>
    /// <param name="source">Sources.</param>
    /// <param name="subject">Subjects: an entity, a device, an automation.</param>
    /// <param name="topic">MQTT topic filters; only messages have a topic.</param>
    /// <param name="correlation">The correlationid: everything that one event led to.</param>
    internal static async Task<IResult> Follow(
        HttpContext context,
        EventStream stream,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        [FromQuery] string? after,
        [FromQuery] string[]? type,
        [FromQuery] string[]? source,
        [FromQuery] string[]? subject,
        [FromQuery] string[]? topic,
        [FromQuery] string? correlation,
        CancellationToken cancellationToken
    )
    {
        var query = EventQuery.ReadStream(context.Request, out var problem);
        if (query is null)
        {
            return problem!;
        }

        if (!string.IsNullOrEmpty(lastEventId))
        {
            if (!Sequence.TryParse(lastEventId, out var last))
            {
                var detail = $"\"{lastEventId}\" is no sequence; write the id of an event.";
                return Problem.InvalidParameters([
                    new ProblemFault(Place.Header, "last-event-id", detail),
                ]);
            }

            query = query with { After = last };
        }

        return await stream.RunAsync(context, query, cancellationToken);
    }

    /// <summary>Follow the log over a WebSocket.</summary>
    /// <remarks>
    /// The subprotocol is cloudevents.json (the WebSocket binding of CloudEvents): each text
    /// message is one event in structured mode. With after, what came since that sequence is
    /// replayed first, without a gap or a duplicate; without it the stream begins now.
    /// Silence is broken by pings. A live reader that falls 30 seconds or 10 MiB behind is told so
    /// with the close code 1008 and the sequence to resume after; one that takes nothing at all is
    /// cut off.
    /// </remarks>
    /// <param name="after">The sequence to go on after.</param>
    /// <param name="type">Types; with .* behind it the beginning of some.</param>
    /// <param name="source">Sources.</param>
    /// <param name="subject">Subjects: an entity, a device, an automation.</param>
    /// <param name="topic">MQTT topic filters; only messages have a topic.</param>
    /// <param name="correlation">The correlationid: everything that one event led to.</param>
    internal static async Task<IResult> FollowOverWebSocket(
        HttpContext context,
        EventSocket socket,
        [FromQuery] string? after,
        [FromQuery] string[]? type,
        [FromQuery] string[]? source,
        [FromQuery] string[]? subject,
        [FromQuery] string[]? topic,
        [FromQuery] string? correlation,
        CancellationToken cancellationToken
    )
    {
        var query = EventQuery.ReadStream(context.Request, out var problem);
        return query is null ? problem! : await socket.RunAsync(context, query, cancellationToken);
    }

    private static string NextPage(HttpContext context, string cursor, Sequence next)
    {
        var kept = context
            .Request.Query.Where(item => item.Key != cursor)
            .SelectMany(item => item.Value.Select(value => KeyValuePair.Create(item.Key, value)));
        var query = QueryString.Create(kept).Add(cursor, next.Value.ToString());
        return context.AskedPath() + query;
    }
}
