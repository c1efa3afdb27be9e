using System.Diagnostics;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Disk;

/// <summary>A disk of a few megabytes of its own (tmpfs), that can be filled and protected.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Filler = "filler";

    private readonly TemporaryFolder _folder = new();

    private SmallDisk() { }

    public string Path => _folder.Path;

    /// <summary>The hub's folder on it.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    /// <summary>A disk, or why there can be none.</summary>
    public static async Task<(SmallDisk? Disk, string Why)> MountAsync(int mebibytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return (null, "Mounting a small disk needs Linux and root.");
        }

        var disk = new SmallDisk();
        var fault = await Command.RunAsync(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            $"size={mebibytes}m",
            "hearth-e2e",
            disk.Path
        );
        if (fault is null)
        {
            return (disk, "");
        }

        disk._folder.Dispose();
        return (null, $"A small disk could not be mounted: {fault}");
    }

    /// <summary>Leaves so many bytes free.</summary>
    public void Fill(long leaving)
    {
        using var file = new FileStream(
            System.IO.Path.Combine(Path, Filler),
            FileMode.Append,
            FileAccess.Write
        );
        var block = new byte[4_096];
        while (new DriveInfo(Path).AvailableFreeSpace > leaving)
        {
            file.Write(block);
            file.Flush();
        }
    }

    /// <summary>Nothing may be open on it for writing.</summary>
    public async Task ProtectAsync(bool isReadOnly) =>
        Assert.Null(
            await Command.RunAsync("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", Path)
        );

    public void MakeRoom() => File.Delete(System.IO.Path.Combine(Path, Filler));

    public void Dispose()
    {
        using var unmounting = Process.Start("umount", ["--lazy", Path]);
        unmounting.WaitForExit();
        _folder.Dispose();
    }
}
