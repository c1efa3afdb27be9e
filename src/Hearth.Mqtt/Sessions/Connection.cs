using System.IO.Pipelines;
using Hearth.Mqtt.Packets;
using Hearth.Mqtt.Topics;
using Hearth.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// One client's connection from CONNECT to its end. Its reading is the one flow that owns it:
/// whoever else wants it to end says so by <see cref="End"/>, and this flow winds it up.
/// </summary>
internal sealed partial class Connection : IDisposable
{
    private static readonly TimeSpan GoodbyeTimeMax = TimeSpan.FromMilliseconds(500);

    private readonly ConnectionContext _context;
    private readonly Broker _broker;
    private readonly ILogger _logger;
    private readonly PacketDecoder _decoder;
    private readonly Liveness _liveness;
    private readonly string? _address;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _closed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Lock _endLock = new();
    private (ReasonCode Reason, string Sentence)? _endedFor;
    private Task _catchingUp = Task.CompletedTask;
    private Outbox? _outbox;
    private SessionLine? _line;
    private Receipts? _receipts;
    private Intake? _intake;
    private Session? _session;
    private Packet.Connect? _connect;
    private WillRecord? _will;
    private bool _isInTheMidst;

    public Connection(ConnectionContext context, Broker broker, ILogger logger)
    {
        _context = context;
        _broker = broker;
        _logger = logger;
        _address = context.RemoteEndPoint?.ToString();
        var options = broker.Options;
        _liveness = new Liveness(options, broker.Clock);
        _decoder = new PacketDecoder(
            options.ConnectBytesMax,
            options.PacketBytesMax,
            options.TopicAliasMax
        );
    }

    /// <summary>Completes when the connection has ended and its will is settled.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when it is over, its last bytes included.</summary>
    public Task Closed => _closed.Task;

    /// <summary>What becomes of its will when it ends.</summary>
    public WillFate Will { get; set; }

    /// <summary>Ends it for this reason, unless it ends for another one already.</summary>
    public void End(ReasonCode reason, string sentence)
    {
        lock (_endLock)
        {
            if (_endedFor is not null)
            {
                return;
            }

            _endedFor = (reason, sentence);
        }

        // What waits for it goes on elsewhere: the caller may hold a lock.
        _ = _ending.CancelAsync();
        _receipts?.Wake();
        _line?.Room.Set();
    }

    /// <summary>Ends it when it has been silent for too long, or takes nothing.</summary>
    public void CheckLife()
    {
        if (_liveness.Verdict() is var (reason, sentence))
        {
            End(reason, sentence);
        }

        if (_outbox?.IsStuck() == true)
        {
            End(ReasonCode.QuotaExceeded, "The client does not take what it is sent.");
        }
    }

    public async Task RunAsync()
    {
        try
        {
            if (await ConnectAsync())
            {
                await ReadAsync();
                End(ReasonCode.UnspecifiedError, "The client closed the connection.");
            }
        }
        catch (MqttProtocolException fault)
        {
            End(fault.Reason, fault.Message);
        }
        catch (LogUnavailableException fault)
        {
            End(ReasonCode.QuotaExceeded, fault.Message);
        }
        catch (Exception fault)
            when (fault is IOException or ConnectionResetException or OperationCanceledException)
        {
            End(ReasonCode.UnspecifiedError, "The connection broke.");
        }
        finally
        {
            try
            {
                await WindUpAsync();
            }
            finally
            {
                _ended.TrySetResult();
                _closed.TrySetResult();
            }
        }
    }

    public void Dispose() => _ending.Dispose();

    private async Task<bool> ConnectAsync()
    {
        using var timeout = new CancellationTokenSource(
            _broker.Options.ConnectTimeMax,
            _broker.Clock
        );
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token,
            _ending.Token
        );
        try
        {
            if (await ReadPacketAsync(either.Token) is not Packet.Connect connect)
            {
                return false;
            }

            await AttachAsync(connect);
            return true;
        }
        catch (MqttProtocolException fault)
        {
            var hasCode =
                fault.Reason
                is ReasonCode.UnsupportedProtocolVersion
                    or ReasonCode.ClientIdentifierNotValid;
            Refuse(fault.Reason, fault.Message, isBroken: !hasCode);
        }
        catch (ConnectRefusedException refusal)
        {
            Refuse(refusal.Reason, refusal.Message, isBroken: false);
        }

