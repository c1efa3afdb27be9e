namespace Hearth.Core.Templates;

/// <summary>
/// The methods of Python's values. What would change a value is not among them: templates run in
/// Jinja's immutable sandbox.
/// </summary>
internal static class Methods
{
    private static readonly Dictionary<string, TemplateFunction> OfText = Registry.Of(
        ("lower", "self", (_, a) => Text(PythonStrings.Lower(a[0].AsText))),
        ("upper", "self", (_, a) => Text(PythonStrings.Upper(a[0].AsText))),
        ("title", "self", (_, a) => Text(PythonStrings.Title(a[0].AsText))),
        ("capitalize", "self", (_, a) => Text(PythonStrings.Capitalize(a[0].AsText))),
        ("casefold", "self", (_, a) => Text(PythonStrings.CaseFold(a[0].AsText))),
        ("swapcase", "self", (_, a) => Text(PythonStrings.SwapCase(a[0].AsText))),
        ("strip", "self chars", (_, a) => Text(PythonStrings.Strip(a[0].AsText, Chars(a)))),
        ("lstrip", "self chars", (_, a) => Text(PythonStrings.StripStart(a[0].AsText, Chars(a)))),
        ("rstrip", "self chars", (_, a) => Text(PythonStrings.StripEnd(a[0].AsText, Chars(a)))),
        ("split", "self sep maxsplit", (f, a) => Split(f, a, fromEnd: false)),
        ("rsplit", "self sep maxsplit", (f, a) => Split(f, a, fromEnd: true)),
        ("splitlines", "self", (_, a) => PythonStrings.Lines(a[0].AsText)),
        ("replace", "self old new count", Replace),
        ("startswith", "self prefix start end", (f, a) => TextSearch.HasAffix(f, a, true)),
        ("endswith", "self suffix start end", (f, a) => TextSearch.HasAffix(f, a, false)),
        (
            "removeprefix",
            "self prefix",
            (_, a) => Text(PythonStrings.WithoutPrefix(a[0].AsText, a.Text(1)))
        ),
        (
            "removesuffix",
            "self suffix",
            (_, a) => Text(PythonStrings.WithoutSuffix(a[0].AsText, a.Text(1)))
        ),
        ("find", "self sub start end", (f, a) => Int(TextSearch.Find(f, a, fromEnd: false))),
        ("rfind", "self sub start end", (f, a) => Int(TextSearch.Find(f, a, fromEnd: true))),
        ("index", "self sub start end", (f, a) => TextIndex(f, a, fromEnd: false)),
        ("rindex", "self sub start end", (f, a) => TextIndex(f, a, fromEnd: true)),
        ("count", "self sub start end", (f, a) => Int(TextSearch.Count(f, a))),
        ("expandtabs", "self tabsize", TextSearch.ExpandTabs),
        ("rpartition", "self sep", (_, a) => TextSearch.Partition(a, fromEnd: true)),
        ("isascii", "self", (_, a) => Flag(a[0].AsText.All(char.IsAscii))),
        ("isidentifier", "self", (_, a) => Flag(TextSearch.IsIdentifier(a[0].AsText))),
        ("istitle", "self", (_, a) => Flag(TextSearch.IsTitle(a[0].AsText))),
        ("isprintable", "self", (_, a) => Flag(TextSearch.IsPrintable(a[0].AsText))),
        ("join", "self items", Join),
        ("zfill", "self width", (f, a) => PythonStrings.ZeroFill(f, a[0].AsText, a.Int(1, 0))),
        (
            "ljust",
            "self width fillchar",
            (f, a) => PythonStrings.Pad(f, a[0].AsText, a.Int(1, 0), a.Text(2, " "), 0)
        ),
        (
            "rjust",
            "self width fillchar",
            (f, a) => PythonStrings.Pad(f, a[0].AsText, a.Int(1, 0), a.Text(2, " "), 2)
        ),
        (
            "center",
            "self width fillchar",
            (f, a) => PythonStrings.Pad(f, a[0].AsText, a.Int(1, 0), a.Text(2, " "), 1)
        ),
        ("partition", "self sep", (_, a) => TextSearch.Partition(a, fromEnd: false)),
        ("isdigit", "self", (_, a) => Flag(PythonStrings.All(a[0].AsText, char.IsDigit))),
        ("isdecimal", "self", (_, a) => Flag(PythonStrings.All(a[0].AsText, char.IsDigit))),
        ("isnumeric", "self", (_, a) => Flag(PythonStrings.All(a[0].AsText, char.IsNumber))),
        ("isalpha", "self", (_, a) => Flag(PythonStrings.All(a[0].AsText, char.IsLetter))),
        ("isalnum", "self", (_, a) => Flag(PythonStrings.All(a[0].AsText, char.IsLetterOrDigit))),
        ("isspace", "self", (_, a) => Flag(PythonStrings.All(a[0].AsText, char.IsWhiteSpace))),
        ("isupper", "self", (_, a) => Flag(PythonStrings.HasCase(a[0].AsText, isUpper: true))),
        ("islower", "self", (_, a) => Flag(PythonStrings.HasCase(a[0].AsText, isUpper: false))),
        ("format", "*", (f, a) => Text(BraceFormat.Of(f, a))),
        ("format_map", "self mapping", (f, a) => Text(BraceFormat.OfMap(f, a)))
    );

    private static readonly Dictionary<string, TemplateFunction> OfDict = Registry.Of(
        ("get", "self key default", DictGet),
        ("items", "self", (_, a) => Lists.Pairs(a[0].AsDict)),
        ("keys", "self", (_, a) => TemplateValue.List(ListForm.Keys, a[0].AsDict.Keys())),
        ("values", "self", DictValues),
        ("copy", "self", (_, a) => a[0])
    );

