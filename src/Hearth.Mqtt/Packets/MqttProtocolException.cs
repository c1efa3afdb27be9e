namespace Hearth.Mqtt.Packets;

/// <summary>
/// The peer broke the protocol, and the connection cannot go on. It is the only exception that
/// decoding throws; its sentence may be shown to the peer as a reason string.
/// </summary>
internal sealed class MqttProtocolException : Exception
{
    public MqttProtocolException(ReasonCode reason, string sentence)
        : base(sentence)
    {
        Reason = reason;
    }

    public ReasonCode Reason { get; }

    public static MqttProtocolException Malformed(string sentence) =>
        new(ReasonCode.MalformedPacket, sentence);

    public static MqttProtocolException ProtocolError(string sentence) =>
        new(ReasonCode.ProtocolError, sentence);
}