        return false;
    }

    private async Task AttachAsync(Packet.Connect asked)
    {
        var options = _broker.Options;
        var isV5 = asked.Version == MqttVersion.V5;
        var connect = asked with { KeepAliveSeconds = KeepAliveOf(asked) };
        _outbox = NewOutbox(EncoderFor(connect));
        var unacknowledgedMax = isV5
            ? Math.Min(connect.ReceiveMaximum, options.UnacknowledgedMax)
            : options.UnacknowledgedMaxV311;
        var line = new SessionLine(_outbox, unacknowledgedMax)
        {
            FellBehind = FellBehind,
            End = End,
            Ended = Ended,
        };
        _line = line;
        _outbox.Drained = line.HasRoom;
        _outbox.Failed = End;
        var clientId =
            connect.ClientId.Length > 0
                ? connect.ClientId
                : "auto-" + Guid.CreateVersion7(_broker.Clock.GetUtcNow()).ToString("N");
        _liveness.Begin(connect.KeepAliveSeconds);
        var connecting = new Connecting(_broker, connect, clientId, _address)
        {
            ServerKeepAliveSeconds =
                connect.KeepAliveSeconds == asked.KeepAliveSeconds
                    ? null
                    : connect.KeepAliveSeconds,
        };
        (_session, _will) = await connecting.AttachAsync(line, _ending.Token);
        var quota = isV5 ? new ReceiveQuota(options.ReceiveMaximum) : null;
        _receipts = new Receipts(_session, _outbox, options, quota, End, _logger);
        _intake = new Intake(_broker, _session, _receipts, quota, _address, End);
        _connect = connect;
        Log.Connected(_logger, clientId, _address);
    }

    // [MQTT-3.2.2-21]; a 3.1.1 client cannot be told another one than it asked for.
    private ushort KeepAliveOf(Packet.Connect asked)
    {
        var max = (ushort)Math.Min(_broker.Options.KeepAliveMax.TotalSeconds, ushort.MaxValue);
        var isTooLong = asked.KeepAliveSeconds == 0 || asked.KeepAliveSeconds > max;
        return asked.Version == MqttVersion.V5 && isTooLong ? max : asked.KeepAliveSeconds;
    }

    private PacketEncoder EncoderFor(Packet.Connect connect) =>
        new(connect.Version, connect.MaximumPacketSize)
        {
            TopicAliasMaximum = Math.Min(
                connect.TopicAliasMaximum,
                _broker.Options.SentTopicAliasMax
            ),
            WithReasonStrings = connect.RequestProblemInformation,
        };

    private Outbox NewOutbox(PacketEncoder encoder) =>
        new(_context.Transport.Output, encoder, _broker.Options, _broker.Clock);

    private void Refuse(ReasonCode reason, string sentence, bool isBroken)
    {
        Log.Refused(_logger, _address, sentence);
        // Who does not say a version that is known here would not understand an answer; and 3.1.1
        // has no code for a packet that is broken. Its [MQTT-3.1.4-1]
        if (_decoder.Version is { } version && !(isBroken && version == MqttVersion.V311))
        {
            _outbox ??= NewOutbox(new PacketEncoder(version, uint.MaxValue));
            _outbox.Write(new Packet.ConnAck(reason) { ReasonString = sentence });
        }

        End(reason, sentence);
    }

    private void FellBehind(Session session)
    {
        var catchUp = new CatchUp(_broker, session, _line!);
        _catchingUp = Task.Run(() => catchUp.RunAsync(_ending.Token), CancellationToken.None);
    }

    private async Task<Packet?> ReadPacketAsync(CancellationToken cancellationToken)
    {
        var input = _context.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var isWhole = false;
            Packet? packet = null;
            try
            {
                isWhole = _decoder.TryDecode(ref buffer, out packet);
            }
            finally
            {
                // After a broken packet too: the end reads on.
                input.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
            }

            if (isWhole)
            {
                return packet;
            }

            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    private async Task ReadAsync()
    {
        var input = _context.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(_ending.Token);
            if (!await TakeAllAsync(input, result) || result.IsCompleted)
            {
                return;
            }

            await _receipts!.RoomAsync(_ending.Token);
            if (_isInTheMidst)
            {
                _liveness.WaitsForTheRest();
            }
        }
    }

    private async Task<bool> TakeAllAsync(PipeReader input, ReadResult result)
    {
        var buffer = result.Buffer;
        var goesOn = true;
        try
        {
            while (goesOn && _decoder.TryDecode(ref buffer, out var packet))
            {
                _liveness.Saw();
                goesOn = await TakeAsync(packet);
            }
        }
        finally
        {
            // After a broken packet too: what came before it counts, and the end reads on.
            input.AdvanceTo(buffer.Start, buffer.End);
            _isInTheMidst = !buffer.IsEmpty;
            _intake!.HandOver();
        }

        return goesOn;
    }

    private async ValueTask<bool> TakeAsync(Packet packet)
    {
        switch (packet)
        {
            case Packet.Publish publish:
                _intake!.Publish(publish);
                return true;
            case Packet.Ack { Type: PacketType.PubRel } release:
                _intake!.Release(release.Id);
                return true;
            case Packet.Ack ack:
                _session!.Acknowledged(ack, _line!);
                return true;
            case Packet.PingReq:
                _outbox!.Write(Packet.PingResp.Instance);
                return true;
            case Packet.Subscribe subscribe:
                await SettleAsync();
                await Subscribing.SubscribeAsync(
                    _broker,
                    _session!,
                    _line!,
                    subscribe,
                    _ending.Token
                );
                return true;
            case Packet.Unsubscribe unsubscribe:
                await SettleAsync();
                await Subscribing.UnsubscribeAsync(
                    _broker,
                    _session!,
                    _line!,
                    unsubscribe,
                    _ending.Token
                );
                return true;
            case Packet.Disconnect disconnect:
                _intake!.HandOver();
                Disconnected(disconnect);
                return false;
            default:
                throw MqttProtocolException.ProtocolError("No authentication was agreed upon.");
        }
    }

    // A subscription begins, and ends, after what its client published before it, and after what
    // anybody has an acknowledgement for: a message that was retained then comes as retained.
    private async Task SettleAsync()
    {
        _intake!.HandOver();
        await _receipts!.SettledAsync().WaitAsync(_ending.Token);
        await _broker.DispatchedAsync(_broker.Home.Feed.Head).WaitAsync(_ending.Token);
    }

    private void Disconnected(Packet.Disconnect disconnect)
    {
        if (disconnect.SessionExpirySeconds is { } seconds)
        {
            if (_connect!.SessionExpirySeconds == 0 && seconds > 0)
            {
                throw MqttProtocolException.ProtocolError(
                    "A session that was to end with its connection cannot be kept."
                );
            }

            var max = (uint)_broker.Options.SessionExpiryMax.TotalSeconds;
            _session!.ExpirySeconds = Math.Min(seconds, max);
        }

        // [MQTT-3.14.4-3]
        if (disconnect.Reason == ReasonCode.Success)
        {
            Will = WillFate.TakenBack;
        }

        End(ReasonCode.Success, "The client said goodbye.");
    }

    /// <summary>The session is free for the next connection before the client has heard of it.
    /// </summary>
    private async Task WindUpAsync()
    {
        var (reason, sentence) = _endedFor ?? (ReasonCode.UnspecifiedError, "");
        var isOurs = reason is not (ReasonCode.Success or ReasonCode.UnspecifiedError);
        if (_session is not null)
        {
            if (isOurs)
            {
                Log.Ended(_logger, _session.ClientId, sentence);
                var isAsked = _connect!.RequestProblemInformation;
                _outbox!.Write(
                    new Packet.Disconnect(reason) { ReasonString = isAsked ? sentence : null }
                );
            }

            var flushed = _outbox!.CloseAsync();
            await _catchingUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var leaving = new Leaving(_broker, _session);
            await leaving.LeaveAsync(_will, Will);
            _ended.TrySetResult();
            await LetGoAsync(flushed, isOurs);
            return;
        }

        _ended.TrySetResult();
        if (_outbox is not null)
        {
            await LetGoAsync(_outbox.CloseAsync(), isOurs);
        }
    }

    /// <summary>
    /// The last bytes get a moment to go out; a client that takes nothing does not hold its end up.
    /// What the client is still sending is read for a moment, because a socket that is closed with
    /// bytes unread takes back what it has sent.
    /// </summary>
    private async Task LetGoAsync(Task flushed, bool saidWhy)
    {
        using var timeout = new CancellationTokenSource(GoodbyeTimeMax, _broker.Clock);
        try
        {
            await flushed.WaitAsync(timeout.Token);
            var input = _context.Transport.Input;
            while (saidWhy)
            {
                var result = await input.ReadAsync(timeout.Token);
                input.AdvanceTo(result.Buffer.End);
                saidWhy = !result.IsCompleted;
            }
        }
        catch (Exception fault)
            when (fault is IOException or ConnectionResetException or OperationCanceledException)
        {
            // It has had its moment, or has gone meanwhile.
        }

        if (!flushed.IsCompletedSuccessfully)
        {
            _context.Abort();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Client {Client} has connected from {Address}.")]
        public static partial void Connected(ILogger logger, string client, string? address);

        [LoggerMessage(LogLevel.Warning, "A client at {Address} was refused: {Sentence}")]
        public static partial void Refused(ILogger logger, string? address, string sentence);

        [LoggerMessage(LogLevel.Warning, "The connection of client {Client} ends: {Sentence}")]
        public static partial void Ended(ILogger logger, string client, string sentence);
    }
}
