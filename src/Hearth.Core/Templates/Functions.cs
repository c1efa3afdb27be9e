namespace Hearth.Core.Templates;

/// <summary>What a template can call by name without a value before it.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, TemplateValue> All = Values();

    public static IEnumerable<string> Names => All.Keys;

    public static bool TryGet(string name, out TemplateValue function) =>
        All.TryGetValue(name, out function);

    private static Dictionary<string, TemplateValue> Values()
    {
        var all = Registry
            .Of([
                .. NumberFilters.Shared,
                .. TimeFilters.Shared,
                .. StateFunctions.Shared,
                .. StateFunctions.Tests.Where(test => test.Name != "has_value"),
                .. HomeFunctions.Functions,
                .. Collections.Shared,
                .. ValueFilters.Shared,
                ("min", "*", (f, a) => Lists.ExtremeOf(f, a, -1)),
                ("max", "*", (f, a) => Lists.ExtremeOf(f, a, 1)),
                ("range", "*", Range),
                ("dict", "*", Dict),
                // Some devices write dict.from_keys(pairs) where Python would say dict(pairs).
                ("dict.from_keys", "*", Dict),
                ("dict.fromkeys", "keys value", FromKeys),
                ("namespace", "*", Namespace),
                ("cycler", "*", Cycler.Make),
                ("joiner", "sep", Joiner),
                ("set", "value", (f, a) => a.Has(0) ? Sets.Of(f, a[0]) : EmptySet()),
                ("tuple", "value", (f, a) => TemplateValue.Tuple(Iteration.Of(f, a[0]))),
                ("now", "", TimeFilters.Now),
                ("utcnow", "", TimeFilters.UtcNow),
                ("strptime", "string fmt default", TimeFilters.TimeFrom),
                ("slugify", "value separator", UrlTexts.Slugify),
                ("urlencode", "value", UrlTexts.Encode),
                (
                    "timedelta",
                    "days seconds microseconds milliseconds minutes hours weeks",
                    TimeFilters.Duration
                ),
            ])
            .ToDictionary(entry => entry.Key, entry => TemplateValue.From(entry.Value));
        foreach (var (name, function) in Sets.Shared)
        {
            all[name] = TemplateValue.From(function);
        }
        all["e"] = TemplateValue.From(Math.E);
        all["pi"] = TemplateValue.From(Math.PI);
        all["tau"] = TemplateValue.From(Math.Tau);
        return all;
    }

    private static TemplateValue EmptySet() => TemplateValue.Set(new TemplateDict(0));

    // Prints nothing the first time, its separator from then on.
    private static TemplateValue Joiner(Frame frame, Arguments a)
    {
        var separator = a.Get(0, TemplateValue.From(", "));
        bool isUsed = false;
        return TemplateValue.From(
            new TemplateFunction(
                "joiner",
                "",
                (_, _) =>
                {
                    var answer = isUsed ? separator : TemplateValue.EmptyText;
                    isUsed = true;
                    return answer;
                }
            )
        );
    }

    private static TemplateValue Range(Frame frame, Arguments a)
    {
        long start = a.Count > 1 ? Whole(a, 0) : 0;
        long stop = Whole(a, a.Count > 1 ? 1 : 0);
        long step = a.Count > 2 ? Whole(a, 2) : 1;
        if (a.Count is 0 or > 3 || step == 0)
        {
            throw a.Fault("takes one to three integers, and a step that is not 0.");
        }
        double span = step > 0 ? (double)stop - start : (double)start - stop;
        long count = (long)Math.Clamp(Math.Ceiling(span / Math.Abs((double)step)), 0, 1 << 20);
        frame.ChargeItems(count);
        var items = new TemplateValue[count];
        for (long i = 0; i < count; i++)
        {
            items[i] = TemplateValue.From(start + (i * step));
        }
        return TemplateValue.List(ListForm.Range, items);
    }

    private static long Whole(Arguments a, int index) =>
        a[index].IsInteger && a[index].Kind != TemplateKind.Huge
            ? a[index].AsInt
            : throw a.Fault($"needs integers of 64 bits, not '{a[index]}'.");

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
}

/// <summary>Goes through its values again and again: <c>cycler('odd', 'even')</c>.</summary>
internal sealed class Cycler(TemplateValue[] values) : TemplateObject
{
    private int _at;

    public override string TypeName => "cycler";

    public static TemplateValue Make(Frame frame, Arguments a) =>
        a.Count > 0
            ? TemplateValue.From(new Cycler(a.From(0)))
            : throw a.Fault("needs values to go through.");

    public override string ToString() => "<cycler>";

    public override bool TryGet(string member, out TemplateValue value)
    {
        TemplateValue? found = member switch
        {
            "current" => values[_at],
            "next" => TemplateValue.From(new TemplateFunction("next", "", Next)),
            "reset" => TemplateValue.From(new TemplateFunction("reset", "", Reset)),
            _ => null,
        };
        value = found ?? default;
        return found is not null;
    }

    private TemplateValue Next(Frame frame, Arguments a)
    {
        var value = values[_at];
        _at = (_at + 1) % values.Length;
        return value;
    }

    private TemplateValue Reset(Frame frame, Arguments a)
    {
        _at = 0;
        return TemplateValue.None;
    }
}
