using Hearth.Core.Events;
using Hearth.Mqtt.Packets;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// What a session sends and waits for: messages in flight and retained messages that are owed. Its
/// owner is the session, which guards it.
/// <para>QoS 2 to a persistent session is exactly once across a restart: a message goes out after
/// the commit of its packet id, PUBREL after the commit that the client has it, and which messages
/// are done is known until the cursor has passed them. QoS 0 and 1 rest on no commit; they only
/// wait for the QoS 2 messages before them, to stay in order.</para>
/// </summary>
internal sealed class Sending(Session session, HandshakeJournal journal)
{
    // A client that acknowledges nothing must not hold more payload than this in memory.
    private const long InFlightBytesMax = 1024 * 1024;

    private readonly InFlight _inFlight = new();
    private readonly Queue<Delivery> _retained = new();
    private readonly Dictionary<string, int> _owed = [];
    private readonly HashSet<(bool IsRetained, Sequence Sequence)> _known = [];
    private readonly HashSet<SentMessage> _toPublish = [];
    private readonly HashSet<SentMessage> _toRelease = [];
    private List<SentMessage> _changed = [];

    public int InFlightCount => _inFlight.Count;

    public IEnumerable<Delivery> InFlightShared => _inFlight.Shared();

    public Sequence? OldestEvent => _inFlight.OldestEvent;

    /// <summary>Nothing waits before the log's next.</summary>
    public bool HasNothingWaiting => _retained.Count == 0 && _inFlight.NextToRepeat is null;

    /// <summary>The filters of subscriptions whose retained messages are not all acknowledged.
    /// </summary>
    public IReadOnlySet<string> Owed => _owed.Keys.ToHashSet();

    public bool AwaitsRetained => _owed.Count > 0 || _inFlight.HasRetained;

    /// <summary>Messages whose content is still to be found after a restart.</summary>
    public IReadOnlyList<SentMessage> WithoutContent => _inFlight.WithoutContent();

    public void Restore(IEnumerable<SentPacket> rows)
    {
        foreach (var row in rows)
        {
            _known.Add((row.Retained, row.Sequence));
            if (row.State != SentState.Done)
            {
                _inFlight.Restore(row);
            }
        }
    }

    /// <summary>A new connection: all that is in flight has to be sent again.</summary>
    public void Begin()
    {
        _toPublish.Clear();
        _toRelease.Clear();
        _inFlight.RepeatAll();
    }

    public void Owe(IEnumerable<Delivery> retained)
    {
        foreach (var delivery in retained)
        {
            _retained.Enqueue(delivery);
            var filter = delivery.RetainedFor!;
            _owed[filter] = _owed.GetValueOrDefault(filter) + 1;
        }
    }

    /// <summary>Sends one thing that waits before the log's next: again, or retained.</summary>
    /// <returns>Null when nothing waits; false when there is no room now.</returns>
    public bool? TrySendWaiting(SessionLine line, DateTimeOffset now)
    {
        if (_inFlight.NextToRepeat is { } message)
        {
            return HasRoom(line, message.Delivery.Qos) && TryRepeat(line, message, now);
        }

        if (!_retained.TryPeek(out var retained))
        {
            return null;
        }

        var before = _inFlight.Total;
        if (!TrySend(line, retained, now))
        {
            return false;
        }

        _retained.Dequeue();
        if (_inFlight.Total == before)
        {
            Settled(retained);
        }

        return true;
    }

