namespace Hearth.Mqtt.Packets;

/// <summary>
/// The numbers that a client gave to topics on this connection (MQTT 5, section 3.3.2.3.4).
/// </summary>
internal sealed class TopicAliases(ushort maximum)
{
    // Grows with the highest alias in use: most clients use none.
    private string?[] _topics = [];

    /// <returns>The topic that a PUBLISH with this topic and alias means.</returns>
    public string Resolve(string topic, ushort alias)
    {
        // [MQTT-3.3.2-8] [MQTT-3.3.2-9]
        if (alias == 0 || alias > maximum)
        {
            throw new MqttProtocolException(
                ReasonCode.TopicAliasInvalid,
                $"Topic alias {alias} is not between 1 and {maximum}."
            );
        }

        if (topic.Length > 0)
        {
            if (alias > _topics.Length)
            {
                Array.Resize(ref _topics, alias);
            }

            return _topics[alias - 1] = topic;
        }

        return (alias <= _topics.Length ? _topics[alias - 1] : null)
            ?? throw MqttProtocolException.ProtocolError($"Topic alias {alias} was never set.");
    }
}
