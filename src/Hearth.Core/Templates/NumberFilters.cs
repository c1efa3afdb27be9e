namespace Hearth.Core.Templates;

/// <summary>
/// Filters and functions that make numbers. Home Assistant's are forgiving only where a default
/// is given; without one, what is no number is an error.
/// </summary>
internal static class NumberFilters
{
    /// <summary>Those that stand as a filter and as a function alike.</summary>
    public static (string Name, string Parameters, FunctionBody Body)[] Shared { get; } =
    [
        ("float", "value default", ToFloat),
        ("int", "value default base", ToInt),
        ("is_number", "value", (_, a) => TemplateValue.From(IsNumber(a[0]))),
        ("log", "value base default", Log),
        ("sqrt", "value default", (_, a) => OfFloat(a, 1, Math.Sqrt)),
        ("sin", "value default", (_, a) => OfFloat(a, 1, Math.Sin)),
        ("cos", "value default", (_, a) => OfFloat(a, 1, Math.Cos)),
        ("tan", "value default", (_, a) => OfFloat(a, 1, Math.Tan)),
        ("average", "*", (f, a) => Average(f, a)),
        ("median", "*", (f, a) => Median(f, a)),
    ];

    public static Dictionary<string, TemplateFunction> Filters { get; } =
        Registry.Of([
            .. Shared,
            ("round", "value precision method default", Round),
            ("abs", "value", (_, a) => Abs(a)),
            ("multiply", "value amount default", (_, a) => Scaled(a, (x, y) => x * y)),
            ("add", "value amount default", (_, a) => Scaled(a, (x, y) => x + y)),
            ("bitwise_and", "value other", (_, a) => TemplateValue.From(Bits(a, 0) & Bits(a, 1))),
            ("bitwise_or", "value other", (_, a) => TemplateValue.From(Bits(a, 0) | Bits(a, 1))),
            ("bitwise_xor", "value other", (_, a) => TemplateValue.From(Bits(a, 0) ^ Bits(a, 1))),
        ]);

    public static TemplateValue Bool(Frame frame, Arguments a) =>
        AsBool(a[0]) is bool known ? TemplateValue.From(known)
        : a.Has(1) ? a[1]
        : throw a.Fault($"got '{a[0]}', which is neither true nor false, and has no default.");

    /// <summary>The value as Home Assistant's words and numbers for true and false, or null.
    /// </summary>
    public static bool? AsBool(TemplateValue value) =>
        value.Kind switch
        {
            TemplateKind.Bool => value.AsBool,
            TemplateKind.Whole or TemplateKind.Real => value.AsFloat != 0,
            TemplateKind.Huge => true,
            TemplateKind.Text => value.AsText.Trim().ToLowerInvariant() switch
            {
                "1" or "true" or "yes" or "on" or "enable" => true,
                "0" or "false" or "no" or "off" or "disable" => false,
                _ => null,
            },
            _ => null,
        };

    /// <summary>The value as a float in the sense of Python's <c>float(x)</c>, or null.</summary>
    public static double? AsFloat(TemplateValue value) =>
        value.IsNumber ? value.AsFloat
        : value.IsText && PythonNumber.TryParseFloat(value.AsText, out double read) ? read
        : null;

    private static bool IsNumber(TemplateValue value) =>
        value.IsUndefined
            ? throw new TemplateException(value.WhyUndefined)
            : AsFloat(value) is double number && double.IsFinite(number);

    private static TemplateValue ToFloat(Frame frame, Arguments a) =>
        AsFloat(a[0]) is double number ? TemplateValue.From(number) : Fallback(a, 1);

    private static TemplateValue ToInt(Frame frame, Arguments a)
    {
        var value = a[0];
        if (value.IsInteger)
        {
            return TemplateValue.From(value.AsBigInt);
        }
        if (value.IsText && PythonNumber.TryParseInt(value.AsText, a.Int(2, 10), out var read))
        {
            return read;
        }
        return AsFloat(value) is double number && double.IsFinite(number)
            ? PythonNumber.Truncate(number)
            : Fallback(a, 1);
    }

    private static TemplateValue Round(Frame frame, Arguments a)
    {
        if (AsFloat(a[0]) is not double number)
        {
            return Fallback(a, 3);
        }
        int precision = Math.Clamp(a.Int(1, 0), -300, 300);
        double scale = Math.Pow(10, precision);
        double rounded = a.Text(2, "common") switch
        {
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            "half" => Math.Round(number * 2, MidpointRounding.ToEven) / 2,
            _ => PythonNumber.Round(number, precision),
        };
        return precision == 0 ? PythonNumber.Truncate(rounded) : TemplateValue.From(rounded);
    }

    private static TemplateValue Abs(Arguments a)
    {
        var value = a[0];
        if (value.Kind == TemplateKind.Duration)
        {
            return TemplateValue.From(value.AsDuration.Duration());
        }
        var signed = Operators.Sign(value, isNegative: false);
        return signed.AsFloat < 0 ? PythonNumber.Negate(signed) : signed;
    }

    private static TemplateValue Scaled(Arguments a, Func<double, double, double> calculate)
    {
        if (AsFloat(a[0]) is not double number)
        {
            return Fallback(a, 2);
        }
        return a[1].IsNumber
            ? TemplateValue.From(calculate(number, a[1].AsFloat))
            : throw a.Fault("needs a number as its amount.");
    }

    private static TemplateValue Log(Frame frame, Arguments a)
    {
        double radix = AsFloat(a.Get(1, TemplateValue.From(Math.E))) ?? double.NaN;
        return OfFloat(a, 2, x => Math.Log(x) / Math.Log(radix));
    }

    private static TemplateValue OfFloat(Arguments a, int fallback, Func<double, double> function)
    {
        double result = AsFloat(a[0]) is double number ? function(number) : double.NaN;
        return double.IsFinite(result) ? TemplateValue.From(result) : Fallback(a, fallback);
    }

    private static TemplateValue Average(Frame frame, Arguments a)
    {
        double[] numbers = Numbers(frame, a);
        return TemplateValue.From(numbers.Average());
    }

    private static TemplateValue Median(Frame frame, Arguments a)
    {
        double[] numbers = Numbers(frame, a);
        Array.Sort(numbers);
        int middle = numbers.Length / 2;
        return TemplateValue.From(
            numbers.Length % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2
        );
    }

    private static double[] Numbers(Frame frame, Arguments a)
    {
        var items = Lists.Spread(frame, a);
        double[] numbers = Array.ConvertAll(
            items,
            item => AsFloat(item) ?? throw a.Fault($"cannot use '{item}', which is no number.")
        );
        return numbers.Length > 0 ? numbers : throw a.Fault("needs at least one number.");
    }

    private static long Bits(Arguments a, int index) =>
        a[index].IsInteger && a[index].Kind != TemplateKind.Huge
            ? a[index].AsInt
            : throw a.Fault("needs integers.");

    // An undefined value is an error even with a default: that is for what is there but no number.
    private static TemplateValue Fallback(Arguments a, int index) =>
        a[0].IsUndefined ? throw new TemplateException(a[0].WhyUndefined)
        : a.Has(index) ? a[index]
        : throw a.Fault($"got '{a[0]}', which is no number, and has no default.");
}
