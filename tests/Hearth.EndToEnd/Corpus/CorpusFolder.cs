using System.Text.Json;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Corpus;

/// <summary>
/// What real devices publish, and what must come of it. It lies beside the repository, in
/// shared/corpus of a folder above, or where HEARTH_CORPUS says; its README says how it is read.
/// </summary>
internal static class CorpusFolder
{
    public const string Absent =
        "There is no corpus: set HEARTH_CORPUS, or put shared/corpus beside the repository.";

    /// <summary>Null where there is none.</summary>
    public static string? Path { get; } = Find();

    public static IEnumerable<string> Sources =>
        Directory
            .EnumerateFiles(Path!, "*.jsonl")
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    public static IEnumerable<JsonElement> Cases(string source) =>
        File.ReadLines(System.IO.Path.Combine(Path!, source + ".jsonl"))
            .Where(line => line.Length > 0)
            .Select(line => JsonElement.Parse(line));

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("HEARTH_CORPUS") is { Length: > 0 } named)
        {
            return named;
        }

        for (
            var folder = new DirectoryInfo(Built.Root).Parent;
            folder is not null;
            folder = folder.Parent
        )
        {
            var path = System.IO.Path.Combine(folder.FullName, "shared", "corpus");
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