    public bool TrySend(SessionLine line, Delivery delivery, DateTimeOffset now)
    {
        if (delivery.Message.ExpiresAt <= now || IsKnown(delivery))
        {
            return true;
        }

        if (!HasRoom(line, delivery.Qos))
        {
            return false;
        }

        if (delivery.Qos == Qos.AtMostOnce)
        {
            return line.Outbox.Write(delivery.ToPacket(0, false, now)) != Written.No;
        }

        var message = _inFlight.Add(delivery);
        // What a group handed to it, the group hands out again after a restart.
        if (delivery is { Qos: Qos.ExactlyOnce, Share: null } && session.IsPersistent)
        {
            message.IsKept = true;
            Await(message);
            return true;
        }

        // Not written because the connection ends: it stays in flight, for the next one.
        Write(line, message, now);
        return true;
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP came.</summary>
    /// <returns>What is done with it.</returns>
    public Delivery? Acknowledged(Packet.Ack ack, SessionLine line)
    {
        var isReceived = ack.Type == PacketType.PubRec && !ack.Reason.IsError();
        if (_inFlight.Find(ack.Id) is not { } message)
        {
            // A PUBREC for something unknown is answered so that the client can forget it.
            if (isReceived)
            {
                line.Outbox.Write(
                    new Packet.Ack(PacketType.PubRel, ack.Id)
                    {
                        Reason = ReasonCode.PacketIdentifierNotFound,
                    }
                );
            }

            return null;
        }

        if (!isReceived)
        {
            Done(message);
            return message.Delivery;
        }

        message.IsReceived = true;
        if (message.NeedsRow)
        {
            Await(message);
        }
        else
        {
            line.Outbox.Write(new Packet.Ack(PacketType.PubRel, ack.Id));
        }

        return null;
    }

    public HandshakeBatch TakeChanged()
    {
        var changed = _changed;
        _changed = [];
        changed.ForEach(message => message.IsChanged = false);
        return new HandshakeBatch(
            session,
            this,
            session.Epoch,
            [.. changed.Select(message => (message, message.ToRow(session)))]
        );
    }

    /// <summary>They are durable: who waits for it on the connection that there is now goes on.
    /// </summary>
    public void Kept(HandshakeBatch batch, SessionLine? line, DateTimeOffset now)
    {
        foreach (var (message, row) in batch.Items)
        {
            message.Kept = row.State;
            var isAwaited = _toPublish.Remove(message) | _toRelease.Remove(message);
            if (!isAwaited || message.IsDone || line is null)
            {
                continue;
            }

            if (message.NeedsRow)
            {
                // It has changed meanwhile.
                Await(message);
            }
            else
            {
                Write(line, message, now);
            }
        }
    }

    /// <summary>They are not: the next connection sees to what is in flight.</summary>
    public void NotKept(HandshakeBatch batch)
    {
        foreach (var (message, _) in batch.Items.Where(item => item.Message.IsDone))
        {
            Changed(message);
        }
    }

    /// <summary>What has to be sent again goes first. [MQTT-4.4.0-1]</summary>
    public bool CanTakeShared(SessionLine line, Qos qos) =>
        _inFlight.NextToRepeat is null && HasRoom(line, qos);

    private bool HasRoom(SessionLine line, Qos qos) =>
        line.Outbox.HasRoom
        && (qos == Qos.ExactlyOnce || _toPublish.Count == 0)
        && (
            qos == Qos.AtMostOnce
            || (
                _inFlight.Count < line.UnacknowledgedMax
                && (_inFlight.Bytes < InFlightBytesMax || _inFlight.Count == 0)
            )
        );

    // A message that was under way, or done, before a restart does not come as a new one.
    private bool IsKnown(Delivery delivery) =>
        _known.Count > 0
        && delivery.Share is null
        && _known.Contains((delivery.IsRetained, delivery.Message.Sequence));

    private bool TryRepeat(SessionLine line, SentMessage message, DateTimeOffset now)
    {
        if (message.NeedsRow)
        {
            _inFlight.Sent(message);
            Await(message);
            return true;
        }

        var written = Write(line, message, now);
        if (written == Written.Yes)
        {
            _inFlight.Sent(message);
        }

        return written != Written.No;
    }

    private Written Write(SessionLine line, SentMessage message, DateTimeOffset now)
    {
        Packet packet = message.IsReceived
            ? new Packet.Ack(PacketType.PubRel, message.Id)
            : message.Delivery.ToPacket(message.Id, message.WasSent, now);
        var written = line.Outbox.Write(packet);
        switch (written)
        {
            case Written.Yes:
                message.WasSent = true;
                break;
            case Written.TooLarge:
                Done(message);
                break;
            default:
                // The connection ends; it stays in flight, for the next one.
                break;
        }

        return written;
    }

    private void Await(SentMessage message)
    {
        (message.IsReceived ? _toRelease : _toPublish).Add(message);
        Changed(message);
        journal.Add(session);
    }

    private void Done(SentMessage message)
    {
        _inFlight.Done(message);
        _toPublish.Remove(message);
        _toRelease.Remove(message);
        Settled(message.Delivery);
        if (message.IsKept)
        {
            // Nobody waits for it, and it is written with the next one that takes its id: until
            // then a restart would only ask the client again, who knows nothing of it any more.
            Changed(message);
        }
    }

    private void Changed(SentMessage message)
    {
        if (!message.IsChanged)
        {
            message.IsChanged = true;
            _changed.Add(message);
        }
    }

    private void Settled(Delivery delivery)
    {
        if (delivery.RetainedFor is { } filter && _owed.TryGetValue(filter, out var count))
        {
            session.IsUnsaved = true;
            if (count == 1)
            {
                _owed.Remove(filter);
            }
            else
            {
                _owed[filter] = count - 1;
            }
        }
    }
}
