using Hearth.Core.Events;

namespace Hearth.Mqtt.Sessions;

/// <summary>A message with QoS 1 or 2 that was sent and is not done.</summary>
internal sealed class SentMessage(ushort id, long number, Delivery delivery)
{
    public ushort Id { get; } = id;

    /// <summary>Its place in the order of sending.</summary>
    public long Number { get; } = number;

    public Delivery Delivery { get; } = delivery;

    /// <summary>Sent on the connection that there is now.</summary>
    public bool IsSent { get; set; }

    /// <summary>QoS 2 only: PUBREC came, and PUBREL is what stands out.</summary>
    public bool IsReceived { get; set; }

    public bool IsDone { get; set; }
}

/// <summary>
/// What was sent to a client and waits for its acknowledgement, in the order of sending. Its owner
/// is the session, which guards it.
/// </summary>
internal sealed class InFlight
{
    private readonly Dictionary<ushort, SentMessage> _byId = [];
    private readonly Queue<SentMessage> _events = new();
    private readonly Queue<SentMessage> _toRepeat = new();
    private ushort _lastId;
    private long _lastNumber;

    /// <summary>Sent on this connection and not done: what a client's receive maximum counts.
    /// </summary>
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The oldest event that is not done; null when there is none.</summary>
    public Sequence? OldestEvent
    {
        get
        {
            while (_events.TryPeek(out var first) && first.IsDone)
            {
                _events.Dequeue();
            }

            return _events.TryPeek(out var oldest) ? oldest.Delivery.Message.Sequence : null;
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
