using Hearth.Core.Automations;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Devices;
using Hearth.Hub.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Automations;

/// <summary>What validating an automation came to.</summary>
/// <param name="Valid">True where it can be saved; warnings keep nobody from it.</param>
/// <param name="Errors">Why it cannot be saved, all at once.</param>
/// <param name="Warnings">What will not do as it says, as things are.</param>
internal sealed record ValidationBody(
    bool Valid,
    IReadOnlyList<FindingBody> Errors,
    IReadOnlyList<FindingBody> Warnings
);

/// <summary>One thing that is wrong or doubtful in an automation.</summary>
/// <param name="Line">Counted from 1; of a part that is missing, where it is missing.</param>
/// <param name="Column">Counted from 1.</param>
/// <param name="Path">Where it is as a JSON pointer: <c>/triggers/0/entity_id</c>; empty for the
/// whole.</param>
/// <param name="Message">What was found and what to write instead.</param>
/// <param name="Suggestion">The word that was probably meant.</param>
internal sealed record FindingBody(
    int? Line,
    int? Column,
    string Path,
    string Message,
    string? Suggestion
)
{
    public static FindingBody Of(TextFault fault) =>
        new(
            fault.At?.Line,
            fault.At?.Column,
            fault.Fault.Pointer,
            fault.Fault.Detail,
            fault.Fault.Suggestion
        );
}

/// <summary>Looks an automation over without saving it.</summary>
internal static class AutomationValidation
{
    /// <summary>Say what is wrong with an automation, and what it names that is not there.
    /// </summary>
    /// <remarks>Nothing is saved. Unknown keys and kinds are errors; entities, devices and actions
    /// that the home does not have are warnings.</remarks>
    internal static async Task<Results<Ok<ValidationBody>, Problem>> Validate(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var (text, problem) = await AutomationText.ReadAsync(context, cancellationToken);
        if (text is null)
        {
            return problem!;
        }

        if (text.Definition is not { } definition)
        {
            return TypedResults.Ok(
                new ValidationBody(
                    false,
                    [.. text.Unreadable.Take(Problem.FaultsMax).Select(FindingBody.Of)],
                    []
                )
            );
        }

        var home = await NamesAsync(context.Home(), cancellationToken);
        var check = AutomationCheck.Of(definition, home);
        return TypedResults.Ok(
            new ValidationBody(
                check.Faults.Count == 0,
                Found(text, check.Faults),
                Found(text, check.Warnings)
            )
        );
    }

    private static IReadOnlyList<FindingBody> Found(
        AutomationText text,
        IReadOnlyList<Core.Fault> faults
    ) =>
        [
            .. faults
                .Select(fault => FindingBody.Of(text.Places.Locate(fault)))
                .OrderBy(finding => finding.Line)
                .ThenBy(finding => finding.Column)
                .Take(Problem.FaultsMax),
        ];

    private static async Task<HomeNames> NamesAsync(
        HomeClient home,
        CancellationToken cancellationToken
    )
    {
        var entities = await home.Truths.EntitiesAsync(home.Id, cancellationToken);
        var devices = await home.Truths.DevicesAsync(home.Id, cancellationToken);
        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        return new HomeNames(
            entities
                .Select(entity => entity.Id.Value)
                .Concat(automations.Select(automation => "automation." + automation.Id))
                .Append("sun.sun")
                .ToHashSet(StringComparer.Ordinal),
            devices.Select(device => device.Id.Value).ToHashSet(StringComparer.Ordinal),
            new HashSet<string>(StringComparer.Ordinal),
            Rooms
                .Of(devices, await home.Truths.AreasAsync(home.Id, cancellationToken))
                .Map.Areas.Select(area => area.Id)
                .ToHashSet(StringComparer.Ordinal)
        );
    }
}
