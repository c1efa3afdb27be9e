namespace Hearth.Core.Templates;

/// <summary>The tests of Jinja2 and Home Assistant: what stands behind <c>is</c>.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, TemplateFunction> All = Registry.Of(
        Test("defined", v => !v.IsUndefined),
        Test("undefined", v => v.IsUndefined),
        Test("none", v => v.IsNone),
        Test("boolean", v => v.Kind == TemplateKind.Bool),
        Test("true", v => v.Kind == TemplateKind.Bool && v.AsBool),
        Test("false", v => v.Kind == TemplateKind.Bool && !v.AsBool),
        Test("integer", v => v.Kind is TemplateKind.Whole or TemplateKind.Huge),
        Test("float", v => v.Kind == TemplateKind.Real),
        Test("number", v => v.IsNumber),
        Test("is_number", v => NumberFilters.AsFloat(v) is double x && double.IsFinite(x)),
        Test("string", v => v.IsText),
        Test("mapping", v => v.Kind == TemplateKind.Dict),
        Test("list", v => v.Kind == TemplateKind.List),
        Test("tuple", v => v.Kind == TemplateKind.Tuple),
        Test("datetime", v => v.Kind == TemplateKind.Time),
        Test("string_like", v => v.IsText),
        Test(
            "iterable",
            v => v.IsText || v.IsSequence || v.Kind is TemplateKind.Dict or TemplateKind.Undefined
        ),
        Test(
            "sequence",
            v => v.IsText || v.IsSequence || v.Kind is TemplateKind.Dict or TemplateKind.Undefined
        ),
        Test("callable", v => v.Kind == TemplateKind.Function),
        Test("lower", v => PythonStrings.HasCase(v.ToString(), isUpper: false)),
        Test("upper", v => PythonStrings.HasCase(v.ToString(), isUpper: true)),
        Test("odd", v => PythonNumber.Modulo(Number(v), TemplateValue.From(2)).AsFloat == 1),
        Test("even", v => PythonNumber.Modulo(Number(v), TemplateValue.From(2)).AsFloat == 0),
        Test("filter", v => Filters.Find(v.ToString()) is not null),
        Test("test", v => Find(v.ToString()) is not null),
        ("divisibleby", "value num", DivisibleBy),
        ("sameas", "value other", (_, a) => TemplateValue.From(a[0].IsSameObject(a[1]))),
        ("in", "value seq", (_, a) => Compared("in", a)),
        (
            "contains",
            "value item",
            (_, a) => TemplateValue.From(PythonCompare.Contains(a[0], a[1]))
        ),
        ("match", "value find ignorecase", (f, a) => RegexFilters.Matches(f, a, fromStart: true)),
        ("search", "value find ignorecase", (f, a) => RegexFilters.Matches(f, a, fromStart: false)),
        Comparing("eq", "=="),
        Comparing("equalto", "=="),
        Comparing("ne", "!="),
        Comparing("lt", "<"),
        Comparing("lessthan", "<"),
        Comparing("le", "<="),
        Comparing("gt", ">"),
        Comparing("greaterthan", ">"),
        Comparing("ge", ">="),
        Comparing("==", "=="),
        Comparing("!=", "!="),
        Comparing("<", "<"),
        Comparing("<=", "<="),
        Comparing(">", ">"),
        Comparing(">=", ">=")
    );

    public static IEnumerable<string> Names => All.Keys;

    public static TemplateFunction? Find(string name) => All.GetValueOrDefault(name);

    private static (string, string, FunctionBody) Test(
        string name,
        Func<TemplateValue, bool> holds
    ) => (name, "value", (_, a) => TemplateValue.From(holds(a[0])));

    private static (string, string, FunctionBody) Comparing(string name, string op) =>
        (name, "value other", (_, a) => Compared(op, a));

    private static TemplateValue Compared(string op, Arguments a) =>
        TemplateValue.From(Operators.Holds(op, a[0], a[1]));

    private static TemplateValue DivisibleBy(Frame frame, Arguments a) =>
        TemplateValue.From(PythonNumber.Modulo(Number(a[0]), Number(a[1])).AsFloat == 0);

    private static TemplateValue Number(TemplateValue value) =>
        Operators.Sign(value, isNegative: false);
}
