namespace Hearth.Core.Automations;

/// <summary>Reads steps that have steps in them: choose, if, repeat, parallel, sequence.</summary>
internal sealed class BlockReader(FieldReader fields, StepReader steps, ConditionReader conditions)
{
    private static readonly string[] Loops = ["count", "while", "until", "for_each"];

    public ChooseStep ReadChoose(Node node, string path)
    {
        fields.RefuseUnknown(node, StepReader.Common, ["choose", "default"]);
        var choices = new List<Choice>();
        var index = 0;
        foreach (var item in node.Member("choose").Items())
        {
            var place = $"{path}/choose/{index++}";
            if (!fields.IsMapping(item, "write a choice: {\"conditions\": …, \"sequence\": …}"))
            {
                continue;
            }

            fields.RefuseUnknown(item, ["conditions", "sequence", "alias"]);
            choices.Add(
                new Choice(
                    conditions.ReadSome(item.Member("conditions"), place + "/conditions"),
                    Steps(item, "sequence", place + "/sequence"),
                    fields.Text(item, "alias")
                )
            );
        }

        return new ChooseStep(choices, Optional(node, "default", path + "/default"))
        {
            Path = path,
        };
    }

    public IfStep ReadIf(Node node, string path)
    {
        fields.RefuseUnknown(node, StepReader.Common, ["if", "then", "else"]);
        return new IfStep(
            conditions.ReadSome(node.Member("if"), path + "/if/condition"),
            Steps(node, "then", path + "/then"),
            Optional(node, "else", path + "/else")
        )
        {
            Path = path,
        };
    }

    public RepeatStep? ReadRepeat(Node node, string path)
    {
        fields.RefuseUnknown(node, StepReader.Common, ["repeat"]);
        var repeat = node.Member("repeat");
        if (!fields.IsMapping(repeat, "write {\"count\": 3, \"sequence\": …}"))
        {
            return null;
        }

        fields.RefuseUnknown(repeat, Loops, ["sequence"]);
        if (Loops.Count(repeat.Has) != 1)
        {
            fields.Fault(repeat, "needs exactly one of count, while, until and for_each");
        }

        path += "/repeat";
        return new RepeatStep(
            ReadCount(repeat.Member("count")),
            Conditions(repeat, "while", path),
            Conditions(repeat, "until", path),
            ReadItems(repeat.Member("for_each")),
            Steps(repeat, "sequence", path + "/sequence")
        )
        {
            Path = path[..^"/repeat".Length],
        };
    }

    public ParallelStep ReadParallel(Node node, string path)
    {
        fields.RefuseUnknown(node, StepReader.Common, ["parallel"]);
        var branches = new List<StepList>();
        var index = 0;
        foreach (var item in node.Member("parallel").Items())
        {
            // A branch is a list of steps, a mapping with one, or a step that stands for itself.
            var place = $"{path}/parallel/{index++}/sequence";
            if (item.Has("sequence"))
            {
                fields.RefuseUnknown(item, StepReader.Common, ["sequence"]);
                branches.Add(Steps(item, "sequence", place));
            }
            else
            {
                branches.Add(steps.ReadAll(item, place));
            }
        }

        if (branches.Count == 0)
        {
            fields.Fault(node.Member("parallel"), "is missing; write at least one action");
        }

        return new ParallelStep(branches) { Path = path };
    }

    public SequenceStep ReadSequence(Node node, string path)
    {
        fields.RefuseUnknown(node, StepReader.Common, ["sequence", "metadata"]);
        return new SequenceStep(Steps(node, "sequence", path + "/sequence")) { Path = path };
    }

    private DataTemplate? ReadCount(Node count)
    {
        if (count.IsMissing || fields.Text(count) is not { } text)
        {
            return null;
        }

        if (!DataTemplate.IsTemplate(text))
        {
            var isWhole = FieldReader.TryNumber(text, out var number) && number % 1 == 0;
            if (!isWhole || number is < 0 or > 1_000_000)
            {
                fields.Fault(count, $"is {count.Shown}; write a whole number that is not negative");
            }
        }

        return DataTemplate.Read(count.Json, count.Pointer, fields.Fault);
    }

    private DataTemplate? ReadItems(Node items)
    {
        if (items.IsMissing)
        {
            return null;
        }

        if (!items.IsList && !(fields.Text(items) is { } text && DataTemplate.IsTemplate(text)))
        {
            fields.Fault(items, "must be a list, or a template that makes one");
        }

        return DataTemplate.Read(items.Json, items.Pointer, fields.Fault);
    }

    private AndCondition? Conditions(Node repeat, string name, string path) =>
        repeat.Has(name) ? conditions.ReadSome(repeat.Member(name), $"{path}/{name}") : null;

    private StepList Steps(Node node, string name, string path)
    {
        var list = node.Member(name);
        if (list.Json.ValueKind == System.Text.Json.JsonValueKind.Undefined)
        {
            fields.Fault(list, "is missing; write what to do, or [] for nothing");
        }

        return steps.ReadAll(list, path);
    }

    private StepList? Optional(Node node, string name, string path) =>
        node.Has(name) ? steps.ReadAll(node.Member(name), path) : null;
}
