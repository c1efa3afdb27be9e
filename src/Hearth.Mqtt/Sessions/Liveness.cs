using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// Whether a client still speaks: it has to send a packet within one and a half keep-alives, and
/// once it has begun one, the rest of it in time.
/// </summary>
internal sealed class Liveness(BrokerOptions options, TimeProvider clock)
{
    private TimeSpan _silenceMax;
    private long _lastPacket;
    private long _unfinishedSince;

    /// <summary>From CONNECT on; 0 for no keep-alive.</summary>
    public void Begin(ushort keepAliveSeconds)
    {
        Saw();
        _silenceMax = TimeSpan.FromSeconds(keepAliveSeconds * 1.5);
    }

    /// <summary>A packet came.</summary>
    public void Saw()
    {
        Interlocked.Exchange(ref _lastPacket, clock.GetTimestamp());
        Interlocked.Exchange(ref _unfinishedSince, 0);
    }

    /// <summary>A packet has begun, and the hub is ready to read the rest of it.</summary>
    public void WaitsForTheRest()
    {
        if (Interlocked.Read(ref _unfinishedSince) == 0)
        {
            Interlocked.Exchange(ref _unfinishedSince, clock.GetTimestamp());
        }
    }

    /// <summary>Why the connection has to end; null while it lives.</summary>
    public (ReasonCode Reason, string Sentence)? Verdict()
    {
        // [MQTT-3.1.2-22], in 3.1.1 [MQTT-3.1.2-24]
        if (_silenceMax > TimeSpan.Zero && Since(ref _lastPacket) > _silenceMax)
        {
            return (ReasonCode.KeepAliveTimeout, "Nothing came for one and a half keep-alives.");
        }

        return Since(ref _unfinishedSince) > options.PacketTimeMax
            ? (ReasonCode.KeepAliveTimeout, "The rest of a packet did not come in time.")
            : null;
    }

    private TimeSpan Since(ref long timestamp)
    {
        var since = Interlocked.Read(ref timestamp);
        return since == 0 ? TimeSpan.Zero : clock.GetElapsedTime(since);
    }
}
