using Hearth.Core.Events;
using Hearth.Mqtt.Packets;
using Hearth.Mqtt.Topics;

namespace Hearth.Mqtt.Sessions;

/// <summary>How far a group has come, and what before that is handed over but not acknowledged.
/// </summary>
internal sealed record ShareState(Sequence Position, IReadOnlyList<Sequence> Unacknowledged);

/// <summary>Whether a message found a member.</summary>
internal enum HandedOver
{
    Yes,

    /// <summary>The members that are connected take no more just now.</summary>
    NoRoom,

    /// <summary>No member is connected.</summary>
    NobodyThere,
}

/// <summary>
/// The sessions of one shared subscription: together they are one follower of the log. The group
/// has the position, and decides for each message which member gets it; what was handed to a
/// member is that member's until it is acknowledged or its session ends.
/// <para>Locks are taken in this order: the broker's turn, the group, the session, the outbox.
/// </para>
/// </summary>
internal sealed class ShareGroup(SharedFilter name, Sequence start, Action<ShareGroup> catchUp)
{
    private readonly Lock _lock = new();
    private readonly List<Subscription> _members = [];
    private readonly Queue<OutgoingMessage> _returned = new();
    private readonly HashSet<Sequence> _unacknowledged = [];
    private Queue<Sequence> _toReadAgain = new();
    private ShareState? _stored;
    private Sequence _position = start;
    private Sequence _awayUntil = start;
    private bool _isLive = true;
    private bool _isCatchingUp;
    private bool _isChanged;
    private int _nextMember;

    public SharedFilter Name { get; } = name;

    /// <summary>A member may take something again, or has gone.</summary>
    public Signal Room { get; } = new();

    public Sequence Position
    {
        get
        {
            lock (_lock)
            {
                return _position;
            }
        }
    }

