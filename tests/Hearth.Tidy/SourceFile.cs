using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Hearth.Tidy;

/// <summary>A C# file with its syntax tree.</summary>
internal sealed class SourceFile
{
    public SourceFile(string path, string text)
    {
        File = new TextFile(path, text);
        var stop = TestContext.Current.CancellationToken;
        Root = CSharpSyntaxTree.ParseText(text, cancellationToken: stop).GetRoot(stop);
    }

    public TextFile File { get; }

    public string Path => File.Path;

    public SyntaxNode Root { get; }

    public IEnumerable<T> All<T>()
        where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    public Finding At(SyntaxNode node, string message) => At(node.GetFirstToken(), message);

    public Finding At(SyntaxToken token, string message) => new(Path, LineOf(token), message);

    public static int LineOf(SyntaxToken token) =>
        token.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    public static int LastLineOf(SyntaxNode node) =>
        node.GetLastToken().GetLocation().GetLineSpan().EndLinePosition.Line + 1;

    /// <summary>
    /// True where a comment on this line or alone on the line above gives a reason.
    /// </summary>
    public bool HasReason(int line) =>
        File.Lines[line - 1].Contains("// ", StringComparison.Ordinal)
        || (
            line > 1 && File.Lines[line - 2].TrimStart().StartsWith("// ", StringComparison.Ordinal)
        );
}
