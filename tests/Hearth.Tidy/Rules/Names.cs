using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hearth.Tidy.Rules;

/// <summary>Names that say what a thing is, and none that only say that it is a thing.</summary>
internal static class Names
{
    private static readonly string[] BannedEndings =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Utility",
        "Utilities",
        "Common",
        "Base",
        "Impl",
        "Info",
        "Data",
        "Service",
    ];

    private static readonly string[] BannedFolders =
    [
        "Common",
        "Shared",
        "Abstractions",
        "Contracts",
        "Helpers",
        "Utils",
        "Services",
        "Models",
        "Misc",
    ];

    /// <summary>Types that may end so, each with its reason.</summary>
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["EventData"] = "data is CloudEvents' own word for what an event says",
    };

    public static IEnumerable<Finding> Types(SourceFile source)
    {
        var names = source
            .All<BaseTypeDeclarationSyntax>()
            .Select(type => type.Identifier)
            .Concat(source.All<DelegateDeclarationSyntax>().Select(type => type.Identifier));
        foreach (var name in names)
        {
            var ending = BannedEndings.FirstOrDefault(end =>
                name.Text.EndsWith(end, StringComparison.Ordinal)
            );
            if (ending is not null && !Allowed.ContainsKey(name.Text))
            {
                yield return source.At(
                    name,
                    $"{name.Text} ends with '{ending}', which says nothing. Name it after what it"
                        + " keeps true, with a word of docs/concepts; where it is the best word"
                        + " after all, add it with its reason to Allowed in Rules/Names.cs."
                );
            }
        }
    }

    public static IEnumerable<Finding> Folders(string path) =>
        path.Split('/')[..^1]
            .SelectMany(folder => folder.Split('.'))
            .Where(BannedFolders.Contains)
            .Select(word => new Finding(
                path,
                0,
                $"'{word}' gathers what has no place. A folder is a feature: put the type beside"
                    + " those who use it."
            ));

    public static IEnumerable<Finding> Spaces(string path)
    {
        if (path.Any(char.IsWhiteSpace))
        {
            yield return new Finding(path, 0, "has a space in its name. Use a hyphen.");
        }
    }
}