    /// <summary>What has QoS 0 and lies before this was published while nobody was there.</summary>
    public Sequence AwayUntil
    {
        get
        {
            lock (_lock)
            {
                return _awayUntil;
            }
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _members.Count == 0;
            }
        }
    }

    public void Join(Subscription member, Sequence dispatched)
    {
        lock (_lock)
        {
            _members.Add(member);
            _isChanged = true;
            Arrived_NeedsLock(dispatched);
        }
    }

    /// <summary>A member as it was stored. The rows of members were written at different times: the
    /// one that is furthest is the newest.</summary>
    public void Restore(Subscription member, ShareState? stored, Sequence head)
    {
        lock (_lock)
        {
            _members.Add(member);
            _isLive = false;
            if (stored is null)
            {
                var isBefore = _stored is null && member.Since < _position;
                _position = isBefore ? member.Since : _position;
                return;
            }

            var isNewer =
                _stored is null
                || stored.Position > _stored.Position
                || (
                    stored.Position == _stored.Position
                    && stored.Unacknowledged.Count < _stored.Unacknowledged.Count
                );
            if (isNewer)
            {
                _stored = stored;
                _position = stored.Position < head ? stored.Position : head;
                _toReadAgain = new Queue<Sequence>(stored.Unacknowledged);
                _unacknowledged.Clear();
                _unacknowledged.UnionWith(stored.Unacknowledged);
            }
        }
    }

    public void Leave(Subscription member, Sequence dispatched)
    {
        lock (_lock)
        {
            _members.Remove(member);
            _isChanged = true;
            Left_NeedsLock(dispatched);
        }

        Room.Set();
    }

    /// <summary>A member is connected.</summary>
    public void Arrived(Sequence dispatched)
    {
        lock (_lock)
        {
            Arrived_NeedsLock(dispatched);
        }

        Room.Set();
    }

    /// <summary>A member is not connected any more.</summary>
    public void Left(Sequence dispatched)
    {
        lock (_lock)
        {
            Left_NeedsLock(dispatched);
        }

        Room.Set();
    }

    /// <summary>Whether a message with this QoS will come to somebody.</summary>
    public bool Reaches(Qos qos)
    {
        lock (_lock)
        {
            return IsSomebodyThere_NeedsLock()
                || _members.Exists(member =>
                    member.Session.IsPersistent
                    && qos > Qos.AtMostOnce
                    && member.Request.MaximumQos > Qos.AtMostOnce
                );
        }
    }

    /// <summary>The dispatcher's hand-over, in the order of the log. A group that is not live reads
    /// the message from the log later.</summary>
    public void Offer(OutgoingMessage message, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_isLive && TryHandOver_NeedsLock(message, now) != HandedOver.Yes)
            {
                FallBehind_NeedsLock(new Sequence(message.Sequence.Value - 1));
            }
        }
    }

    public HandedOver TryHandOver(OutgoingMessage message, DateTimeOffset now)
    {
        lock (_lock)
        {
            return TryHandOver_NeedsLock(message, now);
        }
    }

    /// <summary>
    /// The session of a member has ended before it acknowledged: another one gets the message. One
    /// with QoS 2 nobody else may get. [MQTT-4.8.2-5]
    /// </summary>
    public void TakeBack(Delivery delivery, Sequence dispatched)
    {
        lock (_lock)
        {
            if (delivery.Qos == Qos.ExactlyOnce)
            {
                _isChanged |= _unacknowledged.Remove(delivery.Message.Sequence);
                return;
            }

            _returned.Enqueue(delivery.Message);
            if (_isLive)
            {
                FallBehind_NeedsLock(dispatched);
            }
        }

        Room.Set();
    }

    /// <summary>A member has acknowledged it, or refused it. [MQTT-4.8.2-6]</summary>
    public void Done(Sequence sequence)
    {
        lock (_lock)
        {
            _isChanged |= _unacknowledged.Remove(sequence);
        }
    }

    /// <summary>What comes before the log's next: a message that came back.</summary>
    public OutgoingMessage? NextReturned()
    {
        lock (_lock)
        {
            return _returned.TryPeek(out var message) ? message : null;
        }
    }

    public void ReturnedIsHandedOver()
    {
        lock (_lock)
        {
            _returned.Dequeue();
        }
    }

    /// <summary>The next message that was under way when the hub went down.</summary>
    public Sequence? NextToReadAgain()
    {
        lock (_lock)
        {
            return _toReadAgain.TryDequeue(out var sequence) ? sequence : null;
        }
    }

    /// <summary>Null when the log has it no more.</summary>
    public void IsReadAgain(Sequence sequence, OutgoingMessage? message)
    {
        lock (_lock)
        {
            if (message is null)
            {
                _unacknowledged.Remove(sequence);
            }
            else
            {
                _returned.Enqueue(message);
            }
        }
    }

    public void MoveTo(Sequence position)
    {
        lock (_lock)
        {
            _position = position;
            _isChanged = true;
        }
    }

    /// <summary>To be called on the broker's turn, so that the dispatcher stands still.</summary>
    public bool TryGoLive(Sequence dispatched)
    {
        lock (_lock)
        {
            if (_position < dispatched || _returned.Count > 0 || _toReadAgain.Count > 0)
            {
                return false;
            }

            _isCatchingUp = false;
            _isLive = IsSomebodyThere_NeedsLock();
            return true;
        }
    }

    /// <summary>Stops reading when nobody is there to read for.</summary>
    public bool TryPark()
    {
        lock (_lock)
        {
            if (IsSomebodyThere_NeedsLock())
            {
                return false;
            }

            _isCatchingUp = false;
            return true;
        }
    }

    /// <summary>Reading broke off: it begins again with the next member that connects.</summary>
    public void BrokeOff()
    {
        lock (_lock)
        {
            _isCatchingUp = false;
        }
    }

    /// <param name="handedOver">How far the dispatcher has come.</param>
    public ShareState StateAt(Sequence handedOver)
    {
        lock (_lock)
        {
            return new ShareState(
                _isLive ? handedOver : _position,
                [.. _unacknowledged.OrderBy(sequence => sequence.Value)]
            );
        }
    }

    /// <summary>The members whose rows have to be written, because the group has moved since this
    /// was asked last.</summary>
    public IReadOnlyList<Session> TakeChanged()
    {
        lock (_lock)
        {
            if (!_isChanged)
            {
                return [];
            }

            _isChanged = false;
            return [.. _members.Select(member => member.Session)];
        }
    }

    private HandedOver TryHandOver_NeedsLock(OutgoingMessage message, DateTimeOffset now)
    {
        if (message.ExpiresAt <= now)
        {
            _isChanged |= _unacknowledged.Remove(message.Sequence);
            return HandedOver.Yes;
        }

        if (LeastLoaded_NeedsLock(message.Qos, out var isSomebodyThere) is not { } member)
        {
            return isSomebodyThere ? HandedOver.NoRoom : HandedOver.NobodyThere;
        }

        switch (member.Session.TrySendShared(Delivery.OfShared(message, member, this), now))
        {
            case SharedSend.No:
                return HandedOver.NoRoom;
            case SharedSend.InFlight:
                _unacknowledged.Add(message.Sequence);
                break;
            default:
                _unacknowledged.Remove(message.Sequence);
                break;
        }

        _isChanged = true;
        return HandedOver.Yes;
    }

    /// <summary>The member with the least in flight; among equals they take turns.</summary>
    private Subscription? LeastLoaded_NeedsLock(Qos qos, out bool isSomebodyThere)
    {
        Subscription? best = null;
        var least = int.MaxValue;
        isSomebodyThere = false;
        var first = _nextMember;
        for (var at = 0; at < _members.Count && least > 0; at++)
        {
            var index = (first + at) % _members.Count;
            var member = _members[index];
            var granted = qos < member.Request.MaximumQos ? qos : member.Request.MaximumQos;
            if (!member.Session.IsThere(granted, out var inFlight))
            {
                continue;
            }

            isSomebodyThere = true;
            if (inFlight < least)
            {
                best = member;
                least = inFlight.Value;
                _nextMember = (index + 1) % _members.Count;
            }
        }

        return best;
    }

    private bool IsSomebodyThere_NeedsLock() =>
        _members.Exists(member => member.Session.IsThere(Qos.AtMostOnce, out _));

    private void Arrived_NeedsLock(Sequence dispatched)
    {
        if (_isLive || _isCatchingUp)
        {
            return;
        }

        _awayUntil = dispatched;
        _isCatchingUp = true;
        catchUp(this);
    }

    private void Left_NeedsLock(Sequence dispatched)
    {
        if (_isLive && !IsSomebodyThere_NeedsLock())
        {
            _isLive = false;
            _position = dispatched;
        }
    }

    private void FallBehind_NeedsLock(Sequence position)
    {
        _isLive = false;
        _position = position;
        _isChanged = true;
        if (!_isCatchingUp)
        {
            _isCatchingUp = true;
            catchUp(this);
        }
    }
}
