using System.Globalization;
using System.Text;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Automations;
using Hearth.Hub.Access;
using Hearth.Hub.Events;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Hearth.Hub.Automations;

/// <summary>One save of an automation.</summary>
/// <param name="Version">1 for the first.</param>
/// <param name="Sequence">The event that saved it.</param>
/// <param name="By">Who saved it.</param>
/// <param name="Created">True where there was no automation of this id before.</param>
/// <param name="RestoredFrom">The version that was taken back; null where it was newly written.
/// </param>
/// <param name="Current">True where the automation is this now.</param>
internal sealed record VersionBody(
    int Version,
    string Sequence,
    DateTimeOffset Time,
    string By,
    string? Alias,
    bool Created,
    int? RestoredFrom,
    bool Current
)
{
    public static VersionBody Of(AutomationVersion version, bool isCurrent) =>
        new(
            version.Number,
            version.Sequence.ToString(),
            version.Time,
            version.By.Value,
            version.Alias,
            version.IsFirst,
            version.RestoredFrom,
            isCurrent
        );
}

/// <summary>One save of an automation, with what it says.</summary>
/// <param name="Version">1 for the first.</param>
/// <param name="Sequence">The event that saved it.</param>
/// <param name="By">Who saved it.</param>
/// <param name="RestoredFrom">The version that was taken back; null where it was newly written.
/// </param>
/// <param name="Definition">What was saved, in Home Assistant's vocabulary; PUT takes this.
/// </param>
internal sealed record VersionDefinitionBody(
    int Version,
    string Sequence,
    DateTimeOffset Time,
    string By,
    string? Alias,
    int? RestoredFrom,
    JsonElement Definition
);

/// <summary>What is other in one version than in another.</summary>
/// <param name="Unified">A unified diff of the texts as people wrote them; what was saved as JSON
/// is compared as YAML. Empty where they are the same.</param>
/// <param name="Lines">The lines that changed, with three around each that did not.</param>
internal sealed record VersionDiffBody(
    int From,
    int To,
    string Unified,
    IReadOnlyList<DiffLine> Lines
);

/// <summary>The versions of automations: every save is one, and can be taken back.</summary>
internal static class VersionsApi
{
    private const int LimitMax = 100;

