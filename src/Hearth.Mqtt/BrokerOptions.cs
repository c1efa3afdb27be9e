using Hearth.Core.Events;

namespace Hearth.Mqtt;

/// <summary>What the broker takes and how long it waits; docs/mqtt.md has the table.</summary>
public sealed record BrokerOptions
{
    /// <summary>The home that clients speak to.</summary>
    public HomeId Home { get; init; } = HomeId.Default;

    /// <summary>Bytes of a CONNECT. Default 64 KiB.</summary>
    public int ConnectBytesMax { get; init; } = 64 * 1024;

    /// <summary>How long a client has for its whole CONNECT. Default 10 s.</summary>
    public TimeSpan ConnectTimeMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of any later packet. Default 256 KiB.</summary>
    public int PacketBytesMax { get; init; } = 256 * 1024;

    /// <summary>How long the rest of a packet may take after its first bytes. Default 10 s.
    /// </summary>
    public TimeSpan PacketTimeMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Levels of a topic or filter. Default 32.</summary>
    public int TopicLevelsMax { get; init; } = 32;

    /// <summary>Characters of a client identifier. Default 256.</summary>
    public int ClientIdMax { get; init; } = 256;

    /// <summary>Subscriptions of a session. Default 1,000.</summary>
    public int SubscriptionsMax { get; init; } = 1_000;

    /// <summary>Topics on which a client keeps a retained message. Default 10,000.</summary>
    public int RetainedMax { get; init; } = 10_000;

    /// <summary>Connections from one address. Default 100.</summary>
    public int ConnectionsMax { get; init; } = 100;

    /// <summary>Connections from this machine. Default 10,000.</summary>
    public int LoopbackConnectionsMax { get; init; } = 10_000;

    /// <summary>How long bytes may wait for a client to take them. Default 30 s.</summary>
    public TimeSpan UntakenTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that wait for a client to take them before its session reads the log at the
    /// client's pace; answers may add to it up to 10 MiB. Default 256 KiB.</summary>
    public int UntakenBytes { get; init; } = 256 * 1024;

    /// <summary>More bytes than this that a client does not take end its connection. Default
    /// 10 MiB.</summary>
    public int UntakenBytesMax { get; init; } = 10 * 1024 * 1024;

    /// <summary>Publishes of one connection that may wait for their commit; then reading pauses.
    /// Default 4,096.</summary>
    public int UncommittedMax { get; init; } = 4_096;

    /// <summary>Bytes of payload of one connection that may wait for their commit. Default 4 MiB.
    /// </summary>
    public int UncommittedBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Messages with QoS 1 or 2 that an MQTT 5 client may send before they are
    /// acknowledged; one that sends more is ended. Default 1,000.</summary>
    public ushort ReceiveMaximum { get; init; } = 1_000;

    /// <summary>Messages sent to an MQTT 5 client and not acknowledged, where it allows more.
    /// Default 1,000.</summary>
    public int UnacknowledgedMax { get; init; } = 1_000;

    /// <summary>The same for a 3.1.1 client, which cannot say what it takes. Default 100.</summary>
    public int UnacknowledgedMaxV311 { get; init; } = 100;

    /// <summary>Topic aliases that a client may use. Default 32.</summary>
    public ushort TopicAliasMax { get; init; } = 32;

    /// <summary>Topic aliases that the hub uses to a client that takes as many. Default 64.
    /// </summary>
    public ushort SentTopicAliasMax { get; init; } = 64;

    /// <summary>The longest keep-alive of an MQTT 5 client: one that asks for more, or for none, is
    /// told this one, so that no connection that broke unnoticed stays for ever. Default 1 h.
    /// </summary>
    public TimeSpan KeepAliveMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a session may outlive its connection: not longer than raw messages are
    /// kept, because it lives on the log. Default one day.</summary>
    public TimeSpan SessionExpiryMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>After a start, how long a client that was connected before has to come back before
    /// its will is published: one and a half of its keep-alives, at least this. Default 5 s.
    /// </summary>
    public TimeSpan WillGraceMin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest of it, and that of a client without keep-alive. Default 60 s.</summary>
    public TimeSpan WillGraceMax { get; init; } = TimeSpan.FromSeconds(60);
}
