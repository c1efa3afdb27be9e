using Hearth.Mqtt.Packets;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// Once a second: ends silent connections, publishes wills whose time has come, lets sessions
/// expire and writes down how far the others have come.
/// </summary>
internal sealed partial class Upkeep(Broker broker, Connections connections, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, broker.Clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            connections.CheckLife();
            await broker.Wills.PublishDueAsync();
            await KeepSessionsAsync(cancellationToken);
        }
    }

    /// <summary>Writes what has changed and takes away what has expired, in one commit. A session
    /// that somebody is busy with has its turn in the next round.</summary>
    public async Task KeepSessionsAsync(CancellationToken cancellationToken)
    {
        var turns = new List<SessionTurn>();
        try
        {
            await KeepAsync(turns, cancellationToken);
        }
        finally
        {
            turns.ForEach(turn => turn.Dispose());
        }
    }

    private async Task KeepAsync(List<SessionTurn> turns, CancellationToken cancellationToken)
    {
        var now = broker.Clock.GetUtcNow();
        broker.MarkChangedGroups();
        var changed = new List<Session>();
        var saved = new List<SessionRecord>();
        var removed = new List<string>();
        foreach (var session in broker.AllSessions())
        {
            var isChanged = session is { IsUnsaved: true, IsPersistent: true, IsStored: true };
            if (
                !(isChanged || HasExpired(session, now))
                || SessionTurn.TryTake(session) is not { } turn
            )
            {
                continue;
            }

            turns.Add(turn);
            if (HasExpired(session, now))
            {
                broker.Forget(session);
                broker.Wills.SessionEnded(session.ClientId);
                removed.Add(session.ClientId);
                continue;
            }

            session.IsUnsaved = false;
            changed.Add(session);
            var subscriptions = broker.SubscriptionsOf(session, out _);
            saved.Add(SessionStore.RecordOf(session, subscriptions, broker.HandedOver));
        }

        if (turns.Count == 0)
        {
            return;
        }

        try
        {
            await broker.Store.SaveAsync(
                new SessionChanges { Saved = saved, Removed = removed },
                cancellationToken
            );
        }
        catch (LogUnavailableException fault)
        {
            // The cursors on disk are older then, and messages come twice rather than never.
            changed.ForEach(session => session.IsUnsaved = true);
            Log.NotSaved(logger, saved.Count, fault);
        }
    }

    private static bool HasExpired(Session session, DateTimeOffset now) =>
        session.Line is null
        && session.DisconnectedAt is { } since
        && since + TimeSpan.FromSeconds(session.ExpirySeconds) <= now;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} MQTT sessions could not be written.")]
        public static partial void NotSaved(ILogger logger, int count, Exception fault);
    }
}
