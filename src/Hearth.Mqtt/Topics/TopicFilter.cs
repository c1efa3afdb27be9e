using Hearth.Core.Events;

namespace Hearth.Mqtt.Topics;

/// <summary>What a subscription asks for: a topic name that may have wildcards in it.</summary>
internal static class TopicFilter
{
    /// <summary>A pattern that a packet can carry.</summary>
    public static bool IsValid(string filter) =>
        TopicPattern.IsValid(filter) && TopicName.FitsTheWire(filter);

    /// <summary>Both are taken to be valid. No wildcard reaches the hub's own topics.</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic) =>
        !(TopicName.IsReserved(topic) && TopicPattern.StartsWithWildcard(filter))
        && TopicPattern.Matches(filter, topic);
}
