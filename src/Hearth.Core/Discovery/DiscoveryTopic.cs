namespace Hearth.Core.Discovery;

/// <summary>The topics on which devices announce themselves, below <c>homeassistant/</c>.</summary>
internal static class DiscoveryTopic
{
    public static bool IsDiscovery(string topic) =>
        topic.StartsWith("homeassistant/", StringComparison.Ordinal)
        && topic.EndsWith("/config", StringComparison.Ordinal);
}
