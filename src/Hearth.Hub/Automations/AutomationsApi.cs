using System.Text;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Automations;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Hearth.Hub.Automations;

/// <summary>An automation as it is now.</summary>
/// <param name="Alias">What a person calls it.</param>
/// <param name="LastTriggered">Null where it never was.</param>
/// <param name="Health"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="HealthDetail"><c>none</c>, <c>failing</c>, <c>missing</c> (it names what is not
/// there) or <c>never_fired</c>.</param>
/// <param name="HealthReason">What is wrong, in sentences; empty where nothing is.</param>
/// <param name="Sequence">The event that last changed it.</param>
/// <param name="Definition">What was saved, in Home Assistant's vocabulary; PUT takes this.
/// </param>
internal sealed record AutomationBody(
    string Id,
    string? Alias,
    bool Enabled,
    DateTimeOffset? LastTriggered,
    string Health,
    string HealthDetail,
    string HealthReason,
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
            hasAlias ? alias.ToString() : null,
            automation.Enabled,
            automation.LastTriggered,
            automation.Health,
            automation.HealthDetail,
            automation.HealthReason,
            automation.Changed.ToString(),
            definition
        );
    }
}

/// <summary>An automation in Home Assistant's vocabulary, as YAML or JSON.</summary>
/// <param name="Id">Left out, the address or the alias gives one.</param>
/// <param name="Mode">single, restart, queued or parallel.</param>
/// <param name="Triggers">What sets it off; the older <c>trigger</c> is taken as well.</param>
/// <param name="Conditions">What must be so; the older <c>condition</c> is taken as well.</param>
/// <param name="Actions">What it does; the older <c>action</c> is taken as well.</param>
internal sealed record AutomationDefinitionBody(
    string? Id,
    string? Alias,
    string? Description,
    string? Mode,
    IReadOnlyList<JsonElement>? Triggers,
    IReadOnlyList<JsonElement>? Conditions,
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
        group.MapPost("", Create).WithName("createAutomation").TakesAutomation().Refuses(409, 503);
        group
            .MapPost("/validate", AutomationValidation.Validate)
            .WithName("validateAutomation")
            .TakesAutomation()
            .Refuses(503);
        group.MapGet("/{id}", Get).WithName("getAutomation").Refuses(404, 503);
        group.MapPut("/{id}", Save).WithName("saveAutomation").TakesAutomation().Refuses(409, 503);
        group.MapDelete("/{id}", Remove).WithName("removeAutomation").Refuses(404, 503);
        group.MapPost("/{id}/enable", Enable).WithName("enableAutomation").Refuses(404, 503);
        group.MapPost("/{id}/disable", Disable).WithName("disableAutomation").Refuses(404, 503);
        group.MapPost("/{id}/trigger", Trigger).WithName("triggerAutomation").Refuses(404, 503);
    }

    /// <summary>Every automation.</summary>
    internal static async Task<Ok<IReadOnlyList<AutomationBody>>> List(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<AutomationBody>>([
            .. automations.Select(AutomationBody.Of),
        ]);
    }

    /// <summary>One automation.</summary>
    /// <remarks>With <c>Accept: application/yaml</c> as YAML: what was written, comments and all,
    /// or, where JSON was saved, the same in YAML.</remarks>
    internal static async Task<Results<Ok<AutomationBody>, ContentHttpResult, Problem>> Get(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (await FindAsync(context.Home(), id, cancellationToken) is not { } found)
        {
            return Problem.NotFound("automation", id);
        }

        return AutomationText.IsYamlWanted(context.Request)
            ? TypedResults.Text(
                found.Source ?? AutomationYaml.Write(found.Definition),
                AutomationText.Yaml,
                Encoding.UTF8
            )
            : TypedResults.Ok(AutomationBody.Of(found));
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
        var (text, problem) = await AutomationText.ReadAsync(context, cancellationToken);
        if (text is null)
        {
            return problem!;
        }

        if (text.Definition is not { } definition)
        {
            return text.Problem();
        }

        var save = new SaveAutomation(id, definition, MustBeNew: id is null, text.Source);
        var answer = await AskAsync(context, save, cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            return text.Problem(refusal);
        }

        var created = answer
            .Row?.Events.Select(item => item.Data)
            .OfType<AutomationCreated>()
            .FirstOrDefault();
        var savedId = created?.Automation ?? id!;
        if (await FindAsync(context.Home(), savedId, cancellationToken) is not { } found)
        {
            // Somebody has removed it in the meantime.
            return Problem.NotFound("automation", savedId);
        }

        var saved = AutomationBody.Of(found);
        var at = id is null ? $"{context.AskedPath()}/{saved.Id}" : context.AskedPath();
        return created is null ? TypedResults.Ok(saved) : TypedResults.Created(at, saved);
    }

    private static async Task<Results<Ok<AutomationBody>, Problem>> EnableAsync(
        HttpContext context,
        string id,
        bool enabled,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskAsync(context, new EnableAutomation(id, enabled), cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            return Problem.Of(refusal);
        }

        return await FindAsync(context.Home(), id, cancellationToken) is { } found
            ? TypedResults.Ok(AutomationBody.Of(found))
            : Problem.NotFound("automation", id);
    }

    private static Task<Answer> AskAsync(
        HttpContext context,
        Input input,
        CancellationToken cancellationToken
    ) => context.Home().SubmitAsync(context.Signed(input), cancellationToken);

    private static async Task<AutomationRecord?> FindAsync(
        HomeClient home,
        string id,
        CancellationToken cancellationToken
    )
    {
        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        return automations.FirstOrDefault(automation => automation.Id == id);
    }

    private static RouteHandlerBuilder TakesAutomation(this RouteHandlerBuilder route) =>
        route
            .Accepts<AutomationDefinitionBody>(
                AutomationText.MediaTypes[0],
                AutomationText.MediaTypes[1..]
            )
            .Refuses(400, 413, 415);
}
