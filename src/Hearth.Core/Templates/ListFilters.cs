namespace Hearth.Core.Templates;

/// <summary>Filters over lists.</summary>
internal static class ListFilters
{
    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of(
            ("length", "obj", Length),
            ("count", "obj", Length),
            ("first", "value", (f, a) => End(f, a, isFirst: true)),
            ("last", "value", (f, a) => End(f, a, isFirst: false)),
            ("list", "value", (f, a) => TemplateValue.List(Iteration.Of(f, a[0]))),
            ("reverse", "value", Reverse),
            ("sort", "value reverse case_sensitive attribute", Sort),
            ("unique", "value case_sensitive attribute", Unique),
            ("sum", "value attribute start", Sum),
            ("min", "value case_sensitive attribute", (f, a) => Lists.Extreme(f, a, -1)),
            ("max", "value case_sensitive attribute", (f, a) => Lists.Extreme(f, a, 1)),
            ("map", "*", Map),
            ("select", "*", (f, a) => Chosen(f, a, byAttribute: false, wanted: true)),
            ("reject", "*", (f, a) => Chosen(f, a, byAttribute: false, wanted: false)),
            ("selectattr", "*", (f, a) => Chosen(f, a, byAttribute: true, wanted: true)),
            ("rejectattr", "*", (f, a) => Chosen(f, a, byAttribute: true, wanted: false)),
            ("items", "value", Items),
            ("dictsort", "value case_sensitive by reverse", DictSort),
            ("attr", "obj name", (_, a) => Members.OwnAttribute(a[0], a.Text(1))),
            (
                "contains",
                "value item",
                (_, a) => TemplateValue.From(PythonCompare.Contains(a[0], a[1]))
            )
        );

    private static TemplateValue Length(Frame frame, Arguments a) =>
        a[0].Kind switch
        {
            TemplateKind.Undefined => TemplateValue.From(0),
            TemplateKind.Text => TemplateValue.From(PythonSlice.Length(a[0].AsText)),
            TemplateKind.Dict or TemplateKind.Set => TemplateValue.From(a[0].AsDict.Count),
            TemplateKind.List when a[0].Form == ListForm.Generator => throw a.Fault(
                "does not work on what a filter such as map gives: put '| list' before it."
            ),
            TemplateKind.List or TemplateKind.Tuple => TemplateValue.From(a[0].AsItems.Length),
            TemplateKind.States => TemplateValue.From(Iteration.Of(frame, a[0]).Length),
            _ => throw a.Fault($"does not work on a {PythonText.TypeName(a[0])}."),
        };

    private static TemplateValue End(Frame frame, Arguments a, bool isFirst)
    {
        var items = Iteration.Of(frame, a[0]);
        return items.Length == 0 ? TemplateValue.Undefined("The list is empty.")
            : isFirst ? items[0]
            : items[^1];
    }

    private static TemplateValue Reverse(Frame frame, Arguments a)
    {
        if (a[0].IsText)
        {
            var characters = PythonSlice.Characters(a[0].AsText);
            return TemplateValue.From(string.Concat(characters.Reverse()));
        }
        return Generated(Iteration.Of(frame, a[0]).Reverse());
    }

    private static TemplateValue Items(Frame frame, Arguments a) =>
        Generated(a[0].IsUndefined ? [] : Pairs(a).AsItems);

    // Jinja does not even look at what is false.
    private static TemplateValue[] Walked(Frame frame, TemplateValue value) =>
        value.IsTrue ? Iteration.Of(frame, value) : [];

    // In Python these are made while they are walked over, and are no lists.
    private static TemplateValue Generated(IEnumerable<TemplateValue> items) =>
        TemplateValue.List(ListForm.Generator, [.. items]);

