using System.Diagnostics;

namespace Hearth.Tidy;

/// <summary>
/// The files of the repository as git knows them, with those that are new and not ignored, so that
/// a rule speaks up before the commit.
/// </summary>
internal sealed class Repository
{
    private static readonly string[] NeverOurs =
    [
        ".git",
        "artifacts",
        "bin",
        "obj",
        "data",
        "node_modules",
    ];

    private Repository(string root, IReadOnlyList<string> paths)
    {
        Root = root;
        Paths = paths;
    }

    public static Repository Current { get; } = Open(AppContext.BaseDirectory);

    public string Root { get; }

    /// <summary>Relative to the root, with forward slashes, in ordinal order.</summary>
    public IReadOnlyList<string> Paths { get; }

    public bool Has(string path) => File.Exists(Path.Combine(Root, path));

    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public IEnumerable<TextFile> Files(params string[] endings) =>
        Paths
            .Where(path => endings.Any(end => path.EndsWith(end, StringComparison.Ordinal)))
            .Select(path => new TextFile(path, Read(path)));

    /// <summary>The C# files that people write.</summary>
    public IEnumerable<SourceFile> Sources() =>
        Paths
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => new SourceFile(path, Read(path)));

    private static Repository Open(string from)
    {
        var folder = new DirectoryInfo(from);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Hearth.slnx")))
        {
            folder = folder.Parent;
        }

        var root =
            folder?.FullName
            ?? throw new InvalidOperationException($"Hearth.slnx is in no folder above {from}.");
        var paths = (FromGit(root) ?? FromDisk(root))
            .Where(path => File.Exists(Path.Combine(root, path)))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return new Repository(root, paths);
    }

    private static string[]? FromGit(string root)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0
                ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Without git, and in an unpacked archive, the disk has to do.
            return null;
        }
    }

    private static IEnumerable<string> FromDisk(string root) =>
        Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(NeverOurs).Any());
}
