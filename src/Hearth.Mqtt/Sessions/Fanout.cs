using Hearth.Core.Events;
using Hearth.Mqtt.Packets;
using Hearth.Mqtt.Topics;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// Works out who gets what of the rows that are dispatched together. Reused from batch to batch;
/// belongs to the broker's turn.
/// </summary>
internal sealed class Fanout
{
    private readonly List<Subscription> _matches = [];
    private readonly Dictionary<Session, Delivery> _bySession = [];

    /// <summary>In the order of the log.</summary>
    public List<(Session Session, Delivery Delivery)> Deliveries { get; } = [];

    /// <summary>To how many sessions the message of each command goes.</summary>
    public List<Core.Delivery> Commands { get; } = [];

    public void Begin()
    {
        Deliveries.Clear();
        Commands.Clear();
    }

    public void Add(Event item, TopicTrie<Subscription> subscriptions)
    {
        _matches.Clear();
        subscriptions.Match(EventTopic.Of(item), _matches);
        if (_matches.Count > 0)
        {
            GroupBySession(OutgoingMessage.Of(item));
        }

        if (item.Data is MessagePublished { Command: { } command })
        {
            // A session that is away keeps what has QoS 1 or 2; for a message with QoS 0 it is not
            // there.
            var sessions = _bySession.Count(pair =>
                pair.Key.Line is not null
                || (pair.Key.IsPersistent && pair.Value.Qos > Qos.AtMostOnce)
            );
            Commands.Add(new Core.Delivery(command, sessions));
        }

        foreach (var (session, delivery) in _bySession)
        {
            Deliveries.Add((session, delivery));
        }

        _bySession.Clear();
    }

    private void GroupBySession(OutgoingMessage message)
    {
        foreach (var subscription in _matches)
        {
            if (!subscription.Takes(message))
            {
                continue;
            }

            if (_bySession.TryGetValue(subscription.Session, out var delivery))
            {
                delivery.Add(subscription);
            }
            else
            {
                _bySession.Add(subscription.Session, Delivery.Of(message, subscription));
            }
        }
    }
}
