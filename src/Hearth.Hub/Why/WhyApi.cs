using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Why;
using Hearth.Hub.Access;
using Hearth.Hub.Devices;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Why;

/// <summary>Why things are as they are, and why not otherwise.</summary>
internal static class WhyApi
{
    public static void MapWhy(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Why");
        group.MapGet("/events/{id}/why", OfEvent).WithName("whyEvent").Refuses(404, 409, 500, 503);
        group.MapGet("/entities/{id}/why", OfEntity).WithName("whyEntity").Refuses(404, 500, 503);
        group
            .MapGet("/automations/{id}/why-not", OfAutomation)
            .WithName("whyNotAutomation")
            .Refuses(404, 500, 503);
    }

    /// <summary>Why an event happened, and what it led to.</summary>
    /// <remarks>
    /// One sentence, the chain of causes from its first event on, and the tree of what came of it,
    /// down to the acknowledgements of commands. Causes that have left the log are listed as
    /// missing, with what is still known of them.
    /// </remarks>
    /// <param name="id">The event's sequence, with or without its zeros, or the id that a program
    /// gave it.</param>
    /// <param name="source">The program, where several have used the same id.</param>
    internal static async Task<Results<Ok<WhyBody>, Problem>> OfEvent(
        HttpContext context,
        string id,
        ILogSearch search,
        HearthOptions options,
        CancellationToken cancellationToken,
        string? source = null
    )
    {
        var log = new LogAnswers(context.Home(), search, options);
        // A slash in an id of a program arrives as it was escaped.
        var wanted = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var (item, problem) = await FindAsync(log, wanted, source, cancellationToken);
        return item is null
            ? problem!
            : TypedResults.Ok(await ExplainAsync(context, log, item, options, cancellationToken));
    }

    /// <summary>Why an entity is as it is.</summary>
    /// <remarks>
    /// Answers for its last change of state, not of attributes alone; with the command that came to
    /// nothing since, if there is one, and with what held back the automations that could have
    /// acted on it.
    /// </remarks>
    internal static async Task<Results<Ok<EntityWhyBody>, Problem>> OfEntity(
        HttpContext context,
        string id,
        ILogSearch search,
        HearthOptions options,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        var entityId = new EntityId(id);
        if (await home.Truths.EntityAsync(home.Id, entityId, cancellationToken) is not { } entity)
        {
            return Problem.NotFound("entity", id);
        }

        var log = new LogAnswers(home, search, options);
        var change =
            await log.LastChangeAsync(entity, cancellationToken)
            ?? await RegisteredAsync(log, entity, cancellationToken);
        var why = change is null
            ? null
            : await ExplainAsync(context, log, change, options, cancellationToken);
        var mentioned = new HashSet<EntityId> { entityId };
        var names = await log.NamesAsync(
            new Mentions(mentioned, new HashSet<DeviceId>(), new HashSet<string>()),
            cancellationToken
        );
        var attempt = await AttemptAsync(log, entity, change, cancellationToken);
        var held = await HeldBackAsync(context, log, entity, clock, cancellationToken);
        return TypedResults.Ok(EntityWhy.Of(entity, names, why, attempt, held, options));
    }

    /// <summary>Why an automation did not run when its trigger last came, or that it did.</summary>
    /// <remarks>With the conditions that did not hold and what they saw, the mode that did not let
    /// it run, who switched it off, or that its trigger has not come.</remarks>
    internal static async Task<Results<Ok<HeldBackBody>, Problem>> OfAutomation(
        HttpContext context,
        string id,
        ILogSearch search,
        HearthOptions options,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        return automations.FirstOrDefault(each => each.Id == id) is { } automation
            ? TypedResults.Ok(
                await AskAsync(
                    new LogAnswers(home, search, options),
                    automation,
                    clock,
                    cancellationToken
                )
            )
            : Problem.NotFound("automation", id);
    }

