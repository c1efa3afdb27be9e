using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>What events speak of: whose names have to be known to tell them.</summary>
public sealed record Mentions(
    IReadOnlySet<EntityId> Entities,
    IReadOnlySet<DeviceId> Devices,
    IReadOnlySet<string> Automations
)
{
    internal static Mentions In(IEnumerable<Event> events)
    {
        var entities = new HashSet<EntityId>();
        var devices = new HashSet<DeviceId>();
        var automations = new HashSet<string>();
        foreach (var item in events)
        {
            switch (item.Data)
            {
                case StateChanged { Entity: var entity }:
                    entities.Add(entity);
                    break;
                case CommandRequested { Entity: var entity }:
                    entities.Add(entity);
                    break;
                case CommandProgress { Entity: var entity }:
                    entities.Add(entity);
                    break;
                case AutomationEvent automation:
                    automations.Add(automation.Automation);
                    entities.UnionWith(InRun(automation));
                    break;
                case DeviceEvent
                or DeviceRegistered
                or DeviceUpdated
                or DeviceStateChanged
                or DeviceHealthChanged
                or DeviceTriggered:
                    devices.Add(new DeviceId(item.Data.Subject!));
                    break;
                case TagScanned { Device: { } device }:
                    devices.Add(new DeviceId(device));
                    break;
            }
        }

        return new Mentions(entities, devices, automations);
    }

    /// <summary>The entities that the conditions of a run looked at and were not content with.
    /// </summary>
    internal static IEnumerable<EntityId> InTrace(AutomationTriggered triggered) =>
        triggered is not { StoppedBy: not null, Trace: { } trace }
            ? []
            : JsonRead
                .Parse(trace)
                .EnumerateArray()
                .Where(step => step.TryGetProperty("result", out _))
                .Select(step => step.GetProperty("result"))
                .Where(result => result.ValueKind == JsonValueKind.Object)
                .Select(result => JsonRead.Text(result, "entity_id"))
                .OfType<string>()
                .Distinct()
                .Select(id => new EntityId(id));

    private static IEnumerable<EntityId> InRun(AutomationEvent data) =>
        data is not AutomationTriggered triggered ? []
        : triggered.Entity is { } entity ? InTrace(triggered).Append(entity)
        : InTrace(triggered);
}
