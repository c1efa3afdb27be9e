using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hearth.Storage.Sqlite;

/// <summary>One connection with the statements prepared on it; used by one thread at a time.
/// </summary>
internal sealed class Database : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = [];

    private Database(SqliteConnection connection) => _connection = connection;

    /// <summary>The connection that writes; there is one.</summary>
    public static Database OpenWriter(string file, Action<SqliteConnection>? connected)
    {
        var database = Open(file);
        try
        {
            database.Execute("PRAGMA journal_mode = WAL");
            // FULL: a commit is on the disk when it returns, not only safe from a crash of ours.
            database.Execute("PRAGMA synchronous = FULL");
            // The writer carries the write-ahead log over itself, after it has answered.
            database.Execute("PRAGMA wal_autocheckpoint = 0");
            database.Execute("PRAGMA journal_size_limit = 67108864");
            // What a savepoint may have to undo stays in memory.
            database.Execute("PRAGMA temp_store = MEMORY");
            database.Execute("PRAGMA cache_size = -32768");
            connected?.Invoke(database._connection);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static Database OpenReader(string file)
    {
        var database = Open(file);
        try
        {
            database.Execute("PRAGMA query_only = ON");
            // Damage should be found where it is, not as a strange row later.
            database.Execute("PRAGMA cell_size_check = ON");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Connects as the one process that may: the index of the write-ahead log is then in
    /// this process's memory and not in a mapped file, whose pages end the process when the disk
    /// cannot take them. All connections are made alike, because the first one decides.</summary>
    public static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = OperatingSystem.IsWindows()
                    ? file
                    : $"{new Uri(file).AbsoluteUri}?vfs=unix-excl",
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        raw.sqlite3_busy_timeout(connection.Handle, 2000);
        return connection;
    }

    /// <summary>The statement for a text of SQL, prepared when it is first asked for.</summary>
    public Statement this[string sql] =>
        _statements.TryGetValue(sql, out var statement)
            ? statement
            : _statements[sql] = new Statement(_connection, sql);

    /// <summary>Runs something that is needed once.</summary>
    public void Execute(string sql)
    {
        using var statement = new Statement(_connection, sql);
        while (statement.Step()) { }
    }

    /// <summary>How many pages commits have written since this was asked last.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(
            _connection.Handle,
            raw.SQLITE_DBSTATUS_CACHE_WRITE,
            out var pages,
            out _,
            resetFlg: 1
        );
        return pages;
    }

    public void Dispose()
    {
        // A statement that is left open would keep the file open, too.
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private static Database Open(string file) => new(Connect(file));
}
