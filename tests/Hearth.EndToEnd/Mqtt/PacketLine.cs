using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.LowLevelClient;
using MQTTnet.Packets;

namespace Hearth.EndToEnd.Mqtt;

/// <summary>
/// A connection on which a test says itself what is sent, packet by packet: which ids, what is sent
/// again and when. MQTT 3.1.1.
/// </summary>
internal sealed class PacketLine : IDisposable
{
    private readonly ILowLevelMqttClient _client =
        new MqttClientFactory().CreateLowLevelMqttClient();

    private PacketLine() { }

    public bool SessionPresent { get; private set; }

    /// <exception cref="LineBrokenException">Nobody answers, or the connection is refused.
    /// </exception>
    public static async Task<PacketLine> OpenAsync(
        int port,
        string client,
        bool cleanSession,
        CancellationToken cancellationToken
    )
    {
        var line = new PacketLine();
        try
        {
            var options = new MqttClientOptionsBuilder()
                .WithTcpServer("127.0.0.1", port)
                .WithProtocolVersion(MqttProtocolVersion.V311)
                .WithTimeout(TimeSpan.FromSeconds(10))
                .Build();
            await Broken(line._client.ConnectAsync(options, cancellationToken));
            await line.SendAsync(
                new MqttConnectPacket
                {
                    ClientId = client,
                    CleanSession = cleanSession,
                    KeepAlivePeriod = 60,
                },
                cancellationToken
            );
            var answer = await line.ReceiveAsync(cancellationToken);
            if (
                answer
                is not MqttConnAckPacket
                {
                    ReturnCode: MQTTnet.Protocol.MqttConnectReturnCode.ConnectionAccepted
                } accepted
            )
            {
                throw new LineBrokenException($"{client} was answered {answer}");
            }

            line.SessionPresent = accepted.IsSessionPresent;
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    /// <exception cref="LineBrokenException">The connection is over.</exception>
    public Task SendAsync(MqttPacket packet, CancellationToken cancellationToken) =>
        Broken(_client.SendAsync(packet, cancellationToken));

    /// <exception cref="LineBrokenException">The connection is over.</exception>
    public async Task<MqttPacket> ReceiveAsync(CancellationToken cancellationToken)
    {
        var receiving = _client.ReceiveAsync(cancellationToken);
        await Broken(receiving);
        return await receiving ?? throw new LineBrokenException("The connection was closed.");
    }

    public void Dispose() => _client.Dispose();

    private static async Task Broken(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception fault)
            when (fault
                    is MqttCommunicationException
                        or MqttProtocolViolationException
                        or IOException
                        or InvalidOperationException
                        or System.Net.Sockets.SocketException
            )
        {
            throw new LineBrokenException(fault.Message, fault);
        }
    }
}

/// <summary>The connection is over, for whatever reason.</summary>
internal sealed class LineBrokenException(string message, Exception? inner = null)
    : Exception(message, inner);
