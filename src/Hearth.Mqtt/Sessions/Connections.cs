using System.Collections.Concurrent;
using System.Net;
using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Sessions;

/// <summary>Who is connected, and how many from where.</summary>
internal sealed class Connections(BrokerOptions options)
{
    private readonly ConcurrentDictionary<Connection, IPAddress> _all = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private bool _isClosed;

    public int Count => _all.Count;

    /// <returns>False when there are too many from this address, or the hub goes down.</returns>
    public bool TryAdd(Connection connection, IPAddress address)
    {
        var max = IPAddress.IsLoopback(address)
            ? options.LoopbackConnectionsMax
            : options.ConnectionsMax;
        lock (_lock)
        {
            var count = _byAddress.GetValueOrDefault(address);
            if (_isClosed || count >= max)
            {
                return false;
            }

            _byAddress[address] = count + 1;
        }

        _all[connection] = address;
        return true;
    }

    public void Remove(Connection connection)
    {
        if (!_all.TryRemove(connection, out var address))
        {
            return;
        }

        lock (_lock)
        {
            if (--_byAddress[address] == 0)
            {
                _byAddress.Remove(address);
            }
        }
    }

    public void CheckLife()
    {
        foreach (var connection in _all.Keys)
        {
            connection.CheckLife();
        }
    }

    /// <summary>Lets nobody in any more and ends every connection. Wills stay unsaid and
    /// kept: it is the hub that goes, not the devices.</summary>
    public async Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        var all = _all.Keys.ToArray();
        foreach (var connection in all)
        {
            connection.Will = WillFate.Kept;
            connection.End(ReasonCode.ServerShuttingDown, "The hub is going down.");
        }

        await Task.WhenAll(all.Select(connection => connection.Closed));
    }
}
