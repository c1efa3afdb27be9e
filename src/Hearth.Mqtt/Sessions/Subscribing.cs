using Hearth.Mqtt.Packets;
using Hearth.Mqtt.Topics;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>SUBSCRIBE and UNSUBSCRIBE: durable before they are confirmed, where the session is.
/// </summary>
internal static class Subscribing
{
    /// <exception cref="LogUnavailableException">It could not be made durable.</exception>
    public static async Task SubscribeAsync(
        Broker broker,
        Session session,
        SessionLine line,
        Packet.Subscribe packet,
        CancellationToken cancellationToken
    )
    {
        using var turn = await SessionTurn.TakeAsync(session, cancellationToken);
        var current = broker
            .SubscriptionsOf(session, out _)
            .ToDictionary(subscription => subscription.Filter);
        var reasons = new List<ReasonCode>(packet.Requests.Count);
        var accepted = new List<Subscription>(packet.Requests.Count);
        var owed = new List<string>();
        foreach (var request in packet.Requests)
        {
            var reason = Judge(request, current, broker.Options);
            reasons.Add(reason);
            if (!reason.IsError())
            {
                var before = current.GetValueOrDefault(request.Filter);
                var subscription = new Subscription(
                    session,
                    request,
                    packet.SubscriptionId,
                    before?.Since ?? broker.Dispatched
                )
                {
                    Share = before?.Share,
                };
                if (request.WantsRetained(isNew: before is null))
                {
                    owed.Add(request.Filter);
                }

                current[request.Filter] = subscription;
                accepted.Add(subscription);
            }
        }

        if (accepted.Count > 0)
        {
            await SaveAsync(broker, session, current.Values, owed, cancellationToken);
        }

        broker.Subscribe(session, line, accepted, new Packet.SubAck(packet.Id, reasons));
    }

    /// <exception cref="LogUnavailableException">It could not be made durable.</exception>
    public static async Task UnsubscribeAsync(
        Broker broker,
        Session session,
        SessionLine line,
        Packet.Unsubscribe packet,
        CancellationToken cancellationToken
    )
    {
        using var turn = await SessionTurn.TakeAsync(session, cancellationToken);
        var reasons = packet
            .Filters.Select(filter =>
                broker.Unsubscribe(session, filter)
                    ? ReasonCode.Success
                    : ReasonCode.NoSubscriptionExisted
            )
            .ToList();
        await SaveAsync(
            broker,
            session,
            broker.SubscriptionsOf(session, out _),
            [],
            cancellationToken
        );
        line.Outbox.Write(new Packet.UnsubAck(packet.Id, reasons));
    }

    private static async Task SaveAsync(
        Broker broker,
        Session session,
        IEnumerable<Subscription> subscriptions,
        List<string> owed,
        CancellationToken cancellationToken
    )
    {
        if (session.IsPersistent)
        {
            // The retained messages that come now come after a restart too, until they are all
            // acknowledged; that they are, the upkeep writes.
            session.IsUnsaved |= owed.Count > 0;
            var record = SessionStore.RecordOf(session, subscriptions, broker.HandedOver, owed);
            await broker.Store.SaveAsync(
                new SessionChanges { Saved = [record] },
                cancellationToken
            );
        }
    }

    private static ReasonCode Judge(
        SubscriptionRequest request,
        Dictionary<string, Subscription> current,
        BrokerOptions options
    )
    {
        var filter = request.Filter;
        var isValid = SharedFilter.IsShared(filter)
            ? SharedFilter.TryParse(filter, out _)
            : TopicFilter.IsValid(filter);
        if (!isValid || TopicName.HasMoreLevels(filter, options.TopicLevelsMax))
        {
            return ReasonCode.TopicFilterInvalid;
        }

        return current.Count >= options.SubscriptionsMax && !current.ContainsKey(filter)
            ? ReasonCode.QuotaExceeded
            : (ReasonCode)request.MaximumQos;
    }
}
