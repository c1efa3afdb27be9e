using System.Diagnostics;
using System.Text.Json;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads conditions: mappings, the short forms <c>and:</c>, <c>or:</c> and <c>not:</c>, lists, and
/// templates standing alone.
/// </summary>
internal sealed class ConditionReader(FieldReader fields, DeviceReader devices)
{
    /// <summary>What every condition may say.</summary>
    public static readonly string[] Common = ["condition", "alias", "enabled"];

    public static readonly string[] Groups = ["and", "or", "not"];

    private static readonly string[] Kinds =
    [
        "state",
        "numeric_state",
        "template",
        "time",
        "sun",
        "trigger",
        "and",
        "or",
        "not",
        "device",
    ];

    private readonly StateReader _states = new(fields);
    private readonly TimeReader _times = new(fields);

    /// <summary>All of a list; one that is not in a list counts as a list of one.</summary>
    /// <param name="path">Where the list stands: <c>condition</c>.</param>
    public AndCondition ReadAll(Node list, string path) =>
        new(ReadItems(list, path)) { Path = path };

    /// <summary>A list that must have something in it.</summary>
    public AndCondition ReadSome(Node list, string path)
    {
        if (!list.Items().Any())
        {
            fields.Fault(list, "is missing; write at least one condition");
        }

        return ReadAll(list, path);
    }

    /// <summary>One condition; null where it cannot be read.</summary>
    public Condition? Read(Node node, string path)
    {
        if (node.IsList)
        {
            return new AndCondition(ReadItems(node, path + "/conditions")) { Path = path };
        }

        if (node.Kind is JsonValueKind.True or JsonValueKind.False)
        {
            return new TemplateCondition(DataTemplate.Of(node.Json.GetRawText())) { Path = path };
        }

        if (node.Kind == JsonValueKind.String && DataTemplate.IsTemplate(node.Json.GetString()!))
        {
            var template = DataTemplate.ReadTemplate(
                node.Json.GetString()!,
                node.Pointer,
                fields.Fault
            );
            return new TemplateCondition(template) { Path = path };
        }

        if (!fields.IsMapping(node, "write a condition such as {\"condition\": \"state\", …}"))
        {
            return null;
        }

        return ReadMapping(node, path) is { } condition
            ? condition with
            {
                Alias = fields.Text(node, "alias"),
                Enabled = fields.Enabled(node),
            }
            : null;
    }

    private Condition? ReadMapping(Node node, string path)
    {
        if (Array.Find(Groups, node.Has) is { } group && !node.Has("condition"))
        {
            fields.RefuseUnknown(node, [group], Common);
            return Group(group, node.Member(group), path);
        }

        var kind = node.Member("condition");
        var name = fields.Text(kind);
        if (string.IsNullOrEmpty(name))
        {
            fields.Fault(kind, "is missing; write a kind: " + string.Join(", ", Kinds));
            return null;
        }

        if (DataTemplate.IsTemplate(name))
        {
            fields.RefuseUnknown(node, Common);
            var template = DataTemplate.ReadTemplate(name, kind.Pointer, fields.Fault);
            return new TemplateCondition(template) { Path = path };
        }

        if (Foreign.WhyNoCondition(name) is { } why)
        {
            fields.Fault(kind, $"is '{name}': {why}");
            return null;
        }

        if (!Kinds.Contains(name))
        {
            fields.Unknown(kind, name, $"is '{name}', which is no kind of condition", Kinds);
            return null;
        }

        return ReadKind(name, node, path);
    }

    private Condition? ReadKind(string kind, Node node, string path)
    {
        switch (kind)
        {
            case "and" or "or" or "not":
                fields.RefuseUnknown(node, Common, ["conditions"]);
                return Group(kind, node.Member("conditions"), path);
            case "state":
                return _states.ReadStateCondition(node, path);
            case "numeric_state":
                return _states.ReadNumericCondition(node, path);
            case "template":
                return _states.ReadTemplateCondition(node, path);
            case "time":
                return _times.ReadTimeCondition(node, path);
            case "sun":
                return _times.ReadSunCondition(node, path);
            case "trigger":
                return ReadTriggerCondition(node, path);
            case "device":
                return devices.ReadCondition(node, path);
            default:
                throw new UnreachableException($"No reader for the condition {kind}.");
        }
    }

    private TriggerCondition ReadTriggerCondition(Node node, string path)
    {
        fields.RefuseUnknown(node, Common, ["id"]);
        var ids = fields.FilledTexts(node, "id");
        if (ids.Count == 0)
        {
            fields.Fault(node.Member("id"), "is missing; write the id of a trigger, or a list");
        }

        return new TriggerCondition(ids) { Path = path };
    }

    private Condition Group(string kind, Node list, string path)
    {
        if (!list.Items().Any())
        {
            fields.Fault(list, "is missing; write the conditions");
        }

        var items = ReadItems(list, path + "/conditions");
        return kind switch
        {
            "and" => new AndCondition(items) { Path = path },
            "or" => new OrCondition(items) { Path = path },
            _ => new NotCondition(items) { Path = path },
        };
    }

    private List<Condition> ReadItems(Node list, string path)
    {
        var conditions = new List<Condition>();
        var index = 0;
        foreach (var item in list.Items())
        {
            if (Read(item, $"{path}/{index++}") is { } condition)
            {
                conditions.Add(condition);
            }
        }

        return conditions;
    }
}
