namespace Hearth.EndToEnd.Guides;

/// <summary>What a reader of a guide does or sees next.</summary>
/// <param name="Line">Where it stands in the page.</param>
internal abstract record Step(int Line)
{
    /// <summary>A command; with a terminal of its own it runs on there.</summary>
    internal sealed record Command(int Line, string? Terminal, string Text) : Step(Line);

    /// <summary>What is printed: by the command before it, or next in a terminal.</summary>
    internal sealed record Output(int Line, string? Terminal, IReadOnlyList<string> Lines)
        : Step(Line);

    /// <summary>A program that is to be saved.</summary>
    internal sealed record File(int Line, string Name, string Text) : Step(Line);

    /// <summary>Ctrl+C in the terminal that was used last.</summary>
    internal sealed record Stop(int Line) : Step(Line);
}

/// <summary>
/// A page of <c>docs/guides</c> as steps. The words behind the three backticks say what a block is:
/// <c>sh</c> is run to its end, <c>sh NAME</c> in a terminal that stays open, <c>text</c> and
/// <c>text NAME</c> are what is printed there, and any other language has the name of a file behind
/// it. "Ctrl+C" in the prose means just that.
/// </summary>
internal static class GuidePage
{
    private const string Fence = "```";

    public static IReadOnlyList<Step> Read(string markdown)
    {
        List<Step> steps = [];
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            if (!lines[at].StartsWith(Fence, StringComparison.Ordinal))
            {
                if (lines[at].Contains("Ctrl+C", StringComparison.Ordinal))
                {
                    steps.Add(new Step.Stop(at + 1));
                }

                continue;
            }

            var end = Array.IndexOf(lines, Fence, at + 1);
            Assert.True(end > at, $"The block of line {at + 1} has no end.");
            steps.Add(Block(at + 1, lines[at][Fence.Length..], lines[(at + 1)..end]));
            at = end;
        }

        return steps;
    }

    private static Step Block(int line, string words, string[] content)
    {
        var (language, _, name) = (
            words.Split(' ')[0],
            "",
            string.Join(' ', words.Split(' ')[1..])
        );
        var terminal = name.Length == 0 ? null : name;
        var text = string.Join('\n', content);
        return language switch
        {
            "sh" => new Step.Command(line, terminal, text),
            "text" => new Step.Output(line, terminal, content),
            _ when terminal is not null => new Step.File(line, terminal, text + "\n"),
            _ => throw new FormatException(
                $"Line {line}: say what this block is: ```sh, ```text, or ```{language} FILE."
            ),
        };
    }
}
