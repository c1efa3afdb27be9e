using System.Buffers;
using System.IO.Pipelines;
using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Sessions;

internal enum Written
{
    Yes,

    /// <summary>The client does not take packets that large: it counts as sent.</summary>
    TooLarge,

    /// <summary>The connection has ended.</summary>
    No,
}

/// <summary>
/// The bytes on their way to one client. Anyone may write; a flush runs whenever there is something
/// to flush, and what is written meanwhile shares the next one.
/// </summary>
internal sealed class Outbox(
    PipeWriter socket,
    PacketEncoder encoder,
    BrokerOptions options,
    TimeProvider clock
)
{
    // What a burst has made larger than this is not kept for the idle hours after it.
    private const int KeptBytes = 4 * 1024;

    private readonly Lock _lock = new();
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte>? _spare;
    private Task _flushing = Task.CompletedTask;
    private bool _isFlushing;
    private bool _isClosed;
    private long _flushingSince;

    /// <summary>Called when bytes were taken and there is room again.</summary>
    public Action? Drained { get; set; }

    /// <summary>Called when the client is gone, or takes nothing.</summary>
    public Action<ReasonCode, string>? Failed { get; set; }

    /// <summary>Whether a message may be added without waiting for the client.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _filling.WrittenCount < options.UntakenBytes;
            }
        }
    }

    public Written Write(Packet packet)
    {
        var isFull = false;
        lock (_lock)
        {
            if (_isClosed)
            {
                return Written.No;
            }

            if (!encoder.TryWrite(packet, _filling))
            {
                return Written.TooLarge;
            }

            isFull = _filling.WrittenCount > options.UntakenBytesMax;
            if (!_isFlushing)
            {
                _isFlushing = true;
                _flushing = Task.Run(FlushAsync);
            }
        }

        if (isFull)
        {
            Failed?.Invoke(ReasonCode.QuotaExceeded, "The client does not take what it is sent.");
        }

        return Written.Yes;
    }

    /// <summary>Whether bytes have waited for the client for too long.</summary>
    public bool IsStuck()
    {
        var since = Interlocked.Read(ref _flushingSince);
        return since != 0 && clock.GetElapsedTime(since) > options.UntakenTimeMax;
    }

    /// <summary>Takes nothing more; completes when all that was written has been flushed.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            return _flushing;
        }
    }

    private async Task FlushAsync()
    {
        try
        {
            while (TakeFilled() is { } filled)
            {
                Interlocked.Exchange(ref _flushingSince, clock.GetTimestamp());
                var result = await socket.WriteAsync(filled.WrittenMemory, CancellationToken.None);
                Interlocked.Exchange(ref _flushingSince, 0);
                GiveBack(filled);
                if (result.IsCompleted || result.IsCanceled)
                {
                    Fail("The client is gone.");
                    return;
                }

                Drained?.Invoke();
            }
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException)
        {
            // A connection that broke while bytes were on their way, or was aborted by us.
            Fail(fault.Message);
        }
    }

    private void Fail(string sentence)
    {
        lock (_lock)
        {
            _isClosed = true;
            _isFlushing = false;
        }

        Failed?.Invoke(ReasonCode.UnspecifiedError, sentence);
    }

    private ArrayBufferWriter<byte>? TakeFilled()
    {
        lock (_lock)
        {
            var filled = _filling;
            if (filled.WrittenCount == 0)
            {
                _isFlushing = false;
                return null;
            }

            _filling = _spare ?? new ArrayBufferWriter<byte>();
            _spare = null;
            return filled;
        }
    }

    private void GiveBack(ArrayBufferWriter<byte> filled)
    {
        if (filled.Capacity <= KeptBytes)
        {
            filled.ResetWrittenCount();
            lock (_lock)
            {
                _spare = filled;
            }
        }
    }
}
