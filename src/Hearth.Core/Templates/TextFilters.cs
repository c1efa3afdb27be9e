using System.Text;
using Hearth.Core.Events;

namespace Hearth.Core.Templates;

/// <summary>Filters that make texts.</summary>
internal static class TextFilters
{
    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of(
            ("string", "value", (_, a) => Text(a.Text(0))),
            ("lower", "s", (_, a) => Text(PythonStrings.Lower(a.Text(0)))),
            ("upper", "s", (_, a) => Text(PythonStrings.Upper(a.Text(0)))),
            ("slugify", "value separator", UrlTexts.Slugify),
            ("ordinal", "value", (_, a) => Text(Ordinal(a))),
            ("filesizeformat", "value binary", UrlTexts.FileSize),
            ("striptags", "value", UrlTexts.StripTags),
            ("pprint", "value", (_, a) => Text(PythonText.Repr(a[0]))),
            ("forceescape", "value", (_, a) => Text(Escaped(a.Text(0)))),
            ("capitalize", "s", (_, a) => Text(PythonStrings.Capitalize(a.Text(0)))),
            ("title", "s", (_, a) => Text(PythonStrings.TitleWords(a.Text(0)))),
            ("trim", "value chars", Trim),
            ("replace", "value old new count", Replace),
            ("truncate", "value length killwords end leeway", Truncate),
            ("join", "value d attribute", Join),
            ("format", "*", Format),
            (
                "center",
                "value width",
                (f, a) => PythonStrings.Pad(f, a.Text(0), a.Int(1, 80), " ", 1)
            ),
            ("indent", "value width first blank", Indent),
            ("wordcount", "value", (_, a) => TemplateValue.From(WordCount(a.Text(0)))),
            ("escape", "value", (_, a) => Text(Escaped(a.Text(0)))),
            ("e", "value", (_, a) => Text(Escaped(a.Text(0)))),
            ("safe", "value", (_, a) => a[0]),
            ("urlencode", "value", UrlTexts.Encode),
            (
                "base64_encode",
                "value",
                (_, a) => Text(Convert.ToBase64String(Encoding.UTF8.GetBytes(a.Text(0))))
            ),
            ("base64_decode", "value", FromBase64),
            ("ord", "value", (_, a) => TemplateValue.From(CodePoint(a)))
        );

    private static string Ordinal(Arguments a)
    {
        string text = a.Text(0);
        bool isNumber = text.Length > 0 && text.TrimStart('-').All(char.IsAsciiDigit);
        if (!isNumber)
        {
            throw a.Fault($"needs a whole number, not '{text}'.");
        }
        bool isTeen = text.Length > 1 && text[^2] == '1';
        string suffix = text[^1] switch
        {
            '1' => "st",
            '2' => "nd",
            '3' => "rd",
            _ => "th",
        };
        return text + (isTeen ? "th" : suffix);
    }

    private static TemplateValue Text(string text) => TemplateValue.From(text);

    private static TemplateValue Trim(Frame frame, Arguments a)
    {
        string? chars = a.Has(1) && a[1].IsText ? a[1].AsText : null;
        return Text(PythonStrings.Strip(a.Text(0), chars));
    }

    private static TemplateValue Replace(Frame frame, Arguments a)
    {
        int max = a.Has(3) && !a[3].IsNone ? a.Int(3, -1) : -1;
        return PythonStrings.Replace(frame, a.Text(0), a[1].ToString(), a[2].ToString(), max);
    }

    // Jinja lets a text be five characters longer before it cuts.
    private static TemplateValue Truncate(Frame frame, Arguments a)
    {
        if (!a[0].IsText)
        {
            // A short list passes as it is, as there is nothing to cut off.
            int? length =
                a[0].IsSequence ? a[0].AsItems.Length
                : a[0].Kind == TemplateKind.Dict ? a[0].AsDict.Count
                : a[0].IsUndefined ? 0
                : null;
            bool isShort = length <= a.Int(1, 255);
            return isShort ? a[0] : throw a.Fault("needs a text.");
        }
        return Cut(a, a[0].AsText);
    }

