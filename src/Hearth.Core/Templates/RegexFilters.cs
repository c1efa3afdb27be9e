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
        // Python writes \1 where .NET writes $1, and a bare $ means itself.
        string with = Regex.Replace(
            a.Text(2).Replace("$", "$$", StringComparison.Ordinal),
            @"\\(g<)?(?<number>\d+)>?",
            "$${${number}}",
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        );
        string text = a.Text(0);
        var regex = Read(frame, a, a.Flag(3));
        frame.ChargeText((long)regex.Count(text) * (with.Length + text.Length));
        return TemplateValue.From(regex.Replace(text, with));
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
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new TemplateException($"The pattern '{pattern}' cannot be used here.", e);
        }
    }
}
