using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Storage;

namespace Hearth.Hub.Subscriptions;

/// <summary>
/// One subscription in this process: what was decided upon it, and how far its deliveries have
/// come. The line that delivers changes it, the keeper writes it, requests look at it.
/// </summary>
internal sealed class DeliveryState
{
    private readonly Lock _lock = new();
    private readonly List<DeliveryRecord> _unsaved = [];
    private SubscriptionProgress _progress;
    private SubscriptionProgress? _saved;
    private long _deliveries;
    private long _letters;

    public DeliveryState(SubscriptionRecord record)
    {
        Record = record;
        Definition = SubscriptionDefinition.Read(record.Definition, [])!;
        _saved = record.Progress;
        var known = record.Progress ?? new(0, record.Created, null, null, 0, null, null);
        _progress = known with { Epoch = known.Epoch + 1 };
        _deliveries = record.Delivered;
        _letters = record.LastDeadLetter;
    }

    public SubscriptionRecord Record { get; private set; }

    public SubscriptionDefinition Definition { get; private set; }

    /// <summary>The line that delivers; null while it is paused.</summary>
    public SubscriptionLine? Line { get; set; }

    /// <summary>Its progress with the cursor as it is at this moment.</summary>
    public SubscriptionProgress Shown =>
        Line is { } line ? Progress with { Cursor = line.Inlet.Cursor } : Progress;

    /// <summary>Whether something has become of it that is worth writing soon.</summary>
    public bool IsDirty { get; set; }

    public SubscriptionProgress Progress
    {
        get
        {
            lock (_lock)
            {
                return _progress;
            }
        }
    }

    /// <summary>Whether an event is wanted. Nobody is told that something was given up for himself:
    /// it would be given up in its turn.</summary>
    public bool Wants(Event item) =>
        Definition.Matches(item)
        && !(item.Data is SubscriptionDeadLettered dead && dead.Subscription == Record.Id);

    public void Changed(SubscriptionRecord record)
    {
        Record = record;
        Definition = SubscriptionDefinition.Read(record.Definition, [])!;
    }

    public void Change(Func<SubscriptionProgress, SubscriptionProgress> change)
    {
        lock (_lock)
        {
            _progress = change(_progress);
        }
    }

    public void Attempted(OutgoingEvent item, DateTimeOffset at, SinkAnswer answer)
    {
        lock (_lock)
        {
            _unsaved.Add(
                new DeliveryRecord(
                    ++_deliveries,
                    item.Sequence,
                    item.Id,
                    item.Type,
                    at,
                    answer.Milliseconds,
                    answer.IsDelivered ? "delivered" : "failed",
                    answer.Status,
                    answer.Detail
                )
            );
            if (_unsaved.Count > 200)
            {
                _unsaved.RemoveAt(0);
            }
        }
    }

    public long NextLetter() => Interlocked.Increment(ref _letters);

    /// <summary>What has changed since it was written last; null when nothing has.</summary>
    public SubscriptionChange? TakeChange(
        IReadOnlyList<DeadLetterRecord>? letters = null,
        IReadOnlyList<long>? replayed = null
    )
    {
        lock (_lock)
        {
            if (_saved == _progress && _unsaved.Count == 0 && letters is null && replayed is null)
            {
                return null;
            }

            var deliveries = _unsaved.ToArray();
            _unsaved.Clear();
            _saved = _progress;
            return new(Record.Id, _progress, deliveries, letters ?? [], replayed ?? []);
        }
    }

    /// <summary>What was taken could not be written; the next time it is taken again.</summary>
    public void NotSaved()
    {
        lock (_lock)
        {
            _saved = null;
        }
    }
}
