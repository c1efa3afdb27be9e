using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Homes;

/// <summary>
/// What a home needs of the world around it; the simulation gives it another one.
/// </summary>
/// <param name="Turns">Where the home lives: runs one thing at a time, in order.</param>
/// <param name="Background">Where work goes that must not hold up the home.</param>
internal sealed record HomeSurroundings(
    IEventLog Log,
    TimeProvider Clock,
    Random Random,
    HomesOptions Options,
    TaskScheduler Turns,
    TaskScheduler Background,
    ILogger Logger
);

/// <summary>
/// Keeps one home alive: decide, queue the row, wait for the shared commit, then answer and show
/// it; goes on deciding while commits are under way. A failed commit closes the home, which then
/// comes back from the log. Single-threaded by contract: everything runs on
/// <see cref="HomeSurroundings.Turns"/>.
/// </summary>
internal sealed partial class LiveHome : IDisposable
{
    private const string GoingDown = "The hub is going down.";

    private readonly HomeId _id;
    private readonly HomeSurroundings _around;
    private readonly RowRing _ring;
    private readonly Queue<PendingCall> _inbox = new();
    private readonly HomeOpening _opening;
    private readonly SnapshotKeeper _snapshots;
    private readonly WakeTimer _wake;
    private readonly JumpDetector _jumps;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private Epoch? _epoch;
    private string? _closed;
    private DateTimeOffset? _aliveUntil;
    private Task _opened = Task.CompletedTask;
    private int _failures;
    private bool _isStopping;
    private bool _isPumping;

    public LiveHome(HomeId id, RowRing ring, HomeSurroundings around)
    {
        _id = id;
        _ring = ring;
        _around = around;
        _opening = new HomeOpening(id, around);
        _snapshots = new SnapshotKeeper(id, around);
        _wake = new WakeTimer(around, () => _epoch?.Home.NextWakeup, WakeUp);
        _jumps = new JumpDetector(around.Clock);
    }

    /// <summary>Completes when another owner has taken the home: this life of it is over.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why nothing is taken now; null while it is.</summary>
    public string? Closed => _closed;

    public bool HasPendingWakeup => _epoch?.Home.NextWakeup is not null;

    /// <summary>The state as decided so far; null while it is not open.</summary>
    public Home? Home => _epoch?.Home;

    /// <summary>Rows that are decided and not known to be durable.</summary>
    public int UncommittedRows => _epoch?.UncommittedRows ?? 0;

    /// <summary>Begins to open the home; calls wait until it is, or learn that it is closed.
    /// </summary>
    public void Start() => _opened = OpenAsync(isStart: true);

    public Task<IReadOnlyList<Answer>> SubmitAsync(IReadOnlyList<Submission> submissions)
    {
        if (_closed is not null)
        {
            return Task.FromException<IReadOnlyList<Answer>>(new HomeClosedException(_closed));
        }

        // How many calls can wait here is bounded by the edges: each bounds what it has on its way.
        var call = new PendingCall(submissions);
        if (_epoch is { } epoch)
        {
            call.LookUp(_around.Log, _id, epoch.Published.Commits);
        }

        _inbox.Enqueue(call);
        HomesMeter.Queued(1);
        Pump();
        return call.Answered;
    }

    /// <summary>Stops in order: says so in the log, waits for every commit, takes a snapshot.
    /// </summary>
    public async Task StopAsync()
    {
        if (_closed is null)
        {
            try
            {
                var stopped = SubmitAsync([
                    new Submission(new StopHub { Principal = Principal.Hub }),
                ]);
                (_isStopping, _closed) = (true, GoingDown);
                await stopped;
                await _snapshots.TakeLastAsync(_epoch);
            }
            catch (HomeClosedException closed)
            {
                Log.StoppedClosed(_around.Logger, _id, closed.Message);
            }
        }

        Leave(GoingDown);
        await _opened;
    }

