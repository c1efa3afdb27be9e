using Hearth.Core.Events;

namespace Hearth.Homes;

/// <summary>
/// The newest committed rows of a home that lives in this process, contiguous up to
/// <see cref="Head"/>, their events decoded. The home adds on its turn; followers on any thread
/// read and wait, so this is one of the few places with a lock, held for a few copies at a time.
/// </summary>
internal sealed class RowRing(int rowsMax, int bytesMax, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<Row> _rows = [];
    private int _start;
    private long _bytes;
    private long _head;
    private bool _closed;
    private long _lastRead = clock.GetTimestamp();
    private List<TaskCompletionSource> _waiting = [];

    /// <summary>The newest committed sequence of the home.</summary>
    public Sequence Head => new(Interlocked.Read(ref _head));

    /// <summary>Whether somebody waits here, or has read within a minute.</summary>
    public bool IsFollowed
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count > 0
                    || clock.GetElapsedTime(_lastRead) < TimeSpan.FromMinutes(1);
            }
        }
    }

    /// <summary>Adds rows that have just been committed and wakes who waits for them.</summary>
    public void Add(IReadOnlyList<Row> rows)
    {
        List<TaskCompletionSource> waiting;
        lock (_lock)
        {
            foreach (var row in rows)
            {
                Append(row);
            }

            Interlocked.Exchange(ref _head, rows[^1].Last.Value);
            waiting = Take();
        }

        Release(waiting);
    }

    /// <summary>The home was opened and its log ends here; what lies between the rows that were
    /// seen and this sequence is read from the log.</summary>
    public void MoveTo(Sequence head)
    {
        List<TaskCompletionSource> waiting;
        lock (_lock)
        {
            if (head <= Head)
            {
                return;
            }

            Clear();
            Interlocked.Exchange(ref _head, head.Value);
            waiting = Take();
        }

        Release(waiting);
    }

    /// <summary>The home leaves this process: whoever waits looks for it anew.</summary>
    public void Close()
    {
        List<TaskCompletionSource> waiting;
        lock (_lock)
        {
            _closed = true;
            waiting = Take();
        }

        Release(waiting);
    }

    /// <summary>The rows after a sequence, as many as are asked for; none when there are none or
    /// when they are older than the ring.</summary>
    public IReadOnlyList<Row> Read(Sequence after, int countMax, int sizeMax)
    {
        lock (_lock)
        {
            _lastRead = clock.GetTimestamp();
            if (_start == _rows.Count || after.Next < _rows[_start].First || after >= Head)
            {
                return [];
            }

            var from = IndexAfter(after);
            var until = from;
            for (long size = 0; until < _rows.Count && until - from < countMax; until++)
            {
                size += _rows[until].Body.Length;
                if (size > sizeMax && until > from)
                {
                    break;
                }
            }

            return _rows.GetRange(from, until - from);
        }
    }

    /// <summary>Completes when there is something after a sequence, or when the ring closes.
    /// </summary>
    public async Task WaitAsync(Sequence after, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_closed || Head > after)
            {
                return;
            }

            _waiting.Add(waiter);
        }

        await using var cancelled = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token),
            waiter
        );
        try
        {
            await waiter.Task;
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove(waiter);
                _lastRead = clock.GetTimestamp();
            }
        }
    }

    private void Append(Row row)
    {
        if (_rows.Count > _start && row.First != _rows[^1].Last.Next)
        {
            throw new InvalidOperationException(
                $"Row {row.First.Value} does not follow row {_rows[^1].Last.Value}."
            );
        }

        _rows.Add(row);
        _bytes += row.Body.Length;
        while (_rows.Count - _start > rowsMax || (_bytes > bytesMax && _rows.Count - _start > 1))
        {
            _bytes -= _rows[_start].Body.Length;
            _rows[_start++] = null!;
        }

        // Moving what is left once per half a list costs each row one copy.
        if (_start > 64 && _start > _rows.Count / 2)
        {
            _rows.RemoveRange(0, _start);
            _start = 0;
        }
    }

    private void Clear()
    {
        _rows.Clear();
        _start = 0;
        _bytes = 0;
    }

    /// <summary>The first row that holds something after a sequence.</summary>
    private int IndexAfter(Sequence after)
    {
        var (low, high) = (_start, _rows.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_rows[middle].Last > after)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private List<TaskCompletionSource> Take()
    {
        var waiting = _waiting;
        _waiting = [];
        return waiting;
    }

    private static void Release(List<TaskCompletionSource> waiting)
    {
        foreach (var waiter in waiting)
        {
            waiter.TrySetResult();
        }
    }
}
