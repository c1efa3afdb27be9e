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
    private readonly List<ShareGroup> _groups = [];
    private readonly Dictionary<Session, Delivery> _bySession = [];

    /// <summary>In the order of the log.</summary>
    public List<(Session Session, Delivery Delivery)> Deliveries { get; } = [];

    /// <summary>What goes to one member of a group, in the order of the log.</summary>
    public List<(ShareGroup Group, OutgoingMessage Message)> Shared { get; } = [];

    /// <summary>To how many sessions the message of each command goes.</summary>
    public List<Core.Delivery> Commands { get; } = [];

    public void Begin()
    {
        Deliveries.Clear();
        Shared.Clear();
        Commands.Clear();
    }

    public void Add(Event item, TopicTrie<Subscription> subscriptions, ShareGroups shares)
    {
        _matches.Clear();
        _groups.Clear();
        var topic = EventTopic.Of(item);
        subscriptions.Match(topic, _matches);
        shares.Match(topic, _groups);
        if (_matches.Count > 0 || _groups.Count > 0)
        {
            var outgoing = OutgoingMessage.Of(item);
            GroupBySession(outgoing);
            foreach (var group in _groups)
            {
                Shared.Add((group, outgoing));
            }
        }

        if (item.Data is MessagePublished { Command: { } command } message)
        {
            // A session that is away keeps what has QoS 1 or 2; for a message with QoS 0 it is not
            // there.
            var sessions = _bySession.Count(pair =>
                pair.Key.Line is not null
                || (pair.Key.IsPersistent && pair.Value.Qos > Qos.AtMostOnce)
            );
            var groups = _groups.Count(group => group.Reaches((Qos)message.Qos));
            Commands.Add(new Core.Delivery(command, sessions + groups));
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
