using System.Security.Cryptography;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Subscriptions;

/// <summary>Subscriptions: make, look at, replace, pause, remove (the CloudEvents Subscriptions
/// API).</summary>
internal static class SubscriptionsApi
{
    private const int KeepSecondsDefault = 24 * 60 * 60;
    private const int KeepSecondsMax = 7 * KeepSecondsDefault;

    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/subscriptions").WithTags("Subscriptions");
        group.MapGet("", List).WithName("listSubscriptions").Refuses(503);
        group
            .MapPost("", Create)
            .WithName("createSubscription")
            .TakesJson<SubscriptionRequestBody>()
            .Refuses(503);
        group.MapGet("/{id}", Get).WithName("getSubscription").Refuses(404, 503);
        group
            .MapPut("/{id}", Replace)
            .WithName("replaceSubscription")
            .TakesJson<SubscriptionRequestBody>()
            .Refuses(404, 503);
        group.MapDelete("/{id}", Remove).WithName("removeSubscription").Refuses(404, 503);
        group.MapPost("/{id}/pause", Pause).WithName("pauseSubscription").Refuses(404, 503);
        group.MapPost("/{id}/resume", Resume).WithName("resumeSubscription").Refuses(404, 503);
        group
            .MapPost("/{id}/secret", Rotate)
            .WithName("rotateSubscriptionSecret")
            .TakesJson<SecretRequestBody>()
            .Refuses(404, 503);
    }

    /// <summary>Every subscription.</summary>
    internal static async Task<Ok<IReadOnlyList<SubscriptionBody>>> List(
        HttpContext context,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        var head = await home.Feed.HeadAsync(cancellationToken);
        var records = await store.SubscriptionsAsync(home.Id, cancellationToken);
        var live = webhooks.Of(home.Id);
        return TypedResults.Ok<IReadOnlyList<SubscriptionBody>>([
            .. records.Select(record => BodyOf(record, live, head)),
        ]);
    }

    /// <summary>One subscription, and how it stands.</summary>
    internal static async Task<Results<Ok<SubscriptionBody>, Problem>> Get(
        HttpContext context,
        string id,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    )
    {
        return await OneAsync(context.Home(), id, webhooks, store, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : Problem.NotFound("subscription", id);
    }

    /// <summary>Be notified of events from now on.</summary>
    /// <remarks>A web address is asked whether it agrees (CloudEvents webhooks, section 4) before
    /// anything is delivered; an e-mail goes through the hub's mail server. The secret that signs
    /// deliveries (Standard Webhooks) is shown this once.</remarks>
    internal static async Task<Results<Created<SubscriptionMadeBody>, Problem>> Create(
        HttpContext context,
        Webhooks webhooks,
        ISubscriptionStore store,
        SinkClient sinks,
        CancellationToken cancellationToken
    )
    {
        var (request, problem) = await SubscriptionRequest.ReadAsync(
            context,
            sinks,
            isReplaced: false,
            cancellationToken
        );
        if (request is null)
        {
            return problem!;
        }

        var home = context.Home();
        var id = NewRef("sub_");
        // Secrets first: an event must never name one that is not there.
        var secret = new StoredSecret(NewRef("key_"), WebhookSignature.NewSecret(), null);
        await store.SaveSecretAsync(home.Id, id, secret, null, cancellationToken);
        var credential = await KeepAsync(store, home, id, request.Credential, cancellationToken);
        var create = new CreateSubscription(
            id,
            request.Definition.Text,
            new SecretRefs(secret.Ref, credential, request.Credential?.Type)
        );
        var answer = await AskAsync(context, create, cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            await store.ForgetSecretsAsync(home.Id, id, cancellationToken);
            return Problem.Of(refusal);
        }

        await webhooks.Of(home.Id).ReloadAsync(cancellationToken);
        return await OneAsync(home, id, webhooks, store, cancellationToken) is { } made
            ? TypedResults.Created(
                $"{context.AskedPath()}/{id}",
                new SubscriptionMadeBody(secret.Value, made)
            )
            : Problem.NotFound("subscription", id);
    }

    /// <summary>Replace a subscription; it goes on where it has come to.</summary>
    internal static async Task<Results<Ok<SubscriptionBody>, Problem>> Replace(
        HttpContext context,
        string id,
        Webhooks webhooks,
        ISubscriptionStore store,
        SinkClient sinks,
        CancellationToken cancellationToken
    )
    {
        var (request, problem) = await SubscriptionRequest.ReadAsync(
            context,
            sinks,
            isReplaced: true,
            cancellationToken
        );
        if (request is null)
        {
            return problem!;
        }

        var home = context.Home();
        if (await store.SubscriptionAsync(home.Id, id, cancellationToken) is null)
        {
            return Problem.NotFound("subscription", id);
        }

        var credential = await KeepAsync(store, home, id, request.Credential, cancellationToken);
        var replace = new ReplaceSubscription(
            id,
            request.Definition.Text,
            request.Keeps,
            credential,
            request.Credential?.Type
        );
        return await ChangeAsync(context, replace, webhooks, store, cancellationToken);
    }

    /// <summary>Remove a subscription with its deliveries, dead letters and secrets.</summary>
    internal static async Task<Results<NoContent, Problem>> Remove(
        HttpContext context,
        string id,
        Webhooks webhooks,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskAsync(context, new RemoveSubscription(id), cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            return Problem.Of(refusal);
        }

        await webhooks.Of(context.Home().Id).ReloadAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Deliver nothing until it is resumed.</summary>
    internal static Task<Results<Ok<SubscriptionBody>, Problem>> Pause(
        HttpContext context,
        string id,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            context,
            new PauseSubscription(id, SubscriptionPaused.Asked),
            webhooks,
            store,
            cancellationToken
        );

    /// <summary>Go on where it was, also after the sink had said that it was gone.</summary>
    internal static Task<Results<Ok<SubscriptionBody>, Problem>> Resume(
        HttpContext context,
        string id,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    ) => ChangeAsync(context, new ResumeSubscription(id), webhooks, store, cancellationToken);

    /// <summary>Sign with another secret from now on.</summary>
    /// <remarks>For a while both sign, so that the sink can change over without a gap.</remarks>
    internal static async Task<Results<Ok<SecretBody>, Problem>> Rotate(
        HttpContext context,
        string id,
        Webhooks webhooks,
        ISubscriptionStore store,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var (body, problem) = await ReadRotationAsync(context, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        var home = context.Home();
        if (await store.SubscriptionAsync(home.Id, id, cancellationToken) is not { } record)
        {
            return Problem.NotFound("subscription", id);
        }

        var secret = new StoredSecret(
            NewRef("key_"),
            body.Secret ?? WebhookSignature.NewSecret(),
            null
        );
        var until = clock.GetUtcNow().AddSeconds(body.KeepSeconds ?? KeepSecondsDefault);
        await store.SaveSecretAsync(home.Id, id, secret, (record.Secret, until), cancellationToken);
        var rotate = new RotateSubscriptionSecret(id, secret.Ref);
        var answer = await AskAsync(context, rotate, cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            await store.ForgetSecretsAsync(home.Id, id, cancellationToken);
            return Problem.Of(refusal);
        }

        await webhooks.Of(home.Id).ReloadAsync(cancellationToken);
        return TypedResults.Ok(new SecretBody(secret.Value, until));
    }

    private static async Task<(SecretRequestBody? Body, Problem? Problem)> ReadRotationAsync(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.Request.ContentLength is null or 0)
        {
            return (new SecretRequestBody(null, null), null);
        }

        var (document, problem) = await JsonBody.ReadJsonAsync(context, cancellationToken);
        using (document)
        {
            if (document is null)
            {
                return (null, problem);
            }

            var faults = new List<ProblemFault>();
            string? secret = null;
            int? seconds = null;
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object)
            {
                faults.Add(new ProblemFault(Place.Pointer, "#", "Write an object."));
                return (null, Problem.Invalid(faults));
            }

            if (json.TryGetProperty("secret", out var given))
            {
                secret = given.ValueKind == JsonValueKind.String ? given.GetString() : "";
                if (!WebhookSignature.IsSecret(secret!))
                {
                    const string detail = "Write whsec_ and 24 to 64 random bytes in base64.";
                    faults.Add(new ProblemFault(Place.Pointer, "#/secret", detail));
                }
            }

            if (json.TryGetProperty("keep_seconds", out var keep))
            {
                var isNumber = keep.ValueKind == JsonValueKind.Number;
                seconds = isNumber && keep.TryGetInt32(out var number) ? number : -1;
                if (seconds is < 0 or > KeepSecondsMax)
                {
                    var detail = $"Write a number of seconds from 0 to {KeepSecondsMax}.";
                    faults.Add(new ProblemFault(Place.Pointer, "#/keep_seconds", detail));
                }
            }

            return faults.Count > 0
                ? (null, Problem.Invalid(faults))
                : (new SecretRequestBody(secret, seconds), null);
        }
    }

    private static async Task<Results<Ok<SubscriptionBody>, Problem>> ChangeAsync(
        HttpContext context,
        SubscriptionInput input,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskAsync(context, input, cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            await store.ForgetSecretsAsync(context.Home().Id, input.Id, cancellationToken);
            return Problem.Of(refusal);
        }

        await webhooks.Of(context.Home().Id).ReloadAsync(cancellationToken);
        return await Get(context, input.Id, webhooks, store, cancellationToken);
    }

    private static async Task<string?> KeepAsync(
        ISubscriptionStore store,
        HomeClient home,
        string id,
        SinkCredential? credential,
        CancellationToken cancellationToken
    )
    {
        if (credential is null)
        {
            return null;
        }

        var kept = new StoredSecret(NewRef("cred_"), credential.Value, null);
        await store.SaveSecretAsync(home.Id, id, kept, null, cancellationToken);
        return kept.Ref;
    }

    private static async Task<SubscriptionBody?> OneAsync(
        HomeClient home,
        string id,
        Webhooks webhooks,
        ISubscriptionStore store,
        CancellationToken cancellationToken
    )
    {
        var head = await home.Feed.HeadAsync(cancellationToken);
        var record = await store.SubscriptionAsync(home.Id, id, cancellationToken);
        return record is null ? null : BodyOf(record, webhooks.Of(home.Id), head);
    }

    private static SubscriptionBody BodyOf(
        SubscriptionRecord record,
        HomeWebhooks live,
        Sequence head
    ) => SubscriptionBody.Of(record, live.Find(record.Id)?.Shown, head);

    private static Task<Answer> AskAsync(
        HttpContext context,
        Input input,
        CancellationToken cancellationToken
    ) => context.Home().SubmitAsync(context.Signed(input), cancellationToken);

    /// <summary>A name that nobody can guess.</summary>
    private static string NewRef(string prefix) =>
        prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
}
