using System.Diagnostics;

namespace Hearth.EndToEnd.Disk;

/// <summary>A command of the system.</summary>
internal static class Command
{
    /// <summary>Null when it did what it was asked, else what it said.</summary>
    public static async Task<string?> RunAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(
            TestContext.Current.CancellationToken
        );
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? null : $"{command}: {error.Trim()}";
    }
}