    private static readonly Dictionary<string, TemplateFunction> OfList = Registry.Of(
        ("index", "self item", ListIndex),
        ("count", "self item", (_, a) => Int(a[0].AsItems.Count(item => item.Equals(a[1])))),
        ("copy", "self", (_, a) => a[0])
    );

    private static readonly Dictionary<string, TemplateFunction> OfNumber = Registry.Of(
        ("is_integer", "self", (_, a) => Flag(Math.Floor(a[0].AsFloat) == a[0].AsFloat)),
        ("bit_length", "self", (_, a) => Int((int)a[0].AsBigInt.GetBitLength()))
    );

    /// <summary>The names of all methods of all kinds.</summary>
    public static IEnumerable<string> Names =>
        OfText
            .Keys.Concat(OfDict.Keys)
            .Concat(OfList.Keys)
            .Concat(OfNumber.Keys)
            .Concat(Sets.Methods.Keys)
            .Concat(TimeMembers.OfTime.Keys)
            .Concat(TimeMembers.OfDate.Keys)
            .Concat(TimeMembers.OfClock.Keys)
            .Concat(TimeMembers.OfDuration.Keys)
            .Distinct();

    /// <summary>The method of that name which values of the kind have, or null.</summary>
    public static TemplateFunction? Find(TemplateKind kind, string name) =>
        kind switch
        {
            TemplateKind.Text => OfText.GetValueOrDefault(name),
            TemplateKind.Dict => OfDict.GetValueOrDefault(name),
            TemplateKind.List or TemplateKind.Tuple => OfList.GetValueOrDefault(name),
            TemplateKind.Set => Sets.Methods.GetValueOrDefault(name),
            TemplateKind.Time => TimeMembers.OfTime.GetValueOrDefault(name),
            TemplateKind.Date => TimeMembers.OfDate.GetValueOrDefault(name),
            TemplateKind.Clock => TimeMembers.OfClock.GetValueOrDefault(name),
            TemplateKind.Duration => TimeMembers.OfDuration.GetValueOrDefault(name),
            TemplateKind.Whole or TemplateKind.Real => OfNumber.GetValueOrDefault(name),
            _ => null,
        };

    private static TemplateValue Text(string text) => TemplateValue.From(text);

    private static TemplateValue Int(int value) => TemplateValue.From(value);

    private static TemplateValue Flag(bool value) => TemplateValue.From(value);

    private static string? Chars(Arguments a) => a.Has(1) && a[1].IsText ? a[1].AsText : null;

    private static TemplateValue Split(Frame frame, Arguments a, bool fromEnd)
    {
        string? separator = a.Has(1) && a[1].IsText ? a[1].AsText : null;
        if (separator == "")
        {
            throw a.Fault("needs a separator that is not empty.");
        }
        frame.ChargeItems(a[0].AsText.Length >> 2);
        return PythonStrings.Split(a[0].AsText, separator, a.Int(2, -1), fromEnd);
    }

    private static TemplateValue Replace(Frame frame, Arguments a) =>
        PythonStrings.Replace(frame, a[0].AsText, a[1].ToString(), a[2].ToString(), a.Int(3, -1));

    private static TemplateValue TextIndex(Frame frame, Arguments a, bool fromEnd)
    {
        int at = TextSearch.Find(frame, a, fromEnd);
        return at >= 0 ? Int(at) : throw a.Fault("finds no such text.");
    }

    private static TemplateValue Join(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[1]);
        return Array.TrueForAll(items, item => item.IsText)
            ? PythonStrings.Join(frame, items, a[0].AsText)
            : throw a.Fault("joins texts alone; the filter 'join' takes anything.");
    }

    private static TemplateValue DictValues(Frame frame, Arguments a) =>
        TemplateValue.List(ListForm.Values, [.. a[0].AsDict.Select(entry => entry.Value)]);

    private static TemplateValue ListIndex(Frame frame, Arguments a)
    {
        var wanted = a[1];
        int at = Array.FindIndex(a[0].AsItems, item => item.Equals(wanted));
        return at >= 0 ? Int(at) : throw a.Fault("finds no such item.");
    }

    private static TemplateValue DictGet(Frame frame, Arguments a) =>
        a[0].AsDict.TryGet(Members.AsKey(a[1]), out var value)
            ? value
            : a.Get(2, TemplateValue.None);

    /// <summary>Why values have no method of that name that Python gives them; null for a name
    /// that Python does not know either.</summary>
    public static string? WhyMissing(TemplateKind kind, string name)
    {
        string changing = kind switch
        {
            TemplateKind.List => " append extend insert remove pop clear sort reverse ",
            TemplateKind.Dict => " update pop popitem clear setdefault ",
            TemplateKind.Set => " add discard update remove pop clear ",
            _ => "",
        };
        return changing.Contains($" {name} ", StringComparison.Ordinal)
            ? $"'{name}' would change a value, which templates cannot do: make a new one instead."
            : null;
    }
}

/// <summary>Builds the tables of what templates can call.</summary>
internal static class Registry
{
    public static Dictionary<string, TemplateFunction> Of(
        params (string Name, string Parameters, FunctionBody Body)[] entries
    ) =>
        entries.ToDictionary(
            entry => entry.Name,
            entry => new TemplateFunction(entry.Name, entry.Parameters, entry.Body)
        );

    public static bool StartsWithOrdinal(this string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal);

    public static bool EndsWithOrdinal(this string text, string suffix) =>
        text.EndsWith(suffix, StringComparison.Ordinal);
}
