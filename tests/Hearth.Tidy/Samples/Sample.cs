namespace Hearth.Tidy.Samples;

/// <summary>Made-up files that break a rule, or nearly do.</summary>
internal static class Sample
{
    public static SourceFile Code(string text, string path = "src/Hearth.Homes/Sample.cs") =>
        new(path, text);

    public static TextFile Text(string text, string path = "docs/sample.md") => new(path, text);

    public static string Lines(int count, string line = "//") =>
        string.Concat(Enumerable.Repeat(line + "\n", count));

    /// <summary>Exactly one finding, at this line, whose message holds this word.</summary>
    public static void Breaks(IEnumerable<Finding> findings, int line, string word)
    {
        var finding = Assert.Single(findings);
        Assert.Equal(line, finding.Line);
        Assert.Contains(word, finding.Message, StringComparison.Ordinal);
    }
}
