using System.Collections.Concurrent;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Truths;

/// <summary>The filters of the homes that were opened here.</summary>
internal sealed class PublishedFilters
{
    private readonly ConcurrentDictionary<HomeId, PublishedFilter> _ofHomes = new();
    private readonly ConcurrentDictionary<long, PublishedFilter> _ofNumbers = new();

    /// <summary>Begins anew for a home, on the writer's thread between two commits: what is
    /// committed before is found in the table, what comes after is added.</summary>
    public void Open(HomeId home, long number) =>
        _ofNumbers[number] = _ofHomes[home] = new PublishedFilter();

    public PublishedFilter? Of(HomeId home) => _ofHomes.GetValueOrDefault(home);

    public PublishedFilter? Of(long number) => _ofNumbers.GetValueOrDefault(number);
}
