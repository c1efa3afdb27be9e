namespace Hearth.Core.Templates;

/// <summary>Home Assistant's functions over lists and dicts.</summary>
internal static class Collections
{
    /// <summary>Those that stand as a filter and as a function alike.</summary>
    public static (string Name, string Parameters, FunctionBody Body)[] Shared { get; } =
    [
        ("flatten", "value levels", Flatten),
        ("combine", "*", Combine),
        ("merge_response", "value", MergeResponse),
        ("zip", "*", Zip),
    ];

    private static TemplateValue Flatten(Frame frame, Arguments a)
    {
        if (a[0].IsText || !Iteration.IsPossible(a[0]))
        {
            throw a.Fault($"needs a list, not a {PythonText.TypeName(a[0])}.");
        }
        int levels = a.Has(1) && !a[1].IsNone ? a.Int(1, 0) : int.MaxValue;
        var flat = new List<TemplateValue>();
        Flatten(frame, a[0], levels, flat);
        return TemplateValue.List([.. flat]);
    }

    private static void Flatten(
        Frame frame,
        TemplateValue value,
        int levels,
        List<TemplateValue> flat
    )
    {
        foreach (var item in Iteration.Of(frame, value))
        {
            bool isNested = !item.IsText && Iteration.IsPossible(item);
            if (isNested && levels > 0)
            {
                Flatten(frame, item, levels - 1, flat);
            }
            else
            {
                flat.Add(item);
            }
        }
    }

    private static TemplateValue Combine(Frame frame, Arguments a)
    {
        bool isRecursive = Array.Exists(a.Named, n => n.Key == "recursive" && n.Value.IsTrue);
        var combined = a[0];
        foreach (var next in a.From(0))
        {
            frame.Charge(next.Weight + combined.Weight);
            if (next.Kind != TemplateKind.Dict)
            {
                throw a.Fault($"needs dicts, not a {PythonText.TypeName(next)}.");
            }
            combined = Combined(frame, combined, next, isRecursive);
        }
        return combined;
    }

    private static TemplateValue Combined(
        Frame frame,
        TemplateValue left,
        TemplateValue right,
        bool isRecursive
    )
    {
        var all = new TemplateDict(left.AsDict.Count);
        foreach (var (key, value) in left.AsDict)
        {
            all.Set(key, value);
        }
        foreach (var (key, value) in right.AsDict)
        {
            bool areDicts =
                isRecursive
                && value.Kind == TemplateKind.Dict
                && all.TryGet(key, out var before)
                && before.Kind == TemplateKind.Dict;
            all.Set(key, areDicts ? Combined(frame, Own(all, key), value, true) : value);
        }
        return TemplateValue.From(all);
    }

    private static TemplateValue Own(TemplateDict dict, TemplateValue key) =>
        dict.TryGet(key, out var value) ? value : default;

    // The answers of one action for several entities as one list, each item saying whose it is.
    private static TemplateValue MergeResponse(Frame frame, Arguments a)
    {
        if (a[0].Kind != TemplateKind.Dict)
        {
            throw a.Fault("needs the response of an action, a dict by entity.");
        }
        var merged = new List<TemplateValue>();
        foreach (var (entity, response) in a[0].AsDict)
        {
            if (response.Kind != TemplateKind.Dict)
            {
                throw a.Fault($"needs a dict for '{entity}'.");
            }
            var only = response.AsDict.Count == 1 ? response.AsDict.ValueAt(0) : default;
            if (only.Kind == TemplateKind.List)
            {
                var key = response.AsDict.KeyAt(0);
                merged.AddRange(only.AsItems.Select(item => Owned(a, item, entity, key)));
            }
            else
            {
                merged.Add(Owned(a, response, entity, null));
            }
        }
        frame.ChargeItems(merged.Count);
        return TemplateValue.List([.. merged]);
    }

    private static TemplateValue Owned(
        Arguments a,
        TemplateValue item,
        TemplateValue entity,
        TemplateValue? key
    )
    {
        if (item.Kind != TemplateKind.Dict)
        {
            return item;
        }
        var owned = new TemplateDict(item.AsDict.Count + 2);
        foreach (var (name, value) in item.AsDict)
        {
            owned.Set(name, value);
        }
        if (owned.TryGet("entity_id", out _))
        {
            throw a.Fault("finds an 'entity_id' in the response already.");
        }
        owned.Set("entity_id", entity);
        if (key is { } valueKey)
        {
            owned.Set("value_key", valueKey);
        }
        return TemplateValue.From(owned);
    }

    private static TemplateValue Zip(Frame frame, Arguments a)
    {
        var lists = new TemplateValue[a.Count][];
        for (int i = 0; i < a.Count; i++)
        {
            lists[i] = Iteration.Of(frame, a[i]);
        }
        int count = lists.Length == 0 ? 0 : lists.Min(list => list.Length);
        frame.ChargeItems((long)count * lists.Length);
        var rows = new TemplateValue[count];
        for (int row = 0; row < count; row++)
        {
            rows[row] = TemplateValue.Tuple(Array.ConvertAll(lists, list => list[row]));
        }
        return TemplateValue.List(ListForm.Generator, rows);
    }
}
