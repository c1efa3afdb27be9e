using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Templates;

/// <summary>JSON read into Python's values and written from them.</summary>
internal static class PythonJson
{
    /// <summary>How a writer lays JSON out; Home Assistant and Jinja differ.</summary>
    internal sealed record Layout(
        string ItemSeparator,
        string KeySeparator,
        bool SortKeys,
        bool EscapeHtml,
        int? Indent,
        bool IsLenient = false,
        bool EscapeAscii = false
    )
    {
        /// <summary>Without blanks, and with words for what JSON has none for.</summary>
        public static Layout Lenient { get; } = new(",", ":", false, false, null, true);

        /// <summary>Home Assistant's <c>to_json</c>: no blanks, keys as they come.</summary>
        public static Layout Compact { get; } = new(",", ":", false, false, null);

        /// <summary>Jinja's <c>tojson</c>: blanks, sorted keys, safe inside HTML.</summary>
        public static Layout Jinja { get; } = new(", ", ": ", true, true, null);
    }

    public static bool TryParse(string text, out TemplateValue value)
    {
        var json = Payload.FromText(text).Json;
        bool isRead = json.ValueKind != JsonValueKind.Undefined && IsReadable(json);
        value = isRead ? From(json) : default;
        return isRead;
    }

    /// <summary>False where a string holds half of a surrogate pair.</summary>
    public static bool IsReadable(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString() is not null,
                JsonValueKind.Array => json.EnumerateArray().All(IsReadable),
                JsonValueKind.Object => json.EnumerateObject()
                    .All(member => member.Name.Length >= 0 && IsReadable(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            // This is how the reader says that a text is none.
            return false;
        }
    }

    public static TemplateValue From(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return TemplateValue.From(element.GetString()!);
            case JsonValueKind.Number:
                return Number(element);
            case JsonValueKind.True:
                return TemplateValue.True;
            case JsonValueKind.False:
                return TemplateValue.False;
            case JsonValueKind.Array:
                var items = new TemplateValue[element.GetArrayLength()];
                int at = 0;
                foreach (var item in element.EnumerateArray())
                {
                    items[at++] = From(item);
                }
                return TemplateValue.List(items);
            case JsonValueKind.Object:
                var dict = new TemplateDict();
                foreach (var property in element.EnumerateObject())
                {
                    dict.Set(property.Name, From(property.Value));
                }
                return TemplateValue.From(dict);
            default:
                return TemplateValue.None;
        }
    }

    public static string Write(TemplateValue value, Layout layout)
    {
        var output = new StringBuilder();
        Append(output, value, layout, 0);
        return output.ToString();
    }

    /// <summary>
    /// The text a JSON number prints as in a template: integers as they are, anything else as
    /// Python's float.
    /// </summary>
    public static string NumberText(JsonElement number)
    {
        var raw = JsonMarshal.GetRawUtf8Value(number);
        if (IsPrintedAsWritten(raw))
        {
            return Encoding.ASCII.GetString(raw);
        }
        return PythonText.Str(Number(number));
    }

    private static TemplateValue Number(JsonElement number)
    {
        if (number.TryGetInt64(out long small))
        {
            return TemplateValue.From(small);
        }
        // Beyond 64 bits the JSON reader of Home Assistant goes over to floats.
        return number.TryGetUInt64(out ulong large)
            ? TemplateValue.From(new BigInteger(large))
            : TemplateValue.From(number.GetDouble());
    }

    // True for what Python prints exactly as it was written: an integer of at most 18 digits, or
    // a decimal of at most 15 significant digits that neither ends in a zero too many nor is so
    // small that Python takes an exponent. This saves parsing and printing on the hot path.
    private static bool IsPrintedAsWritten(ReadOnlySpan<byte> raw)
    {
        var digits = raw.Length > 0 && raw[0] == '-' ? raw[1..] : raw;
        int point = digits.IndexOf((byte)'.');
        if (digits.Length > 16 || digits.ContainsAny((byte)'e', (byte)'E'))
        {
            return false;
        }
        if (point < 0)
        {
            return digits is not [(byte)'0'] || raw.Length == 1;
        }
        bool endsWell = digits[^1] != '0' || point == digits.Length - 2;
        bool isTiny = digits.StartsWith("0.0000"u8);
        return endsWell && !isTiny;
    }

