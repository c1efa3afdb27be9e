using Hearth.Core.Events;
using Hearth.Storage.Sqlite.Truths;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// The log of every home in one SQLite database, with the current truths beside it. What it
/// answers as written is on the disk; what it reads was verified.
/// </summary>
public sealed partial class SqliteEventLog : IEventLog, ICurrentTruths
{
    private readonly DataDirectory _directory;
    private readonly Mark _mark;
    private readonly Marks _marks;
    private readonly LogWriter _writer;
    private readonly Readers _readers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _isDisposed;

    private SqliteEventLog(
        DataDirectory directory,
        SqliteLogOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        _directory = directory;
        _time = time;
        _logger = logger;
        _mark = Mark.Open(directory.MarkFile);
        _marks = new Marks(_mark, time, options.MarkEvery);
        _writer = new LogWriter(directory, options, _marks, time, logger);
        _readers = new Readers(directory.DatabaseFile, options.ReadersMax);
    }

    /// <summary>What it has done since it was opened; cheap.</summary>
    public LogStatistics Statistics => _writer.Statistics;

    /// <summary>Takes a data directory and brings its database up to date.</summary>
    /// <exception cref="DataDirectoryException">Another hub has it, a newer one wrote it, or it
    /// cannot be used; the message is for whoever started the hub.</exception>
    public static Task<SqliteEventLog> OpenAsync(
        SqliteLogOptions options,
        TimeProvider time,
        ILoggerFactory? loggers,
        CancellationToken cancellationToken
    ) =>
        Task.Run(
            () => Open(options, time, loggers ?? NullLoggerFactory.Instance),
            cancellationToken
        );

