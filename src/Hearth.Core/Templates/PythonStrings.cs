using System.Text;

namespace Hearth.Core.Templates;

/// <summary>What Python's texts can do.</summary>
internal static class PythonStrings
{
    public static string Lower(string text) => text.ToLowerInvariant();

    /// <summary>In capitals; the German ß has none of its own and becomes two letters.</summary>
    public static string Upper(string text) =>
        text.Replace("ß", "SS", StringComparison.Ordinal).ToUpperInvariant();

    public static string CaseFold(string text) =>
        Lower(text.Replace("ß", "ss", StringComparison.Ordinal));

    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + Lower(text[1..]);

    /// <summary>Every word with a capital; a word begins after anything but a letter.</summary>
    public static string Title(string text)
    {
        var output = new StringBuilder(text.Length);
        bool isInside = false;
        foreach (char c in text)
        {
            output.Append(isInside ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
            isInside = char.IsLetter(c);
        }
        return output.ToString();
    }

    /// <summary>Jinja's own title: words begin after blanks, hyphens and brackets alone.
    /// </summary>
    public static string TitleWords(string text)
    {
        var output = new StringBuilder(text.Length);
        bool isInside = false;
        foreach (char c in text)
        {
            output.Append(isInside ? Lower(c.ToString()) : Upper(c.ToString()));
            isInside = c is not ('-' or '(' or '{' or '[' or '<') && !char.IsWhiteSpace(c);
        }
        return output.ToString();
    }

    public static string SwapCase(string text) =>
        string.Concat(
            text.Select(c => char.IsUpper(c) ? Lower(c.ToString()) : Upper(c.ToString()))
        );

    public static string Strip(string text, string? chars) =>
        chars is null ? text.Trim() : text.Trim(chars.ToCharArray());

    public static string StripStart(string text, string? chars) =>
        chars is null ? text.TrimStart() : text.TrimStart(chars.ToCharArray());

    public static string StripEnd(string text, string? chars) =>
        chars is null ? text.TrimEnd() : text.TrimEnd(chars.ToCharArray());

    public static string WithoutPrefix(string text, string prefix) =>
        text.StartsWithOrdinal(prefix) ? text[prefix.Length..] : text;

    public static string WithoutSuffix(string text, string suffix) =>
        text.EndsWithOrdinal(suffix) ? text[..^suffix.Length] : text;

    public static bool All(string text, Func<char, bool> holds) =>
        text.Length > 0 && text.All(holds);

    public static bool HasCase(string text, bool isUpper) =>
        text.Any(isUpper ? char.IsUpper : char.IsLower)
        && !text.Any(isUpper ? char.IsLower : char.IsUpper);

    public static TemplateValue Lines(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return TextList(lines.Take(count));
    }

    public static int Count(string text, string part)
    {
        if (part.Length == 0)
        {
            return PythonSlice.Length(text) + 1;
        }
        int count = 0;
        int at = text.IndexOf(part, StringComparison.Ordinal);
        while (at >= 0)
        {
            count++;
            at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal);
        }
        return count;
    }

    public static TemplateValue Split(string text, string? separator, int max, bool fromEnd)
    {
        var parts = separator is null ? Words(text) : [.. text.Split(separator)];
        if (max < 0 || parts.Count <= max + 1)
        {
            return TextList(parts);
        }
        // Only so many cuts were asked for, so the rest keeps its blanks and separators.
        return separator is null
            ? SplitWords(text, parts, max, fromEnd)
            : SplitRest(parts, separator, max, fromEnd);
    }

    public static TemplateValue Replace(Frame frame, string text, string old, string with, int max)
    {
        int found = Count(text, old);
        int count = max < 0 ? found : Math.Min(max, found);
        frame.ChargeText(text.Length + ((long)count * with.Length));
        if (old.Length == 0)
        {
            var parts = PythonSlice.Characters(text);
            var spread = parts.Select((part, i) => i < count ? with + part : part);
            return TemplateValue.From(string.Concat(spread) + (count > parts.Length ? with : ""));
        }
        if (count == found)
        {
            return TemplateValue.From(text.Replace(old, with, StringComparison.Ordinal));
        }
        var output = new StringBuilder();
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            int next = text.IndexOf(old, at, StringComparison.Ordinal);
            output.Append(text, at, next - at).Append(with);
            at = next + old.Length;
        }
        return TemplateValue.From(output.Append(text, at, text.Length - at).ToString());
    }

    public static TemplateValue Join(Frame frame, TemplateValue[] items, string separator)
    {
        frame.ChargeText((long)separator.Length * items.Length);
        return TemplateValue.From(string.Join(separator, items.Select(item => item.ToString())));
    }

    public static TemplateValue ZeroFill(Frame frame, string text, int width)
    {
        frame.ChargeText(width);
        bool isSigned = text.StartsWith('-') || text.StartsWith('+');
        string sign = isSigned ? text[..1] : "";
        return TemplateValue.From(
            sign + text[sign.Length..].PadLeft(Math.Max(width - sign.Length, 0), '0')
        );
    }

    /// <summary>
    /// Pads to a width; <paramref name="place"/> 0 left, 1 in the middle, 2 right.
    /// </summary>
    public static TemplateValue Pad(Frame frame, string text, int width, string fill, int place)
    {
        frame.ChargeText(width);
        int missing = width - PythonSlice.Length(text);
        if (missing <= 0)
        {
            return TemplateValue.From(text);
        }
        char with =
            fill.Length == 1
                ? fill[0]
                : throw new TemplateException("Padding takes exactly one character.");
        // Where both sides cannot be equal Python favours the left for an odd width.
        int before = place switch
        {
            0 => 0,
            1 => (missing / 2) + (missing & width & 1),
            _ => missing,
        };
        return TemplateValue.From(
            new string(with, before) + text + new string(with, missing - before)
        );
    }

    public static TemplateValue TextList(IEnumerable<string> texts) =>
        TemplateValue.List([.. texts.Select(TemplateValue.From)]);

    private static List<string> Words(string text) =>
        [
            .. text.Split(
                (char[]?)null,
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            ),
        ];

    private static TemplateValue SplitWords(string text, List<string> words, int max, bool fromEnd)
    {
        string rest = fromEnd ? text.TrimEnd() : text.TrimStart();
        var kept = fromEnd ? words.TakeLast(max) : words.Take(max);
        foreach (string word in fromEnd ? kept.Reverse() : kept)
        {
            rest = fromEnd ? rest[..^word.Length].TrimEnd() : rest[word.Length..].TrimStart();
        }
        return TextList(fromEnd ? kept.Prepend(rest) : kept.Append(rest));
    }

    private static TemplateValue SplitRest(
        List<string> parts,
        string separator,
        int max,
        bool fromEnd
    )
    {
        int joined = parts.Count - max;
        return fromEnd
            ? TextList(parts.Skip(joined).Prepend(string.Join(separator, parts.Take(joined))))
            : TextList(parts.Take(max).Append(string.Join(separator, parts.Skip(max))));
    }
}
