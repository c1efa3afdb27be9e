using System.Collections.Concurrent;
using Hearth.Core.Events;

namespace Hearth.Homes;

/// <summary>The homes that live in this process, by the ring that their followers read.</summary>
internal sealed class LocalHomes
{
    private readonly ConcurrentDictionary<HomeId, RowRing> _rings = new();

    public RowRing? Find(HomeId home) => _rings.GetValueOrDefault(home);

    public void Add(HomeId home, RowRing ring) => _rings[home] = ring;

    /// <summary>Takes a ring away, unless a newer life of the home has put its own there.</summary>
    public void Remove(HomeId home, RowRing ring)
    {
        _rings.TryRemove(KeyValuePair.Create(home, ring));
        ring.Close();
    }
}
