using Hearth.Core;
using Hearth.Homes;
using Hearth.Mqtt.Packets;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>One answer that a client waits for.</summary>
/// <param name="Index">Of the commit's answer that decides it; -1 when none does.</param>
/// <param name="After">An earlier commit that it rests on too.</param>
internal readonly record struct PendingAck(
    PacketType Type,
    ushort Id,
    int Index = -1,
    ReasonCode Reason = ReasonCode.Success,
    string? Sentence = null,
    Task? After = null
);

/// <summary>Publishes that were handed over together, and the answers that wait for them.</summary>
internal sealed record Receipt(
    Task<IReadOnlyList<Answer>> Commit,
    IReadOnlyList<PendingAck> Acks,
    int Messages,
    long Bytes
);

/// <summary>
/// The answers of one connection, in the order in which the client asked [MQTT-4.6.0-2], each after
/// the commit that it rests on. How much may wait is bounded: beyond that, reading pauses.
/// </summary>
internal sealed partial class Receipts(
    Session session,
    Outbox outbox,
    BrokerOptions options,
    ReceiveQuota? quota,
    Action<ReasonCode, string> end,
    ILogger logger
)
{
    private readonly Lock _lock = new();
    private readonly Queue<Receipt> _waiting = new();
    private readonly Signal _room = new();
    private Task _answering = Task.CompletedTask;
    private bool _isAnswering;
    private bool _hasFailed;
    private int _messages;
    private long _bytes;

    public void Add(Receipt receipt)
    {
        lock (_lock)
        {
            _waiting.Enqueue(receipt);
            _messages += receipt.Messages;
            _bytes += receipt.Bytes;
            if (!_isAnswering)
            {
                _isAnswering = true;
                _answering = Task.Run(AnswerAsync);
            }
        }
    }

    /// <summary>Completes when so little waits that more may be read.</summary>
    public async ValueTask RoomAsync(CancellationToken cancellationToken)
    {
        while (IsFull())
        {
            await _room.WaitAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Lets a waiting reader see that the connection ends.</summary>
    public void Wake() => _room.Set();

    /// <summary>Completes when nothing waits any more.</summary>
    public Task SettledAsync()
    {
        lock (_lock)
        {
            return _answering;
        }
    }

    private bool IsFull()
    {
        lock (_lock)
        {
            return _messages >= options.UncommittedMax || _bytes >= options.UncommittedBytesMax;
        }
    }

    private async Task AnswerAsync()
    {
        while (TryTake(out var receipt))
        {
            try
            {
                var answers = await receipt.Commit;
                foreach (var ack in receipt.Acks)
                {
                    await (ack.After ?? Task.CompletedTask);
                    Write(ack, ack.Index < 0 ? null : answers[ack.Index]);
                }
            }
            catch (Exception fault) when (fault is HomeClosedException or LogUnavailableException)
            {
                Failed(receipt, "The home does not take messages now; try again.");
            }
            catch (Exception bug)
            {
                Log.Broken(logger, session.ClientId, bug);
                Failed(receipt, "The message could not be taken.");
            }

            Settle(receipt);
        }
    }

    private bool TryTake(out Receipt receipt)
    {
        lock (_lock)
        {
            _isAnswering = _waiting.TryDequeue(out receipt!);
            return _isAnswering;
        }
    }

    private void Settle(Receipt receipt)
    {
        lock (_lock)
        {
            _messages -= receipt.Messages;
            _bytes -= receipt.Bytes;
        }

        _room.Set();
    }

    /// <summary>
    /// A client sends again only on a new connection, so this one ends; and nothing is acknowledged
    /// after what was not. Who waits for no answer is not disturbed.
    /// </summary>
    private void Failed(Receipt receipt, string sentence)
    {
        if (receipt.Acks.Count == 0)
        {
            return;
        }

        _hasFailed = true;
        session.Received.Doubt();
        end(ReasonCode.QuotaExceeded, sentence);
    }

    private void Write(PendingAck ack, Answer? answer)
    {
        if (_hasFailed)
        {
            return;
        }

        var reason = answer?.Refusal is { } refusal ? ToReason(refusal) : ack.Reason;
        var sentence = answer?.Refusal?.Detail ?? ack.Sentence;
        // A release of nothing that is known is complete all the same: a client releases again what
        // was released before a crash, and would never get beyond it.
        if (reason.IsError() && ack.Type != PacketType.PubComp)
        {
            session.Received.Release(ack.Id);
            if (quota is null)
            {
                // 3.1.1, which has no quota, cannot say no, and yes would be a lie.
                _hasFailed = true;
                end(reason, sentence ?? "The message was refused.");
                return;
            }
        }

        var packet = new Packet.Ack(ack.Type, ack.Id) { Reason = reason, ReasonString = sentence };
        quota?.GiveBack(packet);
        outbox.Write(packet);
    }

    private static ReasonCode ToReason(Refusal refusal) =>
        refusal.Kind switch
        {
            RefusalKind.Invalid => ReasonCode.PayloadFormatInvalid,
            RefusalKind.LimitReached => ReasonCode.QuotaExceeded,
            _ => ReasonCode.ImplementationSpecificError,
        };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A message of client {Client} could not be taken.")]
        public static partial void Broken(ILogger logger, string client, Exception bug);
    }
}