    public static void MapVersions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/automations/{id}/versions").WithTags("Automations");
        group.MapGet("", List).WithName("listVersions").Refuses(400, 404, 503);
        group.MapGet("/{version}", Get).WithName("getVersion").Refuses(404, 503);
        group.MapGet("/{version}/diff", Compare).WithName("diffVersions").Refuses(400, 404, 503);
        group
            .MapPost("/{version}/restore", Restore)
            .WithName("restoreVersion")
            .Refuses(404, 409, 422, 503);
    }

    /// <summary>Every save of an automation, newest first.</summary>
    /// <remarks>Also of one that has been removed. Link rel="next" leads to older ones.</remarks>
    /// <param name="before">Only versions older than this one.</param>
    /// <param name="limit">1 to 100, by default 100.</param>
    internal static async Task<Results<Ok<IReadOnlyList<VersionBody>>, Problem>> List(
        HttpContext context,
        string id,
        ILogSearch search,
        CancellationToken cancellationToken,
        string? before = null,
        string? limit = null
    )
    {
        var faults = new List<ProblemFault>();
        var count = PageLimit.Read(limit, LimitMax, LimitMax, faults);
        var last = before is null ? int.MaxValue : Number(before, "before", faults);
        if (faults.Count > 0)
        {
            return Problem.InvalidParameters(faults);
        }

        var home = context.Home();
        var versions = await AutomationVersions.ReadAsync(home, search, id, cancellationToken);
        if (versions.Count == 0)
        {
            return Problem.NotFound("automation", id);
        }

        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        var isThere = automations.Any(automation => automation.Id == id);
        var page = versions
            .Where(version => version.Number < last)
            .Reverse()
            .Take(count)
            .Select(version => VersionBody.Of(version, isThere && version.Number == versions.Count))
            .ToArray();
        if (page.Length > 0 && page[^1].Version > 1)
        {
            var address = $"{context.AskedPath()}?before={page[^1].Version}&limit={count}";
            context.Response.Headers.Link = $"<{address}>; rel=\"next\"";
        }

        return TypedResults.Ok<IReadOnlyList<VersionBody>>(page);
    }

    /// <summary>One save of an automation.</summary>
    /// <remarks>With <c>Accept: application/yaml</c> as YAML: what was written, comments and all,
    /// or, where JSON was saved, the same in YAML.</remarks>
    internal static async Task<Results<Ok<VersionDefinitionBody>, ContentHttpResult, Problem>> Get(
        HttpContext context,
        string id,
        string version,
        ILogSearch search,
        CancellationToken cancellationToken
    )
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        var home = context.Home();
        var versions = await AutomationVersions.ReadAsync(home, search, id, cancellationToken);
        if (Find(versions, version) is not { } found)
        {
            return NoSuch(id, version);
        }

        var said = await AutomationVersions.ReadAsync(home, found, cancellationToken);
        return AutomationText.IsYamlWanted(context.Request)
            ? TypedResults.Text(said.Text, AutomationText.Yaml, Encoding.UTF8)
            : TypedResults.Ok(
                new VersionDefinitionBody(
                    found.Number,
                    found.Sequence.ToString(),
                    found.Time,
                    found.By.Value,
                    found.Alias,
                    found.RestoredFrom,
                    JsonElement.Parse(said.Definition)
                )
            );
    }

    /// <summary>What is other in one version than in another.</summary>
    /// <param name="to">The version to compare with; by default the newest.</param>
    internal static async Task<Results<Ok<VersionDiffBody>, Problem>> Compare(
        HttpContext context,
        string id,
        string version,
        ILogSearch search,
        CancellationToken cancellationToken,
        string? to = null
    )
    {
        var faults = new List<ProblemFault>();
        if (to is not null)
        {
            _ = Number(to, "to", faults);
        }

        if (faults.Count > 0)
        {
            return Problem.InvalidParameters(faults);
        }

        var home = context.Home();
        var versions = await AutomationVersions.ReadAsync(home, search, id, cancellationToken);
        if (Find(versions, version) is not { } from)
        {
            return NoSuch(id, version);
        }

        if ((to is null ? versions[^1] : Find(versions, to)) is not { } other)
        {
            return NoSuch(id, to!);
        }

        var before = await AutomationVersions.ReadAsync(home, from, cancellationToken);
        var after = await AutomationVersions.ReadAsync(home, other, cancellationToken);
        var diff = TextDiff.Of(before.Text, after.Text);
        return TypedResults.Ok(
            new VersionDiffBody(
                from.Number,
                other.Number,
                diff.Unified($"{id} version {from.Number}", $"{id} version {other.Number}"),
                diff.Lines()
            )
        );
    }

    /// <summary>Save an automation as it was in a version.</summary>
    /// <remarks>A save like any other, so it is a version itself, and it brings one back (201) that
    /// was removed. What the automation is already changes nothing.</remarks>
    internal static async Task<
        Results<Created<AutomationBody>, Ok<AutomationBody>, Problem>
    > Restore(
        HttpContext context,
        string id,
        string version,
        ILogSearch search,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        var versions = await AutomationVersions.ReadAsync(home, search, id, cancellationToken);
        if (Find(versions, version) is not { } found)
        {
            return NoSuch(id, version);
        }

        var said = await AutomationVersions.ReadAsync(home, found, cancellationToken);
        var save = new SaveAutomation(
            id,
            said.Definition,
            Source: said.Source,
            RestoredFrom: found.Number
        );
        var answer = await home.SubmitAsync(context.Signed(save), cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            return Problem.Of(refusal);
        }

        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        if (automations.FirstOrDefault(automation => automation.Id == id) is not { } saved)
        {
            // Somebody has removed it in the meantime.
            return Problem.NotFound("automation", id);
        }

        var body = AutomationBody.Of(saved);
        var asked = context.AskedPath();
        return answer.Row?.Events.Any(item => item.Data is AutomationCreated) == true
            ? TypedResults.Created(
                asked[..asked.LastIndexOf("/versions/", StringComparison.Ordinal)],
                body
            )
            : TypedResults.Ok(body);
    }

    private static AutomationVersion? Find(
        IReadOnlyList<AutomationVersion> versions,
        string number
    ) => Read(number) is { } wanted && wanted <= versions.Count ? versions[wanted - 1] : null;

    private static int Number(string text, string name, List<ProblemFault> faults)
    {
        if (Read(text) is { } number)
        {
            return number;
        }

        var detail = $"\"{text}\" is no version; write the number of one, like 3.";
        faults.Add(new ProblemFault(Place.Parameter, name, detail));
        return 0;
    }

    private static int? Read(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? number
            : null;

    private static Problem NoSuch(string id, string version) =>
        new(
            ProblemKinds.NotFound,
            $"The automation \"{id}\" has no version \"{version}\"; GET .../versions lists them."
        );
}
