namespace Hearth.Core.Templates;

/// <summary>Filters over lists.</summary>
internal static class ListFilters
{
    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of(
            ("length", "value", Length),
            ("count", "value", Length),
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
            ("items", "value", (_, a) => a[0].IsUndefined ? TemplateValue.List() : Pairs(a)),
            ("dictsort", "value case_sensitive by reverse", DictSort),
            ("batch", "value linecount fill_with", Batch),
            ("attr", "value name", (_, a) => Members.Attribute(a[0], a.Text(1))),
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
            TemplateKind.Dict => TemplateValue.From(a[0].AsDict.Count),
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
        return TemplateValue.List([.. Iteration.Of(frame, a[0]).Reverse()]);
    }

    private static TemplateValue Sort(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[0]);
        var keys = Lists.Keys(items, a.Get(3, TemplateValue.None), a.Flag(2));
        return TemplateValue.List(Lists.Sorted(frame, items, keys, a.Flag(1)));
    }

    private static TemplateValue DictSort(Frame frame, Arguments a)
    {
        var pairs = Pairs(a).AsItems;
        int by = a.Text(2, "key") == "value" ? 1 : 0;
        var keys = Lists.Keys(pairs, TemplateValue.From(by), a.Flag(1));
        return TemplateValue.List(Lists.Sorted(frame, pairs, keys, a.Flag(3)));
    }

    private static TemplateValue Pairs(Arguments a) =>
        a[0].Kind == TemplateKind.Dict
            ? Lists.Pairs(a[0].AsDict)
            : throw a.Fault($"needs a dict, not a {PythonText.TypeName(a[0])}.");

    private static TemplateValue Unique(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[0]);
        var keys = Lists.Keys(items, a.Get(2, TemplateValue.None), a.Flag(1));
        var seen = new HashSet<TemplateValue>();
        return TemplateValue.List([.. items.Where((_, i) => seen.Add(Members.AsKey(keys[i])))]);
    }

    private static TemplateValue Sum(Frame frame, Arguments a)
    {
        var sum = a.Get(2, TemplateValue.From(0));
        foreach (var item in Iteration.Of(frame, a[0]))
        {
            var value = a.Has(1) && !a[1].IsNone ? Members.Path(item, a[1]) : item;
            sum = Operators.Apply(frame, "+", sum, value);
        }
        return sum;
    }

    // map('float', 0), map(attribute='x', default=…): a filter by name, or a member of each.
    private static TemplateValue Map(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[0]);
        var attribute = Array.Find(a.Named, n => n.Key == "attribute");
        if (attribute.Key is not null)
        {
            var fallback = Array.Find(a.Named, n => n.Key == "default");
            return TemplateValue.List(
                Array.ConvertAll(
                    items,
                    item =>
                    {
                        var member = Members.Path(item, attribute.Value);
                        return member.IsUndefined && fallback.Key is not null
                            ? fallback.Value
                            : member;
                    }
                )
            );
        }
        var filter = Filters.Find(a.Text(1)) ?? throw a.Fault($"knows no filter '{a.Text(1)}'.");
        var rest = Rest(a, 2);
        return TemplateValue.List(
            Array.ConvertAll(items, item => filter.Call(frame, [item, .. rest], a.Named))
        );
    }

    private static TemplateValue Chosen(Frame frame, Arguments a, bool byAttribute, bool wanted)
    {
        int testAt = byAttribute ? 2 : 1;
        var test = a.Has(testAt)
            ? Tests.Find(a.Text(testAt)) ?? throw a.Fault($"knows no test '{a.Text(testAt)}'.")
            : null;
        var rest = Rest(a, testAt + 1);
        var chosen = new List<TemplateValue>();
        foreach (var item in Iteration.Of(frame, a[0]))
        {
            var value = byAttribute ? Members.Path(item, a[1]) : item;
            bool holds = test is null
                ? value.IsTrue
                : test.Call(frame, [value, .. rest], []).IsTrue;
            if (holds == wanted)
            {
                chosen.Add(item);
            }
        }
        return TemplateValue.List([.. chosen]);
    }

    private static TemplateValue[] Rest(Arguments a, int from)
    {
        var rest = new List<TemplateValue>();
        for (int i = from; i < a.Count; i++)
        {
            rest.Add(a[i]);
        }
        return [.. rest];
    }

    private static TemplateValue Batch(Frame frame, Arguments a)
    {
        int size = Math.Max(a.Int(1, 1), 1);
        var chunks = Iteration.Of(frame, a[0]).Chunk(size).ToList();
        if (a.Has(2) && chunks.Count > 0 && chunks[^1].Length < size)
        {
            int missing = size - chunks[^1].Length;
            frame.ChargeItems(missing);
            chunks[^1] = [.. chunks[^1], .. Enumerable.Repeat(a[2], missing)];
        }
        return TemplateValue.List([.. chunks.Select(chunk => TemplateValue.List(chunk))]);
    }
}

/// <summary>What filters and functions over lists have in common.</summary>
internal static class Lists
{
    public static TemplateValue Pairs(TemplateDict dict) =>
        TemplateValue.List([.. dict.Select(e => TemplateValue.Tuple(e.Key, e.Value))]);

    /// <summary>The items of the one list that was passed, or all values that were.</summary>
    public static TemplateValue[] Spread(Frame frame, Arguments a)
    {
        bool isOneList = a.Count == 1 || a[1].Kind == TemplateKind.None;
        return isOneList
            ? Iteration.Of(frame, a[0])
            : [.. Enumerable.Range(0, a.Count).Select(i => a[i])];
    }

    /// <summary>What to sort by; texts compare without regard to case unless told.</summary>
    public static TemplateValue[] Keys(
        TemplateValue[] items,
        TemplateValue attribute,
        bool isCaseSensitive
    ) =>
        Array.ConvertAll(
            items,
            item =>
            {
                var key = attribute.IsNone ? item : Members.Path(item, attribute);
                return key.IsText && !isCaseSensitive
                    ? TemplateValue.From(key.AsText.ToLowerInvariant())
                    : key;
            }
        );

    public static TemplateValue[] Sorted(
        Frame frame,
        TemplateValue[] items,
        TemplateValue[] keys,
        bool isReversed
    )
    {
        frame.ChargeItems(items.Length * 4L);
        int[] order = [.. Enumerable.Range(0, items.Length)];
        var comparer = Comparer<TemplateValue>.Create(PythonCompare.Order);
        try
        {
            var sorted = isReversed
                ? order.OrderByDescending(i => keys[i], comparer)
                : order.OrderBy(i => keys[i], comparer);
            return [.. sorted.Select(i => items[i])];
        }
        catch (InvalidOperationException e) when (e.InnerException is TemplateException inner)
        {
            throw new TemplateException(inner.Message, e);
        }
    }

    /// <summary>The smallest (-1) or largest (1) item; undefined of an empty list.</summary>
    public static TemplateValue Extreme(Frame frame, Arguments a, int sign)
    {
        var items = Iteration.Of(frame, a[0]);
        var keys = Keys(items, a.Get(2, TemplateValue.None), a.Flag(1));
        int best = 0;
        for (int i = 1; i < items.Length; i++)
        {
            best = PythonCompare.Order(keys[i], keys[best]) * sign > 0 ? i : best;
        }
        return items.Length == 0 ? TemplateValue.Undefined("The list is empty.") : items[best];
    }
}
