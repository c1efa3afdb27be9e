using System.Text;

namespace Hearth.Mqtt.Topics;

/// <summary>What a message is published on: levels divided by slashes (MQTT 5, 4.7).</summary>
internal static class TopicName
{
    public const int BytesMax = ushort.MaxValue;

    /// <summary>Not empty, no wildcard, no U+0000, at most 65,535 bytes of UTF-8.</summary>
    public static bool IsValid(string topic) =>
        topic.Length > 0 && topic.AsSpan().IndexOfAny('+', '#', '\0') < 0 && FitsTheWire(topic);

    /// <summary>Whether a topic or a filter has more levels than that.</summary>
    public static bool HasMoreLevels(ReadOnlySpan<char> topic, int levelsMax) =>
        topic.Count('/') >= levelsMax;

    /// <summary>Topics of the server's own: no filter that begins with a wildcard matches them.
    /// [MQTT-4.7.2-1]</summary>
    public static bool IsReserved(ReadOnlySpan<char> topic) => topic.StartsWith('$');

    // [MQTT-4.7.3-3]; a char is never more than three bytes of UTF-8.
    internal static bool FitsTheWire(string text) =>
        text.Length <= BytesMax / 3 || Encoding.UTF8.GetByteCount(text) <= BytesMax;
}
