using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.Core.Devices;

namespace Hearth.Core.Templates;

/// <summary>Filters that write texts for ids, addresses and people.</summary>
internal static class UrlTexts
{
    /// <summary>A text as an id: <c>Living Room</c> as <c>living_room</c>.</summary>
    public static TemplateValue Slugify(Frame frame, Arguments a)
    {
        string text = a.Text(0);
        string slug = text.Any(char.IsLetterOrDigit) ? Slug.Of(text) : "unknown";
        slug = text.Length == 0 ? "" : slug;
        string separator = a.Text(1, "_");
        frame.ChargeText((long)slug.Length * separator.Length);
        return TemplateValue.From(slug.Replace("_", separator, StringComparison.Ordinal));
    }

    /// <summary>A text for a URL, or a dict as its query.</summary>
    public static TemplateValue Encode(Frame frame, Arguments a)
    {
        frame.ChargeItems(a[0].Weight);
        if (a[0].Kind == TemplateKind.Dict)
        {
            var parts = a[0].AsDict.Select(e => $"{Quoted(e.Key, true)}={Quoted(e.Value, true)}");
            return TemplateValue.From(string.Join('&', parts));
        }
        if (!a[0].IsText && Iteration.IsPossible(a[0]))
        {
            var pairs = Iteration.Of(frame, a[0]);
            return TemplateValue.From(string.Join('&', pairs.Select(pair => Pair(frame, a, pair))));
        }
        return TemplateValue.From(Quoted(a[0], isQuery: false));
    }

    /// <summary>A number of bytes for people: <c>13 kB</c>, <c>4.1 MB</c>.</summary>
    public static TemplateValue FileSize(Frame frame, Arguments a)
    {
        if (NumberFilters.AsFloat(a[0]) is not double bytes || !double.IsFinite(bytes))
        {
            throw a.Fault("needs a number of bytes.");
        }
        bool isBinary = a.Flag(1);
        double unit = isBinary ? 1024 : 1000;
        if (bytes < unit)
        {
            long whole = (long)Math.Clamp(bytes, long.MinValue, unit);
            return TemplateValue.From(bytes == 1 ? "1 Byte" : $"{whole} Bytes");
        }
        int power = 1;
        while (power < 8 && bytes >= Math.Pow(unit, power + 1))
        {
            power++;
        }
        double scaled = PythonNumber.Round(bytes / Math.Pow(unit, power), 1);
        string name = "kMGTPEZY"[power - 1].ToString();
        name = isBinary ? name.ToUpperInvariant() + "i" : name;
        return TemplateValue.From($"{scaled.ToString("F1", CultureInfo.InvariantCulture)} {name}B");
    }

    /// <summary>Without tags and comments, and with runs of blanks as one.</summary>
    public static TemplateValue StripTags(Frame frame, Arguments a)
    {
        string text = Regex.Replace(
            a.Text(0),
            "(?s)<!--.*?-->|<[^>]*>",
            "",
            RegexOptions.NonBacktracking
        );
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return TemplateValue.From(System.Net.WebUtility.HtmlDecode(string.Join(' ', words)));
    }

    private static string Pair(Frame frame, Arguments a, TemplateValue pair)
    {
        var parts = Iteration.Of(frame, pair);
        return parts.Length == 2
            ? $"{Quoted(parts[0], isQuery: true)}={Quoted(parts[1], isQuery: true)}"
            : throw a.Fault("needs pairs where it is given a list.");
    }

    private static string Quoted(TemplateValue value, bool isQuery)
    {
        string quoted = Uri.EscapeDataString(value.ToString());
        return isQuery
            ? quoted.Replace("%20", "+", StringComparison.Ordinal)
            : quoted.Replace("%2F", "/", StringComparison.Ordinal);
    }
}
