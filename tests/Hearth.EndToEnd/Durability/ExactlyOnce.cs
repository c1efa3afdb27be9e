using System.Buffers;
using System.Text;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.EndToEnd.Durability;

/// <summary>What a persistent session is sent while its hub is killed again and again.</summary>
public sealed class ExactlyOnce
{
    private const int Messages = 300;

    [Fact]
    public async Task Every_message_with_QoS_2_comes_once_whenever_the_hub_is_killed()
    {
        await using var hub = await RunningHub.StartAsync();
        var reader = new Reader(MqttQualityOfServiceLevel.ExactlyOnce);
        await reader.SubscribeAsync(hub);
        await PublishAsync(hub, retain: false);

        foreach (var kill in new[] { 20, 130, 131, 260 })
        {
            await reader.ReadAsync(hub, until: kill);
            await hub.KillAsync();
            await reader.ReadToTheEndAsync();
            await hub.StartAgainAsync();
        }

        await reader.ReadAsync(hub, until: Messages);
        await PublishAsync(hub, "last");
        await reader.ReadAsync(hub, until: Messages + 1);

        Assert.Equal(
            [.. Enumerable.Range(1, Messages).Select(number => $"{number}"), "last"],
            reader.Payloads
        );
    }

    [Fact]
    public async Task Retained_messages_that_were_owed_at_the_kill_come_afterwards()
    {
        await using var hub = await RunningHub.StartAsync();
        await PublishAsync(hub, retain: true);
        var reader = new Reader(MqttQualityOfServiceLevel.AtLeastOnce) { AnswersUntil = 10 };
        await reader.SubscribeAsync(hub);
        await reader.ReadAsync(hub, until: 20);

        await hub.KillAsync();
        await reader.ReadToTheEndAsync();
        await hub.StartAgainAsync();
        reader.AnswersUntil = int.MaxValue;
        await reader.ReadAsync(hub, until: Messages);

        Assert.Equal(Messages, reader.Payloads.Distinct().Count());
    }

    private static async Task PublishAsync(RunningHub hub, bool retain)
    {
        await using var writer = await Peer.ConnectAsync(hub, "writer");
        for (var number = 1; number <= Messages; number++)
        {
            var topic = retain ? $"once/{number}" : "once/a";
            await writer.PublishAsync(topic, $"{number}", retain, qos: 2);
        }
    }

    private static async Task PublishAsync(RunningHub hub, string payload)
    {
        await using var writer = await Peer.ConnectAsync(hub, "writer");
        await writer.PublishAsync("once/a", payload, qos: 2);
    }

    /// <summary>A client as the specification wants it: it remembers the ids that it has not been
    /// asked to release, also from one connection to the next.</summary>
    private sealed class Reader(MqttQualityOfServiceLevel qos)
    {
        private readonly HashSet<ushort> _held = [];
        private readonly HashSet<string> _distinct = [];
        private PacketLine? _line;

        public List<string> Payloads { get; } = [];

        /// <summary>Beyond this many messages it takes and says nothing.</summary>
        public int AnswersUntil { get; set; } = int.MaxValue;

        public async Task SubscribeAsync(RunningHub hub)
        {
            var line = await ConnectAsync(hub);
            await line.SendAsync(
                new MqttSubscribePacket
                {
                    PacketIdentifier = 1,
                    TopicFilters =
                    [
                        new MqttTopicFilter { Topic = "once/+", QualityOfServiceLevel = qos },
                    ],
                },
                TestContext.Current.CancellationToken
            );
            await line.ReceiveAsync(TestContext.Current.CancellationToken);
        }

        /// <summary>Reads until it has got so many different messages.</summary>
        public async Task ReadAsync(RunningHub hub, int until)
        {
            var line = _line ?? await ConnectAsync(hub);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (_distinct.Count < until)
            {
                await TakeAsync(line, await line.ReceiveAsync(deadline.Token));
            }
        }

        /// <summary>Takes what had been sent before the hub was killed.</summary>
        public async Task ReadToTheEndAsync()
        {
            try
            {
                while (true)
                {
                    var token = TestContext.Current.CancellationToken;
                    await TakeAsync(_line!, await _line!.ReceiveAsync(token));
                }
            }
            catch (LineBrokenException)
            {
                _line!.Dispose();
                _line = null;
            }
        }

        private async Task<PacketLine> ConnectAsync(RunningHub hub) =>
            _line = await PacketLine.OpenAsync(
                hub.MqttPort,
                "reader",
                cleanSession: false,
                TestContext.Current.CancellationToken
            );

        private async Task TakeAsync(PacketLine line, MqttPacket packet)
        {
            switch (packet)
            {
                case MqttPublishPacket publish:
                    await TakeAsync(line, publish);
                    break;
                case MqttPubRelPacket release:
                    _held.Remove(release.PacketIdentifier);
                    await SendAsync(
                        line,
                        new MqttPubCompPacket { PacketIdentifier = release.PacketIdentifier }
                    );
                    break;
                default:
                    Assert.Fail($"Nobody asked for {packet}.");
                    break;
            }
        }

        private async Task TakeAsync(PacketLine line, MqttPublishPacket publish)
        {
            var id = publish.PacketIdentifier;
            var isOnce = publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce;
            if (!isOnce || _held.Add(id))
            {
                var payload = Encoding.UTF8.GetString(publish.Payload.ToArray());
                Payloads.Add(payload);
                _distinct.Add(payload);
            }

            if (_distinct.Count <= AnswersUntil)
            {
                await SendAsync(
                    line,
                    isOnce
                        ? new MqttPubRecPacket { PacketIdentifier = id }
                        : new MqttPubAckPacket { PacketIdentifier = id }
                );
            }
        }

        private static async Task SendAsync(PacketLine line, MqttPacket packet)
        {
            try
            {
                await line.SendAsync(packet, TestContext.Current.CancellationToken);
            }
            catch (LineBrokenException)
            {
                // To a hub that is gone; what it had sent is still to be read.
            }
        }
    }
}
