using System.Runtime.InteropServices;

namespace Hearth.Mqtt.Topics;

/// <summary>
/// Finds the subscriptions whose filter matches a topic, at the cost of the topic's levels and not
/// of their number. The filters are taken to be valid. It has one owner and no lock.
/// </summary>
internal sealed class TopicTrie<T>
    where T : notnull
{
    private readonly Node _root = new();

    /// <summary>How many pairs of filter and subscription it holds.</summary>
    public int Count { get; private set; }

    /// <returns>False when the pair was there already.</returns>
    public bool Add(string filter, T subscription)
    {
        var node = _root;
        var rest = filter.AsSpan();
        for (var isLast = false; !isLast; )
        {
            node = node.GetOrAdd(TopicLevels.Next(ref rest, out isLast));
        }

        var isNew = (node.Subscriptions ??= []).Add(subscription);
        Count += isNew ? 1 : 0;
        return isNew;
    }

    /// <returns>False when there was no such pair.</returns>
    public bool Remove(string filter, T subscription)
    {
        // The way to the node is kept, so that levels that nobody needs any more go with it.
        var way = new Stack<(Node Parent, string Level)>();
        var node = _root;
        foreach (var level in filter.Split('/'))
        {
            if (node.Find(level) is not { } child)
            {
                return false;
            }

            way.Push((node, level));
            node = child;
        }

        if (node.Subscriptions?.Remove(subscription) != true)
        {
            return false;
        }

        Count--;
        while (node.IsEmpty && way.TryPop(out var step))
        {
            step.Parent.Remove(step.Level);
            node = step.Parent;
        }

        return true;
    }

    /// <summary>Adds what matches; a subscription with two matching filters comes twice.
    /// </summary>
    public void Match(ReadOnlySpan<char> topic, List<T> matches) =>
        Match(_root, topic, isOver: false, !TopicName.IsReserved(topic), matches);

    private static void Match(
        Node node,
        ReadOnlySpan<char> rest,
        bool isOver,
        bool wildcards,
        List<T> matches
    )
    {
        if (wildcards)
        {
            node.Hash?.AddTo(matches);
        }

        if (isOver)
        {
            node.AddTo(matches);
            return;
        }

        var level = TopicLevels.Next(ref rest, out isOver);
        if (node.FindLiteral(level) is { } literal)
        {
            Match(literal, rest, isOver, wildcards: true, matches);
        }

        if (wildcards && node.Plus is { } plus)
        {
            Match(plus, rest, isOver, wildcards: true, matches);
        }
    }

    private sealed class Node
    {
        private Dictionary<string, Node>? _literals;

        public Node? Plus { get; private set; }
        public Node? Hash { get; private set; }
        public HashSet<T>? Subscriptions { get; set; }

        public bool IsEmpty =>
            Subscriptions is not { Count: > 0 }
            && _literals is not { Count: > 0 }
            && Plus is null
            && Hash is null;

        public void AddTo(List<T> matches)
        {
            if (Subscriptions is not null)
            {
                matches.AddRange(Subscriptions);
            }
        }

        public Node? FindLiteral(ReadOnlySpan<char> level) =>
            _literals is not null
            && _literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out var child)
                ? child
                : null;

        public Node? Find(string level) =>
            level switch
            {
                "+" => Plus,
                "#" => Hash,
                _ => FindLiteral(level),
            };

        public Node GetOrAdd(ReadOnlySpan<char> level)
        {
            switch (level)
            {
                case "+":
                    return Plus ??= new Node();
                case "#":
                    return Hash ??= new Node();
                default:
                    _literals ??= new Dictionary<string, Node>(StringComparer.Ordinal);
                    ref var child = ref CollectionsMarshal.GetValueRefOrAddDefault(
                        _literals.GetAlternateLookup<ReadOnlySpan<char>>(),
                        level,
                        out _
                    );
                    return child ??= new Node();
            }
        }

        public void Remove(string level)
        {
            switch (level)
            {
                case "+":
                    Plus = null;
                    break;
                case "#":
                    Hash = null;
                    break;
                default:
                    _literals?.Remove(level);
                    break;
            }
        }
    }
}