    /// <summary>Leaves at once: whatever is under way fails, as after a crash.</summary>
    public void Leave(string reason)
    {
        _stopping.Cancel();
        Close(reason);
        _ended.TrySetResult();
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Gives calls their turn, in order, until one has to wait.</summary>
    private void Pump()
    {
        if (_isPumping)
        {
            return;
        }

        _isPumping = true;
        try
        {
            while (_epoch is { } epoch && _inbox.TryPeek(out var call) && IsItsTurn(epoch, call))
            {
                _inbox.Dequeue();
                HomesMeter.Queued(-1);
                Answer(epoch, call);
            }
        }
        finally
        {
            _isPumping = false;
        }

        if (_epoch is { } open)
        {
            open.Published.Forget(_inbox.TryPeek(out var first) ? first.LookedUpAt : long.MaxValue);
        }
    }

    private bool IsItsTurn(Epoch epoch, PendingCall call)
    {
        if (epoch.UncommittedRows >= _around.Options.UncommittedRowsMax)
        {
            // Full: calls wait here, in order, until a commit makes room.
            return false;
        }

        if (call.LookedUp is { IsCompleted: false } lookup)
        {
            OnTurn(lookup, Pump);
            return false;
        }

        return true;
    }

    private void Answer(Epoch epoch, PendingCall call)
    {
        if (call.LookedUp is { IsFaulted: true } failed)
        {
            var reason = failed.Exception!.InnerException!;
            call.Fail(new HomeClosedException("The log cannot be read now; try again.", reason));
            return;
        }

        var decided = epoch.Home.Last;
        try
        {
            Decide(epoch, call);
        }
        catch (Exception bug)
        {
            // An invariant broke. The state may be half changed, so it is dropped, and what comes
            // back is what the log says: the one recovery there is, and it is always tested.
            call.Fail(bug);
            Log.Broken(_around.Logger, _id, bug);
            EpochEnded(epoch, bug);
            return;
        }

        if (epoch.Newest is { } commit)
        {
            commit.Calls.Add(call);
        }
        else
        {
            call.Answer();
        }

        if (epoch.Home.Last > decided)
        {
            DueHandOver(epoch);
        }

        _wake.Arm();
    }

    private void Decide(Epoch epoch, PendingCall call)
    {
        var now = _around.Clock.GetUtcNow();
        if (_jumps.Check(now) is { } jump)
        {
            Log.ClockJumped(_around.Logger, _id, jump);
            var change = new ChangeClock(jump) { Principal = Principal.Hub };
            new Deciding(epoch, _around, now).Decide(new Submission(change), call, 0);
        }

        var deciding = new Deciding(epoch, _around, now);
        var answers = new Answer[call.Submissions.Count];
        for (var index = 0; index < answers.Length; index++)
        {
            answers[index] = deciding.Decide(call.Submissions[index], call, index);
        }

        call.Answers = answers;
    }

    /// <summary>
    /// The first row is handed over at once. While a commit is under way, rows are gathered until
    /// everything that has already reached the home has had its turn; then they share one.
    /// </summary>
    private void DueHandOver(Epoch epoch)
    {
        if (!epoch.IsCommitting)
        {
            HandOver(epoch);
            return;
        }

        if (!epoch.HandOverIsDue)
        {
            epoch.HandOverIsDue = true;
            Post(() => HandOver(epoch));
        }
    }

    private void HandOver(Epoch epoch)
    {
        epoch.HandOverIsDue = false;
        if (!epoch.HasGathered)
        {
            return;
        }

        _snapshots.CaptureWhenDue(epoch);
        epoch.HandOver(_around.Log);
        if (epoch.Committing.IsCompleted)
        {
            epoch.Committing = CommitAsync(epoch);
        }
    }

    private async Task CommitAsync(Epoch epoch)
    {
        while (!epoch.IsDead && epoch.Oldest is { } commit)
        {
            try
            {
                await commit.Durable;
            }
            catch (Exception fault)
            {
                // Whatever the fault: nobody knows what is in the log, so the log is asked.
                if (!epoch.IsDead)
                {
                    Log.CommitFailed(_around.Logger, _id, fault);
                    EpochEnded(epoch, fault);
                }

                return;
            }

            if (!epoch.IsDead)
            {
                Release(epoch, commit);
            }
        }
    }

    /// <summary>A commit is durable: this is what acknowledges its inputs and shows its rows.
    /// </summary>
    private void Release(Epoch epoch, RowCommit commit)
    {
        epoch.Durable();
        _failures = 0;
        HomesMeter.Committed(commit.Rows.Count);
        _aliveUntil = _around.Clock.GetUtcNow();
        if (commit.Rows.Count > 0)
        {
            _ring.Add(commit.Rows);
        }

        foreach (var call in commit.Calls)
        {
            call.Answer();
        }

        _snapshots.Committed(commit);
        Pump();
    }

    private void EpochEnded(Epoch epoch, Exception fault)
    {
        if (epoch.IsDead)
        {
            return;
        }

        if (fault is LogFencedException)
        {
            // Who has it now is told by the grain directory, not by a fight over the log.
            Leave("The home has moved.");
            return;
        }

        _failures++;
        Close("The log does not take commits now; try again.");
        if (!_isStopping)
        {
            _opened = OpenAsync(isStart: false);
        }
    }

    private void Close(string reason)
    {
        _closed = reason;
        _wake.Disarm();
        var waiting = _epoch?.Die() ?? [];
        _epoch = null;
        var inbox = _inbox.ToArray();
        _inbox.Clear();
        HomesMeter.Queued(-inbox.Length);
        foreach (var call in waiting.Concat(inbox))
        {
            call.Fail(new HomeClosedException(reason));
        }
    }

    /// <summary>Opens the home, and tries again for as long as the log does not let it.</summary>
    private async Task OpenAsync(bool isStart)
    {
        while (true)
        {
            try
            {
                if (_failures > 0)
                {
                    await _opening.WaitAfterAsync(_failures, _stopping.Token);
                }

                var opened = await _opening.OpenAsync(_stopping.Token);
                _stopping.Token.ThrowIfCancellationRequested();
                Opened(opened, isStart);
                return;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (_failures++ == 0)
                {
                    Log.OpeningFailed(_around.Logger, _id, fault);
                }

                Close(HomeOpening.Reason(fault));
            }
        }
    }

    private void Opened(RestoredHome opened, bool isStart)
    {
        _epoch = new Epoch(opened.Home, opened.Owner);
        _closed = _isStopping ? GoingDown : null;
        _snapshots.Opened(opened);
        _jumps.Reset();
        _ring.MoveTo(opened.Home.Last);
        var lastAlive = _aliveUntil > opened.LastAlive ? _aliveUntil : opened.LastAlive;
        var first = new List<Submission>();
        if (lastAlive is { } since && _around.Clock.GetUtcNow() - since > TimeSpan.FromSeconds(5))
        {
            first.Add(new Submission(new Resume(since) { Principal = Principal.Hub }));
        }

        if (isStart)
        {
            var start = new StartHub(_around.Options.Version, _around.Options.Location);
            first.Add(new Submission(start with { Principal = Principal.Hub }));
        }

        Log.IsOpen(_around.Logger, _id, opened.Home.Last.Value);
        if (first.Count > 0)
        {
            Answer(_epoch, new PendingCall(first));
        }

        foreach (var call in _inbox)
        {
            call.LookUp(_around.Log, _id, _epoch?.Published.Commits ?? 0);
        }

        if (_epoch is { } open && _around.Options.OwnerCheck is { } every)
        {
            open.CheckingOwner = CheckOwnerAsync(open, every);
        }

        Pump();
        _wake.Arm();
    }

    /// <summary>A commit without rows says as well as any other whose the home is.</summary>
    private async Task CheckOwnerAsync(Epoch epoch, TimeSpan every)
    {
        while (!epoch.IsDead)
        {
            var seen = epoch.Published.Commits;
            await Task.Delay(every, _around.Clock, CancellationToken.None);
            if (!epoch.IsDead && !epoch.IsCommitting && epoch.Published.Commits == seen)
            {
                _ = epoch.Gathering;
                HandOver(epoch);
            }
        }
    }

    private void WakeUp()
    {
        if (_epoch is { } epoch)
        {
            var wake = new Wake { Principal = Principal.Hub };
            Answer(epoch, new PendingCall([new Submission(wake)]));
        }
    }

    private void Post(Action action) =>
        _ = Task.Factory.StartNew(
            action,
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            _around.Turns
        );

    private void OnTurn(Task after, Action action) =>
        _ = after.ContinueWith(
            static (_, state) => ((Action)state!)(),
            action,
            CancellationToken.None,
            TaskContinuationOptions.DenyChildAttach,
            _around.Turns
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Home {Home} is open at sequence {Sequence}.")]
        public static partial void IsOpen(ILogger logger, HomeId home, long sequence);

        [LoggerMessage(LogLevel.Error, "A commit of home {Home} failed; it closes and reloads.")]
        public static partial void CommitFailed(ILogger logger, HomeId home, Exception fault);

        [LoggerMessage(LogLevel.Error, "Home {Home} cannot be opened; it is tried again.")]
        public static partial void OpeningFailed(ILogger logger, HomeId home, Exception fault);

        [LoggerMessage(LogLevel.Critical, "Home {Home} broke on an input; it reloads.")]
        public static partial void Broken(ILogger logger, HomeId home, Exception bug);

        [LoggerMessage(LogLevel.Warning, "The clock of home {Home} jumped by {Jump}.")]
        public static partial void ClockJumped(ILogger logger, HomeId home, TimeSpan jump);

        [LoggerMessage(LogLevel.Warning, "Home {Home} stops while closed: {Reason}")]
        public static partial void StoppedClosed(ILogger logger, HomeId home, string reason);
    }
}
