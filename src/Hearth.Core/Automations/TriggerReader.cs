using System.Diagnostics;
using System.Globalization;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads triggers: lists in lists laid flat, what all kinds have in common, and each kind by the
/// reader that knows it.
/// </summary>
internal sealed class TriggerReader(FieldReader fields, DeviceReader devices)
{
    /// <summary>What every trigger may say.</summary>
    public static readonly string[] Common =
    [
        "trigger",
        "platform",
        "id",
        "alias",
        "enabled",
        "variables",
    ];

    private static readonly string[] Kinds =
    [
        "state",
        "numeric_state",
        "template",
        "event",
        "mqtt",
        "time",
        "time_pattern",
        "sun",
        "webhook",
        "tag",
        "homeassistant",
        "device",
    ];

    private readonly StateReader _states = new(fields);
    private readonly TimeReader _times = new(fields);
    private readonly BusTriggerReader _bus = new(fields);

    public IReadOnlyList<Trigger> ReadAll(Node list)
    {
        var triggers = new List<Trigger>();
        var index = 0;
        foreach (var node in Flat(list))
        {
            if (Read(node) is { } trigger)
            {
                triggers.Add(WithCommon(trigger, node, index));
            }

            // A trigger that cannot be read has its number too: the others keep theirs.
            index++;
        }

        return triggers;
    }

    private IEnumerable<Node> Flat(Node list)
    {
        foreach (var item in list.Items())
        {
            if (item.Has("triggers"))
            {
                fields.RefuseUnknown(item, ["triggers"]);
                foreach (var inner in Flat(item.Member("triggers")))
                {
                    yield return inner;
                }
            }
            else if (item.IsList)
            {
                foreach (var inner in Flat(item))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return item;
            }
        }
    }

    private Trigger WithCommon(Trigger trigger, Node node, int index) =>
        trigger with
        {
            Id = fields.Text(node, "id") is { Length: > 0 } id
                ? id
                : index.ToString(CultureInfo.InvariantCulture),
            Index = index,
            Alias = fields.Text(node, "alias"),
            Enabled = fields.Enabled(node),
            Variables = fields.Mapping(node, "variables"),
        };

    private Trigger? Read(Node node)
    {
        if (!fields.IsMapping(node, "write a trigger such as {\"trigger\": \"state\", …}"))
        {
            return null;
        }

        var kind = fields.OneOf(node, "trigger", "platform");
        var name = fields.Text(kind);
        if (string.IsNullOrEmpty(name))
        {
            fields.Fault(kind, "is missing; write a kind: " + string.Join(", ", Kinds));
            return null;
        }

        if (Foreign.WhyNoTrigger(name) is { } why)
        {
            fields.Fault(kind, $"is '{name}': {why}");
            return null;
        }

        if (!Kinds.Contains(name))
        {
            fields.Unknown(kind, name, $"is '{name}', which is no kind of trigger", Kinds);
            return null;
        }

        return ReadKind(name, node);
    }

    private Trigger? ReadKind(string kind, Node node) =>
        kind switch
        {
            "state" => _states.ReadStateTrigger(node),
            "numeric_state" => _states.ReadNumericTrigger(node),
            "template" => _states.ReadTemplateTrigger(node),
            "event" => _bus.ReadEvent(node),
            "mqtt" => _bus.ReadMqtt(node),
            "webhook" => _bus.ReadWebhook(node),
            "tag" => _bus.ReadTag(node),
            "homeassistant" => _bus.ReadHub(node),
            "time" => _times.ReadTimeTrigger(node),
            "time_pattern" => _times.ReadPattern(node),
            "sun" => _times.ReadSunTrigger(node),
            "device" => devices.ReadTrigger(node),
            _ => throw new UnreachableException($"No reader for the trigger {kind}."),
        };
}
