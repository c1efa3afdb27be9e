using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// The wills of clients. Each is on the disk from before its CONNACK until it is published or taken
/// back, so that it goes out although the hub was killed: a device that vanished together with the
/// hub would be shown as it was for ever.
/// <para>A row is taken away after what makes it needless is certain. Whatever is lost between, a
/// will comes once too often (which says again what is true) and never too seldom; and a client
/// that has seen its connection closed after a DISCONNECT never gets it published, because its row
/// is gone by then.</para>
/// </summary>
internal sealed partial class Wills(
    HomeClient home,
    BrokerOptions options,
    TimeProvider clock,
    ILogger logger
)
{
    // Together in one call, after a start with thousands that do not come back.
    private const int BatchMax = 500;

    private readonly Lock _lock = new();

    // By client, because thousands may come back at once.
    private readonly Dictionary<string, List<DueWill>> _due = [];
    private readonly HashSet<WillKey> _toRemove = [];

    /// <summary>The will of a new connection as its row keeps it.</summary>
    public WillRecord RecordOf(Packets.Packet.Connect connect, Session session, string? address)
    {
        var will = connect.Will!;
        // As for a silent client. [MQTT-3.1.2-22] Without a keep-alive nobody knows better.
        var patience = connect.KeepAliveSeconds * 1.5;
        var grace = Math.Clamp(
            patience == 0 ? double.MaxValue : patience,
            options.WillGraceMin.TotalSeconds,
            options.WillGraceMax.TotalSeconds
        );
        return new WillRecord(
            new WillKey(session.ClientId, session.Epoch),
            will.Topic,
            new Payload(will.Payload),
            (int)will.Qos,
            will.Retain,
            MessageTranslation.ToEvent(will.Properties),
            will.DelaySeconds,
            (uint)grace,
            address,
            DueAt: null
        );
    }

    /// <summary>What was left when the hub went down: a client that was connected then, or whose
    /// delay was running, has a while to come back.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var wills = await home.Truths.WillsAsync(home.Id, cancellationToken);
        var connected = new List<WillRecord>();
        lock (_lock)
        {
            _due.Clear();
            foreach (var will in wills)
            {
                // The shortest grace for whom the delay has run out meanwhile: the client could
                // not come back before.
                var soonest = now + (will.DueAt is null ? Grace(will) : options.WillGraceMin);
                var at =
                    will.DueAt is { } due && due > soonest ? due
                    : will.DueAt is null ? soonest + Delay(will)
                    : soonest;
                var restored = will with { DueAt = at };
                Add_NeedsLock(new DueWill(restored, at, NotBefore: soonest));
                if (will.DueAt is null)
                {
                    connected.Add(restored);
                }
            }
        }

        // A hub that is killed again and again publishes them in the end.
        await SaveAsync(connected, [], cancellationToken);
    }

    /// <summary>The highest connection that has a will.</summary>
    public long LastConnection
    {
        get
        {
            lock (_lock)
            {
                return _due
                    .Values.SelectMany(all => all)
                    .Select(due => due.Will.Key.Connection)
                    .DefaultIfEmpty()
                    .Max();
            }
        }
    }

    /// <summary>A connection has ended without a word. The will waits for its delay, but not
    /// longer than the session lives. [MQTT-3.1.2-8]</summary>
    public async Task PublishAsync(WillRecord will, uint expirySeconds)
    {
        var delay = TimeSpan.FromSeconds(Math.Min(will.DelaySeconds, expirySeconds));
        var at = clock.GetUtcNow() + delay;
        var due = new DueWill(will with { DueAt = at }, at, at - delay);
        if (delay == TimeSpan.Zero && await TryPublishAsync(due))
        {
            await RemoveAsync([will.Key]);
            return;
        }

        lock (_lock)
        {
            Add_NeedsLock(due);
        }

        if (delay > TimeSpan.Zero)
        {
            await SaveOrLeaveAsync(due.Will);
        }
    }

    /// <summary>The client has said goodbye: the will is never published. To be awaited before the
    /// connection is closed, which is the one thing that tells the client.</summary>
    public Task TakeBackAsync(WillRecord will) => RemoveAsync([will.Key]);

    /// <summary>What is not to be published when the client is back before its time has come.
    /// [MQTT-3.1.3-9]</summary>
    public IReadOnlyList<WillKey> DelayedOf(string clientId)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            return
            [
                .. Of_NeedsLock(clientId).Where(due => due.At > now).Select(due => due.Will.Key),
            ];
        }
    }

    /// <summary>The rows are gone, or need not be there any more.</summary>
    public void Cancelled(IReadOnlyList<WillKey> keys)
    {
        lock (_lock)
        {
            foreach (var key in keys)
            {
                Remove_NeedsLock(key);
            }
        }
    }

    /// <summary>The session ends before the delay does: the will goes out with it.</summary>
    public void SessionEnded(string clientId)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            var all = Of_NeedsLock(clientId);
            for (var at = 0; at < all.Count; at++)
            {
                if (all[at].At > now)
                {
                    var notBefore = all[at].NotBefore;
                    all[at] = all[at] with { At = notBefore > now ? notBefore : now };
                }
            }
        }
    }

    public async Task PublishDueAsync()
    {
        DueWill[] due;
        WillKey[] toRemove;
        lock (_lock)
        {
            due = TakeDue_NeedsLock([.. _due.Keys]);
            toRemove = [.. _toRemove];
        }

        await RemoveAsync([.. toRemove]);
        await PublishAsync(due);
    }

    /// <summary>A client is back after its time: what says that it was gone comes before what it
    /// says now.</summary>
    public Task PublishDueAsync(string clientId)
    {
        lock (_lock)
        {
            return PublishAsync(TakeDue_NeedsLock([clientId]));
        }
    }

    private async Task PublishAsync(DueWill[] due)
    {
        var isOpen = true;
        foreach (var batch in due.OrderBy(item => item.At).Chunk(BatchMax))
        {
            isOpen = isOpen && await TryPublishAsync(batch);
            if (isOpen)
            {
                await RemoveAsync([.. batch.Select(item => item.Will.Key)]);
                continue;
            }

            lock (_lock)
            {
                Array.ForEach(batch, Add_NeedsLock);
            }
        }
    }

    private DueWill[] TakeDue_NeedsLock(IEnumerable<string> clients)
    {
        var now = clock.GetUtcNow();
        DueWill[] due =
        [
            .. clients.SelectMany(client => Of_NeedsLock(client).Where(item => item.At <= now)),
        ];
        Array.ForEach(due, item => Remove_NeedsLock(item.Will.Key));
        return due;
    }

    private List<DueWill> Of_NeedsLock(string clientId) => _due.GetValueOrDefault(clientId) ?? [];

    private void Add_NeedsLock(DueWill due)
    {
        if (!_due.TryGetValue(due.ClientId, out var all))
        {
            _due[due.ClientId] = all = [];
        }

        all.Add(due);
    }

    private void Remove_NeedsLock(WillKey key)
    {
        var all = Of_NeedsLock(key.Client);
        all.RemoveAll(due => due.Will.Key == key);
        if (all.Count == 0)
        {
            _due.Remove(key.Client);
        }
    }

    private async Task RemoveAsync(List<WillKey> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }

        try
        {
            await SaveAsync([], keys, CancellationToken.None);
            lock (_lock)
            {
                _toRemove.ExceptWith(keys);
            }
        }
        catch (LogUnavailableException fault)
        {
            // It is tried again every second; until then a crash would publish them.
            Log.NotRemoved(logger, keys.Count, fault.Message);
            lock (_lock)
            {
                _toRemove.UnionWith(keys);
            }
        }
    }

    private async Task SaveOrLeaveAsync(WillRecord will)
    {
        try
        {
            await SaveAsync([will], [], CancellationToken.None);
        }
        catch (LogUnavailableException)
        {
            // The row says that the client is connected: after a crash its delay begins anew.
        }
    }

    private Task SaveAsync(
        List<WillRecord> saved,
        List<WillKey> removed,
        CancellationToken cancellationToken
    ) =>
        saved.Count + removed.Count == 0
            ? Task.CompletedTask
            : home.Truths.SaveSessionsAsync(
                home.Id,
                new SessionChanges { WillsSaved = saved, WillsRemoved = removed },
                cancellationToken
            );

    private async Task<bool> TryPublishAsync(params IReadOnlyList<DueWill> due)
    {
        try
        {
            var messages = due.Select(item => new Submission(MessageOf(item.Will))).ToList();
            await home.SubmitAsync(messages, CancellationToken.None);
            return true;
        }
        catch (HomeClosedException)
        {
            // It is tried again: nobody else will say that this client is gone.
            return false;
        }
        catch (Exception bug) when (due.Count == 1)
        {
            // The home broke on it, and would again.
            Log.Broken(logger, due[0].ClientId, bug);
            return true;
        }
        catch (Exception bug)
        {
            Log.BatchBroken(logger, due.Count, bug);
            return await TryPublishOneByOneAsync(due);
        }
    }

    private async Task<bool> TryPublishOneByOneAsync(IReadOnlyList<DueWill> due)
    {
        foreach (var item in due)
        {
            if (!await TryPublishAsync(item))
            {
                return false;
            }
        }

        return true;
    }

    private static ReceiveMessage MessageOf(WillRecord will) =>
        new(will.Topic, will.Payload, will.Qos, will.Retain, will.Key.Client, will.Properties)
        {
            Address = will.Address,
        };

    private static TimeSpan Grace(WillRecord will) => TimeSpan.FromSeconds(will.GraceSeconds);

    private static TimeSpan Delay(WillRecord will) => TimeSpan.FromSeconds(will.DelaySeconds);

    /// <param name="NotBefore">Even when the session ends before.</param>
    private sealed record DueWill(WillRecord Will, DateTimeOffset At, DateTimeOffset NotBefore)
    {
        public string ClientId => Will.Key.Client;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The will of client {Client} could not be published.")]
        public static partial void Broken(ILogger logger, string client, Exception bug);

        [LoggerMessage(LogLevel.Warning, "{Count} wills are published one by one.")]
        public static partial void BatchBroken(ILogger logger, int count, Exception bug);

        [LoggerMessage(LogLevel.Warning, "{Count} wills could not be taken away: {Reason}")]
        public static partial void NotRemoved(ILogger logger, int count, string reason);
    }
}
