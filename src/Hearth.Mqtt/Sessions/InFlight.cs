using Hearth.Core.Events;
using Hearth.Mqtt.Packets;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>A message with QoS 1 or 2 that was sent and is not done.</summary>
internal sealed class SentMessage(ushort id, long number, Delivery delivery)
{
    public ushort Id { get; } = id;

    /// <summary>Its place in the order of sending.</summary>
    public long Number { get; } = number;

    public Delivery Delivery { get; private set; } = delivery;

    public Sequence Sequence => Delivery.Message.Sequence;

    /// <summary>Sent on the connection that there is now.</summary>
    public bool IsSent { get; set; }

    /// <summary>QoS 2 only: PUBREC came, and PUBREL is what stands out.</summary>
    public bool IsReceived { get; set; }

    public bool IsDone { get; set; }

    /// <summary>Sent on any connection: when it comes again it says so. [MQTT-3.3.1-1]</summary>
    public bool WasSent { get; set; }

    /// <summary>How far it has come is kept on the disk.</summary>
    public bool IsKept { get; set; }

    /// <summary>What the disk says; null when it knows nothing of it.</summary>
    public SentState? Kept { get; set; }

    /// <summary>It is among what is to be written.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Restored after a restart, and not found in the log again yet.</summary>
    public bool IsWithoutContent { get; set; }

    /// <summary>Something has to be durable before its next packet goes out.</summary>
    public bool NeedsRow => IsKept && (Kept is null || (IsReceived && Kept == SentState.Sent));

    public SentPacket ToRow(Session session) =>
        new(
            session.ClientId,
            session.Epoch,
            Id,
            Sequence,
            IsDone ? SentState.Done
                : IsReceived ? SentState.Received
                : SentState.Sent,
            Delivery.IsRetained,
            Delivery.Retain,
            Delivery.IsRetained ? Delivery.Message.Topic : null,
            Delivery.SubscriptionIds
        );

    /// <summary>What it says; without it nothing is left but to have the client forget its id.
    /// </summary>
    public void Found(OutgoingMessage? message)
    {
        IsWithoutContent = false;
        if (message is null)
        {
            IsReceived = true;
            return;
        }

        Delivery = Delivery.With(message);
    }
}

/// <summary>
/// What was sent to a client and waits for its acknowledgement, in the order of sending. Its owner
/// is the session, which guards it.
/// </summary>
internal sealed class InFlight
{
    private readonly Dictionary<ushort, SentMessage> _byId = [];
    private readonly Queue<SentMessage> _events = new();
    private readonly Queue<SentMessage> _restoredEvents = new();
    private readonly Queue<SentMessage> _toRepeat = new();
    private ushort _lastId;
    private long _lastNumber;

    /// <summary>Sent on this connection and not done: what a client's receive maximum counts.
    /// </summary>
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public int Total => _byId.Count;

    public bool HasRetained => _byId.Values.Any(message => message.Delivery.IsRetained);

    /// <summary>The oldest event that is not done; null when there is none.</summary>
    public Sequence? OldestEvent
    {
        get
        {
            var oldest = OldestOf(_events);
            // What came before a restart is not in order with what comes after it.
            return OldestOf(_restoredEvents) is { } restored && !(oldest < restored)
                ? restored
                : oldest;
        }
    }

    /// <summary>The first of what was sent on an earlier connection, and has to be again.</summary>
    public SentMessage? NextToRepeat
    {
        get
        {
            while (_toRepeat.TryPeek(out var first) && (first.IsDone || first.IsSent))
            {
                _toRepeat.Dequeue();
            }

            return _toRepeat.TryPeek(out var next) ? next : null;
        }
    }

    public SentMessage Add(Delivery delivery)
    {
        do
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        } while (_byId.ContainsKey(_lastId));

        var message = new SentMessage(_lastId, ++_lastNumber, delivery);
        _byId.Add(_lastId, message);
        if (!delivery.IsRetained && delivery.Share is null)
        {
            _events.Enqueue(message);
        }

        Sent(message);
        return message;
    }

    /// <summary>One that was sent, or received, before a restart.</summary>
    public void Restore(SentPacket row)
    {
        var nothing = new OutgoingMessage
        {
            Sequence = row.Sequence,
            Topic = row.Topic ?? "",
            Payload = default,
            Qos = Qos.ExactlyOnce,
        };
        var message = new SentMessage(row.PacketId, ++_lastNumber, Delivery.OfRow(row, nothing))
        {
            IsReceived = row.State == SentState.Received,
            IsWithoutContent = row.State == SentState.Sent,
            IsKept = true,
            Kept = row.State,
            WasSent = true,
        };
        _byId[row.PacketId] = message;
        _lastId = row.PacketId;
        if (!row.Retained)
        {
            _restoredEvents.Enqueue(message);
        }
    }

    public IReadOnlyList<SentMessage> WithoutContent() =>
        [.. _byId.Values.Where(message => message.IsWithoutContent)];

    public SentMessage? Find(ushort id) => _byId.GetValueOrDefault(id);

    /// <summary>What came by shared subscriptions, in the order of sending.</summary>
    public IEnumerable<Delivery> Shared() =>
        _byId
            .Values.Where(message => message.Delivery.Share is not null)
            .OrderBy(message => message.Number)
            .Select(message => message.Delivery);

    public void Sent(SentMessage message)
    {
        message.IsSent = true;
        Count++;
        Bytes += message.Delivery.Message.Payload.Length;
    }

    public void Done(SentMessage message)
    {
        if (!_byId.Remove(message.Id))
        {
            return;
        }

        message.IsDone = true;
        Unsent(message);
    }

    /// <summary>
    /// The connection is gone: everything has to be sent again on the next one, in the same order
    /// and under the same ids. [MQTT-4.4.0-1]
    /// </summary>
    public void RepeatAll()
    {
        _toRepeat.Clear();
        foreach (var message in _byId.Values.OrderBy(message => message.Number))
        {
            Unsent(message);
            _toRepeat.Enqueue(message);
        }
    }

    private static Sequence? OldestOf(Queue<SentMessage> events)
    {
        while (events.TryPeek(out var first) && first.IsDone)
        {
            events.Dequeue();
        }

        return events.TryPeek(out var oldest) ? oldest.Sequence : null;
    }

    private void Unsent(SentMessage message)
    {
        if (message.IsSent)
        {
            message.IsSent = false;
            Count--;
            Bytes -= message.Delivery.Message.Payload.Length;
        }
    }
}
