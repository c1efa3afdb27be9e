using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>Python's <c>"{:.1f} {name}".format(…)</c>.</summary>
internal static class BraceFormat
{
    public static string Of(Frame frame, Arguments arguments)
    {
        string format = arguments[0].AsText;
        var output = new StringBuilder();
        int next = 1;
        for (int at = 0; at < format.Length; at++)
        {
            char c = format[at];
            bool isDoubled = at + 1 < format.Length && format[at + 1] == c;
            if (c is '{' or '}' && isDoubled)
            {
                output.Append(c);
                at++;
            }
            else if (c == '{')
            {
                int end = format.IndexOf('}', at);
                if (end < 0)
                {
                    throw arguments.Fault("has a '{' without its '}'.");
                }
                output.Append(Filled(frame, arguments, format[(at + 1)..end], ref next));
                at = end;
            }
            else
            {
                output.Append(c);
            }
        }
        return output.ToString();
    }

    private static string Filled(Frame frame, Arguments arguments, string field, ref int next)
    {
        int colon = field.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? field : field[..colon];
        string spec = colon < 0 ? "" : field[(colon + 1)..];
        TemplateValue value;
        if (name.Length == 0)
        {
            value = arguments[next++];
        }
        else if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            value = arguments[index + 1];
        }
        else
        {
            var named = Array.Find(arguments.Named, n => n.Key == name);
            value = named.Key is null ? throw arguments.Fault($"needs '{name}'.") : named.Value;
        }
        return Formatted(frame, value, spec);
    }

    // Fill and align, sign, zero, width, comma, precision, kind.
    private static string Formatted(Frame frame, TemplateValue value, string spec)
    {
        if (spec.Length == 0)
        {
            return value.ToString();
        }
        char fill = ' ';
        char align = '\0';
        if (spec.Length > 1 && spec[1] is '<' or '>' or '^')
        {
            (fill, align, spec) = (spec[0], spec[1], spec[2..]);
        }
        else if (spec[0] is '<' or '>' or '^')
        {
            (align, spec) = (spec[0], spec[1..]);
        }
        bool isGrouped = spec.Contains(',', StringComparison.Ordinal);
        bool hasKind = spec.Length > 0 && char.IsAsciiLetter(spec[^1]);
        string defaultKind =
            !value.IsNumber ? "s"
            : value.IsInteger ? "d"
            : spec.Contains('.', StringComparison.Ordinal) ? "f"
            : "g";
        string printf =
            spec.Replace(",", "", StringComparison.Ordinal) + (hasKind ? "" : defaultKind);
        int at = 0;
        var read = PrintfFormat.Field.Read(printf, ref at, out _);
        frame.ChargeText(read.Width + Math.Max(read.Precision, 0));
        bool isZeroed = read.Flags.Contains('0', StringComparison.Ordinal) && align == '\0';
        var plain = read with { IsGrouped = isGrouped, Width = isZeroed ? read.Width : 0 };
        string text = plain.Apply(value);
        int missing = read.Width - text.Length;
        if (missing <= 0)
        {
            return text;
        }
        align =
            align != '\0' ? align
            : value.IsNumber ? '>'
            : '<';
        int before = align switch
        {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        return new string(fill, before) + text + new string(fill, missing - before);
    }
}
