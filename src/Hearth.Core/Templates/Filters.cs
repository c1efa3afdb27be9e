namespace Hearth.Core.Templates;

/// <summary>The filters of Jinja2 and Home Assistant, by name.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, TemplateFunction> All = Merge(
        ValueFilters.All,
        TextFilters.All,
        NumberFilters.Filters,
        ListFilters.All,
        TimeFilters.All,
        RegexFilters.All
    );

    public static IEnumerable<string> Names => All.Keys;

    public static TemplateFunction? Find(string name) => All.GetValueOrDefault(name);

    private static Dictionary<string, TemplateFunction> Merge(
        params Dictionary<string, TemplateFunction>[] tables
    ) => tables.SelectMany(table => table).ToDictionary(e => e.Key, e => e.Value);
}

/// <summary>Filters about a value as such: is it there, and what is it as JSON.</summary>
internal static class ValueFilters
{
    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of(
            ("default", "value default_value boolean", Default),
            ("d", "value default_value boolean", Default),
            ("is_defined", "value", IsDefined),
            ("iif", "value if_true if_false if_none", Iif),
            ("to_json", "value ensure_ascii pretty_print sort_keys", ToJson),
            ("tojson", "value indent", JinjaToJson),
            ("from_json", "value default", FromJson),
            ("bool", "value default", NumberFilters.Bool)
        );

    public static TemplateValue Iif(Frame frame, Arguments a)
    {
        if (a[0].IsNone && a.Has(3))
        {
            return a[3];
        }
        return a[0].IsTrue ? a.Get(1, TemplateValue.True) : a.Get(2, TemplateValue.False);
    }

    public static TemplateValue FromJson(Frame frame, Arguments a) =>
        a[0].IsText && PythonJson.TryParse(a[0].AsText, out var value) ? value
        : a.Has(1) ? a[1]
        : throw a.Fault("needs a text that is JSON.");

    public static TemplateValue ToJson(Frame frame, Arguments a)
    {
        var layout = PythonJson.Layout.Compact with { SortKeys = a.Flag(3) };
        if (a.Flag(2))
        {
            layout = layout with { Indent = 2, KeySeparator = ": " };
        }
        return TemplateValue.From(PythonJson.Write(a[0], layout));
    }

    private static TemplateValue Default(Frame frame, Arguments a) =>
        a[0].IsUndefined || (a.Flag(2) && !a[0].IsTrue) ? a.Get(1, TemplateValue.EmptyText) : a[0];

    private static TemplateValue IsDefined(Frame frame, Arguments a) =>
        a[0].IsUndefined ? throw new TemplateException(a[0].WhyUndefined) : a[0];

    private static TemplateValue JinjaToJson(Frame frame, Arguments a)
    {
        var layout = PythonJson.Layout.Jinja;
        if (a.Has(1) && !a[1].IsNone)
        {
            int indent = Math.Clamp(a.Int(1, 0), 0, 16);
            layout = layout with { Indent = indent, ItemSeparator = "," };
        }
        return TemplateValue.From(PythonJson.Write(a[0], layout));
    }
}
