using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Hub.Subscriptions;

/// <summary>What lines of one home share.</summary>
internal sealed record LineSurroundings(
    HomeClient Home,
    ISubscriptionStore Store,
    SinkClient Sinks,
    SinkRates Rates,
    TimeProvider Clock,
    Random Random,
    Action<DeliveryState> Changed,
    ILogger Logger
);

/// <summary>
/// Delivers to one sink, in order and at least once: the next event is sent only when the one
/// before was taken or given up. Whatever the sink does, only this line waits for it.
/// </summary>
internal sealed partial class SubscriptionLine(
    DeliveryState state,
    EventInlet inlet,
    LineSurroundings around
) : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private DeliverySecrets? _secrets;
    private bool _hasReplays = true;
    private DeadLetterRecord? _gap;

    public EventInlet Inlet => inlet;

    public void Start() => _running = RunAsync(_stopping.Token);

    /// <summary>Ends what is under way; what was not answered is sent again by the next line.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        SaveCursor();
        _stopping.Dispose();
    }

    /// <summary>The cursor as it is now goes into what is written next.</summary>
    public void SaveCursor() => state.Change(known => known with { Cursor = inlet.Cursor });

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The home or the log cannot be reached now, most often. Nothing is lost: the event
                // is still the first that waits.
                Log.Faulted(around.Logger, state.Record.Id, fault);
                await PauseAsync(AfterFault, cancellationToken);
            }
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        _secrets ??= DeliverySecrets.Of(
            state.Record,
            await around.Store.SecretsAsync(around.Home.Id, state.Record.Id, cancellationToken)
        );
        if (state.Progress.NextAttempt is { } next && next > around.Clock.GetUtcNow())
        {
            await GiveUpExpiredAsync(cancellationToken);
            var wait = next - around.Clock.GetUtcNow();
            await PauseAsync(wait < WaitMax ? wait : WaitMax, cancellationToken);
            return;
        }

        if (!HasAgreed())
        {
            await AskAsync(cancellationToken);
            return;
        }

        if (_hasReplays)
        {
            await ReplayAsync(cancellationToken);
            return;
        }

        OutgoingEvent? item;
        try
        {
            item = await inlet.PeekAsync(wait: true, cancellationToken);
        }
        catch (CursorGoneException gone)
        {
            await NoteGapAsync(gone.Oldest, cancellationToken);
            return;
        }

        await DeliverAsync(item!, cancellationToken);
    }

    private bool HasAgreed() =>
        state.Progress.Agreement is { Answer: "granted" } agreement
        && agreement.Sink == state.Definition.Sink.AbsoluteUri;

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var (agreement, answer) = await around.Sinks.AskAsync(
            state.Definition,
            _secrets!,
            cancellationToken
        );
        state.Change(known => known with { Agreement = agreement });
        if (agreement.Answer == "granted")
        {
            Succeeded();
        }
        else if (answer.IsGone)
        {
            await EndAsync(cancellationToken);
        }
        else
        {
            Failed(agreement.Detail, answer.RetryAfter);
        }
    }

    private async Task DeliverAsync(OutgoingEvent item, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(item, cancellationToken);
        if (answer.IsDelivered)
        {
            _gap = null;
            inlet.Done();
            Succeeded();
        }
        else if (answer.IsGone)
        {
            await EndAsync(cancellationToken);
        }
        else if (answer.IsRejection)
        {
            await GiveUpAsync(item, answer.Detail, cancellationToken);
        }
        else
        {
            Failed(answer.Detail, answer.RetryAfter);
            await GiveUpExpiredAsync(cancellationToken);
        }
    }

    /// <summary>What will never be taken is a dead letter at once; the sink itself is well.
    /// </summary>
    private async Task GiveUpAsync(
        OutgoingEvent item,
        string detail,
        CancellationToken cancellationToken
    )
    {
        var progress = state.Progress;
        var letter = LetterOf(
            item,
            progress with
            {
                Failures = progress.Failures + 1,
                LastProblem = detail,
            }
        );
        await KeepAsync(letter, cancellationToken);
        inlet.Done();
        Succeeded();
        Log.Rejected(around.Logger, state.Record.Id, detail);
        // What only says that something was given up causes no such saying in its turn.
        if (letter.Type != SubscriptionDeadLettered.TypeName)
        {
            await TellAsync(item.Sequence, item.Sequence, detail, cancellationToken);
        }
    }

    private async Task<SinkAnswer> SendAsync(
        OutgoingEvent item,
        CancellationToken cancellationToken
    )
    {
        if (RatePerMinute() is { } rate)
        {
            await around.Rates.WaitAsync(state.Definition.Sink, rate, cancellationToken);
        }

        var at = around.Clock.GetUtcNow();
        var answer = await around.Sinks.DeliverAsync(
            state.Definition,
            item,
            _secrets!,
            cancellationToken
        );
        state.Attempted(item, at, answer);
        around.Changed(state);
        return answer;
    }

    private int? RatePerMinute()
    {
        var (allowed, wanted) = (
            state.Progress.Agreement?.RatePerMinute,
            state.Definition.RatePerMinute
        );
        return allowed is null || wanted < allowed ? wanted : allowed;
    }

    private void Succeeded()
    {
        state.Change(known =>
            known with
            {
                Cursor = inlet.Cursor,
                FailingSince = null,
                Failures = 0,
                NextAttempt = null,
                LastProblem = null,
            }
        );
        around.Changed(state);
    }

    private void Failed(string detail, TimeSpan? retryAfter)
    {
        var now = around.Clock.GetUtcNow();
        state.Change(known =>
            known with
            {
                Cursor = inlet.Cursor,
                FailingSince = known.FailingSince ?? now,
                Failures = known.Failures + 1,
                NextAttempt = now + Backoff.Next(known.Failures + 1, retryAfter, around.Random),
                LastProblem = detail,
            }
        );
        around.Changed(state);
        Log.Failed(around.Logger, state.Record.Id, state.Progress.Failures, detail);
    }

    /// <summary>The sink has said that it wants nothing any more. Saying so ends this line.
    /// </summary>
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        state.Change(known => known with { LastProblem = "The sink answered 410: it is gone." });
        around.Changed(state);
        var pause = new PauseSubscription(state.Record.Id, SubscriptionPaused.Gone)
        {
            Principal = Principal.Hub,
        };
        await around.Home.SubmitAsync(pause, cancellationToken);
        Log.Ended(around.Logger, state.Record.Id);
        await Task.Delay(Timeout.InfiniteTimeSpan, around.Clock, cancellationToken);
    }

    /// <summary>
    /// What has had its time becomes a dead letter, one after the other. Between two attempts
    /// nothing else of an outage is tried, so that a sink that stays away for days is never more
    /// than a day behind.
    /// </summary>
    private async Task GiveUpExpiredAsync(CancellationToken cancellationToken)
    {
        var given = new List<DeadLetterRecord>();
        var now = around.Clock.GetUtcNow();
        while (
            state.Progress is { FailingSince: { } since } progress
            && given.Count < 100
            && await PeekOrNullAsync(cancellationToken) is { } item
            && Backoff.IsOver(item.RecordedTime, since, now)
        )
        {
            given.Add(LetterOf(item, progress));
            await KeepAsync(given[^1], cancellationToken);
            inlet.Done();
            SaveCursor();
        }

        // What only says that something was given up causes no such saying in its turn.
        if (given.Find(letter => letter.Type != SubscriptionDeadLettered.TypeName) is not null)
        {
            await TellAsync(given[0].First, given[^1].Last, given[0].Detail, cancellationToken);
        }
    }

    private async Task<OutgoingEvent?> PeekOrNullAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await inlet.PeekAsync(wait: false, cancellationToken);
        }
        catch (CursorGoneException gone)
        {
            await NoteGapAsync(gone.Oldest, cancellationToken);
            return null;
        }
    }

    private DeadLetterRecord LetterOf(OutgoingEvent item, SubscriptionProgress progress) =>
        new(
            state.NextLetter(),
            item.Sequence,
            item.Sequence,
            item.Id,
            item.Type,
            around.Clock.GetUtcNow(),
            progress.Failures,
            progress.LastProblem ?? "",
            Replay: false,
            System.Text.Encoding.UTF8.GetString(item.Json)
        );

    /// <summary>Retention has taken what was not delivered yet. Holes that follow each other,
    /// nothing delivered between them, are one gap.</summary>
    private async Task NoteGapAsync(Sequence oldest, CancellationToken cancellationToken)
    {
        var last = new Sequence(oldest.Value - 1);
        var isNew = _gap is null;
        _gap = _gap is { } gap
            ? gap with
            {
                Last = last,
            }
            : new DeadLetterRecord(
                state.NextLetter(),
                inlet.Cursor.Next,
                last,
                null,
                null,
                around.Clock.GetUtcNow(),
                state.Progress.Failures,
                "The log no longer holds these events; whether one was wanted is not known.",
                Replay: false,
                null
            );
        await KeepAsync(_gap, cancellationToken);
        inlet.SkipTo(last);
        SaveCursor();
        if (isNew)
        {
            await TellAsync(_gap.First, last, _gap.Detail, cancellationToken);
        }
    }

    /// <summary>Durable before the cursor passes it.</summary>
    private async Task KeepAsync(DeadLetterRecord letter, CancellationToken cancellationToken)
    {
        var change = state.TakeChange([letter])!;
        try
        {
            await around.Store.SaveProgressAsync(around.Home.Id, [change], cancellationToken);
        }
        catch
        {
            state.NotSaved();
            throw;
        }
    }

    private async Task TellAsync(
        Sequence first,
        Sequence last,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var report = new ReportDeadLetters(state.Record.Id, first, last, reason)
        {
            Principal = Principal.Hub,
        };
        await around.Home.SubmitAsync(report, cancellationToken);
    }

    /// <summary>Dead letters that somebody wants to see delivered after all: each is tried once.
    /// </summary>
    private async Task ReplayAsync(CancellationToken cancellationToken)
    {
        var letters = await around.Store.DeadLettersAsync(
            around.Home.Id,
            state.Record.Id,
            after: 0,
            limit: 20,
            onlyToReplay: true,
            cancellationToken
        );
        foreach (var letter in letters)
        {
            var item = new OutgoingEvent(
                $"msg_{around.Home.Id}_{letter.First}",
                letter.First,
                letter.Event!,
                letter.Type!,
                letter.At,
                System.Text.Encoding.UTF8.GetBytes(letter.Body!)
            );
            var answer = await SendAsync(item, cancellationToken);
            var again = letter with
            {
                Replay = false,
                Failures = letter.Failures + 1,
                Detail = answer.Detail,
            };
            var change = answer.IsDelivered
                ? state.TakeChange(replayed: [letter.Number])
                : state.TakeChange([again]);
            await around.Store.SaveProgressAsync(around.Home.Id, [change!], cancellationToken);
        }

        _hasReplays = letters.Count > 0;
    }

    private Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(time > TimeSpan.Zero ? time : TimeSpan.Zero, around.Clock, cancellationToken)
            .ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "Delivery to subscription {Subscription} failed {Failures} times: {Detail}"
        )]
        public static partial void Failed(
            ILogger logger,
            string subscription,
            int failures,
            string detail
        );

        [LoggerMessage(
            LogLevel.Information,
            "An event was not taken from subscription {Subscription} for good: {Detail}"
        )]
        public static partial void Rejected(ILogger logger, string subscription, string detail);

        [LoggerMessage(
            LogLevel.Warning,
            "Subscription {Subscription} is over: its sink answered 410."
        )]
        public static partial void Ended(ILogger logger, string subscription);

        [LoggerMessage(
            LogLevel.Warning,
            "Subscription {Subscription} cannot go on now; it is tried again."
        )]
        public static partial void Faulted(ILogger logger, string subscription, Exception fault);
    }
}
