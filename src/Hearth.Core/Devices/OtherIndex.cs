using Hearth.Core.Discovery;

namespace Hearth.Core.Devices;

/// <summary>Whose the things of components are that Hearth does not know yet, and which topics say
/// whether they can be reached.</summary>
internal sealed class OtherIndex
{
    private readonly Dictionary<DiscoveryKey, DeviceId> _owners = [];
    private readonly Routes<(DiscoveryKey Key, int Index)> _routes = new();

    public DeviceId? OwnerOf(DiscoveryKey key) =>
        _owners.TryGetValue(key, out var owner) ? owner : null;

    /// <summary>What was announced under a discovery id in the device form.</summary>
    public IEnumerable<DiscoveryKey> Under(string discoveryId) =>
        _owners
            .Keys.Where(key =>
                key.DiscoveryId.StartsWith(discoveryId + " ", StringComparison.Ordinal)
            )
            .OrderBy(key => key.ToString(), StringComparer.Ordinal);

    /// <summary>Whose availability a topic tells, and which of their topics it is.</summary>
    public IEnumerable<(DiscoveryKey Key, int Index)> SaysWhetherReachable(string topic) =>
        _routes.For(topic) is { Count: > 0 } routes
            ? routes.Where(route => route.Index != Occasion.Index)
            : [];

    /// <summary>The tags and device automations that a topic tells something.</summary>
    public IReadOnlyList<DiscoveryKey> Hearing(string topic) =>
        _routes.For(topic) is { Count: > 0 } routes
            ? [.. routes.Where(route => route.Index == Occasion.Index).Select(route => route.Key)]
            : [];

    public void Add(Device device)
    {
        foreach (var other in device.Others)
        {
            _owners[other.Key] = device.Id;
            foreach (var (topic, index) in TopicsOf(other))
            {
                _routes.Add(topic, (other.Key, index));
            }
        }
    }

    public void Remove(Device device)
    {
        foreach (var other in device.Others)
        {
            _owners.Remove(other.Key);
            foreach (var (topic, _) in TopicsOf(other))
            {
                _routes.Remove(topic, route => route.Key == other.Key);
            }
        }
    }

    private static IEnumerable<(string Topic, int Index)> TopicsOf(Other other) =>
        other
            .Config.Behaviour.Availability.Select((item, index) => (item.Topic, index))
            .Concat(other.Occasion is { } occasion ? [(occasion.Topic, Occasion.Index)] : []);
}
