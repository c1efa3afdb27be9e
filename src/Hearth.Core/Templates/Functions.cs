namespace Hearth.Core.Templates;

/// <summary>What a template can call by name without a value before it.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, TemplateValue> All = Registry
        .Of([
            .. NumberFilters.Shared,
            .. TimeFilters.Shared,
            ("bool", "value default", NumberFilters.Bool),
            ("min", "*", (f, a) => Extreme(f, a, -1)),
            ("max", "*", (f, a) => Extreme(f, a, 1)),
            ("range", "*", Range),
            ("dict", "*", Dict),
            // Some devices write dict.from_keys(pairs) where Python would say dict(pairs).
            ("dict.from_keys", "*", Dict),
            ("dict.fromkeys", "keys value", FromKeys),
            ("namespace", "*", Namespace),
            ("zip", "*", Zip),
            ("iif", "value if_true if_false if_none", ValueFilters.Iif),
            ("from_json", "value default", ValueFilters.FromJson),
            ("to_json", "value ensure_ascii pretty_print sort_keys", ValueFilters.ToJson),
            ("now", "", TimeFilters.Now),
            ("utcnow", "", TimeFilters.UtcNow),
            ("today_at", "time", TimeFilters.TodayAt),
            (
                "timedelta",
                "days seconds microseconds milliseconds minutes hours weeks",
                TimeFilters.Duration
            ),
        ])
        .ToDictionary(entry => entry.Key, entry => TemplateValue.From(entry.Value));

    public static IEnumerable<string> Names => All.Keys;

    public static bool TryGet(string name, out TemplateValue function) =>
        All.TryGetValue(name, out function);

    private static TemplateValue Extreme(Frame frame, Arguments a, int sign)
    {
        var items = Lists.Spread(frame, a);
        if (items.Length == 0)
        {
            throw a.Fault("needs at least one value.");
        }
        var best = items[0];
        foreach (var item in items)
        {
            best = PythonCompare.Order(item, best) * sign > 0 ? item : best;
        }
        return best;
    }

    private static TemplateValue Range(Frame frame, Arguments a)
    {
        long start = a.Count > 1 ? a.Int(0, 0) : 0;
        long stop = a.Count > 1 ? a.Int(1, 0) : a.Int(0, 0);
        long step = a.Int(2, 1);
        if (a.Count is 0 or > 3 || step == 0)
        {
            throw a.Fault("takes one to three integers, and a step that is not 0.");
        }
        long span = step > 0 ? stop - start : start - stop;
        long count = Math.Max((span + Math.Abs(step) - 1) / Math.Abs(step), 0);
        frame.ChargeItems(count);
        var items = new TemplateValue[count];
        for (long i = 0; i < count; i++)
        {
            items[i] = TemplateValue.From(start + (i * step));
        }
        return TemplateValue.List(items);
    }

    private static TemplateValue Dict(Frame frame, Arguments a)
    {
        var dict = new TemplateDict();
        if (a.Count > 0 && a[0].Kind == TemplateKind.Dict)
        {
            foreach (var (key, value) in a[0].AsDict)
            {
                dict.Set(key, value);
            }
        }
        else if (a.Count > 0)
        {
            foreach (var pair in Iteration.Of(frame, a[0]))
            {
                var items = Iteration.Of(frame, pair);
                if (items.Length != 2)
                {
                    throw a.Fault("needs pairs.");
                }
                dict.Set(Members.AsKey(items[0]), items[1]);
            }
        }
        foreach (var (name, value) in a.Named)
        {
            dict.Set(name, value);
        }
        return TemplateValue.From(dict);
    }

    private static TemplateValue FromKeys(Frame frame, Arguments a)
    {
        var dict = new TemplateDict();
        foreach (var key in Iteration.Of(frame, a[0]))
        {
            dict.Set(Members.AsKey(key), a.Get(1, TemplateValue.None));
        }
        return TemplateValue.From(dict);
    }

    private static TemplateValue Namespace(Frame frame, Arguments a)
    {
        var made = new TemplateNamespace();
        foreach (var (key, value) in Dict(frame, a).AsDict)
        {
            made.Values[key.ToString()] = value;
        }
        return TemplateValue.From(made);
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
        return TemplateValue.List(rows);
    }
}
