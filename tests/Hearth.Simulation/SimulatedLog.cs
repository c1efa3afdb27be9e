using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Simulation;

/// <summary>
/// The disk of the simulated world, as one process sees it: requests wait in line, share commits,
/// take time, and fail, tear or stall as the weather has it, with others queued behind them.
/// </summary>
internal sealed class SimulatedLog(World world) : IEventLog
{
    private readonly Queue<Request> _line = new();
    private bool _isWriting;
    private bool _isDead;

    public Task<OpenedHome> OpenAsync(HomeId home, CancellationToken cancellationToken) =>
        Write(() => world.Disk.OpenAsync(home, cancellationToken));

    public Task AppendAsync(HomeCommit commit) =>
        Write(async () =>
        {
            await world.Disk.AppendAsync(commit);
            world.Invariants.Committed(commit);
            return true;
        });

    public Task SaveSnapshotAsync(
        HomeId home,
        long owner,
        StoredSnapshot snapshot,
        CancellationToken cancellationToken
    ) =>
        Write(async () =>
        {
            await world.Disk.SaveSnapshotAsync(home, owner, snapshot, cancellationToken);
            return true;
        });

    public Task<IReadOnlyList<Row>> ReadAsync(
        HomeId home,
        Sequence after,
        int rowsMax,
        int bytesMax,
        CancellationToken cancellationToken
    ) => Read(() => world.Disk.ReadAsync(home, after, rowsMax, bytesMax, cancellationToken));

    public Task<Sequence> ThinnedAsync(HomeId home, CancellationToken cancellationToken) =>
        Read(() => world.Disk.ThinnedAsync(home, cancellationToken));

    public Task<IReadOnlyList<Sequence?>> FindPublishedAsync(
        HomeId home,
        IReadOnlyList<PublishedId> ids,
        CancellationToken cancellationToken
    ) => Read(() => world.Disk.FindPublishedAsync(home, ids, cancellationToken));

    public Task<IReadOnlyList<HomeWakeup>> WakeupsAsync(CancellationToken cancellationToken) =>
        Read(() => world.Disk.WakeupsAsync(cancellationToken));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The process dies. What it had queued may have been on its way to the disk already.
    /// </summary>
    public void Die()
    {
        _isDead = world.Random.Next(2) == 0;
        if (_isDead)
        {
            _line.Clear();
        }
    }

    private Task<T> Write<T>(Func<Task<T>> execute)
    {
        var request = new Request<T>(execute);
        _line.Enqueue(request);
        WriteNext();
        return request.Done;
    }

    private void WriteNext()
    {
        if (_isWriting || _line.Count == 0)
        {
            return;
        }

        _isWriting = true;
        var batch = new List<Request>();
        var size = 1 + world.Random.Next(20);
        while (batch.Count < size && _line.TryDequeue(out var request))
        {
            batch.Add(request);
        }

        var fate = Draw();
        world.Clock.After(
            Takes(fate),
            () =>
            {
                _isWriting = false;
                if (!_isDead)
                {
                    Finish(batch, fate);
                }

                WriteNext();
            }
        );
    }

    private static void Finish(List<Request> batch, Fate fate)
    {
        foreach (var request in batch)
        {
            if (fate is not Fate.Fail)
            {
                request.Execute();
            }

            if (fate is Fate.Fail or Fate.Tear)
            {
                request.Fail();
            }
            else
            {
                request.Report();
            }
        }
    }

    /// <summary>A read sees what is there at some moment while it runs.</summary>
    private Task<T> Read<T>(Func<Task<T>> execute)
    {
        var request = new Request<T>(execute);
        var fails = world.IsOutage || world.Random.NextDouble() < world.Weather.ReadFail;
        if (!fails && world.Random.Next(2) == 0)
        {
            request.Execute();
        }

        var fate = world.Random.NextDouble() < world.Weather.Stall ? Fate.Stall : Fate.Well;
        world.Clock.After(
            Takes(fate) / 2,
            () =>
            {
                if (fails)
                {
                    request.Fail();
                    return;
                }

                request.Execute();
                request.Report();
            }
        );
        return request.Done;
    }

    private Fate Draw()
    {
        var weather = world.Weather;
        var drawn = world.Random.NextDouble();
        return world.IsOutage ? Fate.Fail
            : (drawn -= weather.Fail) < 0 ? Fate.Fail
            : (drawn -= weather.Tear) < 0 ? Fate.Tear
            : drawn < weather.Stall ? Fate.Stall
            : Fate.Well;
    }

    private TimeSpan Takes(Fate fate) =>
        fate == Fate.Stall
            ? TimeSpan.FromSeconds(1 + (world.Random.NextDouble() * 60))
            : TimeSpan.FromMilliseconds(0.1 + (world.Random.NextDouble() * 20));

    private enum Fate
    {
        Well,
        Fail,
        Tear,
        Stall,
    }

    private abstract class Request
    {
        public abstract void Execute();

        public abstract void Report();

        public abstract void Fail();
    }

    private sealed class Request<T>(Func<Task<T>> execute) : Request
    {
        // Completed by the clock, outside of any turn, so nobody's code runs inside of it.
        private readonly TaskCompletionSource<T> _done = new();
        private Task<T>? _executed;

        public Task<T> Done => _done.Task;

        public override void Execute() => _executed ??= execute();

        public override void Report()
        {
            // The disk in memory answers at once, so this task is complete.
            if (_executed!.IsFaulted)
            {
                _done.SetException(_executed.Exception!.InnerExceptions);
            }
            else
            {
                _done.SetResult(_executed.GetAwaiter().GetResult());
            }
        }

        public override void Fail()
        {
            _ = _executed?.Exception;
            _done.SetException(new LogUnavailableException("The simulated disk failed."));
        }
    }
}
