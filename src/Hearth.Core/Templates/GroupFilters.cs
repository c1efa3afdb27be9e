namespace Hearth.Core.Templates;

/// <summary>Filters that make lists of lists.</summary>
internal static class GroupFilters
{
    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of(
            ("batch", "value linecount fill_with", Batch),
            ("slice", "value slices fill_with", Slice),
            ("groupby", "value attribute default case_sensitive", GroupBy)
        );

    private static TemplateValue Batch(Frame frame, Arguments a)
    {
        int size = Math.Max(a.Int(1, 1), 1);
        var chunks = Iteration.Of(frame, a[0]).Chunk(size).ToList();
        if (a.Has(2) && !a[2].IsNone && chunks.Count > 0 && chunks[^1].Length < size)
        {
            int missing = size - chunks[^1].Length;
            frame.ChargeItems(missing);
            chunks[^1] = [.. chunks[^1], .. Enumerable.Repeat(a[2], missing)];
        }
        return Generated(chunks.Select(chunk => TemplateValue.List(chunk)));
    }

    // As many lists as asked for, the first ones longer by one where it does not come out even.
    private static TemplateValue Slice(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[0]);
        int count = a.Int(1, 1);
        if (count < 1)
        {
            throw a.Fault("needs a number of slices of at least 1.");
        }
        frame.ChargeItems(count);
        int size = items.Length / count;
        int longer = items.Length % count;
        var slices = new TemplateValue[count];
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            int length = size + (i < longer ? 1 : 0);
            var slice = items[at..(at + length)];
            bool isFilled = a.Has(2) && !a[2].IsNone && i >= longer;
            slices[i] = TemplateValue.List(isFilled ? [.. slice, a[2]] : slice);
            at += length;
        }
        return Generated(slices);
    }

    private static TemplateValue GroupBy(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[0]);
        var fallback = a.Has(2) && !a[2].IsNone ? a[2] : (TemplateValue?)null;
        var own = Array.ConvertAll(
            items,
            item =>
            {
                var key = Members.Path(frame, item, a[1]);
                return key.IsUndefined && fallback is { } given ? given : key;
            }
        );
        var keys = Lists.Folded(own, a.Flag(3));
        int[] order = Lists.Order(frame, keys, isReversed: false);
        var groups = new List<TemplateValue>();
        for (int start = 0; start < order.Length; )
        {
            int end = start + 1;
            while (end < order.Length && keys[order[end]].Equals(keys[order[start]]))
            {
                end++;
            }
            var members = order[start..end].Select(i => items[i]);
            groups.Add(TemplateValue.Group(own[order[start]], TemplateValue.List([.. members])));
            start = end;
        }
        return TemplateValue.List([.. groups]);
    }

    private static TemplateValue Generated(IEnumerable<TemplateValue> items) =>
        TemplateValue.List(ListForm.Generator, [.. items]);
}
