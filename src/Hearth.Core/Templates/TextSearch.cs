using System.Text;

namespace Hearth.Core.Templates;

/// <summary>Where Python's texts find other texts, and what they are made of.</summary>
internal static class TextSearch
{
    /// <summary>The part of a text between two places, as <c>find(x, start, end)</c> looks in.
    /// </summary>
    public static string Part(Frame frame, Arguments a, int first)
    {
        if (!a.Has(first))
        {
            return a[0].AsText;
        }
        frame.Charge(a[0].Weight);
        int? end = a.Has(first + 1) && !a[first + 1].IsNone ? a.Int(first + 1, 0) : null;
        int? start = a[first].IsNone ? null : a.Int(first, 0);
        return PythonSlice.Of(a[0], start, end, null).AsText;
    }

    /// <summary>Where a text is found in another, in characters; -1 where it is not.</summary>
    public static int Find(Frame frame, Arguments a, bool fromEnd)
    {
        string text = Part(frame, a, 2);
        string wanted = Wanted(a);
        int at = fromEnd
            ? text.LastIndexOf(wanted, StringComparison.Ordinal)
            : text.IndexOf(wanted, StringComparison.Ordinal);
        int start = a.Has(2) && !a[2].IsNone ? a.Int(2, 0) : 0;
        int before = start < 0 ? Math.Max(PythonSlice.Length(a[0].AsText) + start, 0) : start;
        return at < 0 ? -1 : PythonSlice.Length(text[..at]) + before;
    }

    public static int Count(Frame frame, Arguments a) =>
        PythonStrings.Count(Part(frame, a, 2), Wanted(a));

    public static TemplateValue HasAffix(Frame frame, Arguments a, bool isStart)
    {
        string text = Part(frame, a, 2);
        var affixes = a[1].Kind == TemplateKind.Tuple ? a[1].AsItems : [a[1]];
        foreach (var affix in affixes)
        {
            string wanted = affix.IsText ? affix.AsText : throw a.Fault("looks for texts.");
            if (isStart ? text.StartsWithOrdinal(wanted) : text.EndsWithOrdinal(wanted))
            {
                return TemplateValue.True;
            }
        }
        return TemplateValue.False;
    }

    public static TemplateValue ExpandTabs(Frame frame, Arguments a)
    {
        int size = Math.Max(a.Int(1, 8), 0);
        string text = a[0].AsText;
        frame.ChargeText((long)text.Count(c => c == '\t') * size);
        var output = new StringBuilder();
        int column = 0;
        foreach (char c in text)
        {
            if (c == '\t')
            {
                int blanks = size > 0 ? size - (column % size) : 0;
                output.Append(' ', blanks);
                column += blanks;
                continue;
            }
            output.Append(c);
            column = c is '\n' or '\r' ? 0 : column + 1;
        }
        return TemplateValue.From(output.ToString());
    }

    /// <summary>Before, at and behind the first or the last place of a separator.</summary>
    public static TemplateValue Partition(Arguments a, bool fromEnd)
    {
        string text = a[0].AsText;
        string separator = Wanted(a);
        if (separator.Length == 0)
        {
            throw a.Fault("needs a separator that is not empty.");
        }
        int at = fromEnd
            ? text.LastIndexOf(separator, StringComparison.Ordinal)
            : text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 && fromEnd ? Three("", "", text)
            : at < 0 ? Three(text, "", "")
            : Three(text[..at], separator, text[(at + separator.Length)..]);
    }

    public static bool IsIdentifier(string text) =>
        text.Length > 0
        && (char.IsLetter(text[0]) || text[0] == '_')
        && text.All(c => char.IsLetterOrDigit(c) || c == '_');

    public static bool IsTitle(string text) =>
        text.Any(char.IsUpper) && PythonStrings.Title(text) == text;

    public static bool IsPrintable(string text) =>
        !text.Any(c => char.IsControl(c) || c is '\u00a0' or '\u00ad');

    private static TemplateValue Three(string head, string middle, string tail) =>
        TemplateValue.Tuple(
            TemplateValue.From(head),
            TemplateValue.From(middle),
            TemplateValue.From(tail)
        );

    private static string Wanted(Arguments a) =>
        a[1].IsText ? a[1].AsText : throw a.Fault("looks for a text.");
}
