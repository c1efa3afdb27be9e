using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hearth.Storage.Sqlite;

/// <summary>The data directory cannot be used; the message is a sentence for the person who
/// started the hub, and says what to change.</summary>
public sealed class DataDirectoryException(string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>True for what may be over later by itself: the directory is there, and cannot be
    /// written now.</summary>
    public bool MayPass { get; init; }
}

/// <summary>
/// The directory with everything that a hub must not lose, held by one process at a time. What it
/// makes is for its owner only: payloads say when people are at home.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int NoSpaceOnUnix = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

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
            try
            {
                directory.CreateDatabaseFile();
                directory.RemoveSharedMemory();
                return directory;
            }
            catch
            {
                directory.Dispose();
                throw;
            }
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
            throw Unusable(full, exception);
        }
    }

    /// <summary>What kept the directory from being used, as a sentence.</summary>
    public static DataDirectoryException Unusable(string path, Exception exception) =>
        new($"The data directory {path} cannot be used: {exception.Message}", exception)
        {
            MayPass = Directory.Exists(path) ? IsOfTheDisk(exception) : IsFull(exception),
        };

    /// <summary>A message without where the directory lies: what is told to whoever asks over the
    /// network is what is wrong, not how the machine is laid out.</summary>
    public static string WithoutPlace(string message, string path) =>
        message
            .Replace(path + System.IO.Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
            .Replace(" " + path, "", StringComparison.Ordinal)
            .Replace(path, "the data directory", StringComparison.Ordinal);

    /// <summary>True for what a disk says that takes nothing, not for damage or a lock.</summary>
    public static bool IsOfTheDisk(Exception? exception) =>
        exception switch
        {
            IOException or UnauthorizedAccessException => true,
            SqliteException sqlite => sqlite.SqliteErrorCode
                is raw.SQLITE_READONLY
                    or raw.SQLITE_IOERR
                    or raw.SQLITE_CANTOPEN
                    or raw.SQLITE_FULL,
            _ => false,
        };

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

    /// <summary>A mapped index that an earlier version left behind when it was killed must not be
    /// used. SQLite makes it anew, in memory, from the write-ahead log.</summary>
    private void RemoveSharedMemory()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(DatabaseFile + "-shm");
        }
    }

    private static bool IsFull(Exception exception) =>
        exception.HResult is NoSpaceOnUnix or NoSpaceOnWindows;

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
