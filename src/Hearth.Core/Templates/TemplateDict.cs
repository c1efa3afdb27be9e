using System.Collections;

namespace Hearth.Core.Templates;

/// <summary>
/// A Python dictionary: keeps the order of insertion, the last value of a key wins. Whoever builds
/// one adds to it; once it is a <see cref="TemplateValue"/> it is not to be changed.
/// </summary>
public sealed class TemplateDict : IEnumerable<KeyValuePair<TemplateValue, TemplateValue>>
{
    // Below this many keys a linear search beats building an index.
    private const int IndexFrom = 9;

    private readonly List<KeyValuePair<TemplateValue, TemplateValue>> _entries;
    private Dictionary<TemplateValue, int>? _index;

    public TemplateDict(int capacity = 4)
    {
        _entries = new(capacity);
    }

    public int Count => _entries.Count;

    public TemplateValue[] Keys()
    {
        var keys = new TemplateValue[_entries.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = _entries[i].Key;
        }
        return keys;
    }

    public TemplateValue KeyAt(int position) => _entries[position].Key;

    public TemplateValue ValueAt(int position) => _entries[position].Value;

    public void Set(string key, TemplateValue value) => Set(TemplateValue.From(key), value);

    public void Set(TemplateValue key, TemplateValue value)
    {
        int at = Find(key);
        if (at >= 0)
        {
            _entries[at] = new(_entries[at].Key, value);
            return;
        }
        _entries.Add(new(key, value));
        if (_index is not null)
        {
            _index.Add(key, _entries.Count - 1);
        }
        else if (_entries.Count >= IndexFrom)
        {
            _index = new(_entries.Count * 2);
            for (int i = 0; i < _entries.Count; i++)
            {
                _index.Add(_entries[i].Key, i);
            }
        }
    }

    public bool TryGet(string key, out TemplateValue value) =>
        TryGet(TemplateValue.From(key), out value);

    public bool TryGet(TemplateValue key, out TemplateValue value)
    {
        int at = Find(key);
        value = at < 0 ? default : _entries[at].Value;
        return at >= 0;
    }

    public IEnumerator<KeyValuePair<TemplateValue, TemplateValue>> GetEnumerator() =>
        _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Find(TemplateValue key)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(key, out int at) ? at : -1;
        }
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key.Equals(key))
            {
                return i;
            }
        }
        return -1;
    }
}
