using Hearth.Homes;
using Hearth.Mqtt.Packets;
using Hearth.Mqtt.Topics;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>Why a client was not let in.</summary>
internal sealed class ConnectRefusedException(ReasonCode reason, string sentence)
    : Exception(sentence)
{
    public ReasonCode Reason { get; } = reason;
}

/// <summary>
/// Binds a client to its session, new or found again; whoever had it before has to go first.
/// </summary>
internal sealed class Connecting(
    Broker broker,
    Packet.Connect connect,
    string clientId,
    string? address
)
{
    /// <summary>The keep-alive that the client is to use instead of the one that it asked for.
    /// </summary>
    public ushort? ServerKeepAliveSeconds { get; init; }

    /// <exception cref="ConnectRefusedException">The client is not let in.</exception>
    public async Task<(Session Session, WillRecord? Will)> AttachAsync(
        SessionLine line,
        CancellationToken cancellationToken
    )
    {
        Check();
        try
        {
            // A call without inputs says whether the home takes any.
            await broker.Home.SubmitAsync([], cancellationToken);
            while (true)
            {
                var session = broker.GetOrAddSession(clientId);
                using var turn = await SessionTurn.TakeAsync(session, cancellationToken);
                await EndOtherAsync(session, cancellationToken);
                if (!session.IsGone)
                {
                    return (session, await AttachOnTurnAsync(session, line, cancellationToken));
                }
            }
        }
        catch (Exception fault) when (fault is HomeClosedException or LogUnavailableException)
        {
            throw new ConnectRefusedException(ReasonCode.ServerUnavailable, fault.Message);
        }
    }

    /// <summary>[MQTT-3.1.4-3]; afterwards the session may be gone with its connection.</summary>
    private static async Task EndOtherAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Line is { } other)
        {
            other.End(ReasonCode.SessionTakenOver, "The client has connected anew.");
            await other.Ended.WaitAsync(cancellationToken);
        }
    }

    private async Task<WillRecord?> AttachOnTurnAsync(
        Session session,
        SessionLine line,
        CancellationToken cancellationToken
    )
    {
        var wasThere = session.Epoch > 0;
        var isPresent =
            wasThere && !connect.Clean && await IsThereAsync(session, cancellationToken);
        if (!isPresent)
        {
            broker.Reset(session);
        }

        session.Epoch = broker.NextEpoch();
        session.ExpirySeconds = Math.Min(
            connect.SessionExpirySeconds,
            (uint)broker.Options.SessionExpiryMax.TotalSeconds
        );
        session.DisconnectedAt = null;
        var will = connect.Will is null ? null : broker.Wills.RecordOf(connect, session, address);
        await StoreAsync(session, isPresent, will);
        broker.Attach(session, line, Welcome(session, isPresent));
        return will;
    }

    /// <summary>Whether all that the session still has to get is there.</summary>
    private async Task<bool> IsThereAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Received.IsUncertain)
        {
            session.Received.Restore(
                await broker.Store.ReceivedAsync(session.ClientId, cancellationToken)
            );
        }

        await HandshakeContents.FindAsync(broker, session, cancellationToken);
        if (session.Position >= broker.Dispatched)
        {
            return true;
        }

        try
        {
            await broker.Home.Feed.ReadAsync(session.Position, 1, 1, cancellationToken);
            return true;
        }
        catch (CursorGoneException)
        {
            return false;
        }
    }

    /// <summary>What must be durable before CONNACK, in one piece: the session, the will, and
    /// that an earlier will is not published any more. It is not broken off with the connection, so
    /// that nobody is left in doubt what is on the disk.</summary>
    private async Task StoreAsync(Session session, bool isPresent, WillRecord? will)
    {
        await broker.Wills.PublishDueAsync(clientId);
        var cancelled = broker.Wills.DelayedOf(clientId);
        var wasStored = session.IsStored;
        session.IsStored = session.IsPersistent;
        if (!wasStored && !session.IsPersistent && will is null && cancelled.Count == 0)
        {
            return;
        }

        var subscriptions = broker.SubscriptionsOf(session, out _);
        var record = SessionStore.RecordOf(session, subscriptions, broker.HandedOver);
        try
        {
            await broker.Store.SaveAsync(
                new SessionChanges
                {
                    Removed = wasStored && !(isPresent && session.IsPersistent) ? [clientId] : [],
                    Saved = session.IsPersistent ? [record] : [],
                    WillsRemoved = cancelled,
                    WillsSaved = will is null ? [] : [will],
                },
                CancellationToken.None
            );
            broker.Wills.Cancelled(cancelled);
        }
        catch (LogUnavailableException)
        {
            // The client is not let in. What it has on the disk, it still has.
            session.IsStored = wasStored || session.IsPersistent;
            session.DisconnectedAt = broker.Clock.GetUtcNow();
            session.IsUnsaved = true;
            throw;
        }
    }

    private void Check()
    {
        if (!broker.IsOpen)
        {
            throw new ConnectRefusedException(
                ReasonCode.ServerUnavailable,
                "The home is not open now; try again."
            );
        }

        if (connect.AuthenticationMethod is not null)
        {
            throw new ConnectRefusedException(
                ReasonCode.BadAuthenticationMethod,
                "There is no extended authentication here."
            );
        }

        if (clientId.Length > broker.Options.ClientIdMax)
        {
            throw new ConnectRefusedException(
                ReasonCode.ClientIdentifierNotValid,
                $"A client identifier has at most {broker.Options.ClientIdMax} characters."
            );
        }

        if (
            connect.Will is { } will
            && (
                (TopicName.IsReserved(will.Topic) && !TopicName.IsOfADevice(will.Topic))
                || TopicName.HasMoreLevels(will.Topic, broker.Options.TopicLevelsMax)
            )
        )
        {
            throw new ConnectRefusedException(
                ReasonCode.TopicNameInvalid,
                "The will's topic is the hub's own, or has too many levels."
            );
        }
    }

    private Packet.ConnAck Welcome(Session session, bool isPresent) =>
        new(ReasonCode.Success)
        {
            SessionPresent = isPresent,
            AssignedClientId = connect.ClientId.Length == 0 ? session.ClientId : null,
            SessionExpirySeconds =
                session.ExpirySeconds == connect.SessionExpirySeconds
                    ? null
                    : session.ExpirySeconds,
            ReceiveMaximum = broker.Options.ReceiveMaximum,
            MaximumPacketSize = (uint)broker.Options.PacketBytesMax,
            TopicAliasMaximum = broker.Options.TopicAliasMax,
            ServerKeepAliveSeconds = ServerKeepAliveSeconds,
            ResponseInformation = connect.RequestResponseInformation
                ? ResponseTopics(session.ClientId)
                : null,
        };

    /// <summary>Where a client may let others answer it; what cannot stand in a level is left out.
    /// </summary>
    private static string ResponseTopics(string clientId) =>
        "responses/" + string.Concat(clientId.Where(letter => letter is not ('/' or '+' or '#')));
}
