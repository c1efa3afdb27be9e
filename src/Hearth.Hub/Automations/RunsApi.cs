using Hearth.Core.Events;
using Hearth.Hub.Access;
using Hearth.Hub.Events;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Automations;

/// <summary>What became of an automation's runs.</summary>
internal static class RunsApi
{
    private const int LimitMax = 100;
    private const int LimitDefault = 20;

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/automations/{id}/runs").WithTags("Automations");
        group.MapGet("", List).WithName("listRuns").Refuses(400, 404, 503);
        group.MapGet("/{run}", Get).WithName("getRun").Refuses(404, 503);
    }

    /// <summary>The runs of an automation, newest first.</summary>
    /// <remarks>
    /// With those that a condition, or a run before them, kept from beginning. Link rel="next"
    /// leads to older ones and is absent at the end; a page may be short and still have a next one.
    /// They are kept as long as their events are, and outlive the automation.
    /// </remarks>
    /// <param name="before">Only runs older than this one.</param>
    /// <param name="limit">1 to 100, by default 20.</param>
    internal static async Task<Results<Ok<IReadOnlyList<RunSummaryBody>>, Problem>> List(
        HttpContext context,
        string id,
        ILogSearch search,
        CancellationToken cancellationToken,
        string? before = null,
        string? limit = null
    )
    {
        var faults = new List<ProblemFault>();
        var last = ReadBefore(before, faults);
        var count = PageLimit.Read(limit, LimitMax, LimitDefault, faults);
        if (faults.Count > 0)
        {
            return Problem.Invalid(faults);
        }

        var home = context.Home();
        var history = new RunHistory(home, search, id);
        var (runs, next) = await history.PageAsync(last, count, cancellationToken);
        if (runs.Count == 0 && next is null && last is null)
        {
            var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
            if (automations.All(automation => automation.Id != id))
            {
                return Problem.NotFound("automation", id);
            }
        }

        if (next is { } older)
        {
            var address = $"{context.AskedPath()}?before={older.Value}&limit={count}";
            context.Response.Headers.Link = $"<{address}>; rel=\"next\"";
        }

        return TypedResults.Ok<IReadOnlyList<RunSummaryBody>>([.. runs.Select(RunReport.Summary)]);
    }

    /// <summary>One run with its trace, its commands and its cause.</summary>
    /// <remarks>The trace is laid out as Home Assistant lays it out: by the paths of the steps.
    /// </remarks>
    /// <param name="run">The run's id, as the list or a trigger by hand answers it.</param>
    internal static async Task<Results<Ok<RunTraceBody>, Problem>> Get(
        HttpContext context,
        string id,
        string run,
        ILogSearch search,
        CancellationToken cancellationToken
    )
    {
        var history = new RunHistory(context.Home(), search, id);
        if (
            !Sequence.TryParse(run, out var sequence)
            || await history.FindAsync(sequence, cancellationToken) is not { } found
        )
        {
            return new Problem(
                ProblemKinds.NotFound,
                $"The automation \"{id}\" has no run \"{run}\", or not any more."
            );
        }

        return TypedResults.Ok(
            RunReport.Whole(
                found,
                await history.CommandsAsync(found, cancellationToken),
                await history.DefinitionAsync(found, cancellationToken)
            )
        );
    }

    private static Sequence? ReadBefore(string? text, List<ProblemFault> faults)
    {
        if (text is null)
        {
            return null;
        }

        if (Sequence.TryParse(text, out var run))
        {
            return run;
        }

        var detail = $"\"{text}\" is no run; write the id of one, like 42.";
        faults.Add(new ProblemFault(Place.Parameter, "before", detail));
        return null;
    }
}
