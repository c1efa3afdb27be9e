using System.Runtime.InteropServices;

namespace Hearth.EndToEnd.Running;

/// <summary>The signals of the system, by the numbers that Linux gives them.</summary>
internal static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Suspend = 19;

    /// <param name="process">Its id; negative for all of the group that it leads.</param>
    /// <param name="signal">One of the numbers above.</param>
    /// <returns>Whether it reached anybody.</returns>
    public static bool Send(int process, int signal) => KillProcess(process, signal) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int KillProcess(int process, int signal);
}
