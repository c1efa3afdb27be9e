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
internal sealed class Connecting(Broker broker)
{
    /// <exception cref="ConnectRefusedException">The client is not let in.</exception>
    public async Task<Session> AttachAsync(
        Packet.Connect connect,
        string clientId,
        SessionLine line,
        CancellationToken cancellationToken
    )
    {
        Check(connect, clientId);
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
                    await AttachOnTurnAsync(session, connect, line, cancellationToken);
                    return session;
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

    private async Task AttachOnTurnAsync(
        Session session,
        Packet.Connect connect,
        SessionLine line,
        CancellationToken cancellationToken
    )
    {
        var wasThere = session.Epoch > 0;
        broker.Wills.CancelDelayed(session.ClientId);
        var isPresent =
            wasThere && !connect.Clean && await IsThereAsync(session, cancellationToken);
        var old = isPresent ? [] : session.Received.All;
        if (!isPresent)
        {
            broker.Reset(session);
        }

        // By the clock, so that it is above that of any row which could not be taken away.
        var now = broker.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        session.Epoch = Math.Max(session.Epoch + 1, now);
        session.ExpirySeconds = Math.Min(
            connect.SessionExpirySeconds,
            (uint)broker.Options.SessionExpiryMax.TotalSeconds
        );
        session.DisconnectedAt = null;
        await StoreAsync(session, old, cancellationToken);
        broker.Attach(session, line, Welcome(connect, session, isPresent));
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

    private async Task StoreAsync(
        Session session,
        IReadOnlyList<ushort> dropped,
        CancellationToken cancellationToken
    )
    {
        if (session.IsPersistent)
        {
            if (dropped.Count > 0)
            {
                await broker.Store.SaveAsync([], [session.ClientId], cancellationToken);
            }

            session.IsStored = true;
            var subscriptions = broker.SubscriptionsOf(session, out _);
            var record = SessionStore.RecordOf(session, subscriptions, broker.Dispatched);
            await broker.Store.SaveAsync([record], [], cancellationToken);
        }
        else if (session.IsStored)
        {
            await broker.Store.SaveAsync([], [session.ClientId], cancellationToken);
            session.IsStored = false;
        }
    }

    private void Check(Packet.Connect connect, string clientId)
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

    private Packet.ConnAck Welcome(Packet.Connect connect, Session session, bool isPresent) =>
        new(ReasonCode.Success)
        {
            SessionPresent = isPresent,
            AssignedClientId = connect.ClientId.Length == 0 ? session.ClientId : null,
            SessionExpirySeconds =
                session.ExpirySeconds == connect.SessionExpirySeconds
                    ? null
                    : session.ExpirySeconds,
            MaximumPacketSize = (uint)broker.Options.PacketBytesMax,
            TopicAliasMaximum = broker.Options.TopicAliasMax,
            SharedSubscriptionsAvailable = false,
        };
}
