using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Automations;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Automations;

/// <summary>An automation as it is now.</summary>
/// <param name="Alias">What a person calls it.</param>
/// <param name="LastTriggered">Null where it never was.</param>
/// <param name="Sequence">The event that last changed it.</param>
/// <param name="Definition">What was saved, in Home Assistant's vocabulary; PUT takes this.
/// </param>
internal sealed record AutomationBody(
    string Id,
    string? Alias,
    bool Enabled,
    DateTimeOffset? LastTriggered,
    string Sequence,
    JsonElement Definition
)
{
    public static AutomationBody Of(AutomationRecord automation)
    {
        var definition = JsonElement.Parse(automation.Definition);
        var hasAlias = definition.TryGetProperty("alias", out var alias);
        return new AutomationBody(
            automation.Id,
            hasAlias ? alias.GetString() : null,
            automation.Enabled,
            automation.LastTriggered,
            automation.Changed.ToString(),
            definition
        );
    }
}

/// <summary>An automation in Home Assistant's vocabulary.</summary>
/// <param name="Id">Left out, the address or the alias gives one.</param>
/// <param name="Triggers">numeric_state, state or event.</param>
/// <param name="Actions">Action calls: action, target, data.</param>
internal sealed record AutomationDefinitionBody(
    string? Id,
    string? Alias,
    string? Description,
    IReadOnlyList<JsonElement> Triggers,
    IReadOnlyList<JsonElement> Actions
);

/// <param name="Run">The id of the run that began: the sequence of its first event.</param>
internal sealed record RunBody(string Run);

/// <summary>Automations: read, save, switch on and off, run by hand.</summary>
internal static class AutomationsApi
{
    public static void MapAutomations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/automations").WithTags("Automations");
        group.MapGet("", List).WithName("listAutomations").Refuses(503);
        group
            .MapPost("", Create)
            .WithName("createAutomation")
            .TakesJson<AutomationDefinitionBody>()
            .Refuses(409, 503);
        group.MapGet("/{id}", Get).WithName("getAutomation").Refuses(404, 503);
        group
            .MapPut("/{id}", Save)
            .WithName("saveAutomation")
            .TakesJson<AutomationDefinitionBody>()
            .Refuses(409, 503);
        group.MapDelete("/{id}", Remove).WithName("removeAutomation").Refuses(404, 503);
        group.MapPost("/{id}/enable", Enable).WithName("enableAutomation").Refuses(404, 503);
        group.MapPost("/{id}/disable", Disable).WithName("disableAutomation").Refuses(404, 503);
        group.MapPost("/{id}/trigger", Trigger).WithName("triggerAutomation").Refuses(404, 503);
    }

    /// <summary>Every automation.</summary>
    internal static async Task<Ok<IReadOnlyList<AutomationBody>>> List(
        HttpContext context,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await AllAsync(context.Home(), cancellationToken));

    /// <summary>One automation.</summary>
    internal static async Task<Results<Ok<AutomationBody>, Problem>> Get(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var automations = await AllAsync(context.Home(), cancellationToken);
        return automations.FirstOrDefault(automation => automation.Id == id) is { } found
            ? TypedResults.Ok(found)
            : Problem.NotFound("automation", id);
    }

    /// <summary>Save a new automation.</summary>
    /// <remarks>An id that is taken is refused; without one, the alias gives it.</remarks>
    internal static async Task<
        Results<Created<AutomationBody>, Ok<AutomationBody>, Problem>
    > Create(HttpContext context, CancellationToken cancellationToken) =>
        await SaveAsync(context, id: null, cancellationToken);

    /// <summary>Save an automation, new (201) or again (200).</summary>
    internal static async Task<Results<Created<AutomationBody>, Ok<AutomationBody>, Problem>> Save(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    ) => await SaveAsync(context, id, cancellationToken);

    /// <summary>Remove an automation.</summary>
    internal static async Task<Results<NoContent, Problem>> Remove(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskAsync(context, new RemoveAutomation(id), cancellationToken);
        return answer.Refusal is { } refusal ? Problem.Of(refusal) : TypedResults.NoContent();
    }

    /// <summary>Let an automation's triggers count.</summary>
    internal static Task<Results<Ok<AutomationBody>, Problem>> Enable(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    ) => EnableAsync(context, id, enabled: true, cancellationToken);

    /// <summary>Let an automation rest.</summary>
    internal static Task<Results<Ok<AutomationBody>, Problem>> Disable(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    ) => EnableAsync(context, id, enabled: false, cancellationToken);

    /// <summary>Run an automation's actions now, whatever its triggers say.</summary>
    internal static async Task<Results<Accepted<RunBody>, Problem>> Trigger(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskAsync(context, new TriggerAutomation(id), cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            return Problem.Of(refusal);
        }

        var run = answer.Row!.Events.First(item =>
            item.Data is AutomationTriggered triggered && triggered.Automation == id
        );
        return TypedResults.Accepted((string?)null, new RunBody(run.Id));
    }

    private static async Task<
        Results<Created<AutomationBody>, Ok<AutomationBody>, Problem>
    > SaveAsync(HttpContext context, string? id, CancellationToken cancellationToken)
    {
        var (document, problem) = await JsonBody.ReadJsonAsync(context, cancellationToken);
        using (document)
        {
            if (document is null)
            {
                return problem!;
            }

            var definition = document.RootElement.GetRawText();
            var save = new SaveAutomation(id, definition, MustBeNew: id is null);
            var answer = await AskAsync(context, save, cancellationToken);
            if (answer.Refusal is { } refusal)
            {
                return Problem.Of(refusal);
            }

            var created = answer
                .Row?.Events.Select(item => item.Data)
                .OfType<AutomationCreated>()
                .FirstOrDefault();
            var automations = await AllAsync(context.Home(), cancellationToken);
            var savedId = created?.Automation ?? id!;
            if (automations.FirstOrDefault(item => item.Id == savedId) is not { } saved)
            {
                // Somebody has removed it in the meantime.
                return Problem.NotFound("automation", savedId);
            }

            var at = id is null ? $"{context.AskedPath()}/{saved.Id}" : context.AskedPath();
            return created is null ? TypedResults.Ok(saved) : TypedResults.Created(at, saved);
        }
    }

    private static async Task<Results<Ok<AutomationBody>, Problem>> EnableAsync(
        HttpContext context,
        string id,
        bool enabled,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskAsync(context, new EnableAutomation(id, enabled), cancellationToken);
        return answer.Refusal is { } refusal
            ? Problem.Of(refusal)
            : await Get(context, id, cancellationToken);
    }

    private static Task<Answer> AskAsync(
        HttpContext context,
        Input input,
        CancellationToken cancellationToken
    ) => context.Home().SubmitAsync(context.Signed(input), cancellationToken);

    private static async Task<IReadOnlyList<AutomationBody>> AllAsync(
        HomeClient home,
        CancellationToken cancellationToken
    )
    {
        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        return [.. automations.Select(AutomationBody.Of)];
    }
}
