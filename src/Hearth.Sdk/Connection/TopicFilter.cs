namespace Hearth.Sdk.Connection;

/// <summary>
/// An MQTT topic filter: a topic whose levels may be <c>+</c> and whose last may be <c>#</c>.
/// </summary>
internal sealed class TopicFilter
{
    private readonly string[] levels;

    private TopicFilter(string text)
    {
        Text = text;
        levels = text.Split('/');
    }

    public string Text { get; }

    /// <summary>Reads a filter; an empty or malformed one is the caller's mistake.</summary>
    public static TopicFilter Parse(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        var filter = new TopicFilter(text);
        for (var i = 0; i < filter.levels.Length; i++)
        {
            var level = filter.levels[i];
            var misplaced =
                level.Length > 1 && level.AsSpan().ContainsAny('+', '#')
                || level == "#" && i < filter.levels.Length - 1
                || level.Contains('\0', StringComparison.Ordinal);
            if (misplaced)
            {
                throw new ArgumentException($"'{text}' is not an MQTT topic filter.", parameter);
            }
        }

        return filter;
    }

    public bool Matches(string topic)
    {
        // [MQTT-4.7.2-1]: a filter that starts with a wildcard does not match topics with $.
        if (topic.StartsWith('$') && levels[0] is "+" or "#")
        {
            return false;
        }

        return Includes(topic.Split('/'));
    }

    /// <summary>True if everything that <paramref name="other"/> matches is matched here.</summary>
    public bool Covers(TopicFilter other) =>
        !(other.levels[0].StartsWith('$') && levels[0] is "+" or "#") && Includes(other.levels);

    /// <summary>
    /// The fewest of these filters that match the same topics: with one filter inside another a
    /// broker may deliver a message once for each, and a handler would see it twice.
    /// </summary>
    public static IReadOnlyList<TopicFilter> Fewest(IEnumerable<TopicFilter> filters)
    {
        List<TopicFilter> kept = [];
        foreach (var filter in filters.Where(filter => !kept.Any(k => k.Covers(filter))))
        {
            kept.RemoveAll(filter.Covers);
            kept.Add(filter);
        }

        return kept;
    }

    private bool Includes(string[] others)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i] == "#")
            {
                return true;
            }

            if (i >= others.Length || others[i] == "#")
            {
                return false;
            }

            if (levels[i] != "+" && levels[i] != others[i])
            {
                return false;
            }
        }

        return levels.Length == others.Length;
    }
}
