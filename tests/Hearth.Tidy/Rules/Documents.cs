using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.Tidy.Rules;

/// <summary>Documents that stay true: links lead somewhere, decisions have their form, the
/// glossary has every folder's word.</summary>
internal static class Documents
{
    public const int DecisionWordsMax = 800;

    private static readonly string[] DecisionHeadings =
    [
        "## Problem",
        "## Decision",
        "## Consequences",
    ];

    /// <param name="read">The text behind a path from the root; null where there is no file. A
    /// folder reads as empty.</param>
    public static IEnumerable<Finding> Links(TextFile document, Func<string, string?> read)
    {
        foreach (var (line, text) in Prose(document))
        {
            foreach (Match link in Link.Matches(text))
            {
                var target = link.Groups["target"].Value;
                if (
                    target.Contains("://", StringComparison.Ordinal)
                    || target.StartsWith("mailto:", StringComparison.Ordinal)
                )
                {
                    continue;
                }

                var parts = target.Split('#', 2);
                var path = parts[0].Length == 0 ? document.Path : Resolve(document.Path, parts[0]);
                var found = read(path);
                if (found is null)
                {
                    yield return new Finding(
                        document.Path,
                        line,
                        $"links to {target}: there is no {path}. Links are relative to the file."
                    );
                }
                else if (parts.Length == 2 && !Anchors(found).Contains(parts[1]))
                {
                    yield return new Finding(
                        document.Path,
                        line,
                        $"links to #{parts[1]}, but {path} has no such heading."
                    );
                }
            }
        }
    }

    /// <summary>A test that a document names as <c>`Class.A_sentence`</c> is there.</summary>
    public static IEnumerable<Finding> NamedTests(TextFile document, IReadOnlyList<TextFile> tests)
    {
        foreach (var (index, text) in document.Lines.Index())
        {
            foreach (Match named in NamedTest.Matches(text))
            {
                if (!tests.Any(file => Declares(file, named)))
                {
                    yield return new Finding(
                        document.Path,
                        index + 1,
                        $"names {named.Value.Trim('`')}, and there is no such test."
                    );
                }
            }
        }
    }

    /// <summary>The file of a test that stands in the row of a statement names the statement: in
    /// the name of a test, as <c>MQTT_3_1_0_1</c>, or as <c>MQTT-3.1.0-1</c>.</summary>
    public static IEnumerable<Finding> Statements(TextFile document, IReadOnlyList<TextFile> tests)
    {
        foreach (var (index, text) in document.Lines.Index())
        {
            if (StatementRow.Match(text) is not { Success: true } row)
            {
                continue;
            }

            var number = row.Groups["number"].Value;
            var inNames = "MQTT_" + number.Replace('.', '_').Replace('-', '_');
            var isNamed = tests
                .Where(file => NamedTest.Matches(text).Any(named => Declares(file, named)))
                .Any(file =>
                    file.Text.Contains($"MQTT-{number}", StringComparison.Ordinal)
                    || file.Text.Contains(inNames, StringComparison.Ordinal)
                );
            var needsNone = text.Contains("| not used", StringComparison.Ordinal);
            if (!isNamed && !needsNone && !text.Contains("| client's", StringComparison.Ordinal))
            {
                yield return new Finding(
                    document.Path,
                    index + 1,
                    $"has no test that names [MQTT-{number}]; name it in the test, or add one."
                );
            }
        }
    }

    public static IEnumerable<Finding> Decision(TextFile record, string index)
    {
        var name = Path.GetFileName(record.Path);
        var number = name.Split('-')[0];
        var faults = new List<string>();
        if (!DecisionName.IsMatch(name))
        {
            faults.Add("is not named like 0042-what-was-decided.md");
        }

        if (
            record.Lines.Count == 0
            || !record.Lines[0].StartsWith($"# {number}", StringComparison.Ordinal)
        )
        {
            faults.Add($"does not begin with '# {number}. What was decided'");
        }

        if (!record.Lines.Any(line => DecisionDate.IsMatch(line)))
        {
            faults.Add("has no line 'Date: 2026-11-25'");
        }

        if (!record.Lines.Any(line => DecisionStatus.IsMatch(line)))
        {
            faults.Add("has no line 'Status: proposed', 'accepted' or 'superseded by 0050'");
        }

        faults.AddRange(
            DecisionHeadings
                .Where(heading => !record.Lines.Contains(heading))
                .Select(heading => $"has no heading '{heading}'")
        );
        var words = record.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (words > DecisionWordsMax)
        {
            faults.Add($"has {words} words; a page has {DecisionWordsMax}");
        }

        if (!index.Contains($"]({name})", StringComparison.Ordinal))
        {
            faults.Add("is not in the table of docs/adr/README.md");
        }

        return faults.Select(fault => new Finding(record.Path, 0, fault));
    }

