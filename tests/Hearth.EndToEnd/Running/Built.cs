namespace Hearth.EndToEnd.Running;

/// <summary>
/// What was built together with these tests: the same configuration, found from where the tests
/// themselves lie (artifacts/bin/PROJECT/CONFIGURATION).
/// </summary>
internal static class Built
{
    public static string Hub => Assembly("Hearth.Hub", "hearth");

    public static string LightBulb => Assembly("LightBulb");

    public static string EnergyTracker => Assembly("EnergyTracker");

    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    private static string Assembly(string project, string? name = null)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name);
        var wanted = name is null ? [project, project.ToLowerInvariant()] : new[] { name };
        return wanted
                .Select(item => Path.Combine(folder, item + ".dll"))
                .FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"{project} is not built: there is no {wanted[0]}.dll in {folder}."
            );
    }

    private static string FindRoot()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hearth.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("These tests do not lie inside the repository.");
    }
}
