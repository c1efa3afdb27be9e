namespace Hearth.Core.Templates;

/// <summary>Filters about a value as such: is it there, and what is it as JSON.</summary>
internal static class ValueFilters
{
    /// <summary>Those that stand as a filter and as a function alike.</summary>
    public static (string Name, string Parameters, FunctionBody Body)[] Shared { get; } =
    [
        ("bool", "value default", NumberFilters.Bool),
        ("iif", "value if_true if_false if_none", Iif),
        ("from_json", "value default", FromJson),
        ("to_json", "value ensure_ascii pretty_print sort_keys", ToJson),
        ("typeof", "value", TypeOf),
        ("apply", "*", Apply),
        ("as_function", "macro", AsFunction),
    ];

    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of([
            .. Shared,
            ("default", "value default_value boolean", Default),
            ("d", "value default_value boolean", Default),
            ("is_defined", "value", IsDefined),
            ("tojson", "value indent", JinjaToJson),
            ("random", "seq", ByChance),
            ("shuffle", "*", ByChance),
        ]);

    /// <summary>Calls a function on a value: <c>[1, 2] | map('apply', double)</c>.</summary>
    public static TemplateValue Apply(Frame frame, Arguments a) =>
        Members.AsCallable(a[1]).Call(frame, [a[0], .. a.From(2)], a.Named);

    private static TemplateValue Iif(Frame frame, Arguments a)
    {
        if (a[0].IsNone && a.Has(3))
        {
            return a[3];
        }
        return a[0].IsTrue ? a.Get(1, TemplateValue.True) : a.Get(2, TemplateValue.False);
    }

    private static TemplateValue FromJson(Frame frame, Arguments a) =>
        a[0].IsText && PythonJson.TryParse(a[0].AsText, out var value) ? value
        : a[0].IsUndefined ? throw new TemplateException(a[0].WhyUndefined)
        : a.Has(1) ? a[1]
        : throw a.Fault("needs a text that is JSON, or a default.");

    private static TemplateValue ToJson(Frame frame, Arguments a)
    {
        var layout = PythonJson.Layout.Compact with { SortKeys = a.Flag(3) };
        if (a.Flag(1))
        {
            // Home Assistant goes over to Python's own writer then, which leaves blanks.
            layout = layout with
            {
                EscapeAscii = true,
                ItemSeparator = ", ",
                KeySeparator = ": ",
            };
        }
        if (a.Flag(2))
        {
            layout = layout with { Indent = 2, KeySeparator = ": ", ItemSeparator = "," };
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

    private static TemplateValue TypeOf(Frame frame, Arguments a) =>
        TemplateValue.From(
            a[0].Kind switch
            {
                TemplateKind.None => "NoneType",
                TemplateKind.Undefined => "LoggingUndefined",
                TemplateKind.Namespace => "Namespace",
                TemplateKind.State => "TemplateState",
                TemplateKind.Function when a[0].AsFunction is Macro => "Macro",
                _ => PythonText.TypeName(a[0]),
            }
        );

    // The macro is called with 'returns', and what it calls that with is the result.
    private static TemplateValue AsFunction(Frame frame, Arguments a)
    {
        var macro = Members.AsCallable(a[0]);
        const string prefix = "macro_";
        string name = macro.Name.StartsWithOrdinal(prefix)
            ? macro.Name[prefix.Length..]
            : macro.Name;
        return TemplateValue.From(
            new TemplateFunction(
                name,
                "*",
                (f, given) =>
                {
                    var result = TemplateValue.None;
                    var returns = new TemplateFunction("returns", "value", (_, r) => result = r[0]);
                    var named = given.Named.Append(new("returns", TemplateValue.From(returns)));
                    macro.Call(f, given.From(0), [.. named]);
                    return result;
                }
            )
        );
    }

    private static TemplateValue ByChance(Frame frame, Arguments a) =>
        throw a.Fault(
            "is not possible: a template gives the same result for the same states, so that it "
                + "can be told later why it did."
        );
}
