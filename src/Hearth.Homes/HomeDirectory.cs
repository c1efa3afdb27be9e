using System.Collections.Concurrent;
using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Homes;

/// <summary>Where edges find homes: one client per home, shared by everyone in the process.
/// </summary>
public sealed class HomeDirectory
{
    private readonly ConcurrentDictionary<HomeId, HomeClient> _clients = new();
    private readonly Func<HomeId, IHomeGrain> _grains;
    private readonly IEventLog _log;
    private readonly ICurrentTruths _truths;
    private readonly LocalHomes _local;

    internal HomeDirectory(
        Func<HomeId, IHomeGrain> grains,
        IEventLog log,
        ICurrentTruths truths,
        LocalHomes local
    )
    {
        _grains = grains;
        _log = log;
        _truths = truths;
        _local = local;
    }

    /// <summary>A home by its id; it comes to life when it is first asked something.</summary>
    public HomeClient Open(HomeId home) =>
        _clients.GetOrAdd(
            home,
            static (id, self) =>
            {
                var connection = new HomeConnection(self._grains(id));
                var feed = new HomeFeed(id, connection, self._local, self._log);
                return new HomeClient(id, connection, feed, self._truths);
            },
            this
        );
}
