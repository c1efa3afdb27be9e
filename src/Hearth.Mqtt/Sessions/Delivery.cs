using Hearth.Mqtt.Packets;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>A message for one session: once, however many of its filters match.</summary>
internal sealed class Delivery
{
    private List<uint>? _subscriptionIds;

    private Delivery(OutgoingMessage message)
    {
        Message = message;
    }

    public OutgoingMessage Message { get; }

    /// <summary>The highest that a matching subscription allows, and the message has.</summary>
    public Qos Qos { get; private set; }

    public bool Retain { get; private set; }

    /// <summary>It answers a subscription, and is no event that a cursor waits for.</summary>
    public bool IsRetained { get; private set; }

    /// <summary>The group that keeps the place of it in the log, when it came by a shared
    /// subscription; the session's own cursor does not wait for it.</summary>
    public ShareGroup? Share { get; private set; }

    /// <summary>The filter of the subscription that it answers.</summary>
    public string? RetainedFor { get; private set; }

    public IReadOnlyList<uint> SubscriptionIds => _subscriptionIds ?? [];

    /// <summary>A retained message, because the session subscribed to it. [MQTT-3.3.1-8]</summary>
    public static Delivery OfRetained(OutgoingMessage message, Subscription subscription)
    {
        var delivery = Of(message, subscription);
        delivery.Retain = true;
        delivery.IsRetained = true;
        delivery.RetainedFor = subscription.Filter;
        return delivery;
    }

    public static Delivery OfShared(
        OutgoingMessage message,
        Subscription subscription,
        ShareGroup group
    )
    {
        var delivery = Of(message, subscription);
        delivery.Share = group;
        return delivery;
    }

    /// <summary>One that was under way with QoS 2 before a restart, as its row says.</summary>
    public static Delivery OfRow(SentPacket row, OutgoingMessage message) =>
        new(message)
        {
            Qos = Qos.ExactlyOnce,
            Retain = row.Retain,
            IsRetained = row.Retained,
            _subscriptionIds = [.. row.SubscriptionIds],
        };

    /// <summary>The same with what it says.</summary>
    public Delivery With(OutgoingMessage message) =>
        new(message)
        {
            Qos = Qos,
            Retain = Retain,
            IsRetained = IsRetained,
            _subscriptionIds = _subscriptionIds,
        };

    public static Delivery Of(OutgoingMessage message, Subscription subscription)
    {
        var delivery = new Delivery(message);
        delivery.Add(subscription);
        return delivery;
    }

    /// <summary>
    /// One more filter that matches. [MQTT-3.3.4-2] to [MQTT-3.3.4-4]: it is sent once, with the
    /// highest QoS and the names of all the subscriptions.
    /// </summary>
    public void Add(Subscription subscription)
    {
        var allowed = subscription.Request.MaximumQos;
        var granted = allowed < Message.Qos ? allowed : Message.Qos;
        Qos = granted > Qos ? granted : Qos;
        // [MQTT-3.3.1-12] [MQTT-3.3.1-13]
        Retain |= Message.Retain && subscription.Request.RetainAsPublished;
        if (subscription.Id > 0)
        {
            (_subscriptionIds ??= []).Add(subscription.Id);
        }
    }

    public Packet.Publish ToPacket(ushort id, bool isDuplicate, DateTimeOffset now) =>
        new(Message.Topic, Message.Payload)
        {
            Id = id,
            Qos = Qos,
            Retain = Retain,
            Duplicate = isDuplicate,
            Properties = Message.PropertiesAt(now),
            SubscriptionIds = SubscriptionIds,
        };
}
