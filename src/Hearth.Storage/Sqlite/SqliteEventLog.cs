using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite.Search;
using Hearth.Storage.Sqlite.Subscriptions;
using Hearth.Storage.Sqlite.Truths;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// The log of every home in one SQLite database, with the current truths beside it. What it
/// answers as written is on the disk; what it reads was verified.
/// </summary>
public sealed partial class SqliteEventLog : IEventLog, ICurrentTruths, ILogSearch
{
    private readonly Lock _opening = new();
    private readonly SqliteLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private OpenFiles? _files;
    private DataDirectoryException? _fault;
    private bool _isDisposed;

    private SqliteEventLog(SqliteLogOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        Subscriptions = new SubscriptionStore(() => Writer, () => Readers);
    }

    /// <summary>What belongs to subscriptions, in the same database.</summary>
    public ISubscriptionStore Subscriptions { get; }

    /// <summary>What it has done since it was opened; cheap.</summary>
    public LogStatistics Statistics => _files?.Writer.Statistics ?? default;

    private LogWriter Writer => Files.Writer;

    private Readers Readers => Files.Readers;

    private OpenFiles Files => _files ?? throw Unavailable();

    /// <summary>Takes a data directory and brings its database up to date. A directory that cannot
    /// be written now is no reason to fail: whoever opens a home tries again, and until it can be
    /// written everything else is refused.</summary>
    /// <exception cref="DataDirectoryException">Another hub has it, a newer one wrote it, or it
    /// can never be used; the message is for whoever started the hub.</exception>
    public static Task<SqliteEventLog> OpenAsync(
        SqliteLogOptions options,
        TimeProvider time,
        ILoggerFactory? loggers,
        CancellationToken cancellationToken
    )
    {
        var logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Hearth.Storage");
        var log = new SqliteEventLog(options, time, logger);
        return Task.Run(
            () =>
            {
                try
                {
                    log.Open();
                }
                catch (DataDirectoryException exception) when (exception.MayPass)
                {
                    Log.Waits(logger, exception.Message.Trim().TrimEnd('.'));
                }

                return log;
            },
            cancellationToken
        );
    }

