namespace Hearth.Mqtt.Topics;

/// <summary>Walks the levels of a topic or filter. An empty one counts. [MQTT-4.7.1-1]</summary>
internal static class TopicLevels
{
    /// <param name="rest">Loses the level that is returned and the slash behind it.</param>
    /// <param name="isLast">Whether no slash followed.</param>
    public static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest, out bool isLast)
    {
        var slash = rest.IndexOf('/');
        isLast = slash < 0;
        var level = isLast ? rest : rest[..slash];
        rest = isLast ? default : rest[(slash + 1)..];
        return level;
    }
}
