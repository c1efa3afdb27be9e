using Hearth.Core.Events;

namespace Hearth.Storage;

/// <summary>What is written of MQTT connections together, in this order.</summary>
public sealed record SessionChanges
{
    /// <summary>Clients whose session is gone, with all that belongs to it but its will.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>One with a lower epoch than the stored one is left alone.</summary>
    public IReadOnlyList<SessionRecord> Saved { get; init; } = [];

    /// <summary>QoS 2 publishes of clients that they have released.</summary>
    public IReadOnlyList<ReceivedPacket> Released { get; init; } = [];

    public IReadOnlyList<WillKey> WillsRemoved { get; init; } = [];

    public IReadOnlyList<WillRecord> WillsSaved { get; init; } = [];

    /// <summary>QoS 2 handshakes with clients; of a session that was taken over meanwhile, or is
    /// gone, they are left alone.</summary>
    public IReadOnlyList<SentPacket> Sent { get; init; } = [];
}

/// <param name="Epoch">Raised by each take-over.</param>
/// <param name="Cursor">Everything up to here was delivered and acknowledged.</param>
/// <param name="Subscriptions">JSON that the MQTT edge writes and reads.</param>
/// <param name="DisconnectedAt">Null while connected.</param>
public sealed record SessionRecord(
    string Client,
    long Epoch,
    Sequence Cursor,
    string Subscriptions,
    uint ExpirySeconds,
    DateTimeOffset? DisconnectedAt,
    IReadOnlyList<ushort> Received
)
{
    /// <summary>Handshakes that the cursor has not passed. Read only: they are written one by one.
    /// </summary>
    public IReadOnlyList<SentPacket> Sent { get; init; } = [];

    /// <summary>False takes away what is kept of the retained messages sent to it.</summary>
    public bool AwaitsRetained { get; init; }
}

/// <summary>How far a QoS 2 message to a client has come.</summary>
public enum SentState
{
    /// <summary>It may have been sent.</summary>
    Sent = 0,

    /// <summary>The client has it; PUBREL stands out.</summary>
    Received = 1,

    /// <summary>Known until the cursor has passed it, so that it does not come again.</summary>
    Done = 2,
}

/// <summary>A QoS 2 message to a client: what it is, and under which id.</summary>
/// <param name="Epoch">Of its session.</param>
/// <param name="Retained">It was a retained message that answered a subscription.</param>
/// <param name="Retain">The flag that it goes out with.</param>
/// <param name="Topic">Of a retained message, which may be all that is left of it.</param>
/// <param name="SubscriptionIds">As the client calls the subscriptions that it matched.</param>
public sealed record SentPacket(
    string Client,
    long Epoch,
    ushort PacketId,
    Sequence Sequence,
    SentState State,
    bool Retained,
    bool Retain,
    string? Topic,
    IReadOnlyList<uint> SubscriptionIds
);

/// <summary>Each connection of a client has its own will.</summary>
/// <param name="Connection">Higher for a later connection of the client.</param>
public readonly record struct WillKey(string Client, long Connection);

/// <summary>What is published for a client that goes without a word.</summary>
/// <param name="DelaySeconds">How long after the end of the connection.</param>
/// <param name="GraceSeconds">How long the client has to come back after the hub was down.</param>
/// <param name="DueAt">Null while the client is connected.</param>
public sealed record WillRecord(
    WillKey Key,
    string Topic,
    Payload Payload,
    int Qos,
    bool Retain,
    MessageProperties? Properties,
    uint DelaySeconds,
    uint GraceSeconds,
    string? Address,
    DateTimeOffset? DueAt
);
