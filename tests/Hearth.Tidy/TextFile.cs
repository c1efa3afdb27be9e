namespace Hearth.Tidy;

internal sealed record TextFile(string Path, string Text)
{
    /// <summary>The file's lines; a last newline does not begin another one.</summary>
    public IReadOnlyList<string> Lines { get; } = Split(Text);

    private static string[] Split(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
