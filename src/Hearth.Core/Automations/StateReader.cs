using System.Text.Json;
using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads what watches entities, as triggers and as conditions: states, numbers, templates.
/// </summary>
internal sealed class StateReader(FieldReader fields)
{
    private static readonly string[] StateKeys = ["entity_id", "attribute", "for"];

    public StateTrigger ReadStateTrigger(Node node)
    {
        fields.RefuseUnknown(
            node,
            TriggerReader.Common,
            StateKeys,
            ["from", "to", "not_from", "not_to"]
        );
        OnlyOne(node, "from", "not_from");
        OnlyOne(node, "to", "not_to");
        return new StateTrigger(
            fields.Names.Entities(node),
            fields.Text(node, "attribute"),
            fields.States(node, "from"),
            fields.States(node, "to"),
            fields.States(node, "not_from") ?? [],
            fields.States(node, "not_to") ?? [],
            node.Has("from") || node.Has("to") || node.Has("not_from") || node.Has("not_to")
        )
        {
            Id = "",
            For = fields.For(node),
        };
    }

    public NumericStateTrigger ReadNumericTrigger(Node node)
    {
        fields.RefuseUnknown(
            node,
            TriggerReader.Common,
            StateKeys,
            ["above", "below", "value_template", "hysteresis"]
        );
        var hysteresis = fields.Number(node, "hysteresis") ?? 0;
        if (hysteresis < 0)
        {
            fields.Fault(node.Member("hysteresis"), "must not be negative");
        }

        return new NumericStateTrigger
        {
            Id = "",
            Watched = fields.Names.Entities(node),
            Test = ReadTest(node),
            For = fields.For(node),
            Hysteresis = hysteresis,
        };
    }

    public TemplateTrigger ReadTemplateTrigger(Node node)
    {
        fields.RefuseUnknown(node, TriggerReader.Common, ["value_template", "for"]);
        return new TemplateTrigger(
            fields.RequiredTemplate(node, "value_template") ?? DataTemplate.Of("")
        )
        {
            Id = "",
            For = fields.For(node),
        };
    }

    public StateCondition ReadStateCondition(Node node, string path)
    {
        fields.RefuseUnknown(node, ConditionReader.Common, StateKeys, ["state", "match"]);
        var states = fields.States(node, "state");
        if (states is null or [])
        {
            fields.Fault(node.Member("state"), "is missing; write the state, or a list of states");
        }

        var match = fields.Text(node, "match") ?? "all";
        if (match is not ("all" or "any"))
        {
            fields.Unknown(node.Member("match"), match, $"is '{match}'", ["all", "any"]);
        }

        return new StateCondition(
            fields.Names.Entities(node),
            match == "any",
            fields.Text(node, "attribute"),
            states ?? [],
            fields.For(node)
        )
        {
            Path = path,
        };
    }

    public NumericStateCondition ReadNumericCondition(Node node, string path)
    {
        fields.RefuseUnknown(
            node,
            ConditionReader.Common,
            ["entity_id", "attribute", "above", "below", "value_template"]
        );
        return new NumericStateCondition(fields.Names.Entities(node), ReadTest(node))
        {
            Path = path,
        };
    }

    public TemplateCondition ReadTemplateCondition(Node node, string path)
    {
        fields.RefuseUnknown(node, ConditionReader.Common, ["value_template"]);
        return new TemplateCondition(
            fields.RequiredTemplate(node, "value_template") ?? DataTemplate.Of("")
        )
        {
            Path = path,
        };
    }

    private NumberTest ReadTest(Node node)
    {
        var (above, below) = (ReadBound(node, "above"), ReadBound(node, "below"));
        if (node.Member("above").IsMissing && node.Member("below").IsMissing)
        {
            fields.Fault(node.Member("above"), "is missing; write above, below, or both");
        }

        if (above?.Number >= below?.Number)
        {
            fields.Fault(
                node.Member("above"),
                $"is {above?.Number}, not less than below, {below?.Number}: no number lies between"
            );
        }

        return new NumberTest(
            fields.Text(node, "attribute"),
            fields.Template(node, "value_template"),
            above,
            below
        );
    }

    /// <summary>A number, or the entity that has it.</summary>
    public Bound? ReadBound(Node node, string name)
    {
        var value = node.Member(name);
        if (value.IsMissing || fields.Filled(value) is not { } text)
        {
            return null;
        }

        if (FieldReader.TryNumber(text, out var number))
        {
            return new Bound(number, null);
        }

        if (value.Kind == JsonValueKind.String && NameCheck.IsId(text.Trim().ToLowerInvariant()))
        {
            return fields.Names.Entity(value, text) is { } entity ? new Bound(null, entity) : null;
        }

        fields.Fault(value, $"is {value.Shown}; write a number, or an entity such as sensor.limit");
        return null;
    }

    private void OnlyOne(Node node, string name, string opposite)
    {
        if (node.Has(name) && node.Has(opposite))
        {
            fields.Fault(node.Member(opposite), $"cannot stand beside {name}; keep one of them");
        }
    }
}
