using Hearth.Core.Events;
using Hearth.Mqtt.Topics;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>The shared subscriptions of a home. Belongs to the broker's turn.</summary>
internal sealed class ShareGroups(Broker broker, ILogger logger) : IDisposable
{
    private readonly Dictionary<SharedFilter, ShareGroup> _groups = [];
    private readonly TopicTrie<ShareGroup> _byFilter = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Adds the groups whose filter matches.</summary>
    public void Match(ReadOnlySpan<char> topic, List<ShareGroup> matches) =>
        _byFilter.Match(topic, matches);

    public void Join(Subscription member, SharedFilter name)
    {
        GetOrAdd(member, name).Join(member, broker.Dispatched);
    }

    public void Restore(Subscription member, SharedFilter name) =>
        GetOrAdd(member, name).Restore(member, member.StoredShare, broker.Dispatched);

    /// <summary>A group without members is over, and so is what it was still to get.</summary>
    public void Leave(Subscription member)
    {
        var group = member.Share!;
        group.Leave(member, broker.Dispatched);
        member.Session.LeftShare(group);
        if (group.IsEmpty)
        {
            _groups.Remove(group.Name);
            _byFilter.Remove(group.Name.Filter, group);
        }
    }

    /// <summary>Marks the sessions whose rows say how far their groups have come.</summary>
    public void MarkChanged()
    {
        foreach (var session in _groups.Values.SelectMany(group => group.TakeChanged()))
        {
            session.IsUnsaved = true;
        }
    }

    /// <summary>Nothing is read for groups any more.</summary>
    public void Close() => _closing.Cancel();

    public void Dispose() => _closing.Dispose();

    private ShareGroup GetOrAdd(Subscription member, SharedFilter name)
    {
        if (!_groups.TryGetValue(name, out var group))
        {
            group = new ShareGroup(name, broker.Dispatched, CatchUp);
            _groups.Add(name, group);
            _byFilter.Add(name.Filter, group);
        }

        member.Share = group;
        member.Session.JoinedShare(group);
        return group;
    }

    // It sees to its own failures.
    private void CatchUp(ShareGroup group) =>
        _ = Task.Run(
            () => new GroupCatchUp(broker, group, logger).RunAsync(_closing.Token),
            CancellationToken.None
        );
}
