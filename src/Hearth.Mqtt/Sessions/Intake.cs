using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Mqtt.Packets;
using Hearth.Mqtt.Topics;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// What one client publishes, gathered until the bytes that have arrived are read, and then handed
/// to the home together, so that they share a commit. Used by the connection's reading only.
/// </summary>
internal sealed class Intake(
    Broker broker,
    Session session,
    Receipts receipts,
    ReceiveQuota? quota,
    string? address,
    Action<ReasonCode, string> end
)
{
    private static readonly Task<IReadOnlyList<Answer>> NoCommit = Task.FromResult<
        IReadOnlyList<Answer>
    >([]);

    // More in one call would only make the first of them wait.
    private const int BatchMax = 1_000;

    /// <summary>The most faults of an event that its reason string names.</summary>
    private const int FaultsMax = 20;

    private readonly HashSet<ushort> _received = [];
    private List<Submission> _submissions = [];
    private List<PendingAck> _acks = [];
    private List<PendingAck> _released = [];
    private int _retains;
    private long _bytes;

    /// <exception cref="MqttProtocolException">The client does not wait for its answers.
    /// </exception>
    public void Publish(Packet.Publish publish)
    {
        quota?.Take(publish);
        if (publish.Qos == Qos.ExactlyOnce && IsTaken(publish.Id))
        {
            return;
        }

        if (publish.Topic.StartsWith('$'))
        {
            GoesNowhere(publish);
            return;
        }

        if (Refuse(publish) is var (reason, sentence))
        {
            Refused(publish, reason, sentence);
            return;
        }

        Input? input = publish.Topic.StartsWith(EventTopic.Prefix, StringComparison.Ordinal)
            ? ReadEvent(publish)
            : ToMessage(publish);
        if (input is null)
        {
            return;
        }

        if (publish.Qos > Qos.AtMostOnce)
        {
            _acks.Add(new PendingAck(AckOf(publish.Qos), publish.Id, _submissions.Count));
        }

        var isReceived = publish.Qos == Qos.ExactlyOnce;
        if (isReceived)
        {
            _received.Add(publish.Id);
        }

        _submissions.Add(
            new Submission(
                input,
                isReceived && session.IsPersistent
                    ? new ReceivedPacket(session.ClientId, publish.Id)
                    : null
            )
        );
        _bytes += publish.Payload.Length;
        if (_submissions.Count >= BatchMax)
        {
            HandOver();
        }
    }

    /// <summary>PUBREL: PUBCOMP once the release is durable.</summary>
    public void Release(ushort id)
    {
        var isKnown = session.Received.Find(id) is not null;
        _released.Add(
            new PendingAck(
                PacketType.PubComp,
                id,
                Reason: isKnown ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound
            )
        );
    }

    /// <summary>Hands over what was gathered, without waiting for it.</summary>
    public void HandOver()
    {
        if (_submissions.Count > 0 || _acks.Count > 0)
        {
            HandOverMessages();
        }

        if (_released.Count > 0)
        {
            HandOverReleases();
        }
    }

    private void HandOverMessages()
    {
        var commit =
            _submissions.Count > 0
                ? broker.Home.SubmitAsync(_submissions, CancellationToken.None)
                : NoCommit;
        foreach (var id in _received)
        {
            session.Received.Take(id, commit);
        }

        if (_retains > 0)
        {
            _ = RetainsDecidedAsync(commit, _retains);
        }

        receipts.Add(new Receipt(commit, _acks, _submissions.Count, _bytes));
        _received.Clear();
        _submissions = [];
        _acks = [];
        _retains = 0;
        _bytes = 0;
    }

    private void HandOverReleases()
    {
        receipts.Add(new Receipt(ReleaseAsync(_released), _released, 0, 0));
        _released = [];
    }

    private async Task<IReadOnlyList<Answer>> ReleaseAsync(IReadOnlyList<PendingAck> acks)
    {
        var known = acks.Where(ack => ack.Reason == ReasonCode.Success).ToList();
        if (known.Count > 0 && session.IsPersistent)
        {
            await broker.Store.ReleaseAsync([
                .. known.Select(ack => new ReceivedPacket(session.ClientId, ack.Id)),
            ]);
        }

        known.ForEach(ack => session.Received.Release(ack.Id));
        return [];
    }

    private async Task RetainsDecidedAsync(Task commit, int count)
    {
        await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (; count > 0; count--)
        {
            broker.RetainDecided(session.ClientId);
        }
    }

    // A message that was taken and not released: it is answered again, and not taken again.
    private bool IsTaken(ushort id)
    {
        if (_received.Contains(id))
        {
            HandOver();
        }

        if (session.Received.Find(id) is not { } commit)
        {
            return false;
        }

        _acks.Add(new PendingAck(PacketType.PubRec, id, After: commit));
        return true;
    }

    // Topics that begin with $ are the server's, and nobody can subscribe to what is not there: it
    // is taken, as by other brokers, and nobody gets it.
    private void GoesNowhere(Packet.Publish publish)
    {
        if (publish.Qos == Qos.AtMostOnce)
        {
            return;
        }

        if (publish.Qos == Qos.ExactlyOnce)
        {
            _received.Add(publish.Id);
        }

        const ReasonCode reason = ReasonCode.NoMatchingSubscribers;
        _acks.Add(new PendingAck(AckOf(publish.Qos), publish.Id, Reason: reason));
    }

    private (ReasonCode, string)? Refuse(Packet.Publish publish)
    {
        var topic = publish.Topic;
        var levelsMax = broker.Options.TopicLevelsMax;
        if (TopicName.HasMoreLevels(topic, levelsMax))
        {
            return (ReasonCode.TopicNameInvalid, $"A topic has at most {levelsMax} levels.");
        }

        var isEvent = topic.StartsWith(EventTopic.Prefix, StringComparison.Ordinal);
        if (TopicName.IsOfTheHub(topic) && !isEvent && !TopicName.IsOfADevice(topic))
        {
            return (
                ReasonCode.NotAuthorized,
                $"Below hearth/ clients publish on {EventTopic.Prefix} and hearth/devices/ only."
            );
        }

        if (!publish.Retain || publish.Payload.IsEmpty || isEvent)
        {
            return null;
        }

        if (!broker.TryRetain(session.ClientId, topic))
        {
            return (
                ReasonCode.QuotaExceeded,
                $"A client retains at most {broker.Options.RetainedMax} messages."
            );
        }

        _retains++;
        return null;
    }

    private void Refused(Packet.Publish publish, ReasonCode reason, string sentence)
    {
        if (publish.Qos == Qos.AtMostOnce)
        {
            // Nobody waits for an answer that could say it.
            end(reason, sentence);
            return;
        }

        _acks.Add(
            new PendingAck(AckOf(publish.Qos), publish.Id, Reason: reason, Sentence: sentence)
        );
    }

    private ReceiveMessage ToMessage(Packet.Publish publish) =>
        new(
            publish.Topic,
            new Payload(publish.Payload),
            (int)publish.Qos,
            publish.Retain,
            session.ClientId,
            MessageTranslation.ToEvent(publish.Properties)
        )
        {
            Address = address,
        };

    /// <summary>A CloudEvent, as to <c>POST /events</c>.</summary>
    private PublishEvents? ReadEvent(Packet.Publish publish)
    {
        var faults = new List<Fault>();
        var read = EventBinding.Read(publish, faults);
        if (read is not null && EventTopic.Of(read.Data.Type) == publish.Topic)
        {
            return new PublishEvents([read]) { Address = address };
        }

        var sentence = read is null
            ? string.Join(' ', faults.Take(FaultsMax).Select(Sentence))
            : $"The topic of an event of this type is {EventTopic.Of(read.Data.Type)}.";
        Refused(publish, ReasonCode.PayloadFormatInvalid, sentence);
        return null;
    }

    private static string Sentence(Fault fault) =>
        fault.Pointer.Length == 0 ? fault.Detail : $"{fault.Pointer}: {fault.Detail}";

    private static PacketType AckOf(Qos qos) =>
        qos == Qos.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec;
}
