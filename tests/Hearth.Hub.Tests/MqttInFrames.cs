using System.Net.WebSockets;
using System.Text;

namespace Hearth.Hub.Tests;

/// <summary>MQTT over WebSocket, frame by frame: MQTT 5, section 6.</summary>
public sealed class MqttInFrames : IAsyncLifetime
{
    private const string Connect = "10 0D 0004 4D515454 05 02 003C 00 0000";
    private const string Ping = "C0 00";

    private AHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task The_protocol_is_mqtt_and_the_answer_says_so_MQTT_6_0_0_3_MQTT_6_0_0_4()
    {
        using var socket = await OpenAsync();

        Assert.Equal("mqtt", socket.SubProtocol);
    }

    [Fact]
    public async Task Packets_may_span_frames_and_share_them_MQTT_6_0_0_2()
    {
        using var socket = await OpenAsync();
        foreach (var one in Bytes(Connect))
        {
            await SendAsync(socket, [one]);
        }

        Assert.Equal(0x20, (await PacketAsync(socket))[0]);
        await SendAsync(socket, Bytes(Ping + Ping));

        Assert.Equal(Bytes(Ping.Replace("C", "D")), await PacketAsync(socket));
        Assert.Equal(Bytes(Ping.Replace("C", "D")), await PacketAsync(socket));
    }

    [Fact]
    public async Task A_frame_of_text_ends_the_connection_MQTT_6_0_0_1()
    {
        using var socket = await OpenAsync();
        await socket.SendAsync(Bytes(Connect), WebSocketMessageType.Text, true, Stop);

        await ClosedAsync(socket);

        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, socket.CloseStatus);
    }

    [Fact]
    public async Task A_packet_that_is_too_large_is_refused_by_its_header()
    {
        using var socket = await OpenAsync();
        await SendAsync(socket, Bytes(Connect));
        await PacketAsync(socket);

        await SendAsync(socket, Bytes("30 FFFFFF7F"));

        var goodbye = await PacketAsync(socket);
        Assert.Equal(0xE0, goodbye[0]);
        Assert.Equal(0x95, goodbye[2]);
        await ClosedAsync(socket);
    }

    [Fact]
    public async Task A_request_that_is_no_web_socket_or_names_no_protocol_is_told_what_to_do()
    {
        var plain = await _hub.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/mqtt"));
        Assert.Equal((400, "bad-request"), (plain.Status, plain.Problem));

        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("wamp");
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address, Stop));
        Assert.Equal(400, (int)socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("https://evil.example.com", 403)]
    [InlineData("http://127.0.0.1:PORT", 101)]
    public async Task Only_pages_of_the_hub_get_a_connection(string origin, int status)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", origin.Replace("PORT", $"{_hub.Port}"));
        try
        {
            await socket.ConnectAsync(Address, Stop);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        Assert.Equal(status, (int)socket.HttpStatusCode);
    }

    // [MQTT-4.2.0-1]
    [Fact]
    public async Task What_is_published_over_TCP_comes_over_a_web_socket()
    {
        using var socket = await OpenAsync();
        await SendAsync(socket, Bytes(Connect + "82 09 0001 00 0003 612F62 00"));
        await PacketAsync(socket);
        Assert.Equal(0x90, (await PacketAsync(socket))[0]);
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync("127.0.0.1", _hub.MqttPort, Stop);
        await tcp.GetStream().WriteAsync(Bytes(Connect + "30 08 0003 612F62 00 6869"), Stop);

        var publish = await PacketAsync(socket);

        Assert.Equal("hi", Encoding.UTF8.GetString(publish.AsSpan()[^2..]));
    }

    private Uri Address => new($"ws://127.0.0.1:{_hub.Port}/mqtt");

    private async Task<ClientWebSocket> OpenAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(Address, Stop);
        return socket;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    private static Task SendAsync(ClientWebSocket socket, byte[] bytes) =>
        socket.SendAsync(bytes, WebSocketMessageType.Binary, true, Stop);

    /// <summary>The next packet, byte by byte, whatever frames it comes in.</summary>
    private static async Task<byte[]> PacketAsync(ClientWebSocket socket)
    {
        var header = await ReadAsync(socket, 2);
        Assert.True(header[1] < 0x80, "These tests expect short packets only.");
        return [.. header, .. await ReadAsync(socket, header[1])];
    }

    private static async Task<byte[]> ReadAsync(ClientWebSocket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count; )
        {
            var frame = await socket.ReceiveAsync(bytes.AsMemory(at), Stop);
            Assert.Equal(WebSocketMessageType.Binary, frame.MessageType);
            at += frame.Count;
        }

        return bytes;
    }

    private static async Task ClosedAsync(ClientWebSocket socket)
    {
        var frame = await socket.ReceiveAsync(new byte[16], Stop);
        Assert.Equal(WebSocketMessageType.Close, frame.MessageType);
    }
}
