using Hearth.Core.Events;
using Hearth.Storage.Sqlite.Search;
using Microsoft.Extensions.Logging;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// Retention: takes rows away whose class has had its time. It goes in small steps through the
/// writer's queue like everybody else, so that no commit ever waits for it for more than five
/// milliseconds, and never beyond the older kept snapshot, because what a home is made of is that
/// and the log behind it.
/// </summary>
internal sealed partial class Thinning : IAsyncDisposable
{
    private const int StepRowsMin = 16;
    private const int StepRowsMax = 4_096;
    private static readonly TimeSpan StepIsLong = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan StepIsShort = TimeSpan.FromMilliseconds(1.5);

    private readonly LogWriter _writer;
    private readonly Readers _readers;
    private readonly RetentionTimes _times;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly SearchSweep _sweep;
    private int _stepRows = 256;

    public Thinning(
        LogWriter writer,
        Readers readers,
        SqliteLogOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        (_writer, _readers, _times) = (writer, readers, options.Retention);
        (_time, _logger) = (time, logger);
        _sweep = new SearchSweep(writer, readers);
        _timer = time.CreateTimer(
            _ => _ = RunWhenDueAsync(),
            state: null,
            options.ThinEvery,
            options.ThinEvery
        );
    }

    /// <summary>Takes away whatever has had its time by now.</summary>
    /// <exception cref="LogUnavailableException">The log does not take commits now; what was taken
    /// so far is gone, and the rest is taken the next time.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var home in await HomesAsync(cancellationToken))
            {
                foreach (var retention in Enum.GetValues<RetentionClass>())
                {
                    if (_times.Of(retention) is { } kept)
                    {
                        var before = _time.GetUtcNow() - kept;
                        await ThinAsync(home, retention, before, cancellationToken);
                    }
                }

                await _sweep.RunAsync(home, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _timer.DisposeAsync();
        await _turn.WaitAsync(CancellationToken.None);
        _turn.Dispose();
        _stopping.Dispose();
    }

    private async Task RunWhenDueAsync()
    {
        if (_turn.CurrentCount == 0)
        {
            return;
        }

        try
        {
            await RunAsync(_stopping.Token);
        }
        catch (Exception fault)
            when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The log is being closed.
        }
        catch (Exception fault)
        {
            // It is tried again when it is due again; until then the log is only longer.
            Log.Failed(_logger, fault);
        }
    }

    private async Task ThinAsync(
        HomeId home,
        RetentionClass retention,
        DateTimeOffset before,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = new ThinStep(home, retention, before, _stepRows, _time);
            await _writer.QueueAsync(step);
            var isLast = await step.Done;
            if (step.Took > StepIsLong)
            {
                _stepRows = Math.Max(_stepRows / 2, StepRowsMin);
            }
            else if (step.Took < StepIsShort)
            {
                _stepRows = Math.Min(_stepRows * 2, StepRowsMax);
            }

            if (isLast)
            {
                return;
            }
        }
    }

    private Task<List<HomeId>> HomesAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync(
            database =>
            {
                var statement = database["SELECT home FROM homes ORDER BY no"];
                var homes = new List<HomeId>();
                while (statement.Step())
                {
                    homes.Add(new HomeId(statement.Text(0)));
                }

                return homes;
            },
            cancellationToken
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Retention could not take rows away now; it is tried again."
        )]
        public static partial void Failed(ILogger logger, Exception fault);
    }
}

/// <summary>One step of retention; answers whether there is nothing left to take.</summary>
internal sealed class ThinStep(
    HomeId home,
    RetentionClass retention,
    DateTimeOffset before,
    int rows,
    TimeProvider time
) : AwaitedWork<bool>(home)
{
    private bool _isLast;

    /// <summary>How long it kept the writer.</summary>
    public TimeSpan Took { get; private set; }

    public override void Write(LogTables tables)
    {
        var started = time.GetTimestamp();
        _isLast = tables.Thinning(Home).Step(retention, before, rows);
        Took = time.GetElapsedTime(started);
    }

    protected override bool Result() => _isLast;
}

/// <summary>What retention does to the tables of one home.</summary>
internal readonly struct ThinningTables(Database database, long home)
{
    /// <summary>Looks at the next rows and takes those of the class; answers false when there may
    /// be more.</summary>
    public bool Step(RetentionClass retention, DateTimeOffset before, int rowsMax)
    {
        var from = UpTo(retention);
        var (upTo, isLast) = Reach(from, LogKey.Ticks(before), rowsMax);
        if (upTo == from)
        {
            return true;
        }

        database[
            """
            UPDATE homes SET thinned = MAX(thinned, (
                SELECT IFNULL(MAX(key) - ?1, 0) FROM log
                WHERE key > ?2 AND key <= ?3 AND class = ?4))
            WHERE no = ?5
            """
        ]
            .Bind(1, LogKey.Of(home, 0))
            .Bind(2, LogKey.Of(home, from))
            .Bind(3, LogKey.Of(home, upTo))
            .Bind(4, (long)retention)
            .Bind(5, home)
            .Run();
        database["DELETE FROM log WHERE key > ?1 AND key <= ?2 AND class = ?3"]
            .Bind(1, LogKey.Of(home, from))
            .Bind(2, LogKey.Of(home, upTo))
            .Bind(3, (long)retention)
            .Run();
        database["INSERT OR REPLACE INTO thinning (home, class, up_to) VALUES (?1, ?2, ?3)"]
            .Bind(1, home)
            .Bind(2, (long)retention)
            .Bind(3, upTo)
            .Run();
        return isLast;
    }

    private long UpTo(RetentionClass retention)
    {
        var statement = database["SELECT up_to FROM thinning WHERE home = ?1 AND class = ?2"]
            .Bind(1, home)
            .Bind(2, (long)retention);
        if (!statement.Step())
        {
            return 0;
        }

        var upTo = statement.Long(0);
        statement.Reset();
        return upTo;
    }

    /// <summary>The last sequence of those rows, in order, whose time is over; their times lie at
    /// the front of each row, so none of the events is read.</summary>
    private (long UpTo, bool IsLast) Reach(long from, long before, int rowsMax)
    {
        var statement = database[
            """
            SELECT key, time FROM log
            WHERE key > ?1
                AND key <= (SELECT ?2 + MIN(sequence) FROM snapshots WHERE home = ?3)
            ORDER BY key LIMIT ?4
            """
        ]
            .Bind(1, LogKey.Of(home, from))
            .Bind(2, LogKey.Of(home, 0))
            .Bind(3, home)
            .Bind(4, rowsMax);
        var (upTo, rows) = (from, 0);
        while (statement.Step())
        {
            if (statement.Long(1) >= before)
            {
                statement.Reset();
                return (upTo, true);
            }

            upTo = LogKey.SequenceOf(statement.Long(0));
            rows++;
        }

        return (upTo, rows < rowsMax);
    }
}
