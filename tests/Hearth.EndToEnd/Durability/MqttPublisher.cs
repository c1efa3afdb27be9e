using System.Text;
using System.Threading.Channels;
using Hearth.EndToEnd.Mqtt;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.EndToEnd.Durability;

/// <summary>How a publisher over MQTT behaves.</summary>
/// <param name="Qos">1 or 2.</param>
/// <param name="SendsAgain">Whether it keeps its session and, on a new connection, sends again
/// what was not acknowledged, as MQTT asks; else that is given up.</param>
/// <param name="InFlightMax">How many may be unacknowledged at once.</param>
/// <param name="Topic">Where to.</param>
/// <param name="Payload">What, from key and number.</param>
internal sealed record MqttHabit(
    int Qos,
    bool SendsAgain,
    int InFlightMax,
    string Topic,
    Promise Promise,
    Func<string, int, string> Payload
);

/// <summary>
/// Publishes as fast as it is acknowledged, over as many connections as it takes, until it is told
/// to finish; then waits for what is still unacknowledged.
/// </summary>
internal sealed class MqttPublisher(
    string name,
    int port,
    MqttHabit habit,
    Ledger ledger,
    Gate gate
)
{
    private readonly SortedDictionary<long, Sending> _pending = [];
    private readonly Channel<bool> _room = Room(habit.InFlightMax);
    private int _count;
    private bool _hasSession;
    private volatile int _lastAcknowledged;

    public string Name => name;

    /// <summary>The number of the newest one that was acknowledged.</summary>
    public int LastAcknowledged => _lastAcknowledged;

    /// <summary>What is on its way.</summary>
    /// <param name="IsTaken">Whether a PUBREC has come, so that only its release is left.</param>
    private sealed record Sending(Entry Entry, ushort PacketId, bool IsTaken = false);

    /// <param name="finish">Cancelled when it is to publish nothing new.</param>
    /// <param name="cancellationToken">Cancelled when it is to give up.</param>
    public async Task RunAsync(CancellationToken finish, CancellationToken cancellationToken)
    {
        while (!finish.IsCancellationRequested || !IsDone())
        {
            await gate.PassAsync(cancellationToken);
            try
            {
                using var line = await PacketLine.OpenAsync(
                    port,
                    name,
                    cleanSession: !habit.SendsAgain,
                    cancellationToken
                );
                Assert.True(
                    line.SessionPresent || !_hasSession,
                    $"{name} came back and its session was gone."
                );
                _hasSession = habit.SendsAgain;
                await TalkAsync(line, finish, cancellationToken);
            }
            catch (LineBrokenException)
            {
                // The hub was killed; the next connection comes with the next hub.
                await Task.Yield();
            }
        }
    }

    private async Task TalkAsync(
        PacketLine line,
        CancellationToken finish,
        CancellationToken cancellationToken
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = ReceiveAsync(line, finish, over.Token);
        try
        {
            await BeginAsync(line, cancellationToken);
            await SendAsync(line, receiving, finish, cancellationToken);
            // Its answer wakes a receiver that has nothing to wait for any more.
            await line.SendAsync(new MqttPingReqPacket(), cancellationToken);
            await receiving;
            await line.SendAsync(new MqttDisconnectPacket(), cancellationToken);
        }
        catch (LineBrokenException) when (receiving.IsFaulted)
        {
            // What the receiver failed of may be more than a broken line.
            await receiving;
            throw;
        }
        finally
        {
            await over.CancelAsync();
            await receiving.ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }

    /// <summary>Sends again what is unfinished, in the order in which it was sent first
    /// [MQTT-4.4.0-1]; or gives it up.</summary>
    private async Task BeginAsync(PacketLine line, CancellationToken cancellationToken)
    {
        foreach (var (order, sending) in Pending())
        {
            if (!habit.SendsAgain)
            {
                Remove(order);
            }
            else if (sending.IsTaken)
            {
                var release = new MqttPubRelPacket { PacketIdentifier = sending.PacketId };
                await line.SendAsync(release, cancellationToken);
            }
            else
            {
                sending.Entry.CountSent();
                await line.SendAsync(Packet(sending, dup: true), cancellationToken);
            }
        }
    }

    private async Task SendAsync(
        PacketLine line,
        Task receiving,
        CancellationToken finish,
        CancellationToken cancellationToken
    )
    {
        while (!finish.IsCancellationRequested && !receiving.IsCompleted)
        {
            var room = _room.Reader.WaitToReadAsync(cancellationToken).AsTask();
            await Task.WhenAny(room, receiving);
            if (!room.IsCompletedSuccessfully || !_room.Reader.TryRead(out _))
            {
                return;
            }

            var number = ++_count;
            var entry = ledger.Add(name, number, habit.Promise);
            entry.CountSent();
            // Ids go round; the window is far smaller than the circle.
            var sending = new Sending(entry, (ushort)(1 + number % ushort.MaxValue));
            lock (_pending)
            {
                _pending.Add(number, sending);
            }

            await line.SendAsync(Packet(sending, dup: false), cancellationToken);
        }
    }

    private async Task ReceiveAsync(
        PacketLine line,
        CancellationToken finish,
        CancellationToken cancellationToken
    )
    {
        while (!finish.IsCancellationRequested || !IsDone())
        {
            switch (await line.ReceiveAsync(cancellationToken))
            {
                case MqttPubAckPacket { PacketIdentifier: var id } when habit.Qos == 1:
                    Done(id);
                    break;
                case MqttPubRecPacket { PacketIdentifier: var id } when habit.Qos == 2:
                    Taken(id);
                    await line.SendAsync(
                        new MqttPubRelPacket { PacketIdentifier = id },
                        cancellationToken
                    );
                    break;
                case MqttPubCompPacket { PacketIdentifier: var id } when habit.Qos == 2:
                    Done(id);
                    break;
                case MqttPingRespPacket:
                    break;
                case var packet:
                    Assert.Fail($"{name} did not expect {packet}");
                    break;
            }
        }
    }

    private MqttPublishPacket Packet(Sending sending, bool dup) =>
        new()
        {
            Topic = habit.Topic,
            PacketIdentifier = sending.PacketId,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)habit.Qos,
            Dup = dup,
            PayloadSegment = Encoding.UTF8.GetBytes(
                habit.Payload(sending.Entry.Key, sending.Entry.Number)
            ),
        };

    private void Taken(ushort id)
    {
        lock (_pending)
        {
            var order = OrderOf(id);
            var sending = _pending[order];
            _pending[order] = sending with { IsTaken = true };
            // From here on the hub answers for it: it must be in the log, whatever comes.
            if (!sending.IsTaken)
            {
                ledger.Acknowledge(sending.Entry);
            }
        }
    }

    private void Done(ushort id)
    {
        lock (_pending)
        {
            var order = OrderOf(id);
            var sending = _pending[order];
            if (habit.Qos == 1)
            {
                ledger.Acknowledge(sending.Entry);
            }

            _lastAcknowledged = sending.Entry.Number;
            _pending.Remove(order);
            _room.Writer.TryWrite(true);
        }
    }

    private long OrderOf(ushort id)
    {
        foreach (var (order, sending) in _pending)
        {
            if (sending.PacketId == id)
            {
                return order;
            }
        }

        Assert.Fail($"{name} was acknowledged packet {id}, which was not on its way.");
        return 0;
    }

    private void Remove(long order)
    {
        lock (_pending)
        {
            if (_pending.Remove(order))
            {
                _room.Writer.TryWrite(true);
            }
        }
    }

    private KeyValuePair<long, Sending>[] Pending()
    {
        lock (_pending)
        {
            return [.. _pending];
        }
    }

    private bool IsDone()
    {
        lock (_pending)
        {
            return _pending.Count == 0;
        }
    }

    /// <summary>One token for each message that may be on its way.</summary>
    private static Channel<bool> Room(int inFlightMax)
    {
        var room = Channel.CreateUnbounded<bool>();
        for (var count = 0; count < inFlightMax; count++)
        {
            room.Writer.TryWrite(true);
        }

        return room;
    }
}
