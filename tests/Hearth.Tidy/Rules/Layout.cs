using System.Text.RegularExpressions;

namespace Hearth.Tidy.Rules;

/// <summary>
/// A repository that a newcomer can take in at a glance, and that builds anywhere.
/// </summary>
internal static class Layout
{
    public const int RootEntriesMax = 20;
    public const int EditorConfigLinesMax = 60;

    public static IEnumerable<Finding> RootEntries(IEnumerable<string> paths)
    {
        var entries = paths.Select(path => path.Split('/')[0]).Distinct().ToList();
        if (entries.Count > RootEntriesMax)
        {
            yield return new Finding(
                ".",
                0,
                $"{entries.Count} entries in the root, {RootEntriesMax} at most. Documents belong"
                    + $" to docs, settings to .config: {string.Join(' ', entries)}"
            );
        }
    }

    public static IEnumerable<Finding> EditorConfig(TextFile file)
    {
        if (file.Lines.Count > EditorConfigLinesMax)
        {
            yield return new Finding(
                file.Path,
                0,
                $"{file.Lines.Count} lines, {EditorConfigLinesMax} at most. Follow the defaults."
            );
        }
    }

    public static IEnumerable<Finding> LockFiles(IReadOnlyCollection<string> paths) =>
        from path in paths
        where path.EndsWith(".csproj", StringComparison.Ordinal)
        let expected = path[..(path.LastIndexOf('/') + 1)] + "packages.lock.json"
        where !paths.Contains(expected)
        select new Finding(path, 0, "has no packages.lock.json. Run dotnet restore and commit it.");

    public static IEnumerable<Finding> Solution(IEnumerable<string> paths, string solution) =>
        from path in paths
        where path.EndsWith(".csproj", StringComparison.Ordinal)
        where !solution.Contains($"\"{path}\"", StringComparison.Ordinal)
        select new Finding(path, 0, "is not in Hearth.slnx, so nobody builds it. Add it there.");

    /// <summary>A path of somebody's machine is true on no other.</summary>
    public static IEnumerable<Finding> MachinePaths(TextFile file) =>
        from item in file.Lines.Index()
        where MachinePath.IsMatch(item.Item)
        select new Finding(
            file.Path,
            item.Index + 1,
            "names a path of one machine. Write it relative to the repository or to a temporary"
                + " folder."
        );

    // A topic or a route may have the same words inside, so the path must stand at a beginning.
    private static readonly Regex MachinePath = new(
        @"(^|[^\w.~}*+#/-])/(work|home|root|Users)/\w",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );
}
