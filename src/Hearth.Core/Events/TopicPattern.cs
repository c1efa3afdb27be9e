namespace Hearth.Core.Events;

/// <summary>MQTT topic filters: <c>+</c> is one level, <c>#</c> the rest.</summary>
public static class TopicPattern
{
    /// <summary>A wildcard is a whole level, and <c>#</c> the last one.</summary>
    public static bool IsValid(string filter)
    {
        var levels = filter.Split('/');
        return filter.Length > 0
            && !filter.Contains('\0')
            && levels.All(level => level is "+" or "#" || level.AsSpan().IndexOfAny('+', '#') < 0)
            && Array.IndexOf(levels, "#") is var rest
            && (rest < 0 || rest == levels.Length - 1);
    }

    public static bool Matches(string filter, string topic)
    {
        var wanted = filter.Split('/');
        var levels = topic.Split('/');
        // What begins with $ is the broker's own and meant by no wildcard.
        if (topic.StartsWith('$') && wanted[0] is "+" or "#")
        {
            return false;
        }

        for (var index = 0; index < wanted.Length; index++)
        {
            if (wanted[index] == "#")
            {
                return true;
            }

            if (index >= levels.Length || (wanted[index] != "+" && wanted[index] != levels[index]))
            {
                return false;
            }
        }

        return wanted.Length == levels.Length;
    }
}
