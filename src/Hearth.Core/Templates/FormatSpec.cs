using System.Globalization;

namespace Hearth.Core.Templates;

/// <summary>
/// How one value is written: what stands between <c>%</c> and its letter, or behind the colon of
/// <c>{:…}</c>. Both of Python's ways of formatting come down to this.
/// </summary>
internal sealed record FormatSpec
{
    private const int PrecisionMax = 1000;

    public char Fill { get; init; } = ' ';

    /// <summary><c>&lt;</c>, <c>&gt;</c>, <c>^</c>, <c>=</c> (behind the sign), or 0: by kind.
    /// </summary>
    public char Align { get; init; }

    /// <summary><c>+</c>, a blank, or <c>-</c>: for negative numbers alone.</summary>
    public char Sign { get; init; } = '-';

    public bool IsAlternate { get; init; }

    public int Width { get; init; }

    /// <summary>What stands between groups of digits; 0 for nothing.</summary>
    public char Grouping { get; init; }

    /// <summary>-1 where none is given.</summary>
    public int Precision { get; init; } = -1;

    /// <summary>The letter, or 0: by the kind of the value.</summary>
    public char Type { get; init; }

    public string Apply(Frame frame, TemplateValue value)
    {
        frame.ChargeText((long)Width + Math.Max(Precision, 0));
        if (Precision > PrecisionMax)
        {
            throw new TemplateException($"A format has a precision of at most {PrecisionMax}.");
        }
        bool isText = Type is 's' or 'r' or 'a' or 'c' || Type == '\0' && !value.IsNumber;
        return isText ? Padded(Text(value), "", '<') : Number(value);
    }

    private string Text(TemplateValue value)
    {
        if (Type == 'c')
        {
            return value.IsInteger && value.AsBigInt >= 0 && value.AsBigInt < 0xd800
                    ? ((char)value.AsInt).ToString()
                : value.IsText && PythonSlice.Length(value.AsText) == 1 ? value.AsText
                : throw new TemplateException("%c needs one character or its number.");
        }
        string text = Type is 'r' or 'a' ? PythonText.Repr(value) : value.ToString();
        return Precision >= 0 ? PythonSlice.Head(text, Precision) : text;
    }

    private string Number(TemplateValue value)
    {
        if (!value.IsNumber)
        {
            throw value.IsUndefined
                ? new TemplateException(value.WhyUndefined)
                : new TemplateException(
                    $"The format needs a number, not a {PythonText.TypeName(value)}."
                );
        }
        bool isWhole =
            Type is 'd' or 'i' or 'u' or 'x' or 'X' or 'o' or 'b' or 'n'
            || Type == '\0' && value.IsInteger;
        var (digits, isNegative) = isWhole ? Whole(value) : Real(value.AsFloat);
        string sign =
            isNegative ? "-"
            : Sign == '-' ? ""
            : Sign.ToString();
        string prefix = IsAlternate && Type is 'x' or 'X' or 'o' or 'b' ? "0" + Type : "";
        return Padded(Grouped(digits, sign.Length), sign + prefix, '>');
    }

    private (string Digits, bool IsNegative) Whole(TemplateValue value)
    {
        var whole = value.IsInteger ? value : PythonNumber.Truncate(value.AsFloat);
        var size = System.Numerics.BigInteger.Abs(whole.AsBigInt);
        string digits = Type switch
        {
            'x' => Trimmed(size.ToString("x", CultureInfo.InvariantCulture)),
            'X' => Trimmed(size.ToString("X", CultureInfo.InvariantCulture)),
            'b' => Trimmed(size.ToString("b", CultureInfo.InvariantCulture)),
            'o' => Octal(size),
            _ => size.ToString(CultureInfo.InvariantCulture),
        };
        return (digits.PadLeft(Math.Max(Precision, 0), '0'), whole.AsBigInt.Sign < 0);
    }

