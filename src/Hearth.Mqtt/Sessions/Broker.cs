using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Mqtt.Packets;
using Hearth.Mqtt.Topics;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// The broker of one home: its sessions, who subscribed to what, and the retained messages, all as
/// of one place in the log, <see cref="Dispatched"/>. Everything that must be seen together happens
/// on its turn.
/// </summary>
internal sealed class Broker : IDisposable
{
    private readonly Lock _turn = new();
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly TopicTrie<Subscription> _subscriptions = new();
    private readonly Retained _retained = new();
    private readonly Fanout _fanout = new();
    private readonly List<(Sequence Until, TaskCompletionSource Done)> _waiting = [];
    private readonly TaskCompletionSource _opened = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly ShareGroups _shares;
    private long _dispatched;
    private long _lastEpoch;
    private long _handedOver;
    private bool _isOpen;

    public Broker(HomeClient home, BrokerOptions options, TimeProvider clock, ILogger logger)
    {
        Home = home;
        Options = options;
        Clock = clock;
        Store = new SessionStore(home);
        Journal = new HandshakeJournal(Store);
        Wills = new Wills(home, options, clock, logger);
        _shares = new ShareGroups(this, logger);
    }

    public HomeClient Home { get; }

    public BrokerOptions Options { get; }

    public TimeProvider Clock { get; }

    public SessionStore Store { get; }

    public HandshakeJournal Journal { get; }

    public Wills Wills { get; }

    /// <summary>False until the home was reached, and again when the hub goes down.</summary>
    public bool IsOpen
    {
        get => Volatile.Read(ref _isOpen);
        set
        {
            Volatile.Write(ref _isOpen, value);
            if (value)
            {
                _opened.TrySetResult();
            }
        }
    }

    /// <summary>Completes when it was opened for the first time.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Everything up to here was handed to the sessions that are live, when seen on the
    /// broker's turn.</summary>
    public Sequence Dispatched => new(Interlocked.Read(ref _dispatched));

    /// <summary>Everything up to here was handed over, whenever it is seen: what is written down
    /// rests on it.</summary>
    public Sequence HandedOver => new(Interlocked.Read(ref _handedOver));

    /// <summary>What the database holds, before the first row is dispatched.</summary>
    public void Restore(
        Sequence position,
        IEnumerable<OutgoingMessage> retained,
        IEnumerable<Session> sessions
    )
    {
        lock (_turn)
        {
            _dispatched = position.Value;
            _lastEpoch = Wills.LastConnection;
            _handedOver = position.Value;
            foreach (var message in retained)
            {
                _retained.Take(message);
            }

            foreach (var session in sessions)
            {
                _sessions[session.ClientId] = session;
                _lastEpoch = Math.Max(_lastEpoch, session.Epoch);
                foreach (var subscription in session.Subscriptions.Values)
                {
                    if (SharedFilter.TryParse(subscription.Filter, out var shared))
                    {
                        _shares.Restore(subscription, shared);
                    }
                    else
                    {
                        _subscriptions.Add(subscription.Filter, subscription);
                    }

                    if (subscription.IsOwedRetained)
                    {
                        OweAgain(session, subscription);
                    }
                }
            }
        }
    }

    /// <summary>
    /// Hands committed rows to whoever subscribed. What became of commands is on its way to the
    /// home before their bytes are on their way to a device, so its answer is decided after it.
    /// </summary>
    public void Dispatch(
        IReadOnlyList<Row> rows,
        Action<IReadOnlyList<Hearth.Core.Delivery>> report
    )
    {
        lock (_turn)
        {
            _fanout.Begin();
            foreach (var row in rows)
            {
                foreach (var item in row.Events)
                {
                    if (item.Data is MessageEvent { Retain: true })
                    {
                        _retained.Take(OutgoingMessage.Of(item));
                    }

                    _fanout.Add(item, _subscriptions, _shares);
                }
            }

            Interlocked.Exchange(ref _dispatched, rows[^1].Last.Value);
            if (_fanout.Commands.Count > 0)
            {
                report([.. _fanout.Commands]);
            }

            var now = Clock.GetUtcNow();
            foreach (var (session, delivery) in _fanout.Deliveries)
            {
                session.Offer(delivery, now);
            }

            foreach (var (group, message) in _fanout.Shared)
            {
                group.Offer(message, now);
            }

            Interlocked.Exchange(ref _handedOver, _dispatched);
            ReleaseWaiting();
        }
    }

