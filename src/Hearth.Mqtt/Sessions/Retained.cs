using Hearth.Mqtt.Topics;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// The retained messages by topic, and how many each client has. Belongs to the broker's turn.
/// </summary>
internal sealed class Retained
{
    private readonly RetainedTree<OutgoingMessage> _messages = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly Dictionary<string, int> _reserved = [];
    private readonly List<OutgoingMessage> _matches = [];

    /// <summary>
    /// The topic's new message; an empty one takes the old one away. [MQTT-3.3.1-5]
    /// [MQTT-3.3.1-6]
    /// </summary>
    public void Take(OutgoingMessage message)
    {
        var isEmpty = message.Payload.IsEmpty;
        var before = isEmpty
            ? _messages.Clear(message.Topic)
            : _messages.Set(message.Topic, message);
        if (before is not null)
        {
            Count(_counts, before.Client, -1);
        }

        if (!isEmpty)
        {
            Count(_counts, message.Client, 1);
        }
    }

    public OutgoingMessage? Find(string topic) => _messages.Find(topic);

    /// <summary>A new topic counts from here on, before it is committed.</summary>
    public bool TryReserve(string client, string topic, int max)
    {
        var isNew = _messages.Find(topic) is null;
        var count = _counts.GetValueOrDefault(client) + _reserved.GetValueOrDefault(client);
        if (isNew && count >= max)
        {
            return false;
        }

        Count(_reserved, client, 1);
        return true;
    }

    public void Unreserve(string client) => Count(_reserved, client, -1);

    public void AddMatches(Subscription subscription, DateTimeOffset now, List<Delivery> found)
    {
        _matches.Clear();
        _messages.Match(subscription.Filter, _matches);
        foreach (var message in _matches)
        {
            if (!(message.ExpiresAt <= now) && !subscription.IsOwn(message))
            {
                found.Add(Delivery.OfRetained(message, subscription));
            }
        }
    }

    private static void Count(Dictionary<string, int> counts, string? client, int change)
    {
        var count = counts.GetValueOrDefault(client ?? "") + change;
        if (count == 0)
        {
            counts.Remove(client ?? "");
        }
        else
        {
            counts[client ?? ""] = count;
        }
    }
}