    private (string Digits, bool IsNegative) Real(double value)
    {
        double size = Math.Abs(value);
        bool isNegative = double.IsNegative(value) && !double.IsNaN(value);
        bool isUpper = char.IsUpper(Type);
        if (!double.IsFinite(size))
        {
            string name = double.IsNaN(size) ? "nan" : "inf";
            return (isUpper ? name.ToUpperInvariant() : name, isNegative);
        }
        string digits = Type switch
        {
            'e' or 'E' => Exponential(size, Precision < 0 ? 6 : Precision),
            'f' or 'F' => Fixed(size, Precision < 0 ? 6 : Precision),
            '%' => Fixed(size * 100, Precision < 0 ? 6 : Precision) + "%",
            'g' or 'G' => General(size, Precision < 0 ? 6 : Precision),
            _ when Precision < 0 => PythonText.Float(size),
            _ => General(size, Precision),
        };
        return (isUpper ? digits.ToUpperInvariant() : digits, isNegative);
    }

    private string Fixed(double size, int precision)
    {
        string digits = PythonNumber
            .Round(size, precision)
            .ToString(
                "F" + precision.ToString(CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture
            );
        return IsAlternate && precision == 0 ? digits + "." : digits;
    }

    private static string Exponential(double size, int precision)
    {
        string digits = precision == 0 ? "" : "." + new string('0', precision);
        return size.ToString($"0{digits}e+00", CultureInfo.InvariantCulture);
    }

    // As many digits as asked for, in whichever way is shorter. Without a letter a float stays
    // recognizable as one.
    private string General(double size, int precision)
    {
        precision = Math.Max(precision, 1);
        string scientific = Exponential(size, precision - 1);
        int at = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(at + 1), CultureInfo.InvariantCulture);
        int limit = Type == '\0' ? precision - 1 : precision;
        bool isFixed = size == 0 || exponent >= -4 && exponent < Math.Max(limit, 1);
        string digits = isFixed
            ? Fixed(size, Math.Max(precision - 1 - (size == 0 ? 0 : exponent), 0))
            : scientific[..at];
        if (!IsAlternate && digits.Contains('.', StringComparison.Ordinal))
        {
            digits = digits.TrimEnd('0').TrimEnd('.');
        }
        if (!isFixed)
        {
            return digits + scientific[at..];
        }
        bool isBare = Type == '\0' && !digits.Contains('.', StringComparison.Ordinal);
        return isBare ? digits + ".0" : digits;
    }

    private string Grouped(string digits, int signLength)
    {
        if (Grouping == '\0')
        {
            return digits;
        }
        int size = Type is 'x' or 'X' or 'b' or 'o' ? 4 : 3;
        int end = digits.AsSpan().IndexOfAny(".e%");
        string whole = end < 0 ? digits : digits[..end];
        if (Align == '=' && Fill == '0')
        {
            int rest = digits.Length - whole.Length + signLength;
            while (whole.Length + ((whole.Length - 1) / size) + rest < Width)
            {
                whole = "0" + whole;
            }
        }
        for (int i = whole.Length - size; i > 0; i -= size)
        {
            whole = whole.Insert(i, Grouping.ToString());
        }
        return end < 0 ? whole : whole + digits[end..];
    }

    private string Padded(string text, string sign, char usual)
    {
        int missing = Width - PythonSlice.Length(text) - sign.Length;
        if (missing <= 0)
        {
            return sign + text;
        }
        char align = Align == '\0' ? usual : Align;
        int before = align switch
        {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        return align == '='
            ? sign + new string(Fill, missing) + text
            : new string(Fill, before) + sign + text + new string(Fill, missing - before);
    }

    private static string Octal(System.Numerics.BigInteger size)
    {
        var digits = new System.Text.StringBuilder();
        do
        {
            digits.Insert(0, (char)('0' + (int)(size & 7)));
            size >>= 3;
        } while (!size.IsZero);
        return digits.ToString();
    }

    private static string Trimmed(string digits)
    {
        string trimmed = digits.TrimStart('0');
        return trimmed.Length == 0 ? "0" : trimmed;
    }
}
