using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hearth.Tidy.Rules;

/// <summary>A warning may be switched off, but not without saying why.</summary>
internal static class Suppressions
{
    public static IEnumerable<Finding> Pragmas(SourceFile source) =>
        from trivia in source.Root.DescendantTrivia()
        where trivia.GetStructure() is PragmaWarningDirectiveTriviaSyntax
        let pragma = (PragmaWarningDirectiveTriviaSyntax)trivia.GetStructure()!
        where pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword)
        where !source.HasReason(SourceFile.LineOf(pragma.HashToken))
        select source.At(
            pragma.HashToken,
            "switches a warning off without a reason. Put it in a comment on the line or above."
        );

    public static IEnumerable<Finding> Attributes(SourceFile source) =>
        from attribute in source.All<AttributeSyntax>()
        where attribute.Name.ToString() is "SuppressMessage" or "UnconditionalSuppressMessage"
        where
            attribute.ArgumentList?.Arguments.Any(argument =>
                argument.NameEquals?.Name.Identifier.Text == "Justification"
            )
                is not true
        select source.At(attribute, "suppresses a message without Justification = \"…\".");

    public static IEnumerable<Finding> NoWarn(TextFile project)
    {
        for (var index = 0; index < project.Lines.Count; index++)
        {
            var line = project.Lines[index];
            var above = index == 0 ? "" : project.Lines[index - 1].TrimEnd();
            if (
                line.Contains("<NoWarn>", StringComparison.Ordinal)
                && !line.Contains("<!--", StringComparison.Ordinal)
                && !above.EndsWith("-->", StringComparison.Ordinal)
            )
            {
                yield return new Finding(
                    project.Path,
                    index + 1,
                    "switches warnings off without a reason. Put an XML comment right above."
                );
            }
        }
    }

    /// <summary>In .editorconfig every rule that is off stands below a comment, which may speak
    /// for a group.</summary>
    public static IEnumerable<Finding> Severities(TextFile editorConfig)
    {
        var hasReason = false;
        for (var index = 0; index < editorConfig.Lines.Count; index++)
        {
            var line = editorConfig.Lines[index].Trim();
            var isOff = line.EndsWith("severity = none", StringComparison.Ordinal);
            hasReason = line.StartsWith('#') || (hasReason && isOff);
            if (isOff && !hasReason)
            {
                yield return new Finding(
                    editorConfig.Path,
                    index + 1,
                    "switches a rule off without a reason. Put it in a comment above."
                );
            }
        }
    }
}
