using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Homes;

/// <summary>
/// The committed rows of a home, for followers with a cursor of their own. Every row is seen once,
/// in order and without a gap by whoever goes on from the last row of the answer before.
/// </summary>
public sealed class HomeFeed
{
    /// <summary>How long one call to a home in another process waits for rows: well below the
    /// half minute after which Orleans takes a call for lost.</summary>
    private static readonly TimeSpan RemoteWait = TimeSpan.FromSeconds(10);

    private readonly HomeId _home;
    private readonly HomeConnection _connection;
    private readonly LocalHomes _local;
    private readonly IEventLog _log;

    internal HomeFeed(HomeId home, HomeConnection connection, LocalHomes local, IEventLog log)
    {
        _home = home;
        _connection = connection;
        _local = local;
        _log = log;
    }

    /// <summary>The newest committed sequence that is known here; <see cref="Sequence.None"/> until
    /// the home was first reached, which <see cref="HeadAsync"/> waits for.</summary>
    public Sequence Head
    {
        get
        {
            var here = _local.Find(_home)?.Head ?? Sequence.None;
            var there = _connection.Head;
            return here > there ? here : there;
        }
    }

    /// <summary>The newest committed sequence, once the home is open.</summary>
    /// <exception cref="HomeClosedException">The home cannot be reached or opened now.</exception>
    public async ValueTask<Sequence> HeadAsync(CancellationToken cancellationToken)
    {
        var opened = await _connection.OpenedAsync().WaitAsync(cancellationToken);
        var head = Head;
        return head > opened ? head : opened;
    }

    /// <summary>
    /// The rows after <paramref name="after"/>, waiting until there is at least one; a row that it
    /// stands inside comes whole. Recent rows come with their events decoded.
    /// </summary>
    /// <exception cref="CursorGoneException">Retention has taken rows after that sequence.
    /// </exception>
    /// <exception cref="HomeClosedException">The home or its log cannot be reached now; the cursor
    /// stays good.</exception>
    public async ValueTask<IReadOnlyList<Row>> ReadAsync(
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = _local.Find(_home) is { } ring
                ? await ReadLocalAsync(ring, after, rowsMax, bytesMax, cancellationToken)
                : await ReadRemoteAsync(after, rowsMax, bytesMax, cancellationToken);
            if (rows.Count > 0)
            {
                return rows;
            }
        }
    }

    /// <summary>
    /// The rows after <paramref name="after"/> that are still there, without those that retention
    /// has taken; none at the end of the log. For whoever looks at the past and does not follow.
    /// </summary>
    /// <exception cref="HomeClosedException">The log cannot be read now.</exception>
    public async ValueTask<IReadOnlyList<Row>> ReadKeptAsync(
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        var recent = _local.Find(_home)?.Read(after, rowsMax, bytesMax) ?? [];
        if (recent.Count > 0)
        {
            return recent;
        }

        return await OlderRows.ReadKeptAsync(
            _log,
            _home,
            after,
            rowsMax,
            bytesMax,
            cancellationToken
        );
    }

    private async ValueTask<IReadOnlyList<Row>> ReadLocalAsync(
        RowRing ring,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        var rows = ring.Read(after, rowsMax, bytesMax);
        if (rows.Count > 0)
        {
            return rows;
        }

        if (after >= ring.Head)
        {
            await ring.WaitAsync(after, cancellationToken);
            return ring.Read(after, rowsMax, bytesMax);
        }

        return await OlderRows.ReadAsync(_log, _home, after, rowsMax, bytesMax, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<Row>> ReadRemoteAsync(
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        var request = new ReadRequest(after, rowsMax, bytesMax, RemoteWait);
        var answer = await _connection.ReadAsync(request).WaitAsync(cancellationToken);
        if (answer.Oldest is { } oldest)
        {
            throw new CursorGoneException(oldest);
        }

        return answer.Closed is { } reason ? throw new HomeClosedException(reason) : answer.Rows;
    }
}

/// <summary>Retention has taken rows after the cursor; named is where the log is whole again.
/// </summary>
public sealed class CursorGoneException : Exception
{
    public CursorGoneException()
        : this(Sequence.None) { }

    public CursorGoneException(string message)
        : base(message) { }

    public CursorGoneException(string message, Exception innerException)
        : base(message, innerException) { }

    public CursorGoneException(Sequence oldest)
        : base($"The log no longer holds what follows the cursor; it goes on at {oldest.Value}.") =>
        Oldest = oldest;

    public Sequence Oldest { get; }
}

/// <summary>Rows that no ring holds any more, straight from the log.</summary>
internal static class OlderRows
{
    public static async ValueTask<IReadOnlyList<Row>> ReadAsync(
        IEventLog log,
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        var rows = await ReadKeptAsync(log, home, after, rowsMax, bytesMax, cancellationToken);
        if (rows.Count > 0 && rows[0].First > after.Next)
        {
            // Below this there are holes between the rows that live longer; above it none.
            var thinned = await Reading(() => log.ThinnedAsync(home, cancellationToken));
            throw new CursorGoneException(thinned.Next);
        }

        // A hole further on is met again, and said, by the read that starts at it.
        for (var index = 1; index < rows.Count; index++)
        {
            if (rows[index].First != rows[index - 1].Last.Next)
            {
                return [.. rows.Take(index)];
            }
        }

        return rows;
    }

    /// <summary>Those that are left where retention has taken some.</summary>
    public static ValueTask<IReadOnlyList<Row>> ReadKeptAsync(
        IEventLog log,
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    ) => Reading(() => log.ReadAsync(home, after, rowsMax, bytesMax, cancellationToken));

    private static async ValueTask<T> Reading<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (LogUnavailableException fault)
        {
            throw new HomeClosedException("The log cannot be read now; try again.", fault);
        }
    }
}
