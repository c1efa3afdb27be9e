using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Mqtt.Packets;
using Hearth.Mqtt.Topics;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// Brings one session from its position to where the dispatcher is, at the pace of its client.
/// First what an earlier connection left unacknowledged, then retained messages, then the log.
/// </summary>
internal sealed class CatchUp(Broker broker, Session session, SessionLine line)
{
    private const int PageRows = 256;
    private const int PageBytes = 256 * 1024;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly List<Subscription> _matches = [];
    private TopicTrie<Subscription> _filters = new();
    private int _filtersVersion = -1;

    /// <summary>Ends when the session is live again, or its connection has ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await SendWaitingAsync(cancellationToken);
                if (broker.TryGoLive(session, line))
                {
                    return;
                }

                await ReadOnAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The connection has ended; the session's position says where the next one goes on.
        }
        catch (CursorGoneException)
        {
            // It ends with its connection, and the next one begins anew.
            session.ExpirySeconds = 0;
            line.End(ReasonCode.ImplementationSpecificError, "The session's messages are gone.");
        }
        catch (LogDamagedException damaged)
        {
            line.End(ReasonCode.ImplementationSpecificError, damaged.Message);
        }
    }

    private async Task SendWaitingAsync(CancellationToken cancellationToken)
    {
        while (session.TrySendWaiting(line) is { } wasSent)
        {
            if (!wasSent)
            {
                await line.Room.WaitAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task ReadOnAsync(CancellationToken cancellationToken)
    {
        // Never ahead of the dispatcher: it tells the home of a command before the bytes go out.
        var until = broker.Dispatched;
        var position = session.Position;
        if (position >= until)
        {
            return;
        }

        IReadOnlyList<Row> rows;
        try
        {
            rows = await broker.Home.Feed.ReadAsync(
                position,
                PageRows,
                PageBytes,
                cancellationToken
            );
        }
        catch (HomeClosedException)
        {
            // The home is being reloaded; the position stays good.
            await Task.Delay(RetryAfter, broker.Clock, cancellationToken);
            return;
        }

        foreach (var item in rows.SelectMany(row => row.Events))
        {
            if (item.Sequence > until)
            {
                return;
            }

            if (item.Sequence > position)
            {
                await SendAsync(item, cancellationToken);
                session.MoveTo(line, item.Sequence);
            }
        }
    }

    private async Task SendAsync(Event item, CancellationToken cancellationToken)
    {
        if (Match(item) is not { } delivery)
        {
            return;
        }

        // What nobody promised to keep is not kept for a client that was away.
        if (delivery.Qos == Qos.AtMostOnce && item.Sequence <= line.AwayUntil)
        {
            return;
        }

        while (!session.TrySendNext(line, delivery))
        {
            await line.Room.WaitAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private Delivery? Match(Event item)
    {
        RefreshFilters();
        _matches.Clear();
        _filters.Match(EventTopic.Of(item), _matches);
        if (_matches.Count == 0)
        {
            return null;
        }

        var message = OutgoingMessage.Of(item);
        Delivery? delivery = null;
        foreach (var subscription in _matches)
        {
            if (!subscription.Takes(message))
            {
                continue;
            }

            if (delivery is null)
            {
                delivery = Delivery.Of(message, subscription);
            }
            else
            {
                delivery.Add(subscription);
            }
        }

        return delivery;
    }

    private void RefreshFilters()
    {
        if (_filtersVersion == session.SubscriptionsVersion)
        {
            return;
        }

        _filters = new TopicTrie<Subscription>();
        foreach (var subscription in broker.SubscriptionsOf(session, out _filtersVersion))
        {
            if (subscription.Share is null)
            {
                _filters.Add(subscription.Filter, subscription);
            }
        }
    }
}
