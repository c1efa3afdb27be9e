namespace Hearth.Mqtt.Topics;

/// <summary>What a subscription asks for: a topic name that may have wildcards in it.</summary>
internal static class TopicFilter
{
    /// <summary>
    /// <c>+</c> is a whole level, <c>#</c> is the whole last one. [MQTT-4.7.1-1] [MQTT-4.7.1-2]
    /// </summary>
    public static bool IsValid(string filter)
    {
        if (filter.Length == 0 || filter.Contains('\0') || !TopicName.FitsTheWire(filter))
        {
            return false;
        }

        for (var at = 0; at < filter.Length; at++)
        {
            if (filter[at] is not ('+' or '#'))
            {
                continue;
            }

            var isFirst = at == 0 || filter[at - 1] == '/';
            var isLast = at == filter.Length - 1;
            var isWhole = isFirst && (isLast || (filter[at] == '+' && filter[at + 1] == '/'));
            if (!isWhole)
            {
                return false;
            }
        }

        return true;
    }

    public static bool StartsWithWildcard(ReadOnlySpan<char> filter) =>
        filter.StartsWith('+') || filter.StartsWith('#');

    /// <summary>Both are taken to be valid.</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (TopicName.IsReserved(topic) && StartsWithWildcard(filter))
        {
            return false;
        }

        var topicIsOver = false;
        var filterIsOver = false;
        while (!filterIsOver)
        {
            var wanted = TopicLevels.Next(ref filter, out filterIsOver);
            // "a/#" matches "a" too: the last level stands for any number of levels, and for none.
            if (wanted is "#")
            {
                return true;
            }

            if (topicIsOver)
            {
                return false;
            }

            var level = TopicLevels.Next(ref topic, out topicIsOver);
            if (wanted is not "+" && !wanted.SequenceEqual(level))
            {
                return false;
            }
        }

        return topicIsOver;
    }
}
