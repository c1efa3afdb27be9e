using Hearth.Core.Automations;
using Hearth.Core.Devices;

namespace Hearth.Core.Why;

/// <summary>Which automations could have acted on an entity: those whose actions name it, or its
/// device.</summary>
public static class ActsOn
{
    /// <param name="definition">What the automation says, a JSON object.</param>
    public static bool Is(string definition, EntityId entity, DeviceId device) =>
        // Most name neither, and need not be read to see that.
        (Has(definition, entity.Value) || Has(definition, device.Value))
        && AutomationParser.Parse(definition, out _) is { } rules
        && Calls(rules.Actions)
            .Any(call =>
                Names(call.Target.Entities, entity.Value)
                || Names(call.Target.Devices, device.Value)
            );

    private static bool Has(string definition, string id) =>
        definition.Contains(id, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<CallStep> Calls(StepList? list) =>
        (list?.Steps ?? [])
            .Where(step => step.Enabled)
            .SelectMany(step =>
                step is CallStep call ? [call] : StepIndex.Inside(step).SelectMany(Calls)
            );

    // What a template works out is known only when it is rendered.
    private static bool Names(DataTemplate? names, string wanted) =>
        names is { IsConstant: true, Constant: var given }
        && (given.IsSequence ? given.AsItems : [given])
            .SelectMany(item => item.ToString().Split(','))
            .Any(name => name.Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase));
}
