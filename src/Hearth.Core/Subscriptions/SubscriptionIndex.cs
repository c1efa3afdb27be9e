using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>
/// Which of very many subscriptions an event may be for, without asking each. Every one lies under
/// something that is true of whatever it wants: a topic, a subject, a type or the beginning of one,
/// a source; those that say nothing of the kind are asked every time. What is found leaves nothing
/// out and may have too much: <see cref="SubscriptionDefinition.Matches"/> has the last word. One
/// thread at a time.
/// </summary>
public sealed class SubscriptionIndex<T>
{
    private readonly List<Entry> _always = [];
    private readonly Dictionary<string, List<Entry>> _bySubject = [];
    private readonly Dictionary<string, List<Entry>> _byType = [];
    private readonly Dictionary<string, List<Entry>> _bySource = [];
    private readonly Dictionary<string, List<Entry>> _byBeginning = [];
    private readonly SortedSet<int> _beginnings = [];
    private readonly TopicLevel _topics = new();
    private long _turn;

    public SubscriptionIndex(IEnumerable<KeyValuePair<T, SubscriptionDefinition>> all)
    {
        foreach (var (item, definition) in all)
        {
            var entry = new Entry(item);
            if (SubscriptionKey.For(definition) is { } keys)
            {
                foreach (var key in keys)
                {
                    ListOf(key).Add(entry);
                }
            }
            else
            {
                _always.Add(entry);
            }
        }
    }

    /// <summary>Adds each that an event may be for, once.</summary>
    public void Find(Event item, ICollection<T> found)
    {
        _turn++;
        Take(_always, found);
        TakeFrom(_byType, item.Type, found);
        TakeFrom(_bySource, item.Source, found);
        if (item.Data.Subject is { } subject)
        {
            TakeFrom(_bySubject, subject, found);
        }

        var beginnings = _byBeginning.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var length in _beginnings)
        {
            if (length > item.Type.Length)
            {
                break;
            }

            if (beginnings.TryGetValue(item.Type.AsSpan(0, length), out var entries))
            {
                Take(entries, found);
            }
        }

        if (item.Data is MessageEvent message)
        {
            TakeFrom(_topics, message.Topic, found);
        }
    }

    private List<Entry> ListOf(SubscriptionKey key)
    {
        if (key.Kind == SubscriptionKey.Of.Topic)
        {
            return _topics.ListOf(key.Text);
        }

        if (key.Kind == SubscriptionKey.Of.Beginning)
        {
            _beginnings.Add(key.Text.Length);
        }

        var lists = key.Kind switch
        {
            SubscriptionKey.Of.Subject => _bySubject,
            SubscriptionKey.Of.Type => _byType,
            SubscriptionKey.Of.Beginning => _byBeginning,
            _ => _bySource,
        };
        return lists.TryGetValue(key.Text, out var list) ? list : lists[key.Text] = [];
    }

    private void TakeFrom(Dictionary<string, List<Entry>> lists, string text, ICollection<T> found)
    {
        if (lists.TryGetValue(text, out var entries))
        {
            Take(entries, found);
        }
    }

    private void TakeFrom(TopicLevel level, ReadOnlySpan<char> topic, ICollection<T> found)
    {
        Take(level.Rest, found);
        var end = topic.IndexOf('/');
        var name = end < 0 ? topic : topic[..end];
        foreach (var next in (ReadOnlySpan<TopicLevel?>)[level.Named(name), level.Any])
        {
            if (next is null)
            {
                continue;
            }

            if (end < 0)
            {
                // "a/#" means "a", too.
                Take(next.Here, found);
                Take(next.Rest, found);
            }
            else
            {
                TakeFrom(next, topic[(end + 1)..], found);
            }
        }
    }

    private void Take(List<Entry> entries, ICollection<T> found)
    {
        foreach (var entry in entries)
        {
            if (entry.Turn != _turn)
            {
                entry.Turn = _turn;
                found.Add(entry.Item);
            }
        }
    }

    /// <summary>A subscription, and when it was found last: it may lie in several places.</summary>
    private sealed class Entry(T item)
    {
        public T Item { get; } = item;

        public long Turn { get; set; }
    }

    /// <summary>The filters of topics, level by level.</summary>
    private sealed class TopicLevel
    {
        private Dictionary<string, TopicLevel>? _named;

        public TopicLevel? Any { get; private set; }

        public List<Entry> Here { get; } = [];

        public List<Entry> Rest { get; } = [];

        public TopicLevel? Named(ReadOnlySpan<char> name) =>
            _named is not null
            && _named.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var level)
                ? level
                : null;

        public List<Entry> ListOf(string filter)
        {
            var level = this;
            foreach (var name in filter.Split('/'))
            {
                if (name == "#")
                {
                    return level.Rest;
                }

                level = level.Next(name);
            }

            return level.Here;
        }

        private TopicLevel Next(string name)
        {
            if (name == "+")
            {
                return Any ??= new TopicLevel();
            }

            _named ??= [];
            return _named.TryGetValue(name, out var next) ? next : _named[name] = new TopicLevel();
        }
    }
}
