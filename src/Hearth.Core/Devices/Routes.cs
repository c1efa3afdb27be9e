using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>One entity that listens to a topic.</summary>
/// <param name="AvailabilityIndex">Which of its availability topics this is; -1 for a topic that
/// carries its state.</param>
internal readonly record struct Route(EntityId Entity, int AvailabilityIndex)
{
    public static IEnumerable<(string Topic, Route Route)> Of(Entity entity)
    {
        var behaviour = entity.Config.Behaviour;
        for (var index = 0; index < behaviour.Availability.Count; index++)
        {
            yield return (behaviour.Availability[index].Topic, new Route(entity.Id, index));
        }

        foreach (var topic in behaviour.StateTopics.Distinct())
        {
            yield return (topic, new Route(entity.Id, -1));
        }
    }
}

/// <summary>
/// Who listens to which topic. Exact topics are looked up; the few filters with wildcards (some
/// gateways announce them) are tried one by one.
/// </summary>
internal sealed class Routes<T>
{
    private static readonly T[] None = [];

    private readonly Dictionary<string, List<T>> _exact = [];
    private readonly List<(string Filter, T Route)> _wildcard = [];

    public void Add(string topic, T route)
    {
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

    public void Remove(string topic, Predicate<T> which)
    {
        if (TopicPattern.HasWildcard(topic))
        {
            _wildcard.RemoveAll(item => item.Filter == topic && which(item.Route));
        }
        else if (_exact.TryGetValue(topic, out var routes))
        {
            routes.RemoveAll(which);
            if (routes.Count == 0)
            {
                _exact.Remove(topic);
            }
        }
    }

    /// <summary>Who listens to a topic, in the order of registration.</summary>
    public IReadOnlyList<T> For(string topic)
    {
        IReadOnlyList<T> exact = _exact.TryGetValue(topic, out var routes) ? routes : None;
        if (_wildcard.Count == 0)
        {
            return exact;
        }

        var matching = _wildcard
            .Where(item => TopicPattern.Matches(item.Filter, topic))
            .Select(item => item.Route);
        return [.. exact, .. matching];
    }
}