    private static TemplateValue Sort(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[0]);
        var attribute = a.Get(3, TemplateValue.None);
        // Several attributes, one after the other.
        if (attribute.IsText && attribute.AsText.Contains(',', StringComparison.Ordinal))
        {
            string[] names = attribute.AsText.Split(',');
            foreach (string name in names.Reverse())
            {
                var by = Lists.Keys(frame, items, TemplateValue.From(name), a.Flag(2));
                items = Lists.Sorted(frame, items, by, a.Flag(1));
            }
            return TemplateValue.List(items);
        }
        var keys = Lists.Keys(frame, items, attribute, a.Flag(2));
        return TemplateValue.List(Lists.Sorted(frame, items, keys, a.Flag(1)));
    }

    private static TemplateValue DictSort(Frame frame, Arguments a)
    {
        var pairs = Pairs(a).AsItems;
        int by = a.Text(2, "key") == "value" ? 1 : 0;
        var keys = Lists.Keys(frame, pairs, TemplateValue.From(by), a.Flag(1));
        return TemplateValue.List(Lists.Sorted(frame, pairs, keys, a.Flag(3)));
    }

    private static TemplateValue Pairs(Arguments a) =>
        a[0].Kind == TemplateKind.Dict
            ? Lists.Pairs(a[0].AsDict)
            : throw a.Fault($"needs a dict, not a {PythonText.TypeName(a[0])}.");

    private static TemplateValue Unique(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[0]);
        var keys = Lists.Keys(frame, items, a.Get(2, TemplateValue.None), a.Flag(1));
        frame.ChargeItems(items.Length);
        var seen = new TemplateDict();
        var unique = new List<TemplateValue>();
        for (int i = 0; i < items.Length; i++)
        {
            int before = seen.Count;
            seen.Set(Members.AsKey(keys[i]), TemplateValue.None);
            if (seen.Count > before)
            {
                unique.Add(items[i]);
            }
        }
        return Generated(unique);
    }

    private static TemplateValue Sum(Frame frame, Arguments a)
    {
        var sum = a.Get(2, TemplateValue.From(0));
        foreach (var item in Iteration.Of(frame, a[0]))
        {
            var value = a.Has(1) && !a[1].IsNone ? Members.Path(frame, item, a[1]) : item;
            sum = Operators.Apply(frame, "+", sum, value);
        }
        return sum;
    }

    // map('float', 0), map(attribute='x', default=…): a filter by name, or a member of each.
    private static TemplateValue Map(Frame frame, Arguments a)
    {
        var items = Walked(frame, a[0]);
        var attribute = Array.Find(a.Named, n => n.Key == "attribute");
        if (attribute.Key is not null)
        {
            var fallback = Array.Find(a.Named, n => n.Key == "default");
            return Generated(
                Array.ConvertAll(
                    items,
                    item =>
                    {
                        var member = Members.Path(frame, item, attribute.Value);
                        return member.IsUndefined && fallback.Key is not null
                            ? fallback.Value
                            : member;
                    }
                )
            );
        }
        var filter = Filters.Find(a.Text(1)) ?? throw a.Fault($"knows no filter '{a.Text(1)}'.");
        var rest = a.From(2);
        return Generated(
            Array.ConvertAll(items, item => filter.Call(frame, [item, .. rest], a.Named))
        );
    }

    private static TemplateValue Chosen(Frame frame, Arguments a, bool byAttribute, bool wanted)
    {
        int testAt = byAttribute ? 2 : 1;
        var test = a.Has(testAt)
            ? Tests.Find(a.Text(testAt)) ?? throw a.Fault($"knows no test '{a.Text(testAt)}'.")
            : null;
        var rest = a.From(testAt + 1);
        var chosen = new List<TemplateValue>();
        foreach (var item in Walked(frame, a[0]))
        {
            var value = byAttribute ? Members.Path(frame, item, a[1]) : item;
            bool holds = test is null
                ? value.IsTrue
                : test.Call(frame, [value, .. rest], []).IsTrue;
            if (holds == wanted)
            {
                chosen.Add(item);
            }
        }
        return Generated(chosen);
    }
}