    /// <summary>The log has a hole here: live sessions go on after it.</summary>
    public void SkipTo(Sequence position)
    {
        lock (_turn)
        {
            Interlocked.Exchange(ref _dispatched, position.Value);
            Interlocked.Exchange(ref _handedOver, position.Value);
            ReleaseWaiting();
        }
    }

    /// <summary>Completes when everything up to a sequence was handed over.</summary>
    public Task DispatchedAsync(Sequence until)
    {
        lock (_turn)
        {
            if (Dispatched >= until)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((until, done));
            return done.Task;
        }
    }

    /// <summary>The epoch of the next connection: above that of any before, and by the clock, so
    /// that it is above that of any row which could not be taken away.</summary>
    public long NextEpoch()
    {
        lock (_turn)
        {
            _lastEpoch = Math.Max(_lastEpoch + 1, Clock.GetUtcNow().ToUnixTimeMilliseconds());
            return _lastEpoch;
        }
    }

    public Session GetOrAddSession(string clientId)
    {
        lock (_turn)
        {
            if (!_sessions.TryGetValue(clientId, out var session))
            {
                session = new Session(clientId, Clock, Journal);
                session.StartAt(Dispatched);
                _sessions.Add(clientId, session);
            }

            return session;
        }
    }

    public IReadOnlyList<Session> AllSessions()
    {
        lock (_turn)
        {
            return [.. _sessions.Values];
        }
    }

    /// <summary>The session begins anew: without subscriptions, at the head.</summary>
    public void Reset(Session session)
    {
        lock (_turn)
        {
            RemoveSubscriptions(session);
            GiveBackShared(session);
            session.StartAnew(Dispatched);
        }
    }

    /// <summary>The session is over.</summary>
    public void Forget(Session session)
    {
        lock (_turn)
        {
            if (!session.IsGone)
            {
                RemoveSubscriptions(session);
                GiveBackShared(session);
                session.IsGone = true;
                _sessions.Remove(session.ClientId);
            }
        }
    }

    /// <summary>CONNACK is the first thing that a client gets, so it is written here.</summary>
    public void Attach(Session session, SessionLine line, Packet.ConnAck connAck)
    {
        lock (_turn)
        {
            line.AwayUntil = Dispatched;
            line.Outbox.Write(connAck);
            session.Attach(line);
            foreach (var group in session.Shares)
            {
                group.Arrived(Dispatched);
            }
        }

        line.FellBehind(session);
    }

    /// <summary>The connection of a session is gone; what it was handed counts.</summary>
    public void Pause(Session session)
    {
        lock (_turn)
        {
            session.Pause(Dispatched);
            foreach (var group in session.Shares)
            {
                group.Left(Dispatched);
            }
        }
    }

    public bool TryGoLive(ShareGroup group)
    {
        lock (_turn)
        {
            return group.TryGoLive(Dispatched);
        }
    }

    /// <summary>The rows of sessions say how far their groups have come.</summary>
    public void MarkChangedGroups()
    {
        lock (_turn)
        {
            _shares.MarkChanged();
        }
    }

    /// <summary>Nothing is read for groups any more.</summary>
    public void CloseGroups() => _shares.Close();

    public void Dispose() => _shares.Dispose();

    public bool TryGoLive(Session session, SessionLine line)
    {
        lock (_turn)
        {
            return session.TryGoLive(line, Dispatched);
        }
    }

    public IReadOnlyList<Subscription> SubscriptionsOf(Session session, out int version)
    {
        lock (_turn)
        {
            version = session.SubscriptionsVersion;
            return [.. session.Subscriptions.Values];
        }
    }

