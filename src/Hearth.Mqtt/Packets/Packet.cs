using Hearth.Mqtt.Topics;

namespace Hearth.Mqtt.Packets;

internal enum MqttVersion : byte
{
    V311 = 4,
    V5 = 5,
}

internal enum PacketType : byte
{
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
    Auth = 15,
}

internal enum Qos : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}

internal enum RetainHandling : byte
{
    Send = 0,
    SendIfNew = 1,
    DoNotSend = 2,
}

/// <summary>
/// A control packet, valid by construction when it comes out of <see cref="PacketDecoder"/>.
/// Nothing in it refers to the buffer that it was read from.
/// </summary>
internal abstract record Packet
{
    private Packet() { }

    public sealed record Connect(string ClientId, MqttVersion Version) : Packet
    {
        /// <summary>Clean Session of 3.1.1, Clean Start of 5.</summary>
        public required bool Clean { get; init; }
        public required ushort KeepAliveSeconds { get; init; }

        /// <summary>
        /// How long the session outlives its connection; 0xFFFFFFFF is for ever. What 3.1.1 says
        /// with Clean Session alone is translated: 0 when clean, for ever when not.
        /// </summary>
        public required uint SessionExpirySeconds { get; init; }
        public Will? Will { get; init; }
        public string? UserName { get; init; }
        public ReadOnlyMemory<byte>? Password { get; init; }
        public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;
        public uint MaximumPacketSize { get; init; } = uint.MaxValue;
        public ushort TopicAliasMaximum { get; init; }
        public bool RequestProblemInformation { get; init; } = true;
        public bool RequestResponseInformation { get; init; }
        public string? AuthenticationMethod { get; init; }
    }

    public sealed record ConnAck(ReasonCode Reason) : Packet
    {
        public bool SessionPresent { get; init; }
        public uint? SessionExpirySeconds { get; init; }
        public ushort? ReceiveMaximum { get; init; }
        public uint? MaximumPacketSize { get; init; }
        public ushort TopicAliasMaximum { get; init; }
        public ushort? ServerKeepAliveSeconds { get; init; }
        public string? AssignedClientId { get; init; }
        public string? ResponseInformation { get; init; }
        public string? ReasonString { get; init; }
        public bool SharedSubscriptionsAvailable { get; init; } = true;
    }

    public sealed record Publish(string Topic, ReadOnlyMemory<byte> Payload) : Packet
    {
        public Qos Qos { get; init; }
        public bool Retain { get; init; }
        public bool Duplicate { get; init; }

        /// <summary>0 when <see cref="Qos"/> is 0, else 1 to 65,535.</summary>
        public ushort Id { get; init; }
        public MessageProperties Properties { get; init; } = MessageProperties.None;

        /// <summary>Of the subscriptions that a sent message matches.</summary>
        public IReadOnlyList<uint> SubscriptionIds { get; init; } = [];
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP: they differ in their type only.</summary>
    public sealed record Ack(PacketType Type, ushort Id) : Packet
    {
        public ReasonCode Reason { get; init; }
        public string? ReasonString { get; init; }
    }

    public sealed record Subscribe(ushort Id, IReadOnlyList<SubscriptionRequest> Requests) : Packet
    {
        /// <summary>1 to 268,435,455, or 0 for none.</summary>
        public uint SubscriptionId { get; init; }
    }

    public sealed record SubAck(ushort Id, IReadOnlyList<ReasonCode> Reasons) : Packet;

    public sealed record Unsubscribe(ushort Id, IReadOnlyList<string> Filters) : Packet;

    public sealed record UnsubAck(ushort Id, IReadOnlyList<ReasonCode> Reasons) : Packet;

    public sealed record PingReq : Packet
    {
        public static PingReq Instance { get; } = new();
    }

    public sealed record PingResp : Packet
    {
        public static PingResp Instance { get; } = new();
    }

    public sealed record Disconnect(ReasonCode Reason) : Packet
    {
        public uint? SessionExpirySeconds { get; init; }
        public string? ReasonString { get; init; }
    }

    public sealed record Auth(ReasonCode Reason, string? Method) : Packet;
}

/// <summary>What the broker is to publish for a client that goes without a word.</summary>
internal sealed record Will(string Topic, ReadOnlyMemory<byte> Payload, Qos Qos, bool Retain)
{
    public uint DelaySeconds { get; init; }
    public MessageProperties Properties { get; init; } = MessageProperties.None;
}

/// <summary>One filter of a SUBSCRIBE. Whether it is valid, the edge decides.</summary>
internal readonly record struct SubscriptionRequest(string Filter, Qos MaximumQos)
{
    public bool NoLocal { get; init; }
    public bool RetainAsPublished { get; init; }
    public RetainHandling RetainHandling { get; init; }

    /// <summary>A shared subscription brings no retained messages. [MQTT-3.3.1-9] to
    /// [MQTT-3.3.1-11]</summary>
    public bool WantsRetained(bool isNew) =>
        !SharedFilter.IsShared(Filter)
        && (
            RetainHandling == RetainHandling.Send
            || (RetainHandling == RetainHandling.SendIfNew && isNew)
        );
}

internal readonly record struct UserProperty(string Name, string Value);

/// <summary>What travels with a message of MQTT 5 from publisher to subscriber.</summary>
internal sealed record MessageProperties
{
    public static MessageProperties None { get; } = new();

    /// <summary>1 says that the payload is UTF-8 text.</summary>
    public byte? PayloadFormat { get; init; }
    public uint? ExpirySeconds { get; init; }
    public string? ContentType { get; init; }
    public string? ResponseTopic { get; init; }
    public ReadOnlyMemory<byte>? CorrelationData { get; init; }
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}
