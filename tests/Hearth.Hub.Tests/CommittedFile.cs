namespace Hearth.Hub.Tests;

/// <summary>
/// Files in the repository that are written from the code. They are committed so that a review
/// sees what changes; <c>HEARTH_WRITE_DOCS=1 dotnet run --project tests/Hearth.Hub.Tests</c>
/// writes them anew.
/// </summary>
internal static class CommittedFile
{
    private const string WriteVariable = "HEARTH_WRITE_DOCS";

    public static void AssertEqual(string path, string written)
    {
        var file = Path.Combine(Root(), path);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(file, written);
        }

        var committed = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(
            committed == written,
            $"{path} differs from what the code says. If the change is meant, write it anew:\n"
                + $"{WriteVariable}=1 dotnet run --project tests/Hearth.Hub.Tests\n"
                + FirstDifference(committed, written)
        );
    }

    private static string FirstDifference(string committed, string written)
    {
        var (old, now) = (committed.Split('\n'), written.Split('\n'));
        var line = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}, committed: {old.ElementAtOrDefault(line)}\n"
            + $"line {line + 1}, now:       {now.ElementAtOrDefault(line)}";
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Hearth.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
