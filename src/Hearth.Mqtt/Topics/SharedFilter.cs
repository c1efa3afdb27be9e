namespace Hearth.Mqtt.Topics;

/// <summary>
/// <c>$share/{name}/{filter}</c>: sessions that subscribe to the same one share its messages
/// (MQTT 5, 4.8.2).
/// </summary>
internal readonly record struct SharedFilter(string Name, string Filter)
{
    private const string Prefix = "$share/";

    public static bool IsShared(string filter) =>
        filter.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// [MQTT-4.8.2-1] [MQTT-4.8.2-2]: a name of at least one character and without wildcards, a
    /// slash, and a filter that is valid by itself.
    /// </summary>
    public static bool TryParse(string filter, out SharedFilter shared)
    {
        shared = default;
        if (!IsShared(filter))
        {
            return false;
        }

        var end = filter.IndexOf('/', Prefix.Length);
        if (end <= Prefix.Length)
        {
            return false;
        }

        shared = new SharedFilter(filter[Prefix.Length..end], filter[(end + 1)..]);
        return shared.Name.AsSpan().IndexOfAny('+', '#') < 0 && TopicFilter.IsValid(shared.Filter);
    }
}
