using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Hub.Subscriptions;

/// <summary>
/// The subscriptions of one home. One reader follows the log, looks up who may want each committed
/// event and hands it to the lines that do; each line then goes at its own pace.
/// </summary>
internal sealed partial class HomeWebhooks : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SaveTogether = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SaveAllEvery = TimeSpan.FromSeconds(30);
    private const int RowsAtOnce = 256;
    private const int BytesAtOnce = 512 * 1024;

    private readonly LineSurroundings _around;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly TaskCompletionSource _loaded = New();
    private TaskCompletionSource _dirty = New();
    private volatile Dictionary<string, DeliveryState> _states = [];
    private readonly HandedOut _handedOut = new();
    private readonly List<DeliveryState> _found = [];
    private SubscriptionIndex<DeliveryState> _index = new([]);
    private bool _mustLoad;

    public HomeWebhooks(
        HomeClient home,
        ISubscriptionStore store,
        SinkClient sinks,
        SinkRates rates,
        TimeProvider clock,
        ILogger logger
    ) =>
        _around = new LineSurroundings(
            home,
            store,
            sinks,
            rates,
            clock,
            new Random(),
            Dirty,
            logger
        );

    /// <summary>Follows and keeps until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var keeping = KeepAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
                when (fault is HomeClosedException or LogUnavailableException or LogDamagedException
                )
            {
                Log.Waiting(_around.Logger, _around.Home.Id, fault.Message);
                await WaitAsync(Again, cancellationToken);
            }
        }

        await keeping;
        await Task.WhenAll(_states.Values.Select(StopAsync));
        await SaveAsync(all: true);
    }

    /// <summary>How a subscription stands now; null where this process has not seen it yet.
    /// </summary>
    public DeliveryState? Find(string id) => _states.GetValueOrDefault(id);

    /// <summary>Sees to what has just been decided upon, before the answer is given.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _loaded.Task.WaitAsync(cancellationToken);
        await LoadAsync(cancellationToken);
    }

    /// <summary>Begins anew with what was changed: its secrets, its dead letters, or its cursor.
    /// </summary>
    /// <returns>False where there is no such subscription.</returns>
    public async Task<bool> RestartAsync(
        string id,
        Func<SubscriptionProgress, SubscriptionProgress>? change,
        CancellationToken cancellationToken
    )
    {
        await ReloadAsync(cancellationToken);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (Find(id) is not { } state)
            {
                return false;
            }

            await StopAsync(state);
            state.Change(known => change?.Invoke(known) ?? known);
            if (state.TakeChange() is { } changed)
            {
                await _around.Store.SaveProgressAsync(
                    _around.Home.Id,
                    [changed],
                    cancellationToken
                );
            }

            StartLine(state);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Delivers an event that is in no log, beside what the line does; null where there is
    /// no such subscription.</summary>
    public async Task<TestBody?> TestAsync(string id, CancellationToken cancellationToken)
    {
        if (Find(id) is not { } state)
        {
            return null;
        }

        var now = _around.Clock.GetUtcNow();
        var item = OutgoingEvent.Test(_around.Home.Id, id, now);
        var secrets = DeliverySecrets.Of(
            state.Record,
            await _around.Store.SecretsAsync(_around.Home.Id, id, cancellationToken)
        );
        var (agreement, asked) = await _around.Sinks.AskAsync(
            state.Definition,
            secrets,
            cancellationToken
        );
        var answer =
            agreement.Answer == "granted"
                ? await _around.Sinks.DeliverAsync(
                    state.Definition,
                    item,
                    secrets,
                    cancellationToken
                )
                : asked with
                {
                    Status = null,
                    Detail = agreement.Detail,
                };
        state.Attempted(item, now, answer);
        Dirty(state);
        return new TestBody(
            answer.IsDelivered,
            item.Id,
            answer.Status,
            answer.Milliseconds,
            answer.Detail.Length == 0 ? null : answer.Detail
        );
    }

    public void Dispose() => _changing.Dispose();

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var feed = _around.Home.Feed;
        if (!_loaded.Task.IsCompleted)
        {
            var head = await feed.HeadAsync(cancellationToken);
            _handedOut.Begin(head);
            _handedOut.End(head);
            await LoadAsync(cancellationToken);
            _loaded.TrySetResult();
        }

        while (true)
        {
            if (_mustLoad)
            {
                await LoadAsync(cancellationToken);
                _mustLoad = false;
            }

            try
            {
                var rows = await feed.ReadAsync(
                    _handedOut.Done,
                    RowsAtOnce,
                    BytesAtOnce,
                    cancellationToken
                );
                await HandOutAsync(rows, cancellationToken);
            }
            catch (CursorGoneException gone)
            {
                // Each line sees for itself what it has missed.
                await HandOutAsync([], cancellationToken, new Sequence(gone.Oldest.Value - 1));
            }
        }
    }

    private async Task HandOutAsync(
        IReadOnlyList<Row> rows,
        CancellationToken cancellationToken,
        Sequence? jumpTo = null
    )
    {
        var events = rows.SelectMany(row => row.Events)
            .Where(item => item.Sequence > _handedOut.Done)
            .ToList();
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var upTo = jumpTo ?? events[^1].Sequence;
            _handedOut.Begin(upTo);
            if (jumpTo is not null)
            {
                foreach (var state in _states.Values)
                {
                    state.Line?.Inlet.FallBehind();
                }
            }

            foreach (var (line, wanted) in Wanted(events))
            {
                line.Inlet.Offer(wanted, upTo);
            }

            _handedOut.End(upTo);
        }
        finally
        {
            _changing.Release();
        }

        _mustLoad |= events.Exists(item =>
            item.Data is SubscriptionEvent and not SubscriptionDeadLettered
        );
    }

    /// <summary>What each line gets; lines that get nothing are not asked at all.</summary>
    private Dictionary<SubscriptionLine, List<OutgoingEvent>> Wanted(List<Event> events)
    {
        var wanted = new Dictionary<SubscriptionLine, List<OutgoingEvent>>();
        foreach (var item in events)
        {
            _found.Clear();
            _index.Find(item, _found);
            OutgoingEvent? made = null;
            foreach (var state in _found)
            {
                if (state.Line is { } line && state.Wants(item))
                {
                    var list = wanted.TryGetValue(line, out var known) ? known : wanted[line] = [];
                    list.Add(made ??= OutgoingEvent.Of(_around.Home.Id, item));
                }
            }
        }

        return wanted;
    }

    /// <summary>Starts, restarts and stops lines so that they are what the log says.</summary>
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var records = await _around.Store.SubscriptionsAsync(
                _around.Home.Id,
                cancellationToken
            );
            var states = new Dictionary<string, DeliveryState>();
            foreach (var record in records)
            {
                states[record.Id] = await LoadAsync(record);
            }

            foreach (
                var gone in _states.Values.Where(state => !states.ContainsKey(state.Record.Id))
            )
            {
                await StopAsync(gone);
            }

            _states = states;
            _index = new SubscriptionIndex<DeliveryState>(
                states.Values.Select(state => KeyValuePair.Create(state, state.Definition))
            );
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<DeliveryState> LoadAsync(SubscriptionRecord record)
    {
        if (_states.GetValueOrDefault(record.Id) is not { } state)
        {
            state = new DeliveryState(record);
            StartLine(state);
        }
        else if (state.Record.Changed != record.Changed)
        {
            await StopAsync(state);
            var (wasPaused, sink) = (state.Record.PausedFor is not null, state.Definition.Sink);
            state.Changed(record);
            var isNew = wasPaused || state.Definition.Sink != sink;
            // A sink that is new, or was waited for, is asked at once.
            state.Change(known =>
                isNew
                    ? known with
                    {
                        Agreement = null,
                        FailingSince = null,
                        Failures = 0,
                        NextAttempt = null,
                    }
                    : known
            );
            StartLine(state);
        }

        return state;
    }

    private void StartLine(DeliveryState state)
    {
        if (state.Record.PausedFor is null)
        {
            var inlet = new EventInlet(
                _around.Home.Id,
                _around.Home.Feed,
                state.Wants,
                state.Progress.Cursor,
                _handedOut
            );
            state.Line = new SubscriptionLine(state, inlet, _around);
            state.Line.Start();
        }
    }

    private static async Task StopAsync(DeliveryState state)
    {
        if (state.Line is { } line)
        {
            state.Line = null;
            await line.DisposeAsync();
        }
    }

    private void Dirty(DeliveryState state)
    {
        state.IsDirty = true;
        Volatile.Read(ref _dirty).TrySetResult();
    }

    /// <summary>Writes how far lines have come, together and a little later: what a crash forgets
    /// is delivered once more. Lines that only look on are written now and then.</summary>
    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var savedAll = _around.Clock.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var isDirty = Volatile.Read(ref _dirty).Task;
                await isDirty.WaitAsync(SaveAllEvery, _around.Clock, cancellationToken);
                await WaitAsync(SaveTogether, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Nothing was delivered; where lines stand is written all the same.
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            Volatile.Write(ref _dirty, New());
            var all = _around.Clock.GetElapsedTime(savedAll) >= SaveAllEvery;
            savedAll = all ? _around.Clock.GetTimestamp() : savedAll;
            await SaveAsync(all);
        }
    }

    private async Task SaveAsync(bool all)
    {
        var states = _states.Values.Where(state => all || state.IsDirty).ToArray();
        foreach (var state in states)
        {
            state.IsDirty = false;
            state.Line?.SaveCursor();
        }

        var changes = states
            .Select(state => state.TakeChange())
            .OfType<SubscriptionChange>()
            .ToList();
        if (changes.Count == 0)
        {
            return;
        }

        try
        {
            await _around.Store.SaveProgressAsync(_around.Home.Id, changes, CancellationToken.None);
        }
        catch (Exception fault) when (fault is LogUnavailableException or LogFencedException)
        {
            Array.ForEach(states, state => state.NotSaved());
            Array.ForEach(states, Dirty);
            Log.NotSaved(_around.Logger, _around.Home.Id, fault.Message);
        }
    }

    private Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(time, _around.Clock, cancellationToken);

    private static TaskCompletionSource New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Deliveries of home {Home} wait: {Why}")]
        public static partial void Waiting(ILogger logger, HomeId home, string why);

        [LoggerMessage(
            LogLevel.Warning,
            "How far deliveries of home {Home} have come cannot be written now: {Why}"
        )]
        public static partial void NotSaved(ILogger logger, HomeId home, string why);
    }
}
