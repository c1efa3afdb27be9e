namespace Hearth.Mqtt.Sessions;

/// <summary>
/// The QoS 2 packet ids of a client between PUBLISH and the release: a second PUBLISH with one of
/// them is the same message, and is not taken again. [MQTT-4.3.3-10]
/// </summary>
internal sealed class ReceivedIds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, Task> _commits = [];
    private bool _isUncertain;

    /// <summary>
    /// A commit failed, so nobody here knows which ids are durable: the database has to be asked
    /// before anything rests on them again.
    /// </summary>
    public bool IsUncertain
    {
        get
        {
            lock (_lock)
            {
                return _isUncertain;
            }
        }
    }

    public IReadOnlyList<ushort> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _commits.Keys];
            }
        }
    }

    /// <summary>The commit of a message that was taken under this id; null when none was.</summary>
    public Task? Find(ushort id)
    {
        lock (_lock)
        {
            return _commits.GetValueOrDefault(id);
        }
    }

    public void Take(ushort id, Task commit)
    {
        lock (_lock)
        {
            _commits[id] = commit;
        }
    }

    /// <summary>The client has released it, or it was refused.</summary>
    public bool Release(ushort id)
    {
        lock (_lock)
        {
            return _commits.Remove(id);
        }
    }

    public void Doubt()
    {
        lock (_lock)
        {
            _isUncertain = true;
        }
    }

    /// <summary>What the database says.</summary>
    public void Restore(IEnumerable<ushort> ids)
    {
        lock (_lock)
        {
            _commits.Clear();
            _isUncertain = false;
            foreach (var id in ids)
            {
                _commits.Add(id, Task.CompletedTask);
            }
        }
    }
}
