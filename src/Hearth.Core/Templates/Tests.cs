namespace Hearth.Core.Templates;

/// <summary>The tests of Jinja2 and Home Assistant: what stands behind <c>is</c>.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, TemplateFunction> All = Registry.Of([
        Test("defined", v => !v.IsUndefined),
        Test("undefined", v => v.IsUndefined),
        Test("none", v => v.IsNone),
        Test("boolean", v => v.Kind == TemplateKind.Bool),
        Test("true", v => v.Kind == TemplateKind.Bool && v.AsBool),
        Test("false", v => v.Kind == TemplateKind.Bool && !v.AsBool),
        Test("integer", v => v.Kind is TemplateKind.Whole or TemplateKind.Huge),
        Test("float", v => v.Kind == TemplateKind.Real),
        Test("number", v => v.IsNumber),
        Test("is_number", NumberFilters.IsNumber),
        Test("string", v => v.IsText),
        Test("mapping", v => v.Kind == TemplateKind.Dict),
        Test("list", v => v.Kind == TemplateKind.List && v.Form == ListForm.List),
        Test("tuple", v => v.Kind == TemplateKind.Tuple),
        Test("set", v => v.Kind == TemplateKind.Set),
        Test("datetime", v => v.Kind == TemplateKind.Time),
        Test("string_like", v => v.IsText),
        Test("iterable", Iteration.IsPossible),
        Test("sequence", IsSequence),
        Test("callable", IsCallable),
        Test("escaped", _ => false),
        Test("lower", v => PythonStrings.HasCase(v.ToString(), isUpper: false)),
        Test("upper", v => PythonStrings.HasCase(v.ToString(), isUpper: true)),
        Test("odd", v => PythonNumber.Modulo(Number(v), TemplateValue.From(2)).AsFloat == 1),
        Test("even", v => PythonNumber.Modulo(Number(v), TemplateValue.From(2)).AsFloat == 0),
        Test("filter", v => Filters.Find(v.ToString()) is not null),
        Test("test", v => Find(v.ToString()) is not null),
        .. StateFunctions.Tests,
        .. HomeFunctions.Tests,
        ("apply", "*", ValueFilters.Apply),
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
        Comparing(">=", ">="),
    ]);

    public static IEnumerable<string> Names => All.Keys;

    public static TemplateFunction? Find(string name) => All.GetValueOrDefault(name);

    // Undefined values can be called as far as Python knows; doing it is the error.
    private static bool IsCallable(TemplateValue value) =>
        value.Kind
            is TemplateKind.Function
                or TemplateKind.States
                or TemplateKind.Undefined
                or TemplateKind.Object;

    // Jinja asks for a length and for items by index, and a set of states has both.
    private static bool IsSequence(TemplateValue value) =>
        value.Kind
            is TemplateKind.Text
                or TemplateKind.Tuple
                or TemplateKind.Dict
                or TemplateKind.Undefined
                or TemplateKind.States
        || (value.Kind == TemplateKind.List && value.Form <= ListForm.Range);

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
