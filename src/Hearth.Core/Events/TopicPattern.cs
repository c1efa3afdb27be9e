namespace Hearth.Core.Events;

/// <summary>
/// MQTT topic filters: <c>+</c> stands for one level, <c>#</c> for the rest (MQTT 5, 4.7). All that
/// compares topics with filters one by one asks here.
/// </summary>
public static class TopicPattern
{
    /// <summary>Not empty, no U+0000; <c>+</c> is a whole level and <c>#</c> the whole last one.
    /// [MQTT-4.7.1-1] [MQTT-4.7.1-2]</summary>
    public static bool IsValid(ReadOnlySpan<char> filter)
    {
        if (filter.IsEmpty || filter.Contains('\0'))
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

    public static bool HasWildcard(ReadOnlySpan<char> filter) => filter.IndexOfAny('+', '#') >= 0;

    public static bool StartsWithWildcard(ReadOnlySpan<char> filter) =>
        filter.StartsWith('+') || filter.StartsWith('#');

    /// <summary>Both are taken to be valid.</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        // What begins with $ is the broker's own and meant by no wildcard. [MQTT-4.7.2-1]
        if (topic.StartsWith('$') && StartsWithWildcard(filter))
        {
            return false;
        }

        while (true)
        {
            if (filter is "#")
            {
                return true;
            }

            var filterEnd = filter.IndexOf('/');
            var topicEnd = topic.IndexOf('/');
            var wanted = filterEnd < 0 ? filter : filter[..filterEnd];
            var level = topicEnd < 0 ? topic : topic[..topicEnd];
            if (wanted is not "+" && !wanted.SequenceEqual(level))
            {
                return false;
            }

            if (topicEnd < 0)
            {
                // "a/#" matches "a" too: # stands for any number of levels, and for none.
                return filterEnd < 0 || filter[(filterEnd + 1)..] is "#";
            }

            if (filterEnd < 0)
            {
                return false;
            }

            filter = filter[(filterEnd + 1)..];
            topic = topic[(topicEnd + 1)..];
        }
    }
}