    /// <summary>
    /// Makes subscriptions work, all at the same place in the log; SUBACK goes out before what they
    /// bring, and the retained messages before what is published from now on.
    /// </summary>
    public void Subscribe(
        Session session,
        SessionLine line,
        IReadOnlyList<Subscription> subscriptions,
        Packet.SubAck subAck
    )
    {
        lock (_turn)
        {
            var retained = new List<Delivery>();
            var shared = new List<(Subscription Member, SharedFilter Name)>();
            foreach (var requested in subscriptions)
            {
                // A newer one goes on where the older was. [MQTT-3.8.4-4]
                var before = session.Subscriptions.GetValueOrDefault(requested.Filter);
                var subscription = requested.StartingAt(before?.Since ?? Dispatched);
                if (SharedFilter.TryParse(requested.Filter, out var name))
                {
                    shared.Add((subscription, name));
                    continue;
                }

                var isNew = !RemoveSubscription(session, requested.Filter);
                session.Subscriptions[requested.Filter] = subscription;
                session.SubscriptionsVersion++;
                _subscriptions.Add(requested.Filter, subscription);
                if (requested.Request.WantsRetained(isNew))
                {
                    _retained.AddMatches(subscription, Clock.GetUtcNow(), retained);
                }
            }

            line.Outbox.Write(subAck);
            session.AddRetained(retained, Dispatched);
            shared.ForEach(item => SubscribeShared(session, item.Member, item.Name));
        }
    }

    /// <returns>Whether there was a subscription with this filter.</returns>
    public bool Unsubscribe(Session session, string filter)
    {
        lock (_turn)
        {
            return RemoveSubscription(session, filter);
        }
    }

    /// <summary>Whether a client may retain a message on a topic, and counts it until
    /// <see cref="RetainDecided"/>.</summary>
    public bool TryRetain(string client, string topic)
    {
        lock (_turn)
        {
            return _retained.TryReserve(client, topic, Options.RetainedMax);
        }
    }

    /// <summary>A retained message as it was, while it is the one of its topic.</summary>
    public OutgoingMessage? RetainedAt(OutgoingMessage placeholder)
    {
        lock (_turn)
        {
            var found = _retained.Find(placeholder.Topic);
            return found?.Sequence == placeholder.Sequence ? found : null;
        }
    }

    public void RetainDecided(string client)
    {
        lock (_turn)
        {
            _retained.Unreserve(client);
        }
    }

    // What was published after the subscription comes by the log.
    private void OweAgain(Session session, Subscription subscription)
    {
        var owed = new List<Delivery>();
        _retained.AddMatches(subscription, Clock.GetUtcNow(), owed);
        owed.RemoveAll(delivery => delivery.Message.Sequence > subscription.Since);
        session.AddRetained(owed, Dispatched);
        session.IsUnsaved = true;
    }

    private bool RemoveSubscription(Session session, string filter)
    {
        if (!session.Subscriptions.Remove(filter, out var before))
        {
            return false;
        }

        session.SubscriptionsVersion++;
        if (before.Share is null)
        {
            return _subscriptions.Remove(filter, before);
        }

        _shares.Leave(before);
        return true;
    }

    // No retained messages come by a shared subscription. A newer one takes the place of the older
    // before that leaves, because the group may have no other member.
    private void SubscribeShared(Session session, Subscription member, SharedFilter name)
    {
        var before = session.Subscriptions.GetValueOrDefault(member.Filter);
        session.Subscriptions[member.Filter] = member;
        session.SubscriptionsVersion++;
        _shares.Join(member, name);
        if (before is not null)
        {
            _shares.Leave(before);
        }
    }

    private void GiveBackShared(Session session)
    {
        foreach (var delivery in session.UnacknowledgedShared())
        {
            delivery.Share!.TakeBack(delivery, Dispatched);
        }
    }

    private void RemoveSubscriptions(Session session)
    {
        foreach (var filter in session.Subscriptions.Keys.ToList())
        {
            RemoveSubscription(session, filter);
        }
    }

    private void ReleaseWaiting()
    {
        _waiting.RemoveAll(item =>
        {
            var isDone = Dispatched >= item.Until;
            if (isDone)
            {
                item.Done.TrySetResult();
            }

            return isDone;
        });
    }
}
