using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Truths;

/// <summary>
/// Looks several events up at once: those that the filter calls surely new cost no read, the
/// others share one. The first look-up after a home was opened reads the filter in.
/// </summary>
internal sealed class PublishedLookup
{
    private readonly PublishedFilter? _filter;
    private readonly byte[] _keys;
    private readonly List<int> _perhaps = [];

    public PublishedLookup(IReadOnlyList<PublishedId> ids, PublishedFilter? filter)
    {
        _filter = filter;
        _keys = new byte[ids.Count * PublishedKey.Bytes];
        Found = new Sequence?[ids.Count];
        for (var index = 0; index < ids.Count; index++)
        {
            var (principal, source, id) = ids[index];
            var key = _keys.AsSpan(index * PublishedKey.Bytes, PublishedKey.Bytes);
            PublishedKey.Write(principal, source, id, key);
            if (filter is not { IsReady: true } || filter.MayHave(key))
            {
                _perhaps.Add(index);
            }
        }
    }

    public bool AllAreNew => _perhaps.Count == 0;

    /// <summary>In the order of the ids; null for what was not published before.</summary>
    public Sequence?[] Found { get; }

    public IReadOnlyList<Sequence?> Read(TruthReader reader, long today)
    {
        if (_filter is { IsReady: false } filter && filter.BeginReadingIn())
        {
            var isComplete = false;
            try
            {
                reader.ReadPublished(filter, today);
                isComplete = true;
            }
            finally
            {
                filter.EndReadingIn(isComplete);
            }
        }

        foreach (var index in _perhaps)
        {
            var key = _keys.AsSpan(index * PublishedKey.Bytes, PublishedKey.Bytes);
            Found[index] = reader.Published(key, today);
        }

        return Found;
    }
}
