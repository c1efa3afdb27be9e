using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hearth.Tidy.Rules;

/// <summary>How long files, methods and lines may be.</summary>
internal static class Limits
{
    public const int CoreFileLinesMax = 400;
    public const int FileLinesMax = 500;
    public const int MethodLinesMax = 60;
    public const int ProgramLinesMax = 80;
    public const int ColumnsMax = 100;

    private const string HandLaidOut = "// csharpier-ignore";

    public static IEnumerable<Finding> Files(SourceFile source)
    {
        var linesMax = source.Path switch
        {
            _ when source.Path.EndsWith("/Program.cs", StringComparison.Ordinal) => ProgramLinesMax,
            _ when source.Path.StartsWith("src/Hearth.Core/", StringComparison.Ordinal) =>
                CoreFileLinesMax,
            _ => FileLinesMax,
        };
        var count = source.File.Lines.Count;
        if (count > linesMax)
        {
            yield return new Finding(
                source.Path,
                0,
                $"{count} lines, {linesMax} at most. Split it by concept, never by partial"
                    + " numbering; a Program.cs is a table of contents, its chapters are elsewhere."
            );
        }
    }

    /// <summary>
    /// From the signature to the end, without attributes, documentation and the data between raw
    /// quotes.
    /// </summary>
    public static IEnumerable<Finding> Methods(SourceFile source)
    {
        var data = LinesOfRawText(source);
        return from node in source.Root.DescendantNodes()
            where
                node
                    is BaseMethodDeclarationSyntax
                        or AccessorDeclarationSyntax
                        or LocalFunctionStatementSyntax
            let first = FirstTokenAfterAttributes(node)
            let begin = SourceFile.LineOf(first)
            let end = SourceFile.LastLineOf(node)
            let lines = end - begin + 1 - data.Count(line => line >= begin && line <= end)
            where lines > MethodLinesMax
            select source.At(
                first,
                $"a method of {lines} lines, {MethodLinesMax} at most. Name its parts."
            );
    }

    /// <summary>
    /// Text between raw quotes is data, an address cannot be broken, and a table whose columns
    /// are laid out by hand (csharpier-ignore) reads best in one line a row. So does a sample of a
    /// test that is one string alone on its line.
    /// </summary>
    public static IEnumerable<Finding> Columns(SourceFile source)
    {
        var data = LinesOfRawText(source);
        data.UnionWith(LinesOfTables(source));
        data.UnionWith(LinesOfSamples(source));
        for (var index = 0; index < source.File.Lines.Count; index++)
        {
            var line = source.File.Lines[index];
            if (
                line.Length > ColumnsMax
                && !data.Contains(index + 1)
                && !line.Contains("://", StringComparison.Ordinal)
            )
            {
                yield return new Finding(
                    source.Path,
                    index + 1,
                    $"{line.Length} columns, {ColumnsMax} at most. Break the text into parts;"
                        + " the formatter breaks code, but no string and no comment."
                );
            }
        }
    }

    private static SyntaxToken FirstTokenAfterAttributes(SyntaxNode node)
    {
        var attributes = node switch
        {
            MemberDeclarationSyntax member => member.AttributeLists,
            AccessorDeclarationSyntax accessor => accessor.AttributeLists,
            LocalFunctionStatementSyntax function => function.AttributeLists,
            _ => default,
        };
        return attributes.Count == 0
            ? node.GetFirstToken()
            : attributes[^1].GetLastToken().GetNextToken();
    }

    private static IEnumerable<int> LinesOfSamples(SourceFile source) =>
        from token in source.Root.DescendantTokens()
        where source.Path.StartsWith("tests/", StringComparison.Ordinal)
        where token.IsKind(SyntaxKind.StringLiteralToken)
        let line = SourceFile.LineOf(token)
        where source.File.Lines[line - 1].Trim().TrimEnd(',', ';', ')') == token.Text
        select line;

    private static HashSet<int> LinesOfTables(SourceFile source)
    {
        var lines = new HashSet<int>();
        foreach (var node in source.Root.DescendantNodes())
        {
            var isTable = node.GetLeadingTrivia()
                .Any(trivia => trivia.ToString().StartsWith(HandLaidOut, StringComparison.Ordinal));
            if (isTable)
            {
                var first = SourceFile.LineOf(node.GetFirstToken());
                lines.UnionWith(Enumerable.Range(first, SourceFile.LastLineOf(node) + 1 - first));
            }
        }

        return lines;
    }

    private static HashSet<int> LinesOfRawText(SourceFile source)
    {
        var lines = new HashSet<int>();
        foreach (var token in source.Root.DescendantTokens())
        {
            if (
                token.Kind()
                is SyntaxKind.MultiLineRawStringLiteralToken
                    or SyntaxKind.Utf8MultiLineRawStringLiteralToken
                    or SyntaxKind.InterpolatedStringTextToken
            )
            {
                var span = token.GetLocation().GetLineSpan();
                // An interpolated text of one line is a string like any other.
                if (span.EndLinePosition.Line > span.StartLinePosition.Line)
                {
                    var first = span.StartLinePosition.Line + 1;
                    lines.UnionWith(Enumerable.Range(first, span.EndLinePosition.Line + 2 - first));
                }
            }
        }

        return lines;
    }
}