    private static void Append(StringBuilder output, TemplateValue value, Layout layout, int level)
    {
        switch (value.Kind)
        {
            case TemplateKind.None:
                output.Append("null");
                break;
            case TemplateKind.Bool:
                output.Append(value.AsBool ? "true" : "false");
                break;
            case TemplateKind.Whole or TemplateKind.Huge:
                output.Append(PythonText.Str(value));
                break;
            case TemplateKind.Real:
                AppendFloat(output, value.AsFloat);
                break;
            case TemplateKind.Text:
                AppendText(output, value.AsText, layout);
                break;
            case TemplateKind.Time:
                AppendText(output, PythonTime.Iso(value.AsMoment), layout);
                break;
            case TemplateKind.List
            or TemplateKind.Tuple when value.Form == ListForm.List || layout.IsLenient:
                AppendList(output, value.AsItems, layout, level);
                break;
            case TemplateKind.Dict:
                AppendDict(output, value.AsDict, layout, level);
                break;
            case TemplateKind.Undefined when layout.IsLenient:
                output.Append("null");
                break;
            case TemplateKind.Undefined:
                throw new TemplateException(value.WhyUndefined);
            case var _ when layout.IsLenient:
                AppendText(output, value.ToString(), layout);
                break;
            default:
                throw new TemplateException(
                    $"A {PythonText.TypeName(value)} cannot be written as JSON."
                );
        }
    }

    private static void AppendList(
        StringBuilder output,
        TemplateValue[] items,
        Layout layout,
        int level
    )
    {
        output.Append('[');
        for (int i = 0; i < items.Length; i++)
        {
            AppendBreak(output, layout, i == 0, level + 1);
            Append(output, items[i], layout, level + 1);
        }
        AppendEnd(output, layout, items.Length, level);
        output.Append(']');
    }

    private static void AppendDict(
        StringBuilder output,
        TemplateDict dict,
        Layout layout,
        int level
    )
    {
        var entries = dict.Select(entry => (Key: KeyText(entry.Key, layout), entry.Value));
        if (layout.SortKeys)
        {
            entries = entries.OrderBy(entry => entry.Key, StringComparer.Ordinal);
        }
        output.Append('{');
        bool isFirst = true;
        foreach (var (key, value) in entries)
        {
            AppendBreak(output, layout, isFirst, level + 1);
            isFirst = false;
            AppendText(output, key, layout);
            output.Append(layout.KeySeparator);
            Append(output, value, layout, level + 1);
        }
        AppendEnd(output, layout, dict.Count, level);
        output.Append('}');
    }

    private static void AppendBreak(StringBuilder output, Layout layout, bool isFirst, int level)
    {
        if (!isFirst)
        {
            output.Append(layout.ItemSeparator);
        }
        if (layout.Indent is int width)
        {
            output.Append('\n').Append(' ', width * level);
        }
    }

    private static void AppendEnd(StringBuilder output, Layout layout, int count, int level)
    {
        if (layout.Indent is int width && count > 0)
        {
            output.Append('\n').Append(' ', width * level);
        }
    }

    private static string KeyText(TemplateValue key, Layout layout) =>
        key.Kind switch
        {
            TemplateKind.Text => key.AsText,
            TemplateKind.None => "null",
            TemplateKind.Bool => key.AsBool ? "true" : "false",
            TemplateKind.Whole or TemplateKind.Huge or TemplateKind.Real => PythonText.Str(key),
            _ when layout.IsLenient => key.ToString(),
            _ => throw new TemplateException(
                $"A {PythonText.TypeName(key)} cannot be a key in JSON."
            ),
        };

    private static void AppendFloat(StringBuilder output, double value) =>
        output.Append(double.IsFinite(value) ? PythonText.Float(value) : "null");

    private static void AppendText(StringBuilder output, string text, Layout layout)
    {
        output.Append('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"':
                    output.Append("\\\"");
                    break;
                case '\\':
                    output.Append(@"\\");
                    break;
                case '\n':
                    output.Append(@"\n");
                    break;
                case '\r':
                    output.Append(@"\r");
                    break;
                case '\t':
                    output.Append(@"\t");
                    break;
                case '\b':
                    output.Append(@"\b");
                    break;
                case '\f':
                    output.Append(@"\f");
                    break;
                case < ' ':
                case '<' or '>' or '&' or '\'' when layout.EscapeHtml:
                case > '~' when layout.EscapeHtml || layout.EscapeAscii:
                    output.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}");
                    break;
                default:
                    output.Append(c);
                    break;
            }
        }
        output.Append('"');
    }
}