    public async Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken)
    {
        var work = new OpenHome(home, _marks);
        await _writer.QueueAsync(work);
        var opened = await work.Done.WaitAsync(cancellationToken);
        var (snapshots, newest) = await _readers.ReadAsync(
            database =>
            {
                var reader = new LogReader(database, home);
                return (reader.Snapshots(opened.Last), reader.NewestTime());
            },
            cancellationToken
        );
        foreach (var (snapshot, _) in snapshots.Where(item => !item.IsVerified))
        {
            Log.SnapshotDamaged(_logger, home.Value, snapshot.Sequence.Value);
        }

        if (opened.LostUpTo is { } lost)
        {
            Log.EventsLost(_logger, home.Value, opened.Last.Value, lost.Value);
        }

        return opened with
        {
            Snapshots = [.. snapshots.Where(item => item.IsVerified).Select(item => item.Snapshot)],
            LastAlive = opened.LastAlive > newest || newest is null ? opened.LastAlive : newest,
        };
    }

    public Task AppendAsync(HomeCommit commit)
    {
        var expected = commit.ExpectedLast.Next;
        foreach (var row in commit.Rows)
        {
            if (row.First != expected || row.Home != commit.Home)
            {
                throw new ArgumentException(
                    $"A row {row.First.Value}–{row.Last.Value} of home {row.Home} does not follow "
                        + $"{expected.Value - 1} of home {commit.Home}.",
                    nameof(commit)
                );
            }

            expected = row.Last.Next;
            // The body is made here, on the home's thread, before others see the row.
            _ = row.Body;
        }

        return QueueAsync(new Append(commit));
    }

    public Task<IReadOnlyList<Row>> ReadAsync(
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    ) =>
        _readers.ReadAsync(
            database =>
                new LogReader(database, home).Read(after, rowsMax, bytesMax, cancellationToken),
            cancellationToken
        );

    public async Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var sound = await _readers.ReadAsync(
            database =>
                new LogReader(database, home)
                    .Snapshots(snapshot.Sequence)
                    .Where(item => item.IsVerified)
                    .Select(item => (Sequence?)item.Snapshot.Sequence)
                    .ToList(),
            cancellationToken
        );
        // The same sequence is the same state: a sound one that is there is not written again.
        var parts = sound.Contains(snapshot.Sequence) ? 0 : SnapshotTables.PartsOf(snapshot);
        for (var part = 0; part < parts; part++)
        {
            await QueueAsync(new SaveSnapshotPart(home, owner, snapshot, part))
                .WaitAsync(cancellationToken);
        }

        var keep = sound.FirstOrDefault(sequence => sequence < snapshot.Sequence);
        await QueueAsync(new SaveSnapshot(home, owner, snapshot, keep))
            .WaitAsync(cancellationToken);
    }

    public Task<Sequence?> FindPublishedAsync(
        HomeId home,
        PublishedId id,
        CancellationToken cancellationToken
    )
    {
        var today = PublishedKey.DayOf(_time.GetUtcNow());
        return ReadTruthsAsync(
            home,
            reader => reader.Published(id, today),
            null,
            cancellationToken
        );
    }

    public Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<HomeWakeup>>(
            database =>
            {
                var statement = database[
                    "SELECT home, wakeup FROM homes WHERE wakeup IS NOT NULL ORDER BY wakeup, home"
                ];
                var wakeups = new List<HomeWakeup>();
                while (statement.Step())
                {
                    var home = new HomeId(statement.Text(0));
                    wakeups.Add(new HomeWakeup(home, LogKey.Time(statement.Long(1))));
                }

                return wakeups;
            },
            cancellationToken
        );

    public Task<IReadOnlyList<DeviceRecord>> DevicesAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.Devices(), [], cancellationToken);

    public Task<IReadOnlyList<EntityRecord>> EntitiesAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.Entities(), [], cancellationToken);

    public Task<IReadOnlyList<AutomationRecord>> AutomationsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.Automations(), [], cancellationToken);

    public Task<IReadOnlyList<RetainedRecord>> RetainedAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.Retained(), [], cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) =>
        _readers.ReadAsync<IReadOnlyList<SessionRecord>>(
            database =>
                new LogReader(database, home).Number() is { } number
                    ? new SessionTables(database, number).All()
                    : [],
            cancellationToken
        );

    public Task SaveSessionsAsync(
        HomeId home,
        IReadOnlyList<SessionRecord> saved,
        IReadOnlyList<string> removed,
        IReadOnlyList<ReceivedPacket> released,
        CancellationToken cancellationToken
    ) => QueueAsync(new SaveSessions(home, saved, removed, released)).WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Whoever registers it under both of its interfaces has it disposed twice.
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
        _mark.Dispose();
        _directory.Dispose();
    }

    private static SqliteEventLog Open(
        SqliteLogOptions options,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        var directory = DataDirectory.Claim(options.Directory);
        try
        {
            Schema.BringUpToDate(directory.DatabaseFile);
            var logger = loggers.CreateLogger("Hearth.Storage");
            return new SqliteEventLog(directory, options, time, logger);
        }
        catch (Exception exception)
        {
            directory.Dispose();
            throw exception is SqliteException or IOException
                ? new DataDirectoryException(
                    $"The data directory {directory.Path} cannot be used: {exception.Message}",
                    exception
                )
                : exception;
        }
    }

    private async Task QueueAsync(AwaitedWork<bool> work)
    {
        await _writer.QueueAsync(work);
        await work.Done;
    }

    private Task<T> ReadTruthsAsync<T>(
        HomeId home,
        Func<TruthReader, T> read,
        T absent,
        CancellationToken cancellationToken
    ) =>
        _readers.ReadAsync(
            database =>
                new LogReader(database, home).Number() is { } number
                    ? read(new TruthReader(database, number))
                    : absent,
            cancellationToken
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "The log of home {Home} ends at {Last}, but it had come to {Lost} before: the events "
                + "between are lost. The write-ahead log or the disk was damaged."
        )]
        public static partial void EventsLost(ILogger logger, string home, long last, long lost);

        [LoggerMessage(
            LogLevel.Error,
            "The snapshot of home {Home} at {Sequence} is damaged; an older one or the log is used."
        )]
        public static partial void SnapshotDamaged(ILogger logger, string home, long sequence);
    }
}
