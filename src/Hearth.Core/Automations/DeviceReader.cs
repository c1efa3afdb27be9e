using System.Text.Json;
using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads what Home Assistant's editor says of a device: where it means one of the device's
/// entities, it becomes the trigger, condition or action on that entity.
/// </summary>
internal sealed class DeviceReader(FieldReader fields)
{
    private static readonly string[] Common = ["device_id", "domain", "type", "entity_id"];

    // The editor writes these along; the entity says the same.
    private static readonly string[] Ignored = ["metadata", "discovery_id"];

    public Trigger? ReadTrigger(Node node)
    {
        var type = fields.RequiredText(node, "type", "write what the device does");
        var domain = fields.RequiredText(node, "domain", "write mqtt, or the entity's domain");
        if (domain == "mqtt")
        {
            return ReadButton(node, type);
        }

        if (Find(node, domain, type, DeviceWords.Trigger) is not { } meant)
        {
            return null;
        }

        fields.RefuseUnknown(
            node,
            TriggerReader.Common,
            [.. Common, .. Ignored, "for", "subtype", .. Extra(meant)]
        );
        var entities = fields.Names.Entities(node);
        return meant.Attribute is null && meant.States is not null
            ? new StateTrigger(
                entities,
                null,
                meant.HasFrom ? fields.States(node, "from") : null,
                meant.States is []
                    ? (meant.ToKey is { } key ? fields.States(node, key) : null)
                    : meant.States,
                [],
                [],
                StateOnly: true
            )
            {
                Id = "",
                For = fields.For(node),
            }
            : new NumericStateTrigger
            {
                Id = "",
                Watched = entities,
                Test = ReadTest(node, meant),
                For = fields.For(node),
            };
    }

    public Condition? ReadCondition(Node node, string path)
    {
        var type = fields.RequiredText(node, "type", "write what is asked of the device");
        var domain = fields.RequiredText(node, "domain", "write the entity's domain");
        if (Find(node, domain, type, DeviceWords.Condition) is not { } meant)
        {
            return null;
        }

        fields.RefuseUnknown(
            node,
            ConditionReader.Common,
            [.. Common, .. Ignored, "for", .. Extra(meant)]
        );
        var entities = fields.Names.Entities(node);
        if (meant.States is null)
        {
            return new NumericStateCondition(entities, ReadTest(node, meant)) { Path = path };
        }

        var states = meant.States;
        if (meant.ToKey is { } key)
        {
            states = fields.States(node, key) ?? [];
            if (states.Count == 0)
            {
                fields.Fault(node.Member(key), "is missing; write the value");
            }
        }

        return new StateCondition(entities, false, meant.Attribute, states, fields.For(node))
        {
            Path = path,
        };
    }

    public Step? ReadStep(Node node, string path)
    {
        var type = fields.RequiredText(node, "type", "write what the device is to do");
        var domain = fields.RequiredText(node, "domain", "write the entity's domain");
        if (string.IsNullOrEmpty(type) || string.IsNullOrEmpty(domain))
        {
            return null;
        }

        if (DeviceWords.Action(domain, type) is not { } meant)
        {
            RefuseDomain(node, domain, type, "action: with the action to call");
            return null;
        }

        fields.RefuseUnknown(
            node,
            StepReader.Common,
            [.. Common, .. Ignored, .. meant.Data.Select(pair => pair.From)]
        );
        if (fields.Names.Entities(node) is not [var entity, ..])
        {
            return null;
        }

        fields.Names.Action(node.Member("type"), meant.Action);
        return CallReader.Call(meant.Action, entity, ReadData(node, meant), path);
    }

    private DeviceTrigger ReadButton(Node node, string? type)
    {
        fields.RefuseUnknown(node, TriggerReader.Common, [.. Common, .. Ignored, "subtype"]);
        var device = fields.RequiredText(node, "device_id", "name the device") ?? "";
        if (device.Length > 0)
        {
            fields.Names.Device(node.Member("device_id"), device);
        }

        var subtype = fields.RequiredText(node, "subtype", "write which button or part") ?? "";
        return new DeviceTrigger(device, type ?? "", subtype) { Id = "" };
    }

    private NumberTest ReadTest(Node node, DeviceWord meant)
    {
        var states = new StateReader(fields);
        var (above, below) = (states.ReadBound(node, "above"), states.ReadBound(node, "below"));
        if (node.Member("above").IsMissing && node.Member("below").IsMissing)
        {
            fields.Fault(node.Member("above"), "is missing; write above, below, or both");
        }

        return new NumberTest(meant.Attribute, null, above, below);
    }

    private DeviceWord? Find(
        Node node,
        string? domain,
        string? type,
        Func<string, string, DeviceWord?> find
    )
    {
        if (string.IsNullOrEmpty(type) || string.IsNullOrEmpty(domain))
        {
            return null;
        }

        if (find(domain, type) is { } meant)
        {
            return meant;
        }

        RefuseDomain(node, domain, type, "state or numeric_state on one of its entities");
        return null;
    }

    private void RefuseDomain(Node node, string domain, string type, string instead)
    {
        if (DeviceWords.Domains.Contains(domain))
        {
            fields.Fault(
                node.Member("type"),
                $"is '{type}', which a {domain} is not known to have; write {instead}"
            );
        }
        else
        {
            fields.Fault(
                node.Member("domain"),
                $"is '{domain}', whose devices Hearth does not know by that name; write {instead}"
            );
        }
    }

    private static string[] Extra(DeviceWord meant) =>
        [
            .. meant.States is null ? new[] { "above", "below" } : [],
            .. meant.ToKey is { } key ? new[] { key } : [],
            .. meant.HasFrom ? new[] { "from" } : [],
        ];

    private DataTemplate? ReadData(Node node, DeviceAction meant)
    {
        var json = new Events.JsonWriter();
        json.BeginObject();
        var some = false;
        foreach (var (from, to, value) in meant.Data)
        {
            var written = node.Member(from);
            if (!written.IsMissing)
            {
                json.Name(to).Raw(written.Json.GetRawText());
                some = true;
            }
            else if (value is not null)
            {
                json.Name(to).Raw(value);
                some = true;
            }
        }

        json.EndObject();
        return some
            ? DataTemplate.Read(
                JsonElement.Parse(System.Text.Encoding.UTF8.GetString(json.Written)),
                node.Pointer,
                fields.Fault
            )
            : null;
    }
}
