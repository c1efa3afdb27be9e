using Hearth.Core.Events;
using Hearth.Mqtt.Packets;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>What became of a message that a group handed to a session.</summary>
internal enum SharedSend
{
    /// <summary>There is no room for it any more.</summary>
    No,

    /// <summary>It waits for its acknowledgement.</summary>
    InFlight,

    /// <summary>Nothing is to be waited for.</summary>
    Settled,
}

/// <summary>
/// One client's follower of the log. While it is <em>live</em>, the dispatcher hands it each
/// message as it is committed; when the client takes no more just now, it falls behind, and reads
/// the log itself from its position until it has caught up. So nothing is queued but what is in
/// flight, and nothing is dropped.
/// <para>Locks are taken in this order: the broker's turn, the group, the session, the outbox.
/// </para>
/// </summary>
internal sealed class Session
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly HandshakeJournal _journal;
    private Sending _sending;
    private SessionLine? _line;
    private bool _isLive;
    private bool _isThere;
    private Sequence _position;
    private volatile ShareGroup[] _shares = [];

    public Session(string clientId, TimeProvider clock, HandshakeJournal journal)
    {
        ClientId = clientId;
        _clock = clock;
        _journal = journal;
        _sending = new Sending(this, journal);
    }

    public string ClientId { get; }

    /// <summary>Whoever writes the session's row or binds it to a connection: one at a time, so
    /// that nothing older is written after something newer.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Raised by each connection; an older one's rows are not written any more.</summary>
    public long Epoch { get; set; }

    public uint ExpirySeconds { get; set; }

    /// <summary>Null while connected.</summary>
    public DateTimeOffset? DisconnectedAt { get; set; }

    /// <summary>It is forgotten: whoever still holds it has to look for it anew.</summary>
    public bool IsGone { get; set; }

    /// <summary>It is, or may be, on disk.</summary>
    public bool IsStored { get; set; }

    /// <summary>What changed since its row was written: acknowledged messages, most often.
    /// </summary>
    public bool IsUnsaved { get; set; }

    /// <summary>By filter. Changed on the broker's turn only.</summary>
    public Dictionary<string, Subscription> Subscriptions { get; } = [];

    /// <summary>Raised when <see cref="Subscriptions"/> change, for whoever works on a copy.
    /// </summary>
    public int SubscriptionsVersion { get; set; }

    /// <summary>QoS 2 publishes of the client that are taken and not released.</summary>
    public ReceivedIds Received { get; } = new();

    public bool IsPersistent => ExpirySeconds > 0;

    public SessionLine? Line
    {
        get
        {
            lock (_lock)
            {
                return _line;
            }
        }
    }

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

    /// <summary>Begins as if all before this were delivered.</summary>
    public void StartAt(Sequence position)
    {
        lock (_lock)
        {
            _position = position;
        }
    }

    /// <summary>Forgets what was under way, and begins as if all before this were delivered.
    /// </summary>
    public void StartAnew(Sequence position)
    {
        lock (_lock)
        {
            _position = position;
            _sending = new Sending(this, _journal);
        }

        Received.Restore([]);
    }

    /// <summary>
    /// Binds the session to a connection. Until it has caught up it is behind: the caller starts
    /// the catching up.
    /// </summary>
    public void Attach(SessionLine line)
    {
        lock (_lock)
        {
            _line = line;
            _isLive = false;
            _isThere = true;
            _sending.Begin();
        }

        line.RoomForShares = HasRoomForShares;
    }

    /// <summary>The connection is gone: nothing more is handed to it. A live session stands where
    /// the dispatcher does.</summary>
    public void Pause(Sequence dispatched)
    {
        lock (_lock)
        {
            _position = _isLive ? dispatched : _position;
            _isLive = false;
            _isThere = false;
        }
    }

    /// <summary>What its end brought with it is settled: the session is free.</summary>
    public void Detach()
    {
        lock (_lock)
        {
            _line = null;
        }
    }

    /// <summary>Everything up to here is delivered and acknowledged.</summary>
    public Sequence CursorAt(Sequence dispatched)
    {
        lock (_lock)
        {
            var position = _isLive ? dispatched : _position;
            return _sending.OldestEvent is { } oldest && oldest <= position
                ? new Sequence(oldest.Value - 1)
                : position;
        }
    }

    /// <summary>
    /// The dispatcher's hand-over, in the order of the log. A session that is not live reads the
    /// message from the log later.
    /// </summary>
    public void Offer(Delivery delivery, DateTimeOffset now)
    {
        SessionLine line;
        lock (_lock)
        {
            if (!_isLive || _line is null || _sending.TrySend(_line, delivery, now))
            {
                return;
            }

            line = _line;
            _isLive = false;
            _position = new Sequence(delivery.Message.Sequence.Value - 1);
        }

        line.FellBehind(this);
    }

    /// <summary>Retained messages for a new subscription, before what the log holds after the
    /// position that the dispatcher is at.</summary>
    public void AddRetained(IEnumerable<Delivery> retained, Sequence dispatched)
    {
        SessionLine? line = null;
        lock (_lock)
        {
            _sending.Owe(retained);
            if (_isLive && !_sending.HasNothingWaiting)
            {
                line = _line;
                _isLive = false;
                _position = dispatched;
            }
        }

        line?.FellBehind(this);
    }

    /// <summary>Sends one thing that waits before the log's next: again, or retained.</summary>
    /// <returns>Null when nothing waits; false when there is no room now.</returns>
    public bool? TrySendWaiting(SessionLine line)
    {
        lock (_lock)
        {
            return ReferenceEquals(_line, line)
                ? _sending.TrySendWaiting(line, _clock.GetUtcNow())
                : false;
        }
    }

    /// <summary>Sends the next message of the log to a session that is behind.</summary>
    public bool TrySendNext(SessionLine line, Delivery delivery)
    {
        lock (_lock)
        {
            return ReferenceEquals(_line, line)
                && _sending.TrySend(line, delivery, _clock.GetUtcNow());
        }
    }

    /// <summary>The session has come this far in the log.</summary>
    public void MoveTo(SessionLine line, Sequence position)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_line, line))
            {
                _position = position;
            }
        }
    }

    /// <summary>To be called on the broker's turn, so that the dispatcher stands still.</summary>
    public bool TryGoLive(SessionLine line, Sequence dispatched)
    {
        // What had to be sent again before anything new may be done now.
        HasRoomForShares();
        lock (_lock)
        {
            if (!ReferenceEquals(_line, line))
            {
                return false;
            }

            var hasCaughtUp = _position >= dispatched && _sending.HasNothingWaiting;
            _isLive = hasCaughtUp;
            return hasCaughtUp;
        }
    }

    /// <summary>The groups of its shared subscriptions. Changed on the broker's turn only.
    /// </summary>
    public IReadOnlyList<ShareGroup> Shares => _shares;

    public void JoinedShare(ShareGroup group) => _shares = [.. _shares, group];

    public void LeftShare(ShareGroup group)
    {
        // It may be there twice while a subscription is replaced by a newer one.
        var at = Array.IndexOf(_shares, group);
        _shares = [.. _shares.Where((_, index) => index != at)];
    }

    /// <summary>Whether it is connected, and how much is in flight to it: null when it takes no
    /// more just now.</summary>
    public bool IsThere(Qos qos, out int? inFlight)
    {
        lock (_lock)
        {
            inFlight =
                _isThere && _line is { } line && _sending.CanTakeShared(line, qos)
                    ? _sending.InFlightCount
                    : (int?)null;
            return _isThere;
        }
    }

    /// <summary>What a group hands to it, beside what it follows by itself.</summary>
    public SharedSend TrySendShared(Delivery delivery, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_isThere || _line is not { } line || !_sending.CanTakeShared(line, delivery.Qos))
            {
                return SharedSend.No;
            }

            var before = _sending.InFlightCount;
            if (!_sending.TrySend(line, delivery, now))
            {
                return SharedSend.No;
            }

            return _sending.InFlightCount > before ? SharedSend.InFlight : SharedSend.Settled;
        }
    }

    /// <summary>The session ends: what groups handed to it and it has not acknowledged.</summary>
    public IReadOnlyList<Delivery> UnacknowledgedShared()
    {
        lock (_lock)
        {
            return [.. _sending.InFlightShared];
        }
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP came. On a connection that was taken over it says
    /// nothing any more.</summary>
    public void Acknowledged(Packet.Ack ack, SessionLine line)
    {
        Delivery? done;
        lock (_lock)
        {
            done = ReferenceEquals(_line, line) ? _sending.Acknowledged(ack, line) : null;
            if (done is null)
            {
                return;
            }

            IsUnsaved = true;
        }

        done.Share?.Done(done.Message.Sequence);
        line.HasRoom();
    }

    /// <summary>What its row says of QoS 2 messages before a restart.</summary>
    public void RestoreHandshakes(IEnumerable<SentPacket> rows)
    {
        lock (_lock)
        {
            _sending.Restore(rows);
        }
    }

    public IReadOnlyList<SentMessage> WithoutContent()
    {
        lock (_lock)
        {
            return _sending.WithoutContent;
        }
    }

    /// <param name="content">Null when it is kept nowhere any more.</param>
    public void Found(SentMessage message, OutgoingMessage? content)
    {
        lock (_lock)
        {
            message.Found(content);
        }
    }

    public HandshakeBatch TakeHandshakes()
    {
        lock (_lock)
        {
            return _sending.TakeChanged();
        }
    }

    /// <summary>What was taken is durable, or could not be made so.</summary>
    public void HandshakesWritten(HandshakeBatch batch, bool isDurable)
    {
        SessionLine? line;
        lock (_lock)
        {
            line = _line;
            if (!ReferenceEquals(batch.Sending, _sending))
            {
                return;
            }

            // A session that was taken over meanwhile writes them anew.
            if (isDurable && batch.Epoch == Epoch)
            {
                _sending.Kept(batch, line, _clock.GetUtcNow());
            }
            else
            {
                _sending.NotKept(batch);
            }
        }

        if (!isDurable)
        {
            line?.End(ReasonCode.QuotaExceeded, "What is sent cannot be kept now; try again.");
        }

        line?.HasRoom();
    }

    /// <summary>What retained messages it is still owed, for its row.</summary>
    public (IReadOnlySet<string> Filters, bool Any) OwedRetained()
    {
        lock (_lock)
        {
            return (_sending.Owed, _sending.AwaitsRetained);
        }
    }

    private void HasRoomForShares()
    {
        foreach (var group in _shares)
        {
            group.Room.Set();
        }
    }
}
