using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// Wills that are to be published: at once, after their delay, or as soon as the home takes them.
/// </summary>
internal sealed partial class Wills(HomeClient home, TimeProvider clock, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly List<DueWill> _due = [];

    /// <summary>A connection has ended without a word. The will waits for its delay, but not
    /// longer than the session lives. [MQTT-3.1.2-8]</summary>
    public async Task PublishAsync(string clientId, string? address, Will will, uint expirySeconds)
    {
        var delay = TimeSpan.FromSeconds(Math.Min(will.DelaySeconds, expirySeconds));
        var due = new DueWill(clientId, address, will, clock.GetUtcNow() + delay);
        if (delay > TimeSpan.Zero || !await TryPublishAsync(due))
        {
            lock (_lock)
            {
                _due.Add(due);
            }
        }
    }

    /// <summary>The client is back before the delay was over. [MQTT-3.1.3-9]</summary>
    public void CancelDelayed(string clientId)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            _due.RemoveAll(due => due.ClientId == clientId && due.At > now);
        }
    }

    /// <summary>The session ends before the delay does: the will goes out with it.</summary>
    public void SessionEnded(string clientId)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            for (var at = 0; at < _due.Count; at++)
            {
                if (_due[at].ClientId == clientId && _due[at].At > now)
                {
                    _due[at] = _due[at] with { At = now };
                }
            }
        }
    }

    public async Task PublishDueAsync()
    {
        DueWill[] due;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            due = [.. _due.Where(item => item.At <= now)];
        }

        foreach (var item in due)
        {
            if (!await TryPublishAsync(item))
            {
                return;
            }

            lock (_lock)
            {
                _due.Remove(item);
            }
        }
    }

    private async Task<bool> TryPublishAsync(DueWill due)
    {
        var message = new ReceiveMessage(
            due.Will.Topic,
            new Payload(due.Will.Payload),
            (int)due.Will.Qos,
            due.Will.Retain,
            due.ClientId,
            MessageTranslation.ToEvent(due.Will.Properties)
        )
        {
            Address = due.Address,
        };
        try
        {
            await home.SubmitAsync(message, CancellationToken.None);
            return true;
        }
        catch (HomeClosedException)
        {
            // It is tried again: nobody else will say that this client is gone.
            return false;
        }
        catch (Exception bug)
        {
            // The home broke on it, and would again.
            Log.Broken(logger, due.ClientId, bug);
            return true;
        }
    }

    private sealed record DueWill(string ClientId, string? Address, Will Will, DateTimeOffset At);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The will of client {Client} could not be published.")]
        public static partial void Broken(ILogger logger, string client, Exception bug);
    }
}
