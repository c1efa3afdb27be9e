using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// How many more messages with QoS 1 or 2 a client may send before it has the answers to those
/// before, on one connection. [MQTT-3.3.4-7] 3.1.1 knows no such limit.
/// </summary>
internal sealed class ReceiveQuota(int max)
{
    private readonly Lock _lock = new();

    // A message with QoS 2 that comes again before its release is still the same one.
    private readonly HashSet<ushort> _exactlyOnce = [];
    private int _atLeastOnce;

    /// <exception cref="MqttProtocolException">It was one too many.</exception>
    public void Take(Packet.Publish publish)
    {
        lock (_lock)
        {
            if (publish.Qos == Qos.AtLeastOnce)
            {
                _atLeastOnce++;
            }
            else if (publish.Qos == Qos.ExactlyOnce)
            {
                _exactlyOnce.Add(publish.Id);
            }

            if (_atLeastOnce + _exactlyOnce.Count > max)
            {
                throw new MqttProtocolException(
                    ReasonCode.ReceiveMaximumExceeded,
                    $"More than {max} messages came before their acknowledgements."
                );
            }
        }
    }

    /// <summary>The client is about to get this answer.</summary>
    public void GiveBack(Packet.Ack answer)
    {
        lock (_lock)
        {
            if (answer.Type == PacketType.PubAck)
            {
                _atLeastOnce--;
            }
            else if (answer.Type == PacketType.PubComp || answer.Reason.IsError())
            {
                _exactlyOnce.Remove(answer.Id);
            }
        }
    }
}
