namespace Hearth.Core.Discovery;

/// <summary>
/// A topic on which devices announce themselves:
/// <c>homeassistant/&lt;component&gt;/[&lt;node&gt;/]&lt;object&gt;/config</c>.
/// </summary>
/// <param name="Component"><c>light</c>, or <c>device</c> for the form that announces a whole
/// device.</param>
/// <param name="Item">Node and object: <c>kitchen/lamp</c>.</param>
internal readonly record struct DiscoveryTopic(string Component, string Item)
{
    private const string Prefix = "homeassistant/";
    private const string Suffix = "/config";

    public bool IsDevice => Component == "device";

    /// <summary>What a single component is known by.</summary>
    public DiscoveryKey Key => new(Component, Item);

    public static bool IsDiscovery(string topic) =>
        topic.StartsWith(Prefix, StringComparison.Ordinal)
        && topic.EndsWith(Suffix, StringComparison.Ordinal);

    public static bool TryParse(string topic, out DiscoveryTopic parsed)
    {
        parsed = default;
        if (!IsDiscovery(topic) || topic.Length <= Prefix.Length + Suffix.Length)
        {
            return false;
        }

        var levels = topic[Prefix.Length..^Suffix.Length].Split('/');
        if (levels.Length is not (2 or 3) || !Array.TrueForAll(levels, IsId))
        {
            return false;
        }

        parsed = new DiscoveryTopic(levels[0], string.Join('/', levels[1..]));
        return true;
    }

    private static bool IsId(string level) =>
        level.Length > 0
        && level.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
}
