using System.Globalization;
using System.Numerics;

namespace Hearth.Core.Templates;

/// <summary>
/// Python's arithmetic: integers of any size, true division, floor, half to even.
/// </summary>
internal static class PythonNumber
{
    private const int BitsMax = 4096;

    public static TemplateValue Add(TemplateValue left, TemplateValue right)
    {
        if (!left.IsInteger || !right.IsInteger)
        {
            return TemplateValue.From(left.AsFloat + right.AsFloat);
        }
        long sum = unchecked(left.AsInt + right.AsInt);
        bool fits = AreSmall(left, right) && ((left.AsInt ^ sum) & (right.AsInt ^ sum)) >= 0;
        return fits ? TemplateValue.From(sum) : Bounded(left.AsBigInt + right.AsBigInt);
    }

    public static TemplateValue Subtract(TemplateValue left, TemplateValue right)
    {
        if (!left.IsInteger || !right.IsInteger)
        {
            return TemplateValue.From(left.AsFloat - right.AsFloat);
        }
        return Bounded(left.AsBigInt - right.AsBigInt);
    }

    public static TemplateValue Multiply(TemplateValue left, TemplateValue right)
    {
        if (!left.IsInteger || !right.IsInteger)
        {
            return TemplateValue.From(left.AsFloat * right.AsFloat);
        }
        return Bounded(left.AsBigInt * right.AsBigInt);
    }

    public static TemplateValue Divide(TemplateValue left, TemplateValue right)
    {
        double divisor = right.AsFloat;
        return divisor == 0 ? throw ByZero() : TemplateValue.From(left.AsFloat / divisor);
    }

    public static TemplateValue FloorDivide(TemplateValue left, TemplateValue right)
    {
        if (!left.IsInteger || !right.IsInteger)
        {
            return right.AsFloat == 0
                ? throw ByZero()
                : TemplateValue.From(Math.Floor(left.AsFloat / right.AsFloat));
        }
        return TemplateValue.From(FloorDivide(left.AsBigInt, right.AsBigInt, out _));
    }

    /// <summary>Python's <c>%</c>: the result has the sign of the divisor.</summary>
    public static TemplateValue Modulo(TemplateValue left, TemplateValue right)
    {
        if (left.IsInteger && right.IsInteger)
        {
            FloorDivide(left.AsBigInt, right.AsBigInt, out var remainder);
            return TemplateValue.From(remainder);
        }
        double divisor = right.AsFloat;
        if (divisor == 0)
        {
            throw ByZero();
        }
        double rest = left.AsFloat % divisor;
        bool isOtherSign = rest != 0 && (rest < 0) != (divisor < 0);
        return TemplateValue.From(isOtherSign ? rest + divisor : rest);
    }

    public static TemplateValue Power(TemplateValue left, TemplateValue right)
    {
        bool isWhole = left.IsInteger && right.IsInteger && right.AsBigInt.Sign >= 0;
        if (!isWhole)
        {
            double result = Math.Pow(left.AsFloat, right.AsFloat);
            return double.IsFinite(result)
                ? TemplateValue.From(result)
                : throw new TemplateException("The power has no finite result.");
        }
        BigInteger basis = left.AsBigInt;
        if (BigInteger.Abs(basis) <= 1)
        {
            bool isNegative = basis.Sign < 0 && !right.AsBigInt.IsEven;
            return isNegative || basis.IsZero && !right.AsBigInt.IsZero
                ? TemplateValue.From(basis)
                : TemplateValue.From(1);
        }
        if (right.AsBigInt * basis.GetBitLength() > BitsMax)
        {
            throw TooLarge();
        }
        return Bounded(BigInteger.Pow(basis, (int)right.AsInt));
    }

    public static TemplateValue Negate(TemplateValue value) =>
        value.IsInteger ? Bounded(-value.AsBigInt) : TemplateValue.From(-value.AsFloat);

