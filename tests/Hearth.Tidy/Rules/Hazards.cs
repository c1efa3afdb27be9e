using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hearth.Tidy.Rules;

/// <summary>Code that hides a failure, waits blindly or is not finished.</summary>
internal static class Hazards
{
    public static IEnumerable<Finding> AsyncVoid(SourceFile source)
    {
        var methods = source
            .All<MethodDeclarationSyntax>()
            .Select(method => (method.Modifiers, method.ReturnType, method.Identifier));
        var functions = source
            .All<LocalFunctionStatementSyntax>()
            .Select(function => (function.Modifiers, function.ReturnType, function.Identifier));
        return from method in methods.Concat(functions)
            where method.Modifiers.Any(SyntaxKind.AsyncKeyword)
            where method.ReturnType is PredefinedTypeSyntax { Keyword.Text: "void" }
            select source.At(
                method.Identifier,
                $"{method.Identifier.Text} is async void: nobody sees it fail. Return Task."
            );
    }

    /// <summary>A catch that swallows: empty without a reason, or of everything without rethrow.
    /// </summary>
    public static IEnumerable<Finding> SilentCatch(SourceFile source)
    {
        foreach (var caught in source.All<CatchClauseSyntax>())
        {
            var rethrows = caught.Block.Statements.LastOrDefault() is ThrowStatementSyntax;
            if (caught.Declaration is null && caught.Filter is null && !rethrows)
            {
                yield return source.At(
                    caught,
                    "catches everything without a name. Catch what can be handled here; let the"
                        + " rest reach the one place that owns the recovery."
                );
            }
            else if (caught.Block.Statements.Count == 0 && !HasComment(caught.Block))
            {
                yield return source.At(
                    caught,
                    "swallows an exception. Handle it, or say in a comment inside the braces why"
                        + " there is nothing to do."
                );
            }
        }
    }

    public static IEnumerable<Finding> Unfinished(TextFile file) =>
        from item in file.Lines.Index()
        where UnfinishedWord.IsMatch(item.Item)
        select new Finding(
            file.Path,
            item.Index + 1,
            "is not finished. Finish it, or leave it out and open an issue."
        );

    /// <summary>
    /// Only the composition root takes the machine's clock, and once. The SDK has none, because it
    /// is composed in other people's programs: there the device defaults to it.
    /// </summary>
    public static IEnumerable<Finding> SystemClock(SourceFile source)
    {
        var uses = source
            .All<MemberAccessExpressionSyntax>()
            .Where(access =>
                access.Name.Identifier.Text == "System"
                && access.Expression.ToString() is "TimeProvider" or "System.TimeProvider"
            );
        var composes =
            source.Path.EndsWith("/Program.cs", StringComparison.Ordinal)
            || source.Path == "src/Hearth.Sdk/HearthDevice.cs";
        return uses.Skip(composes ? 1 : 0)
            .Select(access =>
                source.At(
                    access,
                    "takes the machine's clock. Take a TimeProvider in the constructor; only"
                        + " Program.cs names TimeProvider.System, and once."
                )
            );
    }

    /// <summary>A test that sleeps is slow when it passes and flaky when it matters.</summary>
    public static IEnumerable<Finding> Sleeps(SourceFile source) =>
        from call in source.All<InvocationExpressionSyntax>()
        let name = call.Expression.ToString()
        where
            name.EndsWith("Thread.Sleep", StringComparison.Ordinal)
            || name.EndsWith("Task.Delay", StringComparison.Ordinal)
        let line = SourceFile.LineOf(call.GetFirstToken())
        where !source.HasReason(line)
        select source.At(
            call,
            "sleeps. Wait for a condition with a deadline that prints what was seen, or use fake"
                + " time; where time itself is what is tested, say so in a comment above."
        );

    private static bool HasComment(BlockSyntax block) =>
        block.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia));

    // The words are in parts so that this file does not find itself.
    private static readonly Regex UnfinishedWord = new(
        @"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|NotImplemented" + @"Exception)\b",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );
}
