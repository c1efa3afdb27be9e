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

    /// <summary>
    /// Topics of the server's own, which no filter that begins with a wildcard matches: what
    /// begins with <c>$</c> [MQTT-4.7.2-1], and what has <c>hearth</c> as its first level, so that
    /// a client on <c>#</c> does not see everything twice.
    /// </summary>
    public static bool IsReserved(ReadOnlySpan<char> topic) =>
        topic.StartsWith('$') || IsOfTheHub(topic);

    public static bool IsOfTheHub(ReadOnlySpan<char> topic) =>
        topic.StartsWith("hearth") && (topic.Length == 6 || topic[6] == '/');

    /// <summary>Topics that a device gets from the hub when it registers without naming any: it
    /// publishes there as on its own.</summary>
    public static bool IsOfADevice(ReadOnlySpan<char> topic) => topic.StartsWith("hearth/devices/");

    // [MQTT-4.7.3-3]; a char is never more than three bytes of UTF-8.
    internal static bool FitsTheWire(string text) =>
        text.Length <= BytesMax / 3 || Encoding.UTF8.GetByteCount(text) <= BytesMax;
}
