using System.Text;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Core.Rehearsal;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Automations;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Rehearsal;

/// <summary>Rehearsal: try an automation on the past before it is switched on.</summary>
internal static class RehearsalApi
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private static readonly string[] Known =
    [
        "automation",
        "from",
        "to",
        "states",
        "events",
        "until",
    ];

    public static void MapRehearsal(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup("/automations")
            .WithTags("Automations")
            .MapPost("/rehearse", Rehearse)
            .WithName("rehearseAutomation")
            .TakesJson<RehearsalRequestBody>()
            .Refuses(503);

    /// <summary>Try an automation on the past.</summary>
    /// <remarks>
    /// Answers when the draft would have run, why, what it would have done, what it would have
    /// skipped, and, where energy is measured, about how much it would have saved. Nothing is
    /// saved, and nothing is switched. Over what the home has recorded between from and to; or,
    /// with states, events and until, over a past that is made up: a test for an automation.
    /// </remarks>
    internal static async Task<Results<Ok<RehearsalBody>, Problem>> Rehearse(
        HttpContext context,
        ILogSearch search,
        HearthOptions options,
        TimeProvider clock,
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

            var json = document.RootElement;
            var draft = ReadDraft(json, out problem);
            if (draft is null)
            {
                return problem!;
            }

            var home = context.Home();
            if (
                BodyReader.IsGiven(json, "states", out _)
                || BodyReader.IsGiven(json, "events", out _)
                || BodyReader.IsGiven(json, "until", out _)
            )
            {
                return await OverGivenAsync(home, draft, json, cancellationToken);
            }

            var now = clock.GetUtcNow();
            var (from, to) = ReadWindow(json, now, out problem);
            if (problem is not null)
            {
                return problem;
            }

            var past = new RecordedPast(home, search, options.Retention);
            var found = await past.RehearseAsync(draft, from, to, now, cancellationToken);
            return TypedResults.Ok(RehearsalBody.Of(found.Report, found.Events, found.Reliable));
        }
    }

    private static async Task<Results<Ok<RehearsalBody>, Problem>> OverGivenAsync(
        HomeClient home,
        Draft draft,
        JsonElement json,
        CancellationToken cancellationToken
    )
    {
        var body = new BodyReader();
        if (BodyReader.IsGiven(json, "to", out _))
        {
            body.Fault("/to", "A past that is given ends with until.");
        }

        if (new GivenPastReader(body).Read(json) is not { } past)
        {
            return Problem.Invalid(body.Faults);
        }

        var snapshot = await home.CaptureAsync(cancellationToken);
        var rehearsal = DraftRehearsal.Begin(
            snapshot,
            draft,
            past.Times,
            past.Past,
            () => cancellationToken.IsCancellationRequested
        );
        foreach (var row in past.Rows)
        {
            rehearsal.Take(row);
        }

        var report = rehearsal.End(past.Times.To);
        cancellationToken.ThrowIfCancellationRequested();
        return TypedResults.Ok(RehearsalBody.Of(report, past.Rows.Count, reliable: null));
    }

    private static Draft? ReadDraft(JsonElement json, out Problem? problem)
    {
        var body = new BodyReader();
        if (json.ValueKind != JsonValueKind.Object)
        {
            body.Fault("", "Expected an object with automation, and from and to.");
            problem = Problem.Invalid(body.Faults);
            return null;
        }

        body.RefuseUnknown(json, "", Known);
        var given = json.TryGetProperty("automation", out var automation) ? automation : default;
        var text = given.ValueKind switch
        {
            JsonValueKind.String => AutomationText.Read(
                Encoding.UTF8.GetBytes(body.Text(json, "", "automation") ?? ""),
                isYaml: true
            ),
            JsonValueKind.Object => AutomationText.Read(
                Encoding.UTF8.GetBytes(given.GetRawText()),
                isYaml: false
            ),
            _ => null,
        };
        if (text is null)
        {
            body.Fault(
                "/automation",
                "Expected the automation as an object, or as YAML in a text."
            );
        }

        if (body.Faults.Count > 0)
        {
            problem = Problem.Invalid(body.Faults);
            return null;
        }

        if (text!.Definition is not { } definition)
        {
            problem = text.Problem();
            return null;
        }

        var draft = Draft.Read(definition, id: null, out var faults);
        problem = draft is null
            ? text.Problem(
                new Refusal(RefusalKind.Invalid, "The automation cannot be read.", faults),
                inside: "/automation"
            )
            : null;
        return draft;
    }

    private static (DateTimeOffset From, DateTimeOffset To) ReadWindow(
        JsonElement json,
        DateTimeOffset now,
        out Problem? problem
    )
    {
        var body = new BodyReader();
        var to = body.Time(json, "", "to") ?? now;
        to = to < now ? to : now;
        var from = body.Time(json, "", "from") ?? to - Week;
        if (body.Faults.Count == 0 && from >= to)
        {
            body.Fault("/from", $"It is not before the end, {Timestamp.ToText(to)}.");
        }

        problem = body.Faults.Count == 0 ? null : Problem.Invalid(body.Faults);
        return (from, to);
    }
}
