namespace Hearth.Mqtt.Packets;

/// <summary>
/// MQTT 5, section 2.4. What 3.1.1 can say of it, <see cref="ReasonCodes"/> translates.
/// </summary>
internal enum ReasonCode : byte
{
    /// <summary>Also: normal disconnection, granted QoS 0.</summary>
    Success = 0x00,
    GrantedQos1 = 0x01,
    GrantedQos2 = 0x02,
    DisconnectWithWill = 0x04,
    NoMatchingSubscribers = 0x10,
    NoSubscriptionExisted = 0x11,
    ContinueAuthentication = 0x18,
    ReAuthenticate = 0x19,
    UnspecifiedError = 0x80,
    MalformedPacket = 0x81,
    ProtocolError = 0x82,
    ImplementationSpecificError = 0x83,
    UnsupportedProtocolVersion = 0x84,
    ClientIdentifierNotValid = 0x85,
    BadUserNameOrPassword = 0x86,
    NotAuthorized = 0x87,
    ServerUnavailable = 0x88,
    ServerBusy = 0x89,
    Banned = 0x8A,
    ServerShuttingDown = 0x8B,
    BadAuthenticationMethod = 0x8C,
    KeepAliveTimeout = 0x8D,
    SessionTakenOver = 0x8E,
    TopicFilterInvalid = 0x8F,
    TopicNameInvalid = 0x90,
    PacketIdentifierInUse = 0x91,
    PacketIdentifierNotFound = 0x92,
    ReceiveMaximumExceeded = 0x93,
    TopicAliasInvalid = 0x94,
    PacketTooLarge = 0x95,
    MessageRateTooHigh = 0x96,
    QuotaExceeded = 0x97,
    AdministrativeAction = 0x98,
    PayloadFormatInvalid = 0x99,
    RetainNotSupported = 0x9A,
    QosNotSupported = 0x9B,
    UseAnotherServer = 0x9C,
    ServerMoved = 0x9D,
    SharedSubscriptionsNotSupported = 0x9E,
    ConnectionRateExceeded = 0x9F,
    MaximumConnectTime = 0xA0,
    SubscriptionIdentifiersNotSupported = 0xA1,
    WildcardSubscriptionsNotSupported = 0xA2,
}

internal static class ReasonCodes
{
    public static bool IsError(this ReasonCode reason) => (byte)reason >= 0x80;

    /// <summary>The return code of a 3.1.1 CONNACK, table 3.1 there.</summary>
    public static byte ToConnectReturnCode(this ReasonCode reason) =>
        reason switch
        {
            ReasonCode.Success => 0,
            ReasonCode.UnsupportedProtocolVersion => 1,
            ReasonCode.ClientIdentifierNotValid => 2,
            ReasonCode.BadUserNameOrPassword or ReasonCode.BadAuthenticationMethod => 4,
            ReasonCode.NotAuthorized or ReasonCode.Banned => 5,
            _ => 3,
        };

    /// <summary>
    /// Whether a client may send the code in a packet of this type (MQTT 5, table 2-6).
    /// </summary>
    public static bool MayBeReceivedIn(this ReasonCode reason, PacketType type) =>
        type switch
        {
            PacketType.PubAck or PacketType.PubRec => reason
                is ReasonCode.Success
                    or ReasonCode.NoMatchingSubscribers
                    or ReasonCode.UnspecifiedError
                    or ReasonCode.ImplementationSpecificError
                    or ReasonCode.NotAuthorized
                    or ReasonCode.TopicNameInvalid
                    or ReasonCode.PacketIdentifierInUse
                    or ReasonCode.QuotaExceeded
                    or ReasonCode.PayloadFormatInvalid,
            PacketType.PubRel or PacketType.PubComp => reason
                is ReasonCode.Success
                    or ReasonCode.PacketIdentifierNotFound,
            PacketType.Disconnect => reason
                is ReasonCode.Success
                    or ReasonCode.DisconnectWithWill
                    or ReasonCode.UnspecifiedError
                    or ReasonCode.MalformedPacket
                    or ReasonCode.ProtocolError
                    or ReasonCode.ImplementationSpecificError
                    or ReasonCode.TopicNameInvalid
                    or ReasonCode.ReceiveMaximumExceeded
                    or ReasonCode.TopicAliasInvalid
                    or ReasonCode.PacketTooLarge
                    or ReasonCode.MessageRateTooHigh
                    or ReasonCode.QuotaExceeded
                    or ReasonCode.AdministrativeAction
                    or ReasonCode.PayloadFormatInvalid,
            PacketType.Auth => reason
                is ReasonCode.ContinueAuthentication
                    or ReasonCode.ReAuthenticate,
            _ => false,
        };
}
