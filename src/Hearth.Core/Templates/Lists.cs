namespace Hearth.Core.Templates;

/// <summary>What filters and functions over lists have in common.</summary>
internal static class Lists
{
    public static TemplateValue Pairs(TemplateDict dict) =>
        TemplateValue.List(
            ListForm.Items,
            [.. dict.Select(e => TemplateValue.Tuple(e.Key, e.Value))]
        );

    /// <summary>The items of the one list that was passed, or all values that were.</summary>
    public static TemplateValue[] Spread(Frame frame, Arguments a) =>
        a.Count == 1 ? Iteration.Of(frame, a[0]) : a.From(0);

    /// <summary>What to sort by; texts compare without regard to case unless told.</summary>
    public static TemplateValue[] Keys(
        Frame frame,
        TemplateValue[] items,
        TemplateValue attribute,
        bool isCaseSensitive
    ) =>
        Folded(
            attribute.IsNone
                ? items
                : Array.ConvertAll(items, item => Members.Path(frame, item, attribute)),
            isCaseSensitive
        );

    public static TemplateValue[] Folded(TemplateValue[] keys, bool isCaseSensitive) =>
        isCaseSensitive
            ? keys
            : Array.ConvertAll(
                keys,
                key => key.IsText ? TemplateValue.From(PythonStrings.Lower(key.AsText)) : key
            );

    public static TemplateValue[] Sorted(
        Frame frame,
        TemplateValue[] items,
        TemplateValue[] keys,
        bool isReversed
    ) => Array.ConvertAll(Order(frame, keys, isReversed), i => items[i]);

    /// <summary>The places of the keys in their order; equal ones stay as they stand.</summary>
    public static int[] Order(Frame frame, TemplateValue[] keys, bool isReversed)
    {
        // A comparison may walk over both keys, and there are n log n of them.
        int log = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)keys.Length);
        frame.ChargeItems(keys.Sum(key => (long)key.Weight) * log);
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        var comparer = Comparer<TemplateValue>.Create(PythonCompare.Order);
        try
        {
            var sorted = isReversed
                ? order.OrderByDescending(i => keys[i], comparer)
                : order.OrderBy(i => keys[i], comparer);
            return [.. sorted];
        }
        catch (InvalidOperationException e) when (e.InnerException is TemplateException inner)
        {
            throw new TemplateException(inner.Message, e);
        }
    }

    /// <summary>The smallest (-1) or largest (1) item; undefined of an empty list.</summary>
    public static TemplateValue Extreme(Frame frame, Arguments a, int sign) =>
        Extreme(frame, Iteration.Of(frame, a[0]), a.Get(2, TemplateValue.None), a.Flag(1), sign);

    /// <summary>The same as a function: of a list, or of the values themselves.</summary>
    public static TemplateValue ExtremeOf(Frame frame, Arguments a, int sign)
    {
        if (a.Count == 0)
        {
            throw a.Fault("needs at least one value.");
        }
        var attribute = TemplateValue.None;
        bool isCaseSensitive = false;
        foreach (var (name, value) in a.Named)
        {
            attribute = name == "attribute" ? value : attribute;
            isCaseSensitive |= name == "case_sensitive" && value.IsTrue;
            if (name is not ("attribute" or "case_sensitive"))
            {
                throw a.Fault($"takes no '{name}'.");
            }
        }
        return Extreme(frame, Spread(frame, a), attribute, isCaseSensitive, sign);
    }

    private static TemplateValue Extreme(
        Frame frame,
        TemplateValue[] items,
        TemplateValue attribute,
        bool isCaseSensitive,
        int sign
    )
    {
        var keys = Keys(frame, items, attribute, isCaseSensitive);
        int best = 0;
        for (int i = 1; i < items.Length; i++)
        {
            bool isBetter =
                sign > 0
                    ? Operators.Holds(">", keys[i], keys[best])
                    : Operators.Holds("<", keys[i], keys[best]);
            best = isBetter ? i : best;
        }
        return items.Length == 0 ? TemplateValue.Undefined("The list is empty.") : items[best];
    }
}
