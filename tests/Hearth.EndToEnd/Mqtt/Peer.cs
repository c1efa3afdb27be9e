using System.Buffers;
using System.Text;
using Hearth.EndToEnd.Running;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Hearth.EndToEnd.Mqtt;

/// <summary>A message as a client gets it.</summary>
internal sealed record Received(string Topic, string Payload, int Qos, bool Retain)
{
    public override string ToString() =>
        $"{Topic} {Payload} (QoS {Qos}{(Retain ? ", retained" : "")})";
}

/// <summary>A real MQTT client that remembers what it was sent.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly List<Received> _inbox = [];

    private Peer()
    {
        _client.ApplicationMessageReceivedAsync += taken =>
        {
            var message = taken.ApplicationMessage;
            var received = new Received(
                message.Topic,
                Encoding.UTF8.GetString(message.Payload.ToArray()),
                (int)message.QualityOfServiceLevel,
                message.Retain
            );
            lock (_inbox)
            {
                _inbox.Add(received);
            }

            return Task.CompletedTask;
        };
    }

    /// <summary>Everything it has got so far, in order.</summary>
    public IReadOnlyList<Received> Inbox => InboxAfter(0);

    public int InboxCount
    {
        get
        {
            lock (_inbox)
            {
                return _inbox.Count;
            }
        }
    }

    /// <summary>What it has got after the first so many.</summary>
    public IReadOnlyList<Received> InboxAfter(int skip)
    {
        lock (_inbox)
        {
            return _inbox.GetRange(skip, _inbox.Count - skip);
        }
    }

    public bool IsConnected => _client.IsConnected;

    public bool SessionPresent { get; private set; }

    public static async Task<Peer> ConnectAsync(
        RunningHub hub,
        string name,
        bool cleanStart = true,
        uint sessionExpirySeconds = 0,
        MqttProtocolVersion version = MqttProtocolVersion.V500,
        Action<MqttClientOptionsBuilder>? with = null
    )
    {
        var peer = new Peer();
        try
        {
            var options = new MqttClientOptionsBuilder()
                .WithTcpServer("127.0.0.1", hub.MqttPort)
                .WithClientId(name)
                .WithProtocolVersion(version)
                .WithCleanStart(cleanStart)
                .WithTimeout(TimeSpan.FromSeconds(10));
            if (version == MqttProtocolVersion.V500)
            {
                options = options.WithSessionExpiryInterval(sessionExpirySeconds);
            }

            with?.Invoke(options);
            var result = await peer._client.ConnectAsync(options.Build(), CancellationToken.None);
            Assert.True(
                result.ResultCode == MqttClientConnectResultCode.Success,
                $"{name} was refused: {result.ResultCode} {result.ReasonString}"
            );
            peer.SessionPresent = result.IsSessionPresent;
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async Task SubscribeAsync(
        string filter,
        MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce
    )
    {
        var options = new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter(
                filter,
                qos,
                retainAsPublished: _client.Options.ProtocolVersion == MqttProtocolVersion.V500
            )
            .Build();
        var result = await _client.SubscribeAsync(options, CancellationToken.None);
        var code = result.Items.Single().ResultCode;
        Assert.True((int)code <= 2, $"{filter} was refused: {code}");
    }

    /// <summary>Publishes and waits for the acknowledgement.</summary>
    public async Task<MqttClientPublishResult> PublishAsync(
        string topic,
        string payload,
        bool retain = false,
        int qos = 1
    ) => await PublishAsync(topic, Encoding.UTF8.GetBytes(payload), retain, qos);

    public Task<MqttClientPublishResult> PublishAsync(
        string topic,
        byte[] payload,
        bool retain,
        int qos
    ) =>
        _client.PublishAsync(
            new MqttApplicationMessage
            {
                Topic = topic,
                PayloadSegment = payload,
                Retain = retain,
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            },
            CancellationToken.None
        );

    /// <summary>Waits for a message after the first <paramref name="skip"/> ones.</summary>
    public Task<Received> GetsAsync(
        string what,
        Func<Received, bool> fits,
        TimeSpan? within = null,
        int skip = 0
    ) =>
        Eventually.Finds(
            what,
            within ?? TimeSpan.FromSeconds(5),
            () =>
            {
                var inbox = InboxAfter(skip);
                var found = inbox.FirstOrDefault(fits);
                var seen = found is null ? string.Join('\n', inbox.TakeLast(50)) : "";
                return Task.FromResult((found, seen));
            }
        );

    /// <summary>Ends the connection in order.</summary>
    public Task LeaveAsync() =>
        _client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client.IsConnected)
            {
                await LeaveAsync();
            }
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            // The hub is gone already; there is nobody to take leave of.
        }

        _client.Dispose();
    }
}
