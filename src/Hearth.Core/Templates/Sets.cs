namespace Hearth.Core.Templates;

/// <summary>
/// Python's sets, and what Home Assistant does with lists as if they were such. Items keep the
/// order in which they came, where Python's order is any.
/// </summary>
internal static class Sets
{
    public static Dictionary<string, TemplateFunction> Shared { get; } =
        Registry.Of(
            ("intersect", "value other", (f, a) => AsList(Intersection(Two(f, a)))),
            ("difference", "value other", (f, a) => AsList(Difference(Two(f, a)))),
            ("union", "value other", (f, a) => AsList(Union(Two(f, a)))),
            ("symmetric_difference", "value other", (f, a) => AsList(Symmetric(Two(f, a))))
        );

    public static Dictionary<string, TemplateFunction> Methods { get; } =
        Registry.Of(
            ("intersection", "self other", (f, a) => AsSet(Intersection(Two(f, a)))),
            ("difference", "self other", (f, a) => AsSet(Difference(Two(f, a)))),
            ("union", "self other", (f, a) => AsSet(Union(Two(f, a)))),
            ("symmetric_difference", "self other", (f, a) => AsSet(Symmetric(Two(f, a)))),
            ("issubset", "self other", (f, a) => Flag(IsWithin(Two(f, a)))),
            ("issuperset", "self other", (f, a) => Flag(IsWithin(Swapped(Two(f, a))))),
            ("isdisjoint", "self other", (f, a) => Flag(Intersection(Two(f, a)).Count == 0)),
            ("copy", "self", (_, a) => a[0])
        );

    public static TemplateValue Of(Frame frame, TemplateValue value) => AsSet(Keys(frame, value));

    public static TemplateValue Difference(TemplateValue left, TemplateValue right) =>
        AsSet(Difference((left.AsDict, right.AsDict)));

    private static (TemplateDict Left, TemplateDict Right) Two(Frame frame, Arguments a)
    {
        foreach (int i in (int[])[0, 1])
        {
            if (a[i].IsText || !Iteration.IsPossible(a[i]))
            {
                throw a.Fault($"needs lists, not a {PythonText.TypeName(a[i])}.");
            }
        }
        return (Keys(frame, a[0]), Keys(frame, a[1]));
    }

    private static TemplateDict Keys(Frame frame, TemplateValue value)
    {
        var items = Iteration.Of(frame, value);
        frame.ChargeItems(items.Length);
        var keys = new TemplateDict(items.Length);
        foreach (var item in items)
        {
            keys.Set(Members.AsKey(item), TemplateValue.None);
        }
        return keys;
    }

    private static (TemplateDict Left, TemplateDict Right) Swapped(
        (TemplateDict Left, TemplateDict Right) two
    ) => (two.Right, two.Left);

    private static TemplateDict Intersection((TemplateDict Left, TemplateDict Right) two) =>
        Where(two.Left, key => two.Right.TryGet(key, out _));

    private static TemplateDict Difference((TemplateDict Left, TemplateDict Right) two) =>
        Where(two.Left, key => !two.Right.TryGet(key, out _));

    private static bool IsWithin((TemplateDict Left, TemplateDict Right) two) =>
        Difference(two).Count == 0;

    private static TemplateDict Union((TemplateDict Left, TemplateDict Right) two) =>
        Added(Where(two.Left, _ => true), two.Right);

    private static TemplateDict Symmetric((TemplateDict Left, TemplateDict Right) two) =>
        Added(Difference(two), Difference(Swapped(two)));

    private static TemplateDict Where(TemplateDict keys, Func<TemplateValue, bool> holds)
    {
        var kept = new TemplateDict();
        foreach (var (key, _) in keys)
        {
            if (holds(key))
            {
                kept.Set(key, TemplateValue.None);
            }
        }
        return kept;
    }

    private static TemplateDict Added(TemplateDict to, TemplateDict more)
    {
        foreach (var (key, _) in more)
        {
            to.Set(key, TemplateValue.None);
        }
        return to;
    }

    private static TemplateValue AsList(TemplateDict keys) => TemplateValue.List(keys.Keys());

    private static TemplateValue AsSet(TemplateDict keys) => TemplateValue.Set(keys);

    private static TemplateValue Flag(bool value) => TemplateValue.From(value);
}
