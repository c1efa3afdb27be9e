using Hearth.Core.Events;
using Hearth.Homes;

namespace Hearth.Hub.Subscriptions;

/// <summary>
/// The events that wait for one subscription, in order. While it keeps up they are handed to it as
/// they are committed; when it has too many it reads the log at its own pace until it has caught
/// up. So nobody waits for it, and nothing grows without bound.
/// </summary>
/// <param name="through">Everything up to here is done with.</param>
/// <param name="handedOut">Up to where events have been handed out to all inlets.</param>
internal sealed class EventInlet(
    HomeId home,
    HomeFeed feed,
    Func<Event, bool> matches,
    Sequence through,
    HandedOut handedOut
)
{
    /// <summary>More are left in the log.</summary>
    private const int WaitingMax = 256;

    private const int RowsAtOnce = 128;
    private const int BytesAtOnce = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<OutgoingEvent> _waiting = new();
    private Sequence _through = through;
    private bool _isLive;
    private TaskCompletionSource _news = New();

    /// <summary>Everything up to here is delivered, given up or not wanted.</summary>
    public Sequence Cursor
    {
        get
        {
            lock (_lock)
            {
                KeepUp();
                return _waiting.TryPeek(out var first)
                    ? new Sequence(first.Sequence.Value - 1)
                    : _through;
            }
        }
    }

    /// <summary>Hands over what has been committed, in order. Where nothing is wanted this need not
    /// be called.</summary>
    /// <param name="upTo">Everything up to here has been looked at.</param>
    public void Offer(IReadOnlyList<OutgoingEvent> events, Sequence upTo)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            if (!_isLive)
            {
                return;
            }

            KeepUp();

            if (_waiting.Count + events.Count > WaitingMax)
            {
                _isLive = false;
                return;
            }

            foreach (var item in events)
            {
                if (item.Sequence > _through)
                {
                    _waiting.Enqueue(item);
                }
            }

            _through = upTo > _through ? upTo : _through;
            (news, _news) = (_news, New());
        }

        news.SetResult();
    }

    /// <summary>What is handed out may have a hole: the log is asked.</summary>
    public void FallBehind()
    {
        lock (_lock)
        {
            KeepUp();
            _isLive = false;
        }
    }

    /// <summary>The first event that waits; null when there is none and it is not to be waited for.
    /// </summary>
    /// <exception cref="CursorGoneException">Retention has taken events after the cursor.
    /// </exception>
    public async ValueTask<OutgoingEvent?> PeekAsync(bool wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            bool isLive;
            Sequence after;
            lock (_lock)
            {
                if (_waiting.TryPeek(out var first))
                {
                    return first;
                }

                _isLive |= _through >= handedOut.Begun;
                (isLive, after, news) = (_isLive, _through, _news.Task);
            }

            if (!isLive)
            {
                var rows = await feed.ReadAsync(after, RowsAtOnce, BytesAtOnce, cancellationToken);
                Take(rows);
            }
            else if (wait)
            {
                await news.WaitAsync(cancellationToken);
            }
            else
            {
                return null;
            }
        }
    }

    /// <summary>The first event is done with.</summary>
    public void Done()
    {
        lock (_lock)
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Goes on behind a gap.</summary>
    public void SkipTo(Sequence through)
    {
        lock (_lock)
        {
            _through = through;
        }
    }

    private void Take(IReadOnlyList<Row> rows)
    {
        lock (_lock)
        {
            foreach (var item in rows.SelectMany(row => row.Events))
            {
                if (item.Sequence > _through)
                {
                    _through = item.Sequence;
                    if (matches(item))
                    {
                        _waiting.Enqueue(OutgoingEvent.Of(home, item));
                    }
                }
            }
        }
    }

    /// <summary>Whoever is live has got everything that was handed out.</summary>
    private void KeepUp()
    {
        var done = handedOut.Done;
        _through = _isLive && done > _through ? done : _through;
    }

    private static TaskCompletionSource New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// How far the events of a home have been handed out. It spares telling each inlet what it does not
/// want: an inlet that is live has come as far as this.
/// </summary>
internal sealed class HandedOut
{
    private long _begun;
    private long _done;

    /// <summary>Up to here handing out has begun: whoever becomes live from now on has what comes
    /// after it to come.</summary>
    public Sequence Begun => new(Volatile.Read(ref _begun));

    /// <summary>Up to here everybody who is live has what he wants.</summary>
    public Sequence Done => new(Volatile.Read(ref _done));

    public void Begin(Sequence upTo) => Volatile.Write(ref _begun, upTo.Value);

    public void End(Sequence upTo) => Volatile.Write(ref _done, upTo.Value);
}
