using System.Globalization;
using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Events;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Subscriptions;

/// <summary>What became of deliveries: attempts, dead letters, deliver again, deliver a test.
/// </summary>
internal static class DeliveriesApi
{
    private const int LimitMax = 200;
    private const int LimitDefault = 50;

    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/subscriptions/{id}").WithTags("Subscriptions");
        group.MapGet("/deliveries", List).WithName("listDeliveries").Refuses(400, 404, 503);
        group
            .MapGet("/dead-letters", ListDeadLetters)
            .WithName("listDeadLetters")
            .Refuses(400, 404, 503);
        group
            .MapPost("/dead-letters/replay", ReplayDeadLetters)
            .WithName("replayDeadLetters")
            .Refuses(404, 503);
        group
            .MapPost("/dead-letters/{number:long}/replay", ReplayDeadLetter)
            .WithName("replayDeadLetter")
            .Refuses(404, 503);
        group
            .MapPost("/replay", Replay)
            .WithName("replaySubscription")
            .TakesJson<ReplayRequestBody>()
            .Refuses(404, 410, 503);
        group.MapPost("/test", Test).WithName("testSubscription").Refuses(404, 503);
    }

    /// <summary>The newest attempts, newest first.</summary>
    internal static async Task<Results<Ok<DeliveriesBody>, Problem>> List(
        HttpContext context,
        string id,
        ISubscriptionStore store,
        CancellationToken cancellationToken,
        string? before = null,
        string? limit = null
    )
    {
        var faults = new List<ProblemFault>();
        var from = Number(before, "before", long.MaxValue, long.MaxValue, faults);
        var count = (int)Number(limit, "limit", LimitDefault, LimitMax, faults);
        if (faults.Count > 0)
        {
            return Problem.InvalidParameters(faults);
        }

        var home = context.Home();
        if (await store.SubscriptionAsync(home.Id, id, cancellationToken) is null)
        {
            return Problem.NotFound("subscription", id);
        }

        var found = await store.DeliveriesAsync(home.Id, id, from, count, cancellationToken);
        if (found.Count == count)
        {
            LinkNext(context, $"before={found[^1].Number}&limit={count}");
        }

        return TypedResults.Ok(new DeliveriesBody([.. found.Select(DeliveryBody.Of)]));
    }

    /// <summary>What was given up, oldest first.</summary>
    internal static async Task<Results<Ok<DeadLettersBody>, Problem>> ListDeadLetters(
        HttpContext context,
        string id,
        ISubscriptionStore store,
        CancellationToken cancellationToken,
        string? after = null,
        string? limit = null
    )
    {
        var faults = new List<ProblemFault>();
        var from = Number(after, "after", 0, long.MaxValue, faults);
        var count = (int)Number(limit, "limit", LimitDefault, LimitMax, faults);
        if (faults.Count > 0)
        {
            return Problem.InvalidParameters(faults);
        }

        var home = context.Home();
        if (await store.SubscriptionAsync(home.Id, id, cancellationToken) is null)
        {
            return Problem.NotFound("subscription", id);
        }

        var found = await store.DeadLettersAsync(
            home.Id,
            id,
            from,
            count,
            onlyToReplay: false,
            cancellationToken
        );
        if (found.Count == count)
        {
            LinkNext(context, $"after={found[^1].Number}&limit={count}");
        }

        return TypedResults.Ok(new DeadLettersBody([.. found.Select(DeadLetterBody.Of)]));
    }

    /// <summary>Deliver every dead letter again.</summary>
    /// <remarks>Each is tried once; what fails again stays.</remarks>
    internal static Task<Results<Accepted<ReplayedBody>, Problem>> ReplayDeadLetters(
        HttpContext context,
        string id,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    ) => ReplayLettersAsync(context, id, null, webhooks, store, cancellationToken);

    /// <summary>Deliver one dead letter again.</summary>
    internal static Task<Results<Accepted<ReplayedBody>, Problem>> ReplayDeadLetter(
        HttpContext context,
        string id,
        long number,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    ) => ReplayLettersAsync(context, id, number, webhooks, store, cancellationToken);

    /// <summary>Deliver again everything from a sequence or a time on.</summary>
    internal static async Task<Results<Ok<ReplayBody>, Problem>> Replay(
        HttpContext context,
        string id,
        Webhooks webhooks,
        CancellationToken cancellationToken
    )
    {
        var (document, problem) = await JsonBody.ReadJsonAsync(context, cancellationToken);
        using (document)
        {
            if (document is null)
            {
                return problem!;
            }

            var home = context.Home();
            if (await CursorAsync(home, document.RootElement, cancellationToken) is not { } cursor)
            {
                const string detail =
                    "Write a sequence of this log, like \"42\", or a time, like"
                    + " \"2026-11-25T18:30:00Z\".";
                return Problem.Invalid([new ProblemFault(Place.Pointer, "#/from", detail)]);
            }

            if (cursor < home.Feed.Head)
            {
                // Answers 410 with the oldest sequence where that is gone.
                await home.Feed.ReadAsync(cursor, 1, 1, cancellationToken);
            }

            var isThere = await webhooks
                .Of(home.Id)
                .RestartAsync(id, known => known with { Cursor = cursor }, cancellationToken);
            return isThere
                ? TypedResults.Ok(new ReplayBody(cursor.ToString()))
                : Problem.NotFound("subscription", id);
        }
    }

    /// <summary>Deliver an event that happened nowhere, now, and answer what became of it.
    /// </summary>
    internal static async Task<Results<Ok<TestBody>, Problem>> Test(
        HttpContext context,
        string id,
        Webhooks webhooks,
        CancellationToken cancellationToken
    )
    {
        var home = webhooks.Of(context.Home().Id);
        await home.ReloadAsync(cancellationToken);
        return await home.TestAsync(id, cancellationToken) is { } body
            ? TypedResults.Ok(body)
            : Problem.NotFound("subscription", id);
    }

    private static async Task<Results<Accepted<ReplayedBody>, Problem>> ReplayLettersAsync(
        HttpContext context,
        string id,
        long? number,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        if (await store.SubscriptionAsync(home.Id, id, cancellationToken) is null)
        {
            return Problem.NotFound("subscription", id);
        }

        var count = await store.ReplayDeadLettersAsync(home.Id, id, number, cancellationToken);
        if (count == 0 && number is { } missing)
        {
            return Problem.NotFound("dead letter", missing.ToString(CultureInfo.InvariantCulture));
        }

        await webhooks.Of(home.Id).RestartAsync(id, change: null, cancellationToken);
        return TypedResults.Accepted((string?)null, new ReplayedBody(count));
    }

    /// <summary>The cursor before what is asked for; null where that is neither a sequence of this
    /// log nor a time.</summary>
    private static async Task<Sequence?> CursorAsync(
        HomeClient home,
        JsonElement json,
        CancellationToken cancellationToken
    )
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("from", out var from))
        {
            return null;
        }

        var text = from.ValueKind switch
        {
            JsonValueKind.String => from.GetString(),
            JsonValueKind.Number => from.GetRawText(),
            _ => null,
        };
        var head = await home.Feed.HeadAsync(cancellationToken);
        if (Sequence.TryParse(text, out var sequence))
        {
            return sequence.Value >= 1 && sequence <= head.Next
                ? new Sequence(sequence.Value - 1)
                : null;
        }

        var isTime = DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        );
        if (!isTime)
        {
            return null;
        }

        // What retention has taken before the first event that is still there is not asked for.
        var before = await EventPage.SeekAsync(home, Sequence.None, head, time, cancellationToken);
        var kept = await home.Feed.ReadKeptAsync(before, 1, 1, cancellationToken);
        return kept.Count > 0 && kept[0].First > before.Next
            ? new Sequence(kept[0].First.Value - 1)
            : before;
    }

    private static long Number(
        string? text,
        string name,
        long absent,
        long max,
        List<ProblemFault> faults
    )
    {
        if (text is null)
        {
            return absent;
        }

        var isNumber = long.TryParse(
            text,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        );
        if (isNumber && number >= 1 && number <= max)
        {
            return number;
        }

        faults.Add(new ProblemFault(Place.Parameter, name, $"\"{text}\" is no number that fits."));
        return absent;
    }

    private static void LinkNext(HttpContext context, string query) =>
        context.Response.Headers.Link = $"<{context.AskedPath()}?{query}>; rel=\"next\"";
}
