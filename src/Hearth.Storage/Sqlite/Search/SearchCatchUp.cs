using System.Runtime.InteropServices;
using Hearth.Core.Events;
using Microsoft.Extensions.Logging;

namespace Hearth.Storage.Sqlite.Search;

/// <summary>
/// Brings the index of a home to the end of its log: after a start, after a failure, and when it
/// is to be made anew. Reads where nobody waits for it, and writes a piece with each commit, until
/// the writer can follow by itself.
/// </summary>
internal sealed partial class SearchCatchUp(LogWriter writer, Readers readers, ILogger logger)
    : IAsyncDisposable
{
    private const int RowsAtOnce = 2_000;
    private const int BytesAtOnce = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<HomeId, Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Begins for a home that was opened; one at a time.</summary>
    public void Begin(HomeId home)
    {
        lock (_lock)
        {
            var isRunning = _running.TryGetValue(home, out var before) && !before.IsCompleted;
            if (!isRunning && !_stopping.IsCancellationRequested)
            {
                _running[home] = Task.Run(() => RunAsync(home), CancellationToken.None);
            }
        }
    }

    /// <summary>Begins for every home that was opened here.</summary>
    public void BeginAll()
    {
        foreach (var home in Homes())
        {
            Begin(home);
        }
    }

    /// <summary>Completes when the writer follows the home; at once where it does.</summary>
    public Task CaughtUpAsync(HomeId home)
    {
        lock (_lock)
        {
            return _running.GetValueOrDefault(home, Task.CompletedTask);
        }
    }

    /// <summary>Makes the index of a home anew; it is searched without one meanwhile.</summary>
    public async Task RebuildAsync(HomeId home, CancellationToken cancellationToken)
    {
        await CaughtUpAsync(home);
        var isLeft = true;
        while (isLeft)
        {
            var clear = new ClearSearch(home);
            await writer.QueueAsync(clear);
            isLeft = await clear.Done.WaitAsync(cancellationToken);
        }

        Begin(home);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(Homes().Select(CaughtUpAsync));
        _stopping.Dispose();
    }

    private IReadOnlyList<HomeId> Homes()
    {
        lock (_lock)
        {
            return [.. _running.Keys];
        }
    }

    private async Task RunAsync(HomeId home)
    {
        try
        {
            while (!await FollowAsync(home))
            {
                var piece = await readers.ReadAsync(
                    database => Next(database, home, _stopping.Token),
                    _stopping.Token
                );
                await writer.QueueAsync(piece);
                await piece.Done;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next start goes on from the watermark.
        }
        catch (Exception fault) when (fault is LogUnavailableException or LogDamagedException)
        {
            // Searches read the log instead; the next opening tries again.
            Log.Stopped(logger, fault, home.Value);
        }
    }

    /// <summary>Hands the home over to the writer, where nothing is left to catch up with.
    /// </summary>
    private async Task<bool> FollowAsync(HomeId home)
    {
        _stopping.Token.ThrowIfCancellationRequested();
        var follow = new FollowSearch(home);
        await writer.QueueAsync(follow);
        return await follow.Done;
    }

    private static IndexRows Next(
        Database database,
        HomeId home,
        CancellationToken cancellationToken
    )
    {
        var log = new LogReader(database, home);
        var head = log.Head()!;
        var rows = log.Read(head.Searchable, RowsAtOnce, BytesAtOnce, cancellationToken);
        var entries = new List<SearchEntry>(4 * rows.Count);
        var lines = new SearchLines(head.Number);
        foreach (var row in rows)
        {
            lines.Add(row, entries);
        }

        CollectionsMarshal.AsSpan(entries).Sort(SearchEntry.InOrder);
        var upTo = rows.Count == 0 ? head.Last : rows[^1].Last;
        return new IndexRows(home, upTo, entries);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The search index of home {Home} cannot be brought up to date now; searches read the"
                + " log instead."
        )]
        public static partial void Stopped(ILogger logger, Exception exception, string home);
    }
}

/// <summary>Lines of rows that were read again, and the watermark behind them.</summary>
internal sealed class IndexRows(HomeId home, Sequence upTo, IReadOnlyList<SearchEntry> entries)
    : AwaitedWork<bool>(home)
{
    public override void Write(LogTables tables) => tables.Index(Home, upTo, entries);

    protected override bool Result() => true;
}

/// <summary>From here on the writer follows the home, if its index is whole.</summary>
internal sealed class FollowSearch(HomeId home) : AwaitedWork<bool>(home)
{
    private bool _isFollowed;

    public override void Write(LogTables tables) => _isFollowed = tables.FollowSearch(Home);

    protected override bool Result() => _isFollowed;
}

/// <summary>Takes a part of a home's index away; answers whether there may be more.</summary>
internal sealed class ClearSearch(HomeId home) : AwaitedWork<bool>(home)
{
    private const int LinesMax = 4_000;

    private bool _isLeft;

    public override void Write(LogTables tables) => _isLeft = tables.ClearSearch(Home, LinesMax);

    protected override bool Result() => _isLeft;
}
