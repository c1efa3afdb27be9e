using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>The rows of persistent sessions. Each call is durable when it completes.</summary>
internal sealed class SessionStore(HomeClient home)
{
    public async Task<IReadOnlyList<SessionRecord>> AllAsync(CancellationToken cancellationToken) =>
        await home.Truths.SessionsAsync(home.Id, cancellationToken);

    /// <summary>The QoS 2 ids of a client that the database holds.</summary>
    public async Task<IReadOnlyList<ushort>> ReceivedAsync(
        string clientId,
        CancellationToken cancellationToken
    )
    {
        var all = await home.Truths.SessionsAsync(home.Id, cancellationToken);
        return all.FirstOrDefault(record => record.Client == clientId)?.Received ?? [];
    }

    public Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken) =>
        home.Truths.SaveSessionsAsync(home.Id, changes, cancellationToken);

    public Task ReleaseAsync(IReadOnlyList<ReceivedPacket> released) =>
        SaveAsync(new SessionChanges { Released = released }, CancellationToken.None);

    /// <param name="subscribing">Filters whose retained messages are about to be sent.</param>
    public static SessionRecord RecordOf(
        Session session,
        IEnumerable<Subscription> subscriptions,
        Sequence handedOver,
        params IReadOnlyList<string> subscribing
    )
    {
        var (owed, awaitsRetained) = session.OwedRetained();
        return new SessionRecord(
            session.ClientId,
            session.Epoch,
            session.CursorAt(handedOver),
            SubscriptionFormat.Write(
                subscriptions,
                handedOver,
                subscribing.Count == 0 ? owed : owed.Union(subscribing).ToHashSet()
            ),
            session.ExpirySeconds,
            session.DisconnectedAt,
            session.Received.All
        )
        {
            AwaitsRetained = awaitsRetained || subscribing.Count > 0,
        };
    }
}
