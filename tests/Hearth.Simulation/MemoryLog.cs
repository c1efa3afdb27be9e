using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Simulation;

/// <summary>
/// The log's contract in memory: fence, all or nothing, ids, snapshots, wake-ups. Rows are kept as
/// their encoded bytes, so what is read back has gone through the row format.
/// </summary>
public sealed class MemoryLog(TimeProvider clock) : IEventLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<HomeId, StoredHome> _homes = [];
    private TaskCompletionSource _changed = new();

    public Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var stored = Stored(home);
            stored.Owner++;
            var opened = new OpenedHome(
                stored.Owner,
                stored.Last,
                [.. stored.Snapshots],
                stored.LastAlive
            );
            stored.LastAlive = clock.GetUtcNow();
            return Task.FromResult(opened);
        }
    }

    public Task AppendAsync(HomeCommit commit)
    {
        lock (_lock)
        {
            var stored = Stored(commit.Home);
            if (stored.Owner != commit.Owner || stored.Last != commit.ExpectedLast)
            {
                return Task.FromException(new LogFencedException(commit.Home));
            }

            foreach (var row in commit.Rows)
            {
                if (row.First != stored.Last.Next)
                {
                    throw new InvalidOperationException($"Row {row.First.Value} leaves a gap.");
                }

                stored.Add(row);
            }

            stored.NextWakeup = commit.NextWakeup;
            stored.Received.AddRange(commit.Received);
            stored.LastAlive = clock.GetUtcNow();
            Interlocked.Exchange(ref _changed, new()).TrySetResult();
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<Row>> ReadAsync(
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var rows = new List<Row>();
            long size = 0;
            var stored = Stored(home);
            foreach (var row in stored.Rows.Skip(stored.IndexAfter(after)))
            {
                size += row.Body.Length;
                if (rows.Count == rowsMax || (size > bytesMax && rows.Count > 0))
                {
                    break;
                }

                rows.Add(Copy(row));
            }

            return Task.FromResult<IReadOnlyList<Row>>(rows);
        }
    }

    public Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var stored = Stored(home);
            if (stored.Owner != owner || stored.Last < snapshot.Sequence)
            {
                return Task.FromException(new LogFencedException(home));
            }

            stored.Snapshots = [snapshot, .. stored.Snapshots.Take(1)];
            return Task.CompletedTask;
        }
    }

    public Task<Sequence> ThinnedAsync(HomeId home, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Stored(home).Thinned);
        }
    }

    public Task<IReadOnlyList<Sequence?>> FindPublishedAsync(
        HomeId home,
        IReadOnlyList<PublishedId> ids,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var published = Stored(home).Published;
            return Task.FromResult<IReadOnlyList<Sequence?>>([
                .. ids.Select(id =>
                    published.TryGetValue(id, out var sequence) ? sequence : (Sequence?)null
                ),
            ]);
        }
    }

    public Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<HomeWakeup>>([
                .. from pair in _homes
                where pair.Value.NextWakeup is not null
                select new HomeWakeup(pair.Key, pair.Value.NextWakeup!.Value),
            ]);
        }
    }

    /// <summary>Everything that is committed, newly decoded.</summary>
    public IReadOnlyList<Row> Rows(HomeId home)
    {
        lock (_lock)
        {
            return [.. Stored(home).Rows.Select(Copy)];
        }
    }

    /// <summary>The committed row that holds a sequence, or null.</summary>
    public Row? RowAt(HomeId home, Sequence sequence)
    {
        lock (_lock)
        {
            var stored = Stored(home);
            var index = stored.IndexAfter(new Sequence(sequence.Value - 1));
            return index < stored.Rows.Count ? stored.Rows[index] : null;
        }
    }

    public Sequence Last(HomeId home)
    {
        lock (_lock)
        {
            return Stored(home).Last;
        }
    }

    public IReadOnlyList<StoredSnapshot> Snapshots(HomeId home)
    {
        lock (_lock)
        {
            return [.. Stored(home).Snapshots];
        }
    }

    /// <summary>Completes when something holds, which is looked at after every commit.</summary>
    public async Task WhenAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (holds())
            {
                return;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(20), clock, cancellationToken);
        }
    }

    /// <summary>The newest snapshot can no longer be read.</summary>
    public void Damage(HomeId home)
    {
        lock (_lock)
        {
            var stored = Stored(home);
            var unreadable = stored.Snapshots[0] with { Bytes = "{"u8.ToArray() };
            stored.Snapshots = [unreadable, .. stored.Snapshots.Skip(1)];
        }
    }

    /// <summary>Retention takes the oldest rows.</summary>
    public void TakeOldest(HomeId home, int rows)
    {
        lock (_lock)
        {
            var stored = Stored(home);
            stored.Thinned = stored.Rows[rows - 1].Last;
            stored.Rows.RemoveRange(0, rows);
        }
    }

    public IReadOnlyList<ReceivedPacket> Received(HomeId home)
    {
        lock (_lock)
        {
            return [.. Stored(home).Received];
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StoredHome Stored(HomeId home)
    {
        if (!_homes.TryGetValue(home, out var stored))
        {
            stored = new StoredHome();
            _homes.Add(home, stored);
        }

        return stored;
    }

    private static Row Copy(Row row) =>
        Row.Stored(row.Home, row.First, row.Last, row.Class, row.Time, row.Body);

    private sealed class StoredHome
    {
        public long Owner { get; set; }

        public Sequence Last => Rows.Count == 0 ? Sequence.None : Rows[^1].Last;

        public List<Row> Rows { get; } = [];

        /// <summary>Up to here retention has taken rows.</summary>
        public Sequence Thinned { get; set; }

        public Dictionary<PublishedId, Sequence> Published { get; } = [];

        public List<ReceivedPacket> Received { get; } = [];

        public IReadOnlyList<StoredSnapshot> Snapshots { get; set; } = [];

        public DateTimeOffset? NextWakeup { get; set; }

        public DateTimeOffset? LastAlive { get; set; }

        /// <summary>Where the first row stands that holds something after a sequence.</summary>
        public int IndexAfter(Sequence after)
        {
            var (low, high) = (0, Rows.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = Rows[middle].Last > after ? (low, middle) : (middle + 1, high);
            }

            return low;
        }

        public void Add(Row row)
        {
            Rows.Add(Copy(row));
            foreach (var item in row.Events.Where(item => item.Data is ProgramEvent))
            {
                Published.TryAdd(
                    new PublishedId(item.Principal, item.Source, item.Id),
                    item.Sequence
                );
            }
        }
    }
}