    public async Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken)
    {
        if (_files is null)
        {
            await Task.Run(TryOpenFiles, cancellationToken);
        }

        var work = new OpenHome(home, Files.Marks, Files.Published);
        await Writer.QueueAsync(work);
        var opened = await work.Done.WaitAsync(cancellationToken);
        var (snapshots, newest) = await Readers.ReadAsync(
            database =>
            {
                var reader = new LogReader(database, home);
                return (reader.Snapshots(opened.Last), reader.NewestTime());
            },
            cancellationToken
        );
        Files.CatchUp.Begin(home);
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
        Readers.ReadAsync(
            database =>
                new LogReader(database, home).Read(after, rowsMax, bytesMax, cancellationToken),
            cancellationToken
        );

    public Task<Sequence> ThinnedAsync(HomeId home, CancellationToken cancellationToken) =>
        Readers.ReadAsync(database => new LogReader(database, home).Thinned(), cancellationToken);

    /// <summary>Takes away what has had its time by now, without waiting until it is due.</summary>
    internal Task ThinAsync(CancellationToken cancellationToken) =>
        Files.Thinning.RunAsync(cancellationToken);

    public async Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var sound = await Readers.ReadAsync(
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

    public Task<IReadOnlyList<Sequence?>> FindPublishedAsync(
        HomeId home,
        IReadOnlyList<PublishedId> ids,
        CancellationToken cancellationToken
    )
    {
        var lookup = new PublishedLookup(ids, Files.Published.Of(home));
        return lookup.AllAreNew
            ? Task.FromResult<IReadOnlyList<Sequence?>>(lookup.Found)
            : ReadTruthsAsync(
                home,
                reader => lookup.Read(reader, PublishedKey.DayOf(_time.GetUtcNow())),
                lookup.Found,
                cancellationToken
            );
    }

    public Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(CancellationToken cancellationToken) =>
        Readers.ReadAsync<IReadOnlyList<HomeWakeup>>(
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

    public Task<DeviceRecord?> DeviceAsync(
        HomeId home,
        DeviceId device,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.Device(device), null, cancellationToken);

    public Task<IReadOnlyList<EntityRecord>> EntitiesAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.Entities(), [], cancellationToken);

    public Task<IReadOnlyList<EntityRecord>> EntitiesOfAsync(
        HomeId home,
        DeviceId device,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.EntitiesOf(device), [], cancellationToken);

    public Task<EntityRecord?> EntityAsync(
        HomeId home,
        EntityId entity,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.Entity(entity), null, cancellationToken);

    public Task<IReadOnlyList<RefusedAnnouncementRecord>> RefusedAnnouncementsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.RefusedAnnouncements(), [], cancellationToken);

    public Task<IReadOnlyList<AreaSaved>> AreasAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => ReadTruthsAsync(home, reader => reader.Areas(), [], cancellationToken);

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
        Readers.ReadAsync(
            home,
            (database, number) => new SessionTables(database, number).All(),
            [],
            cancellationToken
        );

    public Task<IReadOnlyList<WillRecord>> WillsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) =>
        Readers.ReadAsync(
            home,
            (database, number) => new WillTable(database, number).All(),
            [],
            cancellationToken
        );

    public Task<FoundRows> SearchAsync(
        HomeId home,
        LogSearch search,
        CancellationToken cancellationToken
    ) =>
        Readers.ReadAsync(
            database =>
            {
                if (new LogReader(database, home).Head() is not { } head)
                {
                    return new FoundRows([], search.After, IsOver: true);
                }

                var reader = new SearchReader(database, home, head, search, cancellationToken);
                return search.NewestFirst ? reader.Backwards() : reader.Forwards();
            },
            cancellationToken
        );

    /// <summary>Completes when the search index has come to the end of the home's log.</summary>
    internal Task SearchIsWholeAsync(HomeId home) => Files.CatchUp.CaughtUpAsync(home);

    /// <summary>Takes the search index's lines of rows away that are gone, however few.</summary>
    internal Task SweepSearchAsync(HomeId home, CancellationToken cancellationToken) =>
        new SearchSweep(Writer, Readers).GoThroughAsync(home, cancellationToken);

    /// <summary>Makes the search index of a home anew, from the log.</summary>
    public Task RebuildSearchAsync(HomeId home, CancellationToken cancellationToken) =>
        Files.CatchUp.RebuildAsync(home, cancellationToken);

    public Task SaveSessionsAsync(
        HomeId home,
        SessionChanges changes,
        CancellationToken cancellationToken
    ) => QueueAsync(new SaveSessions(home, changes)).WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Whoever registers it under both of its interfaces has it disposed twice.
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        OpenFiles? files;
        lock (_opening)
        {
            files = _files;
        }

        if (files is not null)
        {
            await files.DisposeAsync();
        }
    }

    private void Open()
    {
        lock (_opening)
        {
            if (_files is not null || _isDisposed)
            {
                return;
            }

            try
            {
                _files = OpenFiles.Open(_options, _time, _logger);
                _fault = null;
            }
            catch (DataDirectoryException exception)
            {
                _fault = exception;
                throw;
            }
        }
    }

    /// <exception cref="LogUnavailableException">The directory still cannot be used.</exception>
    private void TryOpenFiles()
    {
        try
        {
            Open();
        }
        catch (DataDirectoryException)
        {
            throw Unavailable();
        }
    }

    private LogUnavailableException Unavailable() =>
        _fault is null
            ? new("The log is closed.")
            : new(
                DataDirectory.WithoutPlace(_fault.Message, Path.GetFullPath(_options.Directory)),
                _fault
            );

    private async Task QueueAsync(AwaitedWork<bool> work)
    {
        await Writer.QueueAsync(work);
        await work.Done;
    }

    private Task<T> ReadTruthsAsync<T>(
        HomeId home,
        Func<TruthReader, T> read,
        T absent,
        CancellationToken cancellationToken
    ) =>
        Readers.ReadAsync(
            home,
            (database, number) => read(new TruthReader(database, number)),
            absent,
            cancellationToken
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "{Reason}. Nothing is taken until it can be written; it is tried again."
        )]
        public static partial void Waits(ILogger logger, string reason);

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
