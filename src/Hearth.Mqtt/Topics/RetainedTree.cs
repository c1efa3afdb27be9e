using System.Runtime.InteropServices;

namespace Hearth.Mqtt.Topics;

/// <summary>
/// One value a topic, found by filter: the counterpart of <see cref="TopicTrie{T}"/>, where the
/// topics are stored and the filter asks. Names and filters are taken to be valid. It has one owner
/// and no lock.
/// </summary>
internal sealed class RetainedTree<T>
    where T : class
{
    private readonly Node _root = new();

    public int Count { get; private set; }

    /// <returns>The value that it replaces.</returns>
    public T? Set(string topic, T value)
    {
        var node = _root;
        var rest = topic.AsSpan();
        for (var isLast = false; !isLast; )
        {
            node = node.GetOrAdd(TopicLevels.Next(ref rest, out isLast));
        }

        var before = node.Value;
        node.Value = value;
        Count += before is null ? 1 : 0;
        return before;
    }

    /// <returns>The value that is gone.</returns>
    public T? Clear(string topic)
    {
        // The way to the node is kept, so that levels that nobody needs any more go with it.
        var way = new Stack<(Node Parent, string Level)>();
        var node = _root;
        foreach (var level in topic.Split('/'))
        {
            if (node.Find(level) is not { } child)
            {
                return null;
            }

            way.Push((node, level));
            node = child;
        }

        var before = node.Value;
        if (before is null)
        {
            return null;
        }

        node.Value = null;
        Count--;
        while (node.IsEmpty && way.TryPop(out var step))
        {
            step.Parent.Children?.Remove(step.Level);
            node = step.Parent;
        }

        return before;
    }

    public T? Find(ReadOnlySpan<char> topic)
    {
        var node = _root;
        for (var isLast = false; !isLast; )
        {
            if (node.Find(TopicLevels.Next(ref topic, out isLast)) is not { } child)
            {
                return null;
            }

            node = child;
        }

        return node.Value;
    }

    /// <summary>Adds the values of all topics that the filter matches, in any order.</summary>
    public void Match(ReadOnlySpan<char> filter, List<T> matches) =>
        Match(_root, filter, isOver: false, isFirst: true, matches);

    private static void Match(
        Node node,
        ReadOnlySpan<char> rest,
        bool isOver,
        bool isFirst,
        List<T> matches
    )
    {
        if (isOver)
        {
            node.AddTo(matches);
            return;
        }

        var wanted = TopicLevels.Next(ref rest, out isOver);
        if (wanted is "#")
        {
            node.AddTo(matches);
            AddAllBelow(node, isFirst, matches);
        }
        else if (wanted is "+")
        {
            foreach (var (level, child) in node.Children ?? [])
            {
                if (!(isFirst && TopicName.IsReserved(level)))
                {
                    Match(child, rest, isOver, isFirst: false, matches);
                }
            }
        }
        else if (node.Find(wanted) is { } child)
        {
            Match(child, rest, isOver, isFirst: false, matches);
        }
    }

    private static void AddAllBelow(Node node, bool isFirst, List<T> matches)
    {
        foreach (var (level, child) in node.Children ?? [])
        {
            if (!(isFirst && TopicName.IsReserved(level)))
            {
                child.AddTo(matches);
                AddAllBelow(child, isFirst: false, matches);
            }
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node>? Children { get; private set; }
        public T? Value { get; set; }

        public bool IsEmpty => Value is null && Children is not { Count: > 0 };

        public void AddTo(List<T> matches)
        {
            if (Value is not null)
            {
                matches.Add(Value);
            }
        }

        public Node? Find(ReadOnlySpan<char> level) =>
            Children is not null
            && Children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out var child)
                ? child
                : null;

        public Node GetOrAdd(ReadOnlySpan<char> level)
        {
            Children ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            ref var child = ref CollectionsMarshal.GetValueRefOrAddDefault(
                Children.GetAlternateLookup<ReadOnlySpan<char>>(),
                level,
                out _
            );
            return child ??= new Node();
        }
    }
}
