using System.Text.RegularExpressions;

namespace Hearth.Core.Templates;

/// <summary>
/// Filters with regular expressions. They run on the engine that never backtracks, so that no
/// pattern can hang a home; what that engine cannot do (back references, look-around) is refused.
/// </summary>
internal static class RegexFilters
{
    // One match may touch each character once for every part of the pattern.
    private const int PatternMax = 2048;

    public static Dictionary<string, TemplateFunction> All { get; } =
        Registry.Of(
            ("regex_match", "value find ignorecase", (f, a) => Matches(f, a, fromStart: true)),
            ("regex_search", "value find ignorecase", (f, a) => Matches(f, a, fromStart: false)),
            ("regex_replace", "value find replace ignorecase", Replace),
            ("regex_findall", "value find ignorecase", FindAll),
            ("regex_findall_index", "value find index ignorecase", FindOne)
        );

    public static TemplateValue Matches(Frame frame, Arguments a, bool fromStart)
    {
        var match = Read(frame, a, a.Flag(2)).Match(a.Text(0));
        return TemplateValue.From(match.Success && (!fromStart || match.Index == 0));
    }

    private static TemplateValue Replace(Frame frame, Arguments a)
    {
        string text = a.Text(0);
        var regex = Read(frame, a, a.Flag(3));
        string with = Replacement(a, a.Text(2));
        frame.ChargeText((long)regex.Count(text) * (with.Length + text.Length));
        return TemplateValue.From(regex.Replace(text, with));
    }

    // Python writes \1 or \g<name> where .NET writes ${1}, and a bare $ means itself.
    private static string Replacement(Arguments a, string with)
    {
        string plain = with.Replace("$", "$$", StringComparison.Ordinal);
        if (!plain.Contains('\\', StringComparison.Ordinal))
        {
            return plain;
        }
        var names = GroupNames(a.Text(1));
        return Regex.Replace(
            plain,
            @"\\(?<number>\d+)|\\g<(?<name>\w+)>|\\(?<escaped>[\\nrt])",
            match =>
            {
                string name = match.Groups["name"].Value;
                string number = match.Groups["number"].Value;
                string escaped = match.Groups["escaped"].Value;
                int named = name.Length == 0 ? -1 : names.IndexOf(name);
                return escaped switch
                {
                    "n" => "\n",
                    "r" => "\r",
                    "t" => "\t",
                    "\\" => "\\",
                    _ => named >= 0 ? $"${{{named + 1}}}" : $"${{{number}{name}}}",
                };
            },
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        );
    }

    // The names of a pattern's groups in their order; empty for one without.
    private static List<string> GroupNames(string pattern)
    {
        var names = new List<string>();
        bool isClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            i += c == '\\' ? 1 : 0;
            isClass = c == '[' || isClass && c != ']';
            bool isGroup = c == '(' && !isClass;
            var rest = pattern.AsSpan(i + 1 > pattern.Length ? pattern.Length : i + 1);
            if (isGroup && rest.StartsWith("?P<"))
            {
                int end = rest.IndexOf('>');
                names.Add(end < 0 ? "" : rest[3..end].ToString());
            }
            else if (isGroup && !rest.StartsWith("?"))
            {
                names.Add("");
            }
        }
        return names;
    }

    private static TemplateValue FindAll(Frame frame, Arguments a)
    {
        var regex = Read(frame, a, a.Flag(2));
        return TemplateValue.List([.. regex.Matches(a.Text(0)).Select(Groups)]);
    }

    private static TemplateValue FindOne(Frame frame, Arguments a)
    {
        var found = Read(frame, a, a.Flag(3)).Matches(a.Text(0)).Select(Groups).ToArray();
        return PythonSlice.TryIndex(found.Length, a.Int(2, 0), out int at)
            ? found[at]
            : throw a.Fault("finds no such match.");
    }

    // Python answers the whole match, the one group, or a tuple of all groups.
    private static TemplateValue Groups(Match match)
    {
        var groups = match.Groups.Values.Skip(1).Select(g => TemplateValue.From(g.Value)).ToArray();
        return groups.Length switch
        {
            0 => TemplateValue.From(match.Value),
            1 => groups[0],
            _ => TemplateValue.Tuple(groups),
        };
    }

    private static Regex Read(Frame frame, Arguments a, bool ignoresCase)
    {
        string pattern = a.Text(1);
        if (pattern.Length > PatternMax)
        {
            throw a.Fault($"takes patterns of at most {PatternMax} characters.");
        }
        frame.Charge(16 + (int)((long)a.Text(0).Length * (pattern.Length + 16) >> 8));
        try
        {
            // Names play no part in what these filters answer, and .NET would number named groups
            // after the others.
            string plain = Regex.Replace(pattern, @"\(\?P<\w+>", "(", RegexOptions.NonBacktracking);
            return ignoresCase
                ? new Regex(plain, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)
                : new Regex(plain, RegexOptions.NonBacktracking);
        }
        catch (ArgumentException e)
        {
            throw new TemplateException($"The pattern '{pattern}' is no regular expression.", e);
        }
        catch (NotSupportedException e)
        {
            throw new TemplateException(
                $"The pattern '{pattern}' refers back to what it found, looks around it or is too "
                    + "large: that needs an engine that backtracks, which such a pattern can hang.",
                e
            );
        }
    }
}
