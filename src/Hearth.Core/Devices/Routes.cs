using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>One entity that listens to a topic.</summary>
/// <param name="AvailabilityIndex">Which of its availability topics this is; -1 for a topic that
/// carries its state.</param>
internal readonly record struct Route(EntityId Entity, int AvailabilityIndex);

/// <summary>
/// Which entities listen to which topic. Exact topics are looked up; the few filters with wildcards
/// (some gateways announce them) are tried one by one.
/// </summary>
internal sealed class Routes
{
    private static readonly Route[] None = [];

    private readonly Dictionary<string, List<Route>> _exact = [];
    private readonly List<(string Filter, Route Route)> _wildcard = [];

    public void Add(Entity entity)
    {
        foreach (var (topic, index) in TopicsOf(entity))
        {
            var route = new Route(entity.Id, index);
            if (TopicPattern.HasWildcard(topic))
            {
                _wildcard.Add((topic, route));
            }
            else if (_exact.TryGetValue(topic, out var routes))
            {
                routes.Add(route);
            }
            else
            {
                _exact[topic] = [route];
            }
        }
    }

    public void Remove(Entity entity)
    {
        foreach (var (topic, _) in TopicsOf(entity))
        {
            if (_exact.TryGetValue(topic, out var routes))
            {
                routes.RemoveAll(route => route.Entity == entity.Id);
                if (routes.Count == 0)
                {
                    _exact.Remove(topic);
                }
            }
        }

        _wildcard.RemoveAll(item => item.Route.Entity == entity.Id);
    }

    /// <summary>Who listens to a topic, in the order of registration, availability first: a
    /// device that says online and reports in one message is available when it does.</summary>
    public IReadOnlyList<Route> For(string topic)
    {
        IReadOnlyList<Route> exact = _exact.TryGetValue(topic, out var routes) ? routes : None;
        if (_wildcard.Count == 0)
        {
            return exact;
        }

        var matching = _wildcard
            .Where(item => TopicPattern.Matches(item.Filter, topic))
            .Select(item => item.Route);
        return [.. exact, .. matching];
    }

    private static IEnumerable<(string Topic, int Index)> TopicsOf(Entity entity)
    {
        var behaviour = entity.Config.Behaviour;
        for (var index = 0; index < behaviour.Availability.Count; index++)
        {
            yield return (behaviour.Availability[index].Topic, index);
        }

        foreach (var topic in behaviour.StateTopics.Distinct())
        {
            yield return (topic, -1);
        }
    }
}
