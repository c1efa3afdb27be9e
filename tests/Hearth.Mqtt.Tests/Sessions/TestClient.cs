using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>
/// A client that sends and receives exactly the packets that a test says, by MQTTnet's codec and
/// nothing of ours.
/// </summary>
internal sealed class TestClient : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;
    private readonly MqttPacketFormatterAdapter _codec;
    private readonly byte _version;

    private TestClient(TcpClient tcp, byte version)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
        _version = version;
        _codec = new MqttPacketFormatterAdapter(
            version == 5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
            new MqttBufferWriter(4096, 65535)
        );
    }

    public static async Task<TestClient> OpenAsync(int port, byte version)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return new TestClient(tcp, version);
    }

    /// <summary>Connects and is let in.</summary>
    public async Task<MqttConnAckPacket> ConnectAsync(
        string clientId,
        bool clean = true,
        uint expiry = 0,
        Action<MqttConnectPacket>? with = null
    )
    {
        var connAck = await TryConnectAsync(clientId, clean, expiry, with);
        Assert.Equal(0, _version == 5 ? (int)connAck.ReasonCode : (int)connAck.ReturnCode);
        return connAck;
    }

    public async Task<MqttConnAckPacket> TryConnectAsync(
        string clientId,
        bool clean = true,
        uint expiry = 0,
        Action<MqttConnectPacket>? with = null
    )
    {
        var connect = new MqttConnectPacket
        {
            ClientId = clientId,
            CleanSession = clean,
            SessionExpiryInterval = expiry,
            RequestProblemInformation = true,
        };
        with?.Invoke(connect);
        await SendAsync(connect);
        return await ReceiveAsync<MqttConnAckPacket>();
    }

    public async Task<MqttSubAckPacket> SubscribeAsync(
        string filter,
        int qos = 1,
        Action<MqttTopicFilter>? with = null
    )
    {
        var request = new MqttTopicFilter
        {
            Topic = filter,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
        };
        with?.Invoke(request);
        await SendAsync(new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [request] });
        return await ReceiveAsync<MqttSubAckPacket>();
    }

    /// <summary>Publishes with QoS 1 and waits until it is in the log.</summary>
    public async Task PublishAsync(string topic, string payload, bool retain = false)
    {
        await SendAsync(Message(topic, payload, 1, 9, retain));
        Assert.Equal(
            MqttPubAckReasonCode.Success,
            (await ReceiveAsync<MqttPubAckPacket>()).ReasonCode
        );
    }

    public static MqttPublishPacket Message(
        string topic,
        string payload,
        int qos,
        int id = 0,
        bool retain = false,
        bool dup = false
    ) =>
        new()
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            PacketIdentifier = (ushort)id,
            Retain = retain,
            Dup = dup,
        };

    /// <summary>In one write, so that they arrive together.</summary>
    public Task SendAsync(params MqttPacket[] packets) =>
        SendAsync(packets.SelectMany(packet => _codec.Encode(packet).Join().ToArray()).ToArray());

    public async Task SendAsync(byte[] bytes) =>
        await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>The next packet, which must be one of these.</summary>
    public async Task<T> ReceiveAsync<T>()
        where T : MqttPacket
    {
        var packet = await ReceiveAnyAsync();
        return packet is T expected
            ? expected
            : throw new Xunit.Sdk.XunitException(
                $"Expected {typeof(T).Name}, got {packet?.ToString() ?? "the end"}."
            );
    }

    /// <summary>The next message, by its topic and payload.</summary>
    public async Task<(string Topic, string Payload)> ReceiveMessageAsync()
    {
        var publish = await ReceiveAsync<MqttPublishPacket>();
        return (publish.Topic, Text(publish));
    }

    public static string Text(MqttPublishPacket publish) =>
        Encoding.UTF8.GetString(publish.Payload);

    /// <summary>The hub has closed the connection, with nothing more to say.</summary>
    public async Task ClosedAsync() => Assert.Null(await ReceiveAnyAsync());

    /// <summary>Goes without a word.</summary>
    public ValueTask DisposeAsync()
    {
        if (_tcp.Client is { } socket)
        {
            socket.LingerState = new LingerOption(true, 0);
            _tcp.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Says goodbye and goes.</summary>
    public async Task DisconnectAsync(MqttDisconnectPacket? packet = null)
    {
        await SendAsync(packet ?? new MqttDisconnectPacket());
        await ClosedAsync();
        await DisposeAsync();
    }

    private async Task<MqttPacket?> ReceiveAnyAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        timeout.CancelAfter(Deadline);
        try
        {
            var first = await ReadByteAsync(timeout.Token);
            if (first < 0)
            {
                return null;
            }

            var length = 0;
            var headerLength = 1;
            for (var shift = 0; ; shift += 7)
            {
                var digit = await ReadByteAsync(timeout.Token);
                headerLength++;
                length |= (digit & 0x7F) << shift;
                if (digit < 0x80)
                {
                    break;
                }
            }

            var body = new byte[length];
            await _stream.ReadExactlyAsync(body, timeout.Token);
            return _codec.Decode(new ReceivedMqttPacket((byte)first, body, headerLength + length));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<int> ReadByteAsync(CancellationToken cancellationToken)
    {
        var one = new byte[1];
        return await _stream.ReadAsync(one, cancellationToken) == 0 ? -1 : one[0];
    }
}
