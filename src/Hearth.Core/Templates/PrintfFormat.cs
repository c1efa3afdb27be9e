using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>Python's old formatting: <c>"%.1f" % x</c> and the <c>format</c> filter.</summary>
internal static class PrintfFormat
{
    public static string Of(Frame frame, string format, TemplateValue values)
    {
        var queue = new Queue<TemplateValue>(
            values.Kind == TemplateKind.Tuple ? values.AsItems : [values]
        );
        var output = new StringBuilder();
        int at = 0;
        while (at < format.Length)
        {
            if (format[at] != '%')
            {
                output.Append(format[at++]);
                continue;
            }
            at++;
            var field = Field.Read(format, ref at, out string? name);
            if (field.Kind == '%')
            {
                output.Append('%');
                continue;
            }
            frame.ChargeText(field.Width + Math.Max(field.Precision, 0));
            var value = name is null ? Next(queue) : Member(values, name);
            output.Append(field.Apply(value));
        }
        return output.ToString();
    }

    private static TemplateValue Next(Queue<TemplateValue> values) =>
        values.TryDequeue(out var value)
            ? value
            : throw new TemplateException("The format asks for more values than it is given.");

    private static TemplateValue Member(TemplateValue values, string name) =>
        values.Kind == TemplateKind.Dict && values.AsDict.TryGet(name, out var value)
            ? value
            : throw new TemplateException($"The format asks for '{name}', which is not given.");

    /// <summary>One <c>%…</c>: flags, width, precision and kind.</summary>
    internal readonly record struct Field(
        string Flags,
        int Width,
        int Precision,
        char Kind,
        bool IsGrouped = false
    )
    {
        public static Field Read(string format, ref int at, out string? name)
        {
            name = null;
            if (at < format.Length && format[at] == '(')
            {
                int end = format.IndexOf(')', at);
                end = end < 0 ? format.Length : end;
                name = format[(at + 1)..end];
                at = Math.Min(end + 1, format.Length);
            }
            int start = at;
            while (at < format.Length && "-+ 0#".Contains(format[at], StringComparison.Ordinal))
            {
                at++;
            }
            string flags = format[start..at];
            int width = ReadNumber(format, ref at, 0);
            int precision = -1;
            if (at < format.Length && format[at] == '.')
            {
                at++;
                precision = ReadNumber(format, ref at, 0);
            }
            char kind = at < format.Length ? format[at++] : throw Fault();
            return new Field(flags, width, precision, kind);
        }

        public string Apply(TemplateValue value)
        {
            string text = Kind switch
            {
                's' => Cut(value.ToString()),
                'r' => Cut(PythonText.Repr(value)),
                'd' or 'i' or 'u' => Signed(Whole(value)),
                'x' => Signed(Hex(value)),
                'X' => Signed(Hex(value).ToUpperInvariant()),
                'f' or 'F' => Signed(Fixed(value)),
                'e' or 'E' => Signed(Exponent(value)),
                'g' or 'G' => Signed(PythonText.Str(value)),
                _ => throw Fault(),
            };
            bool isNumber = Kind is not ('s' or 'r');
            if (Flags.Contains('-', StringComparison.Ordinal))
            {
                return text.PadRight(Width);
            }
            if (isNumber && Flags.Contains('0', StringComparison.Ordinal))
            {
                int sign = text.Length > 0 && !char.IsAsciiLetterOrDigit(text[0]) ? 1 : 0;
                return text[..sign] + text[sign..].PadLeft(Math.Max(Width - sign, 0), '0');
            }
            return text.PadLeft(Width);
        }

        private string Cut(string text) =>
            Precision >= 0 ? PythonSlice.Head(text, Precision) : text;

        private string Whole(TemplateValue value)
        {
            var number = Number(value);
            var whole = number.IsInteger ? number : PythonNumber.Truncate(number.AsFloat);
            return whole.AsBigInt.ToString(IsGrouped ? "N0" : "D", CultureInfo.InvariantCulture);
        }

        private static string Hex(TemplateValue value)
        {
            var whole = Number(value).AsBigInt;
            string digits = System
                .Numerics.BigInteger.Abs(whole)
                .ToString("x", CultureInfo.InvariantCulture)
                .TrimStart('0');
            return (whole.Sign < 0 ? "-" : "") + (digits.Length == 0 ? "0" : digits);
        }

        private string Fixed(TemplateValue value)
        {
            int precision = Precision < 0 ? 6 : Math.Min(Precision, 50);
            double number = PythonNumber.Round(Number(value).AsFloat, precision);
            return number.ToString(
                $"{(IsGrouped ? 'N' : 'F')}{precision}",
                CultureInfo.InvariantCulture
            );
        }

        private string Exponent(TemplateValue value)
        {
            int precision = Precision < 0 ? 6 : Math.Min(Precision, 50);
            string digits = precision == 0 ? "" : "." + new string('0', precision);
            return Number(value)
                .AsFloat.ToString($"0{digits}{Kind}+00", CultureInfo.InvariantCulture);
        }

        private string Signed(string number) =>
            !number.StartsWith('-') && Flags.Contains('+', StringComparison.Ordinal) ? "+" + number
            : !number.StartsWith('-') && Flags.Contains(' ', StringComparison.Ordinal)
                ? " " + number
            : number;

        private static TemplateValue Number(TemplateValue value) =>
            value.IsNumber ? value
            : value.IsUndefined ? throw new TemplateException(value.WhyUndefined)
            : throw new TemplateException(
                $"The format needs a number, not a {PythonText.TypeName(value)}."
            );

        private static int ReadNumber(string format, ref int at, int fallback)
        {
            int start = at;
            while (at < format.Length && char.IsAsciiDigit(format[at]))
            {
                at++;
            }
            return at == start ? fallback
                : int.TryParse(format.AsSpan(start, at - start), out int number) ? number
                : throw Fault();
        }

        private static TemplateException Fault() => new("The format is not one that Python knows.");
    }
}
