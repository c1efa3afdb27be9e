namespace Hearth.Core.Templates;

/// <summary>Home Assistant's mathematics; all of it stands as filter and as function.</summary>
internal static class MathFunctions
{
    public static (string Name, string Parameters, FunctionBody Body)[] Shared { get; } =
    [
        ("log", "value base default", Log),
        ("sqrt", "value default", (_, a) => Of(a, Math.Sqrt)),
        ("sin", "value default", (_, a) => Of(a, Math.Sin)),
        ("cos", "value default", (_, a) => Of(a, Math.Cos)),
        ("tan", "value default", (_, a) => Of(a, Math.Tan)),
        ("asin", "value default", (_, a) => Of(a, Math.Asin)),
        ("acos", "value default", (_, a) => Of(a, Math.Acos)),
        ("atan", "value default", (_, a) => Of(a, Math.Atan)),
        ("atan2", "*", Atan2),
        ("average", "*", (f, a) => Statistic(f, a, Average)),
        ("median", "*", (f, a) => Statistic(f, a, Median)),
        ("statistical_mode", "*", (f, a) => Statistic(f, a, Mode)),
        ("clamp", "value min_value max_value", Clamp),
        ("wrap", "value min_value max_value", Wrap),
        ("remap", "value in_min in_max out_min out_max steps edges", Remap),
    ];

    private static TemplateValue Of(Arguments a, Func<double, double> function)
    {
        if (NumberFilters.AsFloat(a[0]) is not double number)
        {
            return NumberFilters.Fallback(a, 1);
        }
        double result = function(number);
        bool isOutside = double.IsNaN(result) && !double.IsNaN(number);
        return isOutside ? NumberFilters.Fallback(a, 1) : TemplateValue.From(result);
    }

    private static TemplateValue Log(Frame frame, Arguments a)
    {
        var radix = NumberFilters.AsFloat(a.Get(1, TemplateValue.From(Math.E)));
        if (radix is not > 0 || NumberFilters.AsFloat(a[0]) is not > 0)
        {
            return NumberFilters.Fallback(a, 2);
        }
        double value = NumberFilters.AsFloat(a[0]) ?? double.NaN;
        return radix == 1
            ? throw new TemplateException("Division by zero.")
            : TemplateValue.From(Math.Log(value) / Math.Log(radix.Value));
    }

    private static TemplateValue Atan2(Frame frame, Arguments a)
    {
        bool isList = a.Count is 1 or 2 && a[0].IsSequence;
        var parts = isList ? Iteration.Of(frame, a[0]) : a.From(0);
        int fallback = isList ? 1 : 2;
        double? y = parts.Length > 1 ? NumberFilters.AsFloat(parts[0]) : null;
        double? x = parts.Length > 1 ? NumberFilters.AsFloat(parts[1]) : null;
        return y is null || x is null
            ? Fallback(a, fallback)
            : TemplateValue.From(Math.Atan2(y.Value, x.Value));
    }

    // Of a list, with a default behind it, or of the values themselves.
    private static TemplateValue Statistic(
        Frame frame,
        Arguments a,
        Func<Frame, TemplateValue[], TemplateValue?> calculate
    )
    {
        bool isList = a.Count > 0 && Iteration.IsPossible(a[0]);
        if (!isList && a.Count < 2)
        {
            throw a.Fault("needs a list, or two values and more.");
        }
        var items = isList ? Iteration.Of(frame, a[0]) : a.From(0);
        frame.ChargeItems(items.Length * 4L);
        int missing = Array.FindIndex(items, item => item.IsUndefined);
        if (missing >= 0)
        {
            throw new TemplateException(items[missing].WhyUndefined);
        }
        return calculate(frame, items) ?? Fallback(a, isList ? 1 : int.MaxValue);
    }

    private static TemplateValue Fallback(Arguments a, int index)
    {
        var named = Array.Find(a.Named, n => n.Key == "default");
        return named.Key is not null ? named.Value
            : a.Has(index) ? a[index]
            : throw a.Fault("got what is no number, or nothing at all, and has no default.");
    }

    private static TemplateValue? Average(Frame frame, TemplateValue[] items) =>
        items.Length > 0 && Array.TrueForAll(items, item => item.IsNumber)
            ? TemplateValue.From(items.Sum(item => item.AsFloat) / items.Length)
            : null;

    private static TemplateValue? Median(Frame frame, TemplateValue[] items)
    {
        int middle = items.Length / 2;
        try
        {
            var sorted = Lists.Sorted(frame, items, items, isReversed: false);
            return items.Length == 0 ? null
                : items.Length % 2 == 1 ? sorted[middle]
                : Operators.Apply(
                    frame,
                    "/",
                    Operators.Apply(frame, "+", sorted[middle - 1], sorted[middle]),
                    TemplateValue.From(2)
                );
        }
        catch (TemplateException) when (!Array.TrueForAll(items, item => item.IsNumber))
        {
            // What has no order or no sum has no median, and that is what the default is for.
            return null;
        }
    }

    // The first of those that come most often.
    private static TemplateValue? Mode(Frame frame, TemplateValue[] items)
    {
        var counts = new TemplateDict();
        foreach (var item in items)
        {
            long before = counts.TryGet(Members.AsKey(item), out var seen) ? seen.AsInt : 0;
            counts.Set(item, TemplateValue.From(before + 1));
        }
        return items.Length == 0 ? null : counts.MaxBy(entry => entry.Value.AsInt).Key;
    }

    private static TemplateValue Clamp(Frame frame, Arguments a)
    {
        var (value, low, high) = (Number(a, 0), Number(a, 1), Number(a, 2));
        return TemplateValue.From(Math.Max(low, Math.Min(high, value)));
    }

    private static TemplateValue Wrap(Frame frame, Arguments a)
    {
        var (value, low, high) = (Number(a, 0), Number(a, 1), Number(a, 2));
        return TemplateValue.From(low == high ? low : Wrapped(value, low, high));
    }

    private static TemplateValue Remap(Frame frame, Arguments a)
    {
        var (value, low, high) = (Number(a, 0), Number(a, 1), Number(a, 2));
        var (outLow, outHigh) = (Number(a, 3), Number(a, 4));
        string edges = a.Text(6, "none");
        if (low == high)
        {
            throw a.Fault("needs two different ends of the range it maps from.");
        }
        value = edges switch
        {
            "clamp" => Math.Max(low, Math.Min(high, value)),
            "wrap" => Wrapped(value, low, high),
            "mirror" => Mirrored(value, low, high),
            _ => value,
        };
        int steps = a.Int(5, 0);
        if (steps <= 0 && low == outLow && high == outHigh)
        {
            return TemplateValue.From(value);
        }
        double place = (value - low) / (high - low);
        place = steps > 0 ? Math.Round(place * steps, MidpointRounding.ToEven) / steps : place;
        return TemplateValue.From(outLow + (place * (outHigh - outLow)));
    }

    private static double Wrapped(double value, double low, double high) =>
        PythonNumber.Modulo(TemplateValue.From(value - low), TemplateValue.From(high - low)).AsFloat
        + low;

    private static double Mirrored(double value, double low, double high)
    {
        double size = high - low;
        double offset = value - low;
        double period = Math.Floor(offset / size);
        double place = offset - (period * size);
        return low + (period < 0 || period % 2 != 0 ? size - place : place);
    }

    private static double Number(Arguments a, int index) =>
        NumberFilters.AsFloat(a[index]) ?? throw a.Fault($"needs numbers, not '{a[index]}'.");
}