    public static IEnumerable<Finding> DecisionNumbers(IEnumerable<string> paths) =>
        from path in paths
        group path by Path.GetFileName(path).Split('-')[0] into same
        where same.Count() > 1
        from path in same.Order(StringComparer.Ordinal).Skip(1)
        select new Finding(path, 0, $"number {same.Key} is taken. Take the next free one.");

    /// <summary>A folder of a room is a feature, and its word is in the glossary's table.</summary>
    public static IEnumerable<Finding> FolderWords(IEnumerable<string> paths, string glossary) =>
        from path in paths
        let parts = path.Split('/')
        where parts is ["src", _, _, _, ..]
        where path.EndsWith(".cs", StringComparison.Ordinal)
        let word = parts[2]
        where word is not "Properties"
        where !glossary.Contains($"\n| `{word}` |", StringComparison.Ordinal)
        group path by (parts[1], word) into folder
        select new Finding(
            $"src/{folder.Key.Item1}/{folder.Key.word}",
            0,
            "is a folder without a word. Use one of docs/concepts/README.md, or add a new one to"
                + " its table of folders in the same commit."
        );

    public static IEnumerable<Finding> FolderDepth(string path)
    {
        var parts = path.Split('/');
        if (
            parts is ["src", ..]
            && path.EndsWith(".cs", StringComparison.Ordinal)
            && parts.Length > 5
        )
        {
            yield return new Finding(path, 0, "lies more than two folders deep in its room.");
        }
    }

    private static string Resolve(string from, string target)
    {
        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (var part in Uri.UnescapeDataString(target).Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not "." and not "")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>The lines outside fenced code, with code spans taken out.</summary>
    private static IEnumerable<(int Line, string Text)> Prose(TextFile document)
    {
        var isCode = false;
        foreach (var (index, line) in document.Lines.Index())
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (!isCode)
            {
                yield return (index + 1, CodeSpan.Replace(line, ""));
            }
        }
    }

    private static bool Declares(TextFile file, Match named) =>
        file.Text.Contains($"class {named.Groups["type"].Value}", StringComparison.Ordinal)
        && file.Text.Contains($" {named.Groups["test"].Value}(", StringComparison.Ordinal);

    /// <summary>Headings as GitHub turns them into anchors.</summary>
    private static HashSet<string> Anchors(string markdown)
    {
        var anchors = new HashSet<string>();
        foreach (var line in new TextFile("", markdown).Lines.Where(line => line.StartsWith('#')))
        {
            var anchor = new StringBuilder();
            foreach (var sign in line.TrimStart('#').Trim().ToLowerInvariant())
            {
                if (char.IsLetterOrDigit(sign) || sign is '-' or '_')
                {
                    anchor.Append(sign);
                }
                else if (sign == ' ')
                {
                    anchor.Append('-');
                }
            }

            anchors.Add(anchor.ToString());
        }

        return anchors;
    }

    private static readonly Regex Link = new(
        @"\]\(<?(?<target>[^)\s>]+)>?(\s+""[^""]*"")?\)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex StatementRow = new(
        @"^\| (?<number>\d+[.-]\d+\.\d+-\d+) \|",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex NamedTest = new(
        @"`(?<type>[A-Z]\w+)\.(?<test>[A-Z]\w*_\w+)`",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex CodeSpan = new(
        "`[^`]*`",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex DecisionName = new(
        @"^\d{4}(-[a-z0-9]+)+\.md$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex DecisionDate = new(
        @"^Date: \d{4}-\d{2}-\d{2}\b",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex DecisionStatus = new(
        @"\bStatus: (proposed|accepted|superseded by \d{4})\b",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );
}