    /// <summary>
    /// Python's <c>round(x, n)</c>: correct to the digit, a tie goes to the even one.
    /// </summary>
    public static double Round(double value, int digits)
    {
        if (!double.IsFinite(value) || digits > 22)
        {
            return value;
        }
        if (digits <= 0)
        {
            double unit = Math.Pow(10, Math.Min(-digits, 308));
            return Math.Round(value / unit, MidpointRounding.ToEven) * unit;
        }
        double scale = Math.Pow(10, digits);
        double scaled = value * scale;
        if (!double.IsFinite(scaled))
        {
            return value;
        }
        // Only a product without rounding error can be a true tie; all else is decided by the
        // exact decimal expansion, which the F format works from.
        bool isExact = Math.FusedMultiplyAdd(value, scale, -scaled) == 0;
        if (isExact && Math.Abs(scaled - Math.Truncate(scaled)) == 0.5)
        {
            return Math.Round(scaled, MidpointRounding.ToEven) / scale;
        }
        string fixedText = value.ToString(
            "F" + digits.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );
        return double.Parse(fixedText, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>The whole number nearest to zero from a float, as Python's <c>int(x)</c>.</summary>
    public static TemplateValue Truncate(double value) =>
        double.IsFinite(value)
            ? TemplateValue.From(new BigInteger(Math.Truncate(value)))
            : throw new TemplateException("An infinite number or nan is no integer.");

    /// <summary>Reads a float as Python's <c>float(text)</c> does.</summary>
    public static bool TryParseFloat(string text, out double value)
    {
        string plain = WithoutUnderscores(text.Trim());
        bool isRead = double.TryParse(
            plain,
            NumberStyles.AllowLeadingSign
                | NumberStyles.AllowDecimalPoint
                | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out value
        );
        if (isRead && (double.IsFinite(value) || plain.AsSpan().ContainsAnyInRange('0', '9')))
        {
            return true;
        }
        string word = plain.TrimStart('+', '-').ToUpperInvariant();
        bool hasOneSign = plain.Length - word.Length <= 1;
        if (hasOneSign && word is "INF" or "INFINITY")
        {
            value = plain.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        value = double.NaN;
        return hasOneSign && word == "NAN";
    }

    /// <summary>Reads an integer as Python's <c>int(text, radix)</c> does.</summary>
    public static bool TryParseInt(string text, int radix, out TemplateValue value)
    {
        value = default;
        string plain = WithoutUnderscores(text.Trim());
        bool isNegative = plain.StartsWith('-');
        string digits = isNegative || plain.StartsWith('+') ? plain[1..] : plain;
        if (radix is 0 or 16 or 8 or 2 && digits.Length > 2 && digits[0] == '0')
        {
            int named = char.ToLowerInvariant(digits[1]) switch
            {
                'x' => 16,
                'o' => 8,
                'b' => 2,
                _ => 0,
            };
            if (named != 0 && (radix == 0 || radix == named))
            {
                radix = named;
                digits = digits[2..];
            }
        }
        radix = radix == 0 ? 10 : radix;
        if (digits.Length is 0 or > 1024 || radix is < 2 or > 36)
        {
            return false;
        }
        var result = BigInteger.Zero;
        foreach (char c in digits)
        {
            int digit = c switch
            {
                >= '0' and <= '9' => c - '0',
                >= 'a' and <= 'z' => c - 'a' + 10,
                >= 'A' and <= 'Z' => c - 'A' + 10,
                _ => int.MaxValue,
            };
            if (digit >= radix)
            {
                return false;
            }
            result = (result * radix) + digit;
        }
        value = TemplateValue.From(isNegative ? -result : result);
        return true;
    }

    private static bool AreSmall(TemplateValue left, TemplateValue right) =>
        left.Kind != TemplateKind.Huge && right.Kind != TemplateKind.Huge;

    private static BigInteger FloorDivide(
        BigInteger left,
        BigInteger right,
        out BigInteger remainder
    )
    {
        if (right.IsZero)
        {
            throw ByZero();
        }
        var quotient = BigInteger.DivRem(left, right, out remainder);
        if (!remainder.IsZero && remainder.Sign != right.Sign)
        {
            remainder += right;
            quotient -= 1;
        }
        return quotient;
    }

    private static TemplateValue Bounded(BigInteger value) =>
        value.GetBitLength() > BitsMax ? throw TooLarge() : TemplateValue.From(value);

    // Python allows an underscore between two digits and nowhere else.
    private static string WithoutUnderscores(string text)
    {
        if (!text.Contains('_', StringComparison.Ordinal))
        {
            return text;
        }
        for (int i = 0; i < text.Length; i++)
        {
            bool isBetween =
                i > 0
                && i < text.Length - 1
                && char.IsAsciiHexDigit(text[i - 1])
                && char.IsAsciiHexDigit(text[i + 1]);
            if (text[i] == '_' && !isBetween)
            {
                return text;
            }
        }
        return text.Replace("_", "", StringComparison.Ordinal);
    }

    private static TemplateException ByZero() => new("Division by zero.");

    private static TemplateException TooLarge() => new("The number is too large.");
}
