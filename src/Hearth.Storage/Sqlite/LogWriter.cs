using System.Threading.Channels;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite.Search;
using Hearth.Storage.Sqlite.Truths;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// The one who writes: a thread of its own, because a commit waits for the disk. It takes
/// everything that is queued into one transaction, each home behind a savepoint, and answers after
/// the disk did. After a failure nothing of the transaction is there, its connection is thrown
/// away, and the next one begins with a new connection.
/// </summary>
internal sealed partial class LogWriter : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly SqliteLogOptions _options;
    private readonly Marks _marks;
    private readonly PublishedFilters _published;
    private readonly SearchIndex _search = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Work> _queue;
    private readonly ITimer _signOfLife;
    private readonly TaskCompletionSource _ended = new();
    private readonly List<Work> _batch = [];
    private readonly List<Work> _units = [];
    private readonly Dictionary<HomeId, Append> _joinable = [];
    private readonly List<(Work Work, Exception Reason)> _undone = [];
    private LogTables? _tables;
    private long _pagesInWal;
    private bool _markFailed;
    private long _commits;
    private long _rows;
    private long _failures;
    private long _checkpoints;
    private long _lastCommitTicks;

    public LogWriter(
        DataDirectory directory,
        SqliteLogOptions options,
        Marks marks,
        PublishedFilters published,
        TimeProvider time,
        ILogger logger
    )
    {
        _directory = directory;
        _options = options;
        _marks = marks;
        _published = published;
        _time = time;
        _logger = logger;
        // Full: whoever comes waits, in order. The thread that adds the first piece wakes the
        // writer itself; a hop over the pool would cost as much as the commit.
        _queue = Channel.CreateBounded<Work>(
            new BoundedChannelOptions(options.QueueMax)
            {
                FullMode = BoundedChannelFullMode.Wait,
                SingleReader = true,
                AllowSynchronousContinuations = true,
            }
        );
        _tables = Connect();
        try
        {
            _marks.Write();
        }
        catch
        {
            _tables.Dispose();
            throw;
        }

        new Thread(Run) { IsBackground = true, Name = "hearth-log" }.Start();
        _signOfLife = time.CreateTimer(
            _ => _queue.Writer.TryWrite(new SignOfLife()),
            state: null,
            options.SignOfLifeEvery,
            options.SignOfLifeEvery
        );
    }

    /// <summary>Called after the first commit behind a failure: what was gathered for the search
    /// index is gone, and the log is to be read for it.</summary>
    public Action? SearchLost { get; set; }

    public LogStatistics Statistics =>
        new(
            Interlocked.Read(ref _commits),
            Interlocked.Read(ref _rows),
            Interlocked.Read(ref _failures),
            Interlocked.Read(ref _checkpoints),
            _queue.Reader.Count,
            TimeSpan.FromTicks(Interlocked.Read(ref _lastCommitTicks))
        );

    /// <summary>Queues work in the order of the calls, before it returns; the task ends when the
    /// queue has taken it.</summary>
    /// <exception cref="LogUnavailableException">The log is closed.</exception>
    public ValueTask QueueAsync(Work work)
    {
        if (_queue.Writer.TryWrite(work))
        {
            return ValueTask.CompletedTask;
        }

        return WaitForRoomAsync(_queue.Writer.WriteAsync(work));
    }

    /// <summary>Writes what is queued, carries everything over into the database, closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _signOfLife.DisposeAsync();
        _queue.Writer.TryComplete();
        await _ended.Task;
        try
        {
            _tables?.Checkpoint("TRUNCATE");
        }
        catch (SqliteException exception)
        {
            // Everything is in the write-ahead log, and the next start carries it over.
            Log.CheckpointFailed(_logger, exception);
        }

        _tables?.Dispose();
    }

    private static async ValueTask WaitForRoomAsync(ValueTask written)
    {
        try
        {
            await written;
        }
        catch (ChannelClosedException exception)
        {
            throw new LogUnavailableException("The log is closed.", exception);
        }
    }

    private void Run()
    {
        var reader = _queue.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_batch.Count < _options.QueueMax && reader.TryRead(out var work))
            {
                _batch.Add(work);
            }

            Write();
        }

        WriteMark();
        _ended.SetResult();
    }

    private void Write()
    {
        var started = _time.GetTimestamp();
        try
        {
            Join();
            if (_units.Count == 0 ? _search.IsDueWithTime() : _search.IsDue)
            {
                _search.BeginRun();
            }

            if (_units.Count > 0 || _search.IsWriting)
            {
                Commit();
                Interlocked.Increment(ref _commits);
            }
        }
#pragma warning disable CA1031 // The loop's top: whatever it was, it reaches everyone who waits.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            FailAll(exception);
            return;
        }

        Interlocked.Exchange(ref _lastCommitTicks, _time.GetElapsedTime(started).Ticks);
        Answer();
        Checkpoint();
    }

    /// <summary>Puts together what follows each other in one home; the order within a home stays.
    /// </summary>
    private void Join()
    {
        foreach (var work in _batch)
        {
            if (work is SignOfLife)
            {
                continue;
            }

            if (_joinable.TryGetValue(work.Home, out var before) && before.TryJoin(work))
            {
                continue;
            }

            _units.Add(work);
            if (work is Append append)
            {
                _joinable[work.Home] = append;
            }
            else
            {
                _joinable.Remove(work.Home);
            }
        }
    }

    private void Commit()
    {
        var tables = _tables ??= Connect();
        tables.Begin();
        foreach (var unit in _units)
        {
            tables.Savepoint();
            try
            {
                unit.Write(tables);
                tables.Release();
            }
            catch (Exception exception) when (ConcernsItAlone(exception))
            {
                tables.UndoToSavepoint();
                _undone.Add((unit, exception));
            }
        }

        tables.WriteSearch();
        tables.Commit();
    }

    /// <summary>Tells everyone what became of their work, now that it is durable.</summary>
    private void Answer()
    {
        foreach (var (unit, reason) in _undone)
        {
            _units.Remove(unit);
            unit.Fail(
                reason is LogFencedException
                    ? reason
                    : new LogUnavailableException(
                        $"What home {unit.Home} decided cannot be written: {reason.Message}",
                        reason
                    )
            );
        }

        foreach (var unit in _units)
        {
            if (unit is Append append)
            {
                _marks.Committed(append.Number, append.Home, append.Last);
                Interlocked.Add(ref _rows, append.Rows);
                _search.Committed(append.Number, append.Last);
            }

            unit.Complete();
        }

        if (_search.IsLost && _units.Count > 0)
        {
            _search.IsLost = false;
            SearchLost?.Invoke();
        }

        var isSignOfLife = _batch.Count > 0 && _units.Count == 0 && _undone.Count == 0;
        Clear();
        WriteMark(onlyWhenDue: !isSignOfLife);
    }

    private void FailAll(Exception exception)
    {
        Interlocked.Increment(ref _failures);
        Log.CommitFailed(_logger, exception, _batch.Count);
        var reason = new LogUnavailableException(
            DataDirectory.WithoutPlace(
                $"The log cannot be written: {exception.Message}",
                _directory.Path
            ),
            exception
        );
        // The connection may still be in the transaction, or in no state to be used again. Closing
        // it undoes what was written.
        _tables?.Dispose();
        _tables = null;
        _search.ForgetAll();
        foreach (var work in _batch)
        {
            work.Fail(reason);
        }

        Clear();
    }

    private void Clear()
    {
        _batch.Clear();
        _units.Clear();
        _joinable.Clear();
        _undone.Clear();
    }

    /// <summary>Carries the write-ahead log over when it has become long; after the answers, so
    /// that nobody waits for it.</summary>
    private void Checkpoint()
    {
        if (_tables is null)
        {
            return;
        }

        _pagesInWal += _tables.TakePagesWritten();
        if (_pagesInWal < _options.CheckpointPages)
        {
            return;
        }

        // Whatever comes of it, the next attempt has time until as much was written again.
        _pagesInWal = 0;
        try
        {
            _tables.Checkpoint("PASSIVE");
            Interlocked.Increment(ref _checkpoints);
        }
        catch (SqliteException exception)
        {
            Log.CheckpointFailed(_logger, exception);
        }
    }

    private void WriteMark(bool onlyWhenDue = false)
    {
        try
        {
            if (onlyWhenDue)
            {
                _marks.WriteWhenDue();
            }
            else
            {
                _marks.Write();
            }

            _markFailed = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The mark only ever says too little: what is due is written with the next one.
            if (!_markFailed)
            {
                Log.MarkFailed(_logger, exception);
            }

            _markFailed = true;
        }
    }

    private LogTables Connect()
    {
        var database = Database.OpenWriter(_directory.DatabaseFile, _options.WriterConnected);
        _pagesInWal = 0;
        return new LogTables(database, _published, _search);
    }

    /// <summary>True for what one piece of work brought upon itself: a fence, or something in it
    /// that cannot be written. Whatever the disk or the database say concerns everyone.</summary>
    private static bool ConcernsItAlone(Exception exception) =>
        exception is not SqliteException sqlite
        || sqlite.SqliteErrorCode
            is raw.SQLITE_CONSTRAINT
                or raw.SQLITE_TOOBIG
                or raw.SQLITE_MISMATCH
                or raw.SQLITE_RANGE;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "A commit of {Count} pieces of work failed; nothing of it is in the log."
        )]
        public static partial void CommitFailed(ILogger logger, Exception exception, int count);

        [LoggerMessage(
            LogLevel.Warning,
            "The write-ahead log could not be carried over into the database; until it can, it"
                + " grows."
        )]
        public static partial void CheckpointFailed(ILogger logger, Exception exception);

        [LoggerMessage(
            LogLevel.Warning,
            "The mark beside the database could not be written; it is tried again."
        )]
        public static partial void MarkFailed(ILogger logger, Exception exception);
    }
}
