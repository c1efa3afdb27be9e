using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// A prepared statement that is used again and again: bind, run. It speaks to SQLite directly,
/// because the provider's command objects look every parameter up by name, box its value and open
/// a reader for each execution.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const uint PreparePersistent = 1;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _handle;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        var result = raw.sqlite3_prepare_v3(_database, sql, PreparePersistent, out _handle);
        if (result != raw.SQLITE_OK)
        {
            throw Error(result);
        }
    }

    public void Dispose() => _handle.Dispose();

    public Statement Bind(int index, long value) =>
        Bound(raw.sqlite3_bind_int64(_handle, index, value));

    public Statement Bind(int index, long? value) =>
        value is { } number ? Bind(index, number) : BindNull(index);

    public Statement Bind(int index, bool value) => Bind(index, value ? 1L : 0L);

    public Statement Bind(int index, string? text)
    {
        if (text is null)
        {
            return BindNull(index);
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var room = most <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(most);
        var bound = BindText(index, room[..Encoding.UTF8.GetBytes(text, room)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return bound;
    }

    /// <summary>Binds text that is UTF-8 already.</summary>
    public Statement BindText(int index, ReadOnlySpan<byte> utf8) =>
        // An empty span has no address, and SQLite takes no address for null.
        utf8.IsEmpty
            ? Bound(raw.sqlite3_bind_text(_handle, index, string.Empty))
            : Bound(raw.sqlite3_bind_text(_handle, index, utf8));

    public Statement BindBlob(int index, ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty
            ? Bound(raw.sqlite3_bind_zeroblob(_handle, index, 0))
            : Bound(raw.sqlite3_bind_blob(_handle, index, bytes));

    public Statement BindNull(int index) => Bound(raw.sqlite3_bind_null(_handle, index));

    /// <summary>Runs a statement that answers no rows, and makes it ready for the next time.
    /// </summary>
    public void Run()
    {
        if (Step())
        {
            Reset();
        }
    }

    /// <summary>Runs a statement that changes rows; answers how many.</summary>
    public int Change()
    {
        Run();
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Goes on to the next row. At the end the statement is ready for the next time.
    /// </summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_handle);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        var error = result == raw.SQLITE_DONE ? null : Error(result);
        Reset();
        return error is null ? false : throw error;
    }

    /// <summary>Makes the statement ready for the next time before its last row was read.</summary>
    public void Reset() => raw.sqlite3_reset(_handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_handle, column);

    public long? OptionalLong(int column) => IsNull(column) ? null : Long(column);

    public bool Flag(int column) => Long(column) != 0;

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    /// <summary>A text's or blob's bytes; they are gone with the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_handle, column);

    private Statement Bound(int result) => result == raw.SQLITE_OK ? this : throw Error(result);

    private SqliteException Error(int result) =>
        new(
            raw.sqlite3_errmsg(_database).utf8_to_string(),
            result & 0xff,
            raw.sqlite3_extended_errcode(_database)
        );
}
