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
        .. MathFunctions.Shared,
        ("bitwise_and", "first_value second_value", (_, a) => Whole(Bits(a, 0) & Bits(a, 1))),
        ("bitwise_or", "first_value second_value", (_, a) => Whole(Bits(a, 0) | Bits(a, 1))),
        ("bitwise_xor", "first_value second_value", (_, a) => Whole(Bits(a, 0) ^ Bits(a, 1))),
    ];

    public static Dictionary<string, TemplateFunction> Filters { get; } =
        Registry.Of([
            .. Shared,
            ("round", "value precision method default", Round),
            ("abs", "x", (_, a) => Abs(a)),
            ("multiply", "value amount default", (f, a) => Scaled(f, a, "*")),
            ("add", "value amount default", (f, a) => Scaled(f, a, "+")),
        ]);

    private static TemplateValue Whole(long value) => TemplateValue.From(value);

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

    public static bool IsNumber(TemplateValue value) =>
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

    private static TemplateValue Scaled(Frame frame, Arguments a, string op) =>
        AsFloat(a[0]) is double number
            ? Operators.Apply(frame, op, TemplateValue.From(number), a[1])
            : Fallback(a, 2);

    private static long Bits(Arguments a, int index) =>
        a[index].IsInteger && a[index].Kind != TemplateKind.Huge
            ? a[index].AsInt
            : throw a.Fault("needs integers.");

    // An undefined value is an error even with a default: that is for what is there but no number.
    public static TemplateValue Fallback(Arguments a, int index) =>
        a[0].IsUndefined ? throw new TemplateException(a[0].WhyUndefined)
        : a.Has(index) ? a[index]
        : throw a.Fault($"got '{a[0]}', which is no number, and has no default.");
}
