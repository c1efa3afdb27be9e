using Hearth.Core.Events;

namespace Hearth.Hub.Events;

/// <summary>
/// Whether the reader of a stream keeps up with the log. While it catches up with the past it may
/// take its time; once it is live, it may not fall far behind.
/// </summary>
internal sealed class ReaderPace(FollowerOptions limits, TimeProvider clock, StreamStart start)
{
    private const long BehindBytesMax = 10 * 1024 * 1024;

    private bool _isLive = start.After == start.Head;
    private long _sentBytes;
    private long _sentCount;

    /// <summary>It has come to here; once that was the end of the log, it is live.</summary>
    public void Reached(Sequence cursor, Sequence head) => _isLive |= cursor >= head;

    public void Sent(long bytes) => (_sentBytes, _sentCount) = (_sentBytes + bytes, _sentCount + 1);

    /// <summary>How far it is behind after this event, where that is too far. Asked only after what
    /// did not go out at once: a fast reader of a sudden crowd of events is not slow.</summary>
    public string? TooFarBehind(Event item, Sequence head)
    {
        if (!_isLive || _sentCount == 0)
        {
            return null;
        }

        var behind = clock.GetUtcNow() - item.RecordedTime;
        if (behind > limits.UntakenMax)
        {
            return $"Too slow: {behind.TotalSeconds:0} s behind";
        }

        var bytes = (head.Value - item.Sequence.Value) * (_sentBytes / _sentCount);
        return bytes > BehindBytesMax ? $"Too slow: {bytes >> 20} MiB behind" : null;
    }
}