    private static TemplateValue Cut(Arguments a, string text)
    {
        int length = a.Int(1, 255);
        string end = a.Text(3, "...");
        int leeway = a.Has(4) && !a[4].IsNone ? a.Int(4, 5) : 5;
        int endLength = PythonSlice.Length(end);
        if (length < endLength || leeway < 0)
        {
            throw a.Fault($"needs a length of at least {endLength} and no negative leeway.");
        }
        if (PythonSlice.Length(text) <= (long)length + leeway)
        {
            return a[0];
        }
        string head = PythonSlice.Head(text, length - endLength);
        int lastBlank = head.LastIndexOf(' ');
        bool keepsWords = !a.Flag(2) && lastBlank >= 0;
        return Text((keepsWords ? head[..lastBlank] : head) + end);
    }

    private static TemplateValue Join(Frame frame, Arguments a)
    {
        var items = Iteration.Of(frame, a[0]);
        if (a.Has(2))
        {
            items = Array.ConvertAll(items, item => Members.Path(frame, item, a[2]));
        }
        return PythonStrings.Join(frame, items, a.Text(1));
    }

    private static TemplateValue Format(Frame frame, Arguments a)
    {
        var values = new TemplateValue[Math.Max(a.Count - 1, 0)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = a[i + 1];
        }
        if (a.Named.Length == 0)
        {
            return Text(PrintfFormat.Of(frame, a.Text(0), TemplateValue.Tuple(values)));
        }
        var named = new TemplateDict();
        foreach (var (name, value) in a.Named)
        {
            named.Set(name, value);
        }
        return Text(PrintfFormat.Of(frame, a.Text(0), TemplateValue.From(named)));
    }

    private static TemplateValue Indent(Frame frame, Arguments a)
    {
        if (!a[0].IsText)
        {
            throw a.Fault($"needs a text, not a {PythonText.TypeName(a[0])}.");
        }
        string[] lines = a[0].AsText.Split('\n');
        string blanks = a.Has(1) && a[1].IsText ? a[1].AsText : "";
        if (blanks.Length == 0)
        {
            int width = Math.Max(a.Int(1, 4), 0);
            frame.ChargeText(width);
            blanks = new string(' ', width);
        }
        frame.ChargeText((long)blanks.Length * lines.Length);
        bool indentsFirst = a.Flag(2);
        bool indentsBlank = a.Flag(3);
        for (int i = 0; i < lines.Length; i++)
        {
            bool isIndented = i == 0 ? indentsFirst : lines[i].Length > 0 || indentsBlank;
            lines[i] = isIndented ? blanks + lines[i] : lines[i];
        }
        return Text(string.Join('\n', lines));
    }

    private static int WordCount(string text)
    {
        bool isInside = false;
        int count = 0;
        foreach (char c in text)
        {
            bool isWord = char.IsLetterOrDigit(c) || c == '_';
            count += isWord && !isInside ? 1 : 0;
            isInside = isWord;
        }
        return count;
    }

    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal)
            .Replace("\"", "&#34;", StringComparison.Ordinal);

    private static TemplateValue FromBase64(Frame frame, Arguments a)
    {
        try
        {
            var decoded = new Payload(Convert.FromBase64String(a.Text(0)));
            return Text(decoded.Text ?? throw a.Fault("decodes to bytes that are no text."));
        }
        catch (FormatException e)
        {
            throw new TemplateException("'base64_decode' needs a text that is base64.", e);
        }
    }

    private static int CodePoint(Arguments a)
    {
        string text = a[0].IsText ? a[0].AsText : "";
        return PythonSlice.Length(text) == 1 && Rune.TryGetRuneAt(text, 0, out var rune)
            ? rune.Value
            : throw a.Fault("needs exactly one character.");
    }
}
