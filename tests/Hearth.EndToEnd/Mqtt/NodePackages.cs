using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Mqtt;

/// <summary>The packages of Node.js that tests use, installed once from the committed lock file.
/// </summary>
internal static class NodePackages
{
    private static readonly SemaphoreSlim Installing = new(1, 1);

    /// <summary>Where <c>package.json</c> is, and <c>node_modules</c> once they are installed.
    /// </summary>
    public static string Folder { get; } =
        Path.Combine(Built.Root, "tests", "Hearth.EndToEnd", "Mqtt");

    public static async Task InstallAsync()
    {
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", "mqtt")))
            {
                await Tool.RunAsync("npm", Folder, "ci", "--ignore-scripts", "--no-audit");
            }
        }
        finally
        {
            Installing.Release();
        }
    }
}
