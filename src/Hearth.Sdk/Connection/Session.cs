using System.Buffers;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Hearth.Sdk.Connection;

/// <summary>A message that arrived, and how to tell the broker that it was handled.</summary>
internal sealed record Incoming(
    HearthMessage Message,
    Func<CancellationToken, Task> AcknowledgeAsync
);

/// <summary>How a session ended that we did not end.</summary>
internal sealed record SessionEnd(string Sentence, bool TakenOver = false);

/// <summary>The connection is gone, or as good as gone; whoever owns it connects again.</summary>
internal sealed class SessionLostException(SessionEnd end, Exception cause)
    : Exception(end.Sentence, cause)
{
    public SessionEnd End { get; } = end;
}

/// <summary>
/// One connection, from CONNECT to its end. It never mends itself: whatever goes wrong ends it,
/// and the link opens the next one.
/// </summary>
internal sealed class Session : IDisposable
{
    // Longer than a hub needs for a commit, shorter than a person waits for a lamp.
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReasonWithin = TimeSpan.FromSeconds(1);

    // As many unacknowledged messages as we want the broker to send at once.
    private const ushort ReceiveMaximum = 64;

    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
    private readonly TimeProvider time;
    private readonly TaskCompletionSource<SessionEnd> ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource retired = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    // As many as the broker wants to have from us at once: MQTTnet does not look at it.
    private SemaphoreSlim unanswered = new(1, 1);

    private Session(TimeProvider time) => this.time = time;

    /// <summary>Completes when the connection is gone.</summary>
    public Task<SessionEnd> Ended => ended.Task;

    /// <summary>Completes when the link no longer hands this session out.</summary>
    public Task Retired => retired.Task;

