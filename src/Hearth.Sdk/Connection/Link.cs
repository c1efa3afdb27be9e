using System.Threading.Channels;

namespace Hearth.Sdk.Connection;

/// <summary>Who a device is to the broker.</summary>
internal sealed record LinkIdentity(string ClientId)
{
    public const string Online = "online";
    public const string Offline = "offline";

    public string AvailabilityTopic => $"{ClientId}/status";
}

/// <summary>
/// Keeps a device connected: opens a session, announces the device, waits for the session's end,
/// waits a little and starts again. What the device reports goes through the open session.
/// </summary>
internal sealed class Link(
    LinkIdentity identity,
    TimeProvider time,
    Random random,
    Action<HearthNotice> notify
)
{
    private static readonly TopicFilter Birth = TopicFilter.Parse("homeassistant/status", "topic");

    // A hub that starts calls every device at once; they answer spread over this time.
    private static readonly TimeSpan BirthSpread = TimeSpan.FromSeconds(1);

    // A connection that lasted this long was a good one: the next wait is a short one again.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan GoodbyeWithin = TimeSpan.FromSeconds(5);

    private TaskCompletionSource<Session> open = NextOpening();

    /// <summary>Publishes who the device is; runs before anything is reported.</summary>
    public required Func<Session, CancellationToken, Task> IntroduceAsync { get; init; }

    /// <summary>Publishes again what was reported last.</summary>
    public required Func<Session, CancellationToken, Task> ReportAgainAsync { get; init; }

    public required Turns Turns { get; init; }

    public required Func<HearthMessage, CancellationToken, Task> HandleAsync { get; init; }

    /// <summary>The open session, or null while there is none.</summary>
    public Session? Current =>
        Volatile.Read(ref open).Task is { IsCompletedSuccessfully: true } opened
            ? opened.Result
            : null;

    public Task<Session> WhenOpenAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref open).Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Stays connected until it is cancelled; then says goodbye and returns. The filters are what
    /// to subscribe to besides the hub's birth message.
    /// </summary>
    /// <exception cref="HearthException">Another client took the device's place.</exception>
    public async Task RunAsync(
        HearthConnection connection,
        IReadOnlyList<TopicFilter> filters,
        CancellationToken cancellationToken
    )
    {
        var backoff = new Backoff(random);
        while (true)
        {
            var started = time.GetTimestamp();
            var (end, cause) = await LiveAsync(connection, filters, cancellationToken)
                .ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (end.TakenOver)
            {
                throw new HearthException(
                    $"Another client connected as '{identity.ClientId}'. Every device needs an "
                        + "id of its own."
                );
            }

            if (time.GetElapsedTime(started) >= Steady)
            {
                backoff.Reset();
            }

            var wait = backoff.Next();
            var waited = Task.Delay(wait, time, cancellationToken);
            notify(new HearthNotice(HearthNoticeKind.Disconnected, end.Sentence, cause, wait));
            await waited.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>One session's life. Answers why it ended.</summary>
    private async Task<(SessionEnd End, Exception? Cause)> LiveAsync(
        HearthConnection connection,
        IReadOnlyList<TopicFilter> filters,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var born = Channel.CreateBounded<bool>(
                new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
            );
            using var session = await Session
                .OpenAsync(
                    connection,
                    identity,
                    time,
                    (from, incoming) => OnMessage(from, incoming, born.Writer),
                    cancellationToken
                )
                .ConfigureAwait(false);
            try
            {
                var end = await UseAsync(
                        session,
                        connection,
                        filters,
                        born.Reader,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                return (end, null);
            }
            finally
            {
                Volatile.Write(ref open, NextOpening());
                session.Retire();
                if (cancellationToken.IsCancellationRequested)
                {
                    await SayGoodbyeAsync(session).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (new SessionEnd("The device was stopped."), null);
        }
        catch (SessionLostException lost)
        {
            return (lost.End, lost.InnerException);
        }
        catch (Exception cause)
        {
            // Refused, unreachable, an unknown name: all of them may be over in a minute.
            // The innermost exception is the one that says it: "Connection refused".
            return (new SessionEnd($"Not connected to {connection}."), cause.GetBaseException());
        }
    }

    private async Task<SessionEnd> UseAsync(
        Session session,
        HearthConnection connection,
        IReadOnlyList<TopicFilter> filters,
        ChannelReader<bool> born,
        CancellationToken cancellationToken
    )
    {
        // Before the announcement, so that no command finds nobody.
        await session
            .SubscribeAsync(TopicFilter.Fewest([Birth, .. filters]), cancellationToken)
            .ConfigureAwait(false);
        await IntroduceAsync(session, cancellationToken).ConfigureAwait(false);
        // From here on reports go out by themselves; what was reported before is sent again
        // after this line, so that nothing falls in between.
        open.SetResult(session);
        await ReportAgainAsync(session, cancellationToken).ConfigureAwait(false);
        notify(new HearthNotice(HearthNoticeKind.Connected, $"Connected to {connection}."));

        while (true)
        {
            var birth = born.WaitToReadAsync(cancellationToken).AsTask();
            await Task.WhenAny(session.Ended, birth).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (session.Ended.IsCompleted)
            {
                return await session.Ended.ConfigureAwait(false);
            }

            await Task.Delay(BirthSpread * random.NextDouble(), time, cancellationToken)
                .ConfigureAwait(false);
            born.TryRead(out _);
            await IntroduceAsync(session, cancellationToken).ConfigureAwait(false);
            await ReportAgainAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }

    private void OnMessage(Session session, Incoming incoming, ChannelWriter<bool> born)
    {
        if (!Turns.HasRoom)
        {
            session.Abandon($"More than {Turns.WaitingMax} messages were waiting to be handled.");
            return;
        }

        if (
            Birth.Matches(incoming.Message.Topic)
            && incoming.Message.Payload.Span.SequenceEqual("online"u8)
        )
        {
            born.TryWrite(true);
        }

        Turns.Post(async token =>
        {
            await HandleAsync(incoming.Message, token).ConfigureAwait(false);
            await incoming.AcknowledgeAsync(token).ConfigureAwait(false);
        });
    }

    private async Task SayGoodbyeAsync(Session session)
    {
        using var late = new CancellationTokenSource(GoodbyeWithin, time);
        try
        {
            await session
                .PublishAsync(
                    identity.AvailabilityTopic,
                    System.Text.Encoding.UTF8.GetBytes(LinkIdentity.Offline),
                    retain: true,
                    contentType: null,
                    late.Token
                )
                .ConfigureAwait(false);
            await session.DisconnectAsync(late.Token).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            // Without a DISCONNECT the broker publishes the last will, which says the same.
            notify(
                new HearthNotice(
                    HearthNoticeKind.Disconnected,
                    "The device was stopped without a goodbye.",
                    cause
                )
            );
        }
    }

    private static TaskCompletionSource<Session> NextOpening() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