    private static async Task<(Event? Item, Problem? Problem)> FindAsync(
        LogAnswers log,
        string id,
        string? source,
        CancellationToken cancellationToken
    )
    {
        if (
            Sequence.TryParse(id, out var sequence)
            && await log.EventAsync(sequence, cancellationToken) is { } found
            && (source is null || found.Source == source)
        )
        {
            return (found, null);
        }

        var published = await log.PublishedAsync(id, source, cancellationToken);
        return published.Count switch
        {
            1 => (published[0], null),
            0 => (
                null,
                new Problem(
                    ProblemKinds.NotFound,
                    $"The log has no event \"{id}\", or not any more."
                )
            ),
            _ => (
                null,
                new Problem(
                    ProblemKinds.Conflict,
                    $"Several programs have published an event with the id \"{id}\":"
                        + $" {string.Join(", ", published.Select(item => item.Source))}. Say which"
                        + " with source=."
                )
            ),
        };
    }

    private static async Task<WhyBody> ExplainAsync(
        HttpContext context,
        LogAnswers log,
        Event item,
        HearthOptions options,
        CancellationToken cancellationToken
    )
    {
        var inquiry = new Inquiry(item);
        await log.AnswerAsync(inquiry, cancellationToken);
        var names = await log.NamesAsync(inquiry.Mentioned(), cancellationToken);
        return WhyBody.Of(inquiry.Explain(names), EventsPath(context), options.Location.Zone.Id);
    }

    // Below the same home as was asked.
    private static string EventsPath(HttpContext context)
    {
        var asked = context.AskedPath();
        var end = asked.LastIndexOf("/events/", StringComparison.Ordinal);
        end = end < 0 ? asked.LastIndexOf("/entities/", StringComparison.Ordinal) : end;
        return asked[..end] + "/events";
    }

    // One that has never reported is as it was announced.
    private static async Task<Event?> RegisteredAsync(
        LogAnswers log,
        EntityRecord entity,
        CancellationToken cancellationToken
    )
    {
        if (entity.State != EntityState.Unknown)
        {
            return null;
        }

        var wanted = new Want.Some(
            Sequence.None,
            await log.EndAsync(cancellationToken),
            NewestFirst: true,
            [DeviceRegistered.TypeName, DeviceUpdated.TypeName],
            entity.Device.Value,
            null,
            Max: 1
        );
        return (await log.LookUpAsync(wanted, cancellationToken)).First;
    }

    /// <summary>The last command, where it came to nothing after the state last changed.</summary>
    private static async Task<Sentence?> AttemptAsync(
        LogAnswers log,
        EntityRecord entity,
        Event? change,
        CancellationToken cancellationToken
    )
    {
        var wanted = new Want.Some(
            change?.Sequence ?? Sequence.None,
            await log.EndAsync(cancellationToken),
            NewestFirst: true,
            [CommandAcknowledged.TypeName, CommandFailed.TypeName, CommandExpired.TypeName],
            entity.Id.Value,
            null,
            Max: 1
        );
        var ended = (await log.LookUpAsync(wanted, cancellationToken)).First;
        if (ended?.Data is not (CommandExpired or CommandFailed { Reason: not "superseded" }))
        {
            return null;
        }

        var inquiry = new Inquiry(ended);
        await log.AnswerAsync(inquiry, cancellationToken);
        return inquiry
            .Explain(await log.NamesAsync(inquiry.Mentioned(), cancellationToken))
            .Sentence;
    }

    private static async Task<IReadOnlyList<HeldBackBody>> HeldBackAsync(
        HttpContext context,
        LogAnswers log,
        EntityRecord entity,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        const int most = 20;
        var home = context.Home();
        var held = new List<HeldBackBody>();
        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        var aim = (await Rooms.ReadAsync(home, cancellationToken)).AimAt(entity);
        foreach (
            var automation in automations.Where(each => ActsOn.Is(each.Definition, aim)).Take(most)
        )
        {
            held.Add(await AskAsync(log, automation, clock, cancellationToken));
        }

        return held;
    }

    private static async Task<HeldBackBody> AskAsync(
        LogAnswers log,
        AutomationRecord automation,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var question = new WhyNot(
            automation.Id,
            automation.Definition,
            automation.Enabled,
            automation.LastTriggered,
            await log.EndAsync(cancellationToken),
            clock.GetUtcNow()
        );
        await log.AnswerAsync(question, cancellationToken);
        var names = await log.NamesAsync(question.Mentioned(), cancellationToken);
        return HeldBackBody.Of(question.Answer(names), names);
    }
}
