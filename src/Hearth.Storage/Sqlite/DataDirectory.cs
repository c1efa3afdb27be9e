namespace Hearth.Storage.Sqlite;

/// <summary>The data directory cannot be used; the message is a sentence for the person who
/// started the hub, and says what to change.</summary>
public sealed class DataDirectoryException(string message, Exception? inner = null)
    : Exception(message, inner);

/// <summary>
/// The directory with everything that a hub must not lose, held by one process at a time. What it
/// makes is for its owner only: payloads say when people are at home.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string DatabaseFile => System.IO.Path.Combine(Path, "hearth.db");

    public string MarkFile => System.IO.Path.Combine(Path, "hearth.mark");

    /// <exception cref="DataDirectoryException">It cannot be made or written, or another hub holds
    /// it.</exception>
    public static DataDirectory Claim(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (!Directory.Exists(full))
            {
                CreateDirectory(full);
            }

            var file = System.IO.Path.Combine(full, "hearth.lock");
            // Sharing nothing takes an advisory lock that ends with the process, however it ends.
            var directory = new DataDirectory(full, OpenOwnerOnly(file, FileShare.None));
            directory.CreateDatabaseFile();
            return directory;
        }
        catch (IOException exception) when (IsHeldByAnother(full))
        {
            throw new DataDirectoryException(
                $"The data directory {full} is in use by another hub. Stop that one, or start this "
                    + "one with a directory of its own.",
                exception
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException(
                $"The data directory {full} cannot be used: {exception.Message}",
                exception
            );
        }
    }

    public static FileStream OpenOwnerOnly(string file, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, options);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>SQLite takes an empty file for an empty database, and gives its companions the
    /// same permissions.</summary>
    private void CreateDatabaseFile()
    {
        if (!File.Exists(DatabaseFile))
        {
            OpenOwnerOnly(DatabaseFile, FileShare.ReadWrite).Dispose();
        }
    }

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What the lock file says when it is there and cannot be read: .NET reports a lock
    /// that is held and a disk that fails with the same exception.</summary>
    private static bool IsHeldByAnother(string path)
    {
        var file = System.IO.Path.Combine(path, "hearth.lock");
        if (!File.Exists(file))
        {
            return false;
        }

        try
        {
            new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