    public static async Task<Session> OpenAsync(
        HearthConnection connection,
        LinkIdentity identity,
        TimeProvider time,
        Action<Session, Incoming> onMessage,
        CancellationToken cancellationToken
    )
    {
        var session = new Session(time);
        session.client.DisconnectedAsync += session.OnDisconnectedAsync;
        session.client.ApplicationMessageReceivedAsync += arrived =>
        {
            // The acknowledgement waits until the message has had its turn.
            arrived.AutoAcknowledge = false;
            var message = new HearthMessage(
                arrived.ApplicationMessage.Topic,
                arrived.ApplicationMessage.Payload.ToArray(),
                arrived.ApplicationMessage.Retain
            );
            onMessage(session, new Incoming(message, token => session.AcceptAsync(arrived, token)));
            return Task.CompletedTask;
        };

        try
        {
            var options = OptionsFor(connection, identity);
            var answer = await session
                .client.ConnectAsync(options, cancellationToken)
                .ConfigureAwait(false);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw Refused("the connection", answer.ResultCode, answer.ReasonString);
            }

            session.unanswered.Dispose();
            session.unanswered = new SemaphoreSlim(
                answer.ReceiveMaximum is > 0 and var max ? max : ushort.MaxValue
            );
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public async Task SubscribeAsync(
        IEnumerable<TopicFilter> filters,
        CancellationToken cancellationToken
    )
    {
        var options = new MqttClientSubscribeOptionsBuilder();
        foreach (var filter in filters)
        {
            options.WithTopicFilter(filter.Text, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        var answer = await AnswerAsync(
                token => client.SubscribeAsync(options.Build(), token),
                cancellationToken
            )
            .ConfigureAwait(false);
        var refused = answer.Items.FirstOrDefault(item =>
            item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2
        );
        if (refused is not null)
        {
            var what = $"the subscription to '{refused.TopicFilter.Topic}'";
            throw Refused(what, refused.ResultCode, answer.ReasonString);
        }
    }

    /// <summary>Publishes with QoS 1 and waits for the acknowledgement.</summary>
    /// <exception cref="SessionLostException">Not acknowledged; it may have arrived.</exception>
    /// <exception cref="HearthException">The broker refused it.</exception>
    public async Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        bool retain,
        string? contentType,
        CancellationToken cancellationToken
    )
    {
        var message = new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(payload),
            Retain = retain,
            ContentType = contentType,
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        };
        await unanswered.WaitAsync(cancellationToken).ConfigureAwait(false);
        MqttClientPublishResult answer;
        try
        {
            answer = await AnswerAsync(
                    token => client.PublishAsync(message, token),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        finally
        {
            unanswered.Release();
        }

        if (!answer.IsSuccess)
        {
            throw Refused($"a message on '{topic}'", answer.ReasonCode, answer.ReasonString);
        }
    }

    /// <summary>Sends DISCONNECT, so that the broker forgets the last will.</summary>
    public Task DisconnectAsync(CancellationToken cancellationToken) =>
        client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellationToken);

    /// <summary>Gives the connection up without a word; the last will speaks.</summary>
    public void Abandon(string sentence)
    {
        ended.TrySetResult(new SessionEnd(sentence));
        client.Dispose();
    }

    public void Retire() => retired.TrySetResult();

    public void Dispose() => client.Dispose();

    private static HearthException Refused(string what, Enum code, string? reason) =>
        new(
            string.IsNullOrEmpty(reason)
                ? $"The broker refused {what}: {code}."
                : $"The broker refused {what}: {code}, {reason}."
        );

    private static MqttClientOptions OptionsFor(HearthConnection connection, LinkIdentity identity)
    {
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(connection.Host, connection.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(identity.ClientId)
            .WithCleanStart(connection.SessionExpiry == TimeSpan.Zero)
            .WithSessionExpiryInterval((uint)connection.SessionExpiry.TotalSeconds)
            .WithReceiveMaximum(ReceiveMaximum)
            .WithKeepAlivePeriod(connection.KeepAlive)
            .WithTimeout(AnsweredWithin)
            .WithWillTopic(identity.AvailabilityTopic)
            .WithWillPayload(LinkIdentity.Offline)
            .WithWillRetain(true)
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (connection.Username is { } username)
        {
            options.WithCredentials(username, connection.Password ?? "");
        }

        if (connection.Tls)
        {
            options.WithTlsOptions(tls => tls.UseTls());
        }

        return options.Build();
    }

    private async Task<T> AnswerAsync<T>(
        Func<CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        using var late = new CancellationTokenSource(AnsweredWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            late.Token,
            cancellationToken
        );
        try
        {
            return await ask(either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception cause)
        {
            // MQTTnet has a dozen exceptions for a connection that does not work. Which one it
            // was does not matter: an unanswered packet makes the connection worthless.
            if (late.IsCancellationRequested)
            {
                Abandon($"The broker did not answer within {AnsweredWithin.TotalSeconds:0} s.");
            }
            else
            {
                // The broker's own reason, if it gave one, is told a moment later.
                await Task.WhenAny(Ended, Task.Delay(ReasonWithin, time, cancellationToken))
                    .ConfigureAwait(false);
                Abandon("The connection was lost.");
            }

            throw new SessionLostException(await Ended.ConfigureAwait(false), cause);
        }
    }

    private async Task AcceptAsync(
        MqttApplicationMessageReceivedEventArgs arrived,
        CancellationToken cancellationToken
    )
    {
        if (
            arrived.ApplicationMessage.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce
            || !client.IsConnected
        )
        {
            return;
        }

        try
        {
            await arrived.AcknowledgeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Unacknowledged, so the broker sends it again if it keeps the session.
            Abandon("The connection was lost.");
        }
    }

    private Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs end)
    {
        var sentence =
            end.ReasonString is { Length: > 0 } reason
                ? $"The broker ended the connection: {end.Reason}, {reason}."
            : end.Reason == MqttClientDisconnectReason.NormalDisconnection
                ? "The connection was closed."
            : $"The connection ended: {end.Reason}.";
        ended.TrySetResult(
            new SessionEnd(sentence, end.Reason == MqttClientDisconnectReason.SessionTakenOver)
        );
        return Task.CompletedTask;
    }
}
