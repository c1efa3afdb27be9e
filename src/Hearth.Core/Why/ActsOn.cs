using Hearth.Core.Automations;
using Hearth.Core.Devices;

namespace Hearth.Core.Why;

/// <summary>An entity with all that an action can mean it by.</summary>
/// <param name="Area">The id of the area that its device is in; null for none.</param>
/// <param name="Floor">The id of the floor that the area is on; null for none.</param>
/// <param name="Labels">The ids of the labels that its device and the area carry.</param>
public sealed record Aim(
    EntityId Entity,
    DeviceId Device,
    string? Area,
    string? Floor,
    IReadOnlyList<string> Labels
)
{
    /// <param name="area">The id of the area that the device is in; null for none.</param>
    /// <param name="labels">The ids of the labels that the device itself carries.</param>
    public static Aim At(
        EntityId entity,
        DeviceId device,
        string? area,
        IReadOnlyList<string> labels,
        AreaMap map
    )
    {
        var place = map.Areas.FirstOrDefault(entry => entry.Id == area);
        return new Aim(entity, device, area, place?.FloorId, [.. labels, .. place?.Labels ?? []]);
    }
}

/// <summary>Which automations could have acted on an entity: those whose actions name it, its
/// device, or something that both are part of.</summary>
public static class ActsOn
{
    // Home Assistant's word for every entity of an action's domain.
    private const string All = "all";

    /// <param name="definition">What the automation says, a JSON object.</param>
    public static bool Is(string definition, Aim aim) =>
        // Most name none of it, and need not be read to see that.
        MayName(definition, aim)
        && AutomationParser.Parse(definition, out _) is { } rules
        && Calls(rules.Actions).Any(call => Names(call, aim));

    private static bool MayName(string definition, Aim aim) =>
        // An id of another script may stand there in escapes.
        Has(definition, "\\u")
        || Has(definition, All)
        || Has(definition, aim.Entity.Value)
        || Has(definition, aim.Device.Value)
        || (aim.Area is { } area && Has(definition, area))
        || (aim.Floor is { } floor && Has(definition, floor))
        || aim.Labels.Any(label => Has(definition, label));

    private static bool Has(string definition, string id) =>
        definition.Contains(id, StringComparison.OrdinalIgnoreCase);

    private static bool Names(CallStep call, Aim aim)
    {
        var target = call.Target;
        return Names(target.Entities, aim.Entity.Value)
            || Names(target.Devices, aim.Device.Value)
            || (Names(target.Entities, All) && DomainOf(call) == aim.Entity.Domain)
            || (IsOfKind(call, aim.Entity) && NamesPlace(target, aim));
    }

    private static bool NamesPlace(CallTarget target, Aim aim) =>
        (aim.Area is { } area && Names(target.Areas, area))
        || (aim.Floor is { } floor && Names(target.Floors, floor))
        || aim.Labels.Any(label => Names(target.Labels, label));

    // In a place, an action reaches what is of its domain.
    private static bool IsOfKind(CallStep call, EntityId entity) =>
        DomainOf(call) is { } domain
        && (
            domain == "homeassistant"
                ? entity.Domain is "light" or "switch"
                : entity.Domain == domain
        );

    // What a template works out is known only when it is rendered.
    private static string? DomainOf(CallStep call) =>
        call.Action is { IsConstant: true, Constant: var action }
            ? action.ToString().Split('.')[0].Trim().ToLowerInvariant()
            : null;

    private static IEnumerable<CallStep> Calls(StepList? list) =>
        (list?.Steps ?? [])
            .Where(step => step.Enabled)
            .SelectMany(step =>
                step is CallStep call ? [call] : StepIndex.Inside(step).SelectMany(Calls)
            );

    private static bool Names(DataTemplate? names, string wanted) =>
        names is { IsConstant: true, Constant: var given }
        && (given.IsSequence ? given.AsItems : [given])
            .SelectMany(item => item.ToString().Split(','))
            .Any(name => name.Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase));
}
