using System.Collections.Concurrent;
using Hearth.Core.Events;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// Connections that only read, a bounded number of them, kept for the next one who reads. In
/// write-ahead mode they neither wait for the writer nor does it wait for them.
/// </summary>
internal sealed class Readers(string file, int max) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(max, max);
    private readonly ConcurrentBag<Database> _idle = [];

    /// <summary>Reads in one transaction, off the caller's thread: SQLite works synchronously, and
    /// the caller is a home's only thread.</summary>
    /// <exception cref="LogDamagedException">The database is not what was written.</exception>
    /// <exception cref="LogUnavailableException">It cannot be read now.</exception>
    public async Task<T> ReadAsync<T>(Func<Database, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>The same of one home, by its number.</summary>
    /// <param name="absent">The answer where there is no such home.</param>
    public Task<T> ReadAsync<T>(
        HomeId home,
        Func<Database, long, T> read,
        T absent,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            database =>
                new LogReader(database, home).Number() is { } number
                    ? read(database, number)
                    : absent,
            cancellationToken
        );

    /// <summary>Waits for the reads that are under way, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var count = 0; count < max; count++)
        {
            await _free.WaitAsync();
        }

        foreach (var database in _idle)
        {
            database.Dispose();
        }

        _free.Dispose();
    }

    private T Read<T>(Func<Database, T> read)
    {
        Database? database = null;
        try
        {
            database = _idle.TryTake(out var idle) ? idle : Database.OpenReader(file);
            database["BEGIN"].Run();
            var result = read(database);
            database["COMMIT"].Run();
            _idle.Add(database);
            return result;
        }
        catch (SqliteException exception)
        {
            database?.Dispose();
            throw IsDamage(exception)
                ? new LogDamagedException($"The database is damaged: {exception.Message}")
                : new LogUnavailableException(
                    $"The database cannot be read: {exception.Message}",
                    exception
                );
        }
        catch
        {
            // A statement stands in the middle of its rows: the connection is not used again.
            database?.Dispose();
            throw;
        }
    }

    private static bool IsDamage(SqliteException exception) =>
        exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;
}
