using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Hub.Tests.Events;

public sealed class FollowingOverWebSocket : IAsyncLifetime
{
    private ALogWithWhims _log = null!;
    private AHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await StartAsync("0.2", "0.5");

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Each_text_message_is_one_event_and_a_stream_without_a_cursor_begins_now()
    {
        await _hub.PublishAsync("before");
        using var socket = await FollowAsync("?type=com.example.*");
        await _hub.PublishAsync("after");

        Assert.Equal("cloudevents.json", socket.SubProtocol);
        var item = await NextAsync(socket);
        Assert.Equal("after", item.GetProperty("id").GetString());
        Assert.Equal("1.0", item.GetProperty("specversion").GetString());
    }

    [Fact]
    public async Task A_reader_that_comes_back_again_and_again_misses_nothing_and_repeats_nothing()
    {
        var publishing = _hub.PublishManyAsync(300);
        var seen = new List<string>();
        var last = 0L;
        while (seen.Count < 300)
        {
            using var socket = await FollowAsync($"?after={last}");
            for (var count = 0; count < 40 && seen.Count < 300; count++)
            {
                var item = await NextAsync(socket);
                last = long.Parse(item.GetProperty("sequence").GetString()!);
                if (item.GetProperty("type").GetString() == "com.example.measured")
                {
                    seen.Add(item.GetProperty("id").GetString()!);
                }
            }
        }

        await publishing;
        Assert.Equal(Enumerable.Range(0, 300).Select(index => $"n{index}"), seen);
    }

    [Fact]
    public async Task A_filter_lets_through_only_what_it_wants()
    {
        using var socket = await FollowAsync("?type=com.example.opened");
        await _hub.PublishAsync("a", "closed");
        await _hub.PublishAsync("b", "opened");
        await _hub.PublishAsync("c", "closed");
        await _hub.PublishAsync("d", "opened");

        Assert.Equal("b", (await NextAsync(socket)).GetProperty("id").GetString());
        Assert.Equal("d", (await NextAsync(socket)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Silence_is_broken_by_pings_and_a_reader_that_answers_none_is_cut_off()
    {
        await _hub.DisposeAsync();
        _hub = await StartAsync("0.2", "2");
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _hub.Port, Stop);
        var line = socket.GetStream();
        await line.WriteAsync(
            Encoding.ASCII.GetBytes(
                "GET /api/v1/events/ws?type=com.example.* HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Protocol: cloudevents.json\r\n\r\n"
            ),
            Stop
        );
        // The ping is taken while the connection is there: one that is cut off hard drops what
        // was not read.
        var got = new List<byte>();
        while (HeadLength(got) is not { } head || got.Count <= head)
        {
            var room = new byte[1024];
            var count = await line.ReadAsync(room, Stop);
            Assert.True(count > 0, $"It ended after {Encoding.ASCII.GetString([.. got])}");
            got.AddRange(room[..count]);
        }

        Assert.StartsWith(
            "HTTP/1.1 101",
            Encoding.ASCII.GetString([.. got]),
            StringComparison.Ordinal
        );
        Assert.Equal(0x89, got[HeadLength(got)!.Value]);
        // It ends by itself, because no ping is answered.
        try
        {
            await line.CopyToAsync(Stream.Null, Stop);
        }
        catch (IOException)
        {
            // Cut off hard.
        }
    }

    [Theory]
    [InlineData("?after=999999", 410)]
    [InlineData("?after=abc", 400)]
    [InlineData("?limit=1", 400)]
    public async Task A_cursor_that_leads_nowhere_is_refused(string query, int status)
    {
        using var socket = Socket();
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(socket, query));
        Assert.Equal(status, (int)socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_cursor_that_retention_has_passed_is_gone_and_says_where_the_log_begins()
    {
        for (var index = 0; index < 20; index++)
        {
            await _hub.PublishAsync($"e{index}");
        }

        await _hub.StopAsync();
        _hub = await StartAsync("0.2", "0.5", _hub.Data);
        _log.Oldest = new Sequence(10);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/ws?after=3");
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("Sec-WebSocket-Protocol", "cloudevents.json");
        var answer = await _hub.SendAsync(request);

        Assert.Equal((410, "cursor-gone"), (answer.Status, answer.Problem));
        Assert.Equal(_log.Oldest.ToString(), answer.Json.GetProperty("oldest").GetString());
    }

    [Fact]
    public async Task What_asks_for_no_WebSocket_or_another_protocol_is_refused()
    {
        var plain = await _hub.GetAsync("/api/v1/events/ws");
        Assert.Equal((400, "bad-request"), (plain.Status, plain.Problem));

        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(socket, ""));
        Assert.Equal(HttpStatusCode.BadRequest, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("https://evil.example.com", false)]
    [InlineData("http://127.0.0.1:PORT", true)]
    public async Task A_page_from_elsewhere_may_not_follow(string origin, bool isTaken)
    {
        using var socket = Socket();
        socket.Options.SetRequestHeader("Origin", origin.Replace("PORT", $"{_hub.Port}"));
        var opening = OpenAsync(socket, "");
        if (isTaken)
        {
            await opening;
            return;
        }

        await Assert.ThrowsAsync<WebSocketException>(() => opening);
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_live_reader_that_falls_behind_is_told_where_to_resume_and_loses_nothing()
    {
        await _hub.DisposeAsync();
        // No time of ours decides, however slow the machine is: only how far it is behind.
        _hub = await StartAsync("30", "600");
        using var socket = await FollowAsync("?type=com.example.*");
        var more = $"\"data\":\"{new string('x', 200 * 1024)}\"";
        var seen = new List<string>();
        var published = 0;
        // It takes one where four are published, until the hub has enough of it.
        while (published < 600)
        {
            for (var count = 0; count < 4; count++)
            {
                await _hub.PublishAsync($"n{published++}", more: more);
            }

            if (await TryNextAsync(socket) is not { } item)
            {
                break;
            }

            seen.Add(item.GetProperty("id").GetString()!);
        }

        while (socket.CloseStatus is null && await TryNextAsync(socket) is { } item)
        {
            seen.Add(item.GetProperty("id").GetString()!);
        }

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
        // Whoever is told goodbye says so too, or the hub waits for it.
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
        var reason = socket.CloseStatusDescription!;
        Assert.StartsWith("Too slow: ", reason, StringComparison.Ordinal);
        Assert.InRange(seen.Count, 1, published - 1);

        using var again = await FollowAsync(reason[reason.IndexOf('?')..] + "&type=com.example.*");
        while (seen.Count < published)
        {
            seen.Add((await NextAsync(again)).GetProperty("id").GetString()!);
        }

        Assert.Equal(Enumerable.Range(0, published).Select(index => $"n{index}"), seen);
    }

    [Fact]
    public async Task A_hub_that_stops_says_so()
    {
        using var socket = await FollowAsync("?type=com.example.*");
        var stopping = _hub.StopAsync();
        Assert.Null(await TryNextAsync(socket));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        await stopping;
        _hub = await StartAsync("0.2", "0.5", _hub.Data);
    }

    private Task<AHub> StartAsync(string heartbeat, string untaken, string? data = null) =>
        AHub.StartAsync(
            new Dictionary<string, string?>
            {
                ["Hearth:Data"] = data,
                ["Hearth:Followers:HeartbeatSeconds"] = heartbeat,
                ["Hearth:Followers:UntakenSeconds"] = untaken,
            },
            log => _log = new ALogWithWhims(log)
        );

    /// <summary>How long the head of an answer is; null where it is not whole yet.</summary>
    private static int? HeadLength(List<byte> got)
    {
        var end = got.ToArray().AsSpan().IndexOf("\r\n\r\n"u8);
        return end < 0 ? null : end + 4;
    }

    private static ClientWebSocket Socket()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("cloudevents.json");
        socket.Options.CollectHttpResponseDetails = true;
        return socket;
    }

    private async Task<ClientWebSocket> FollowAsync(string query)
    {
        var socket = Socket();
        await OpenAsync(socket, query);
        return socket;
    }

    private Task OpenAsync(ClientWebSocket socket, string query) =>
        socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_hub.Port}/api/v1/events/ws{query}"), Stop);

    private static async Task<JsonElement> NextAsync(ClientWebSocket socket) =>
        await TryNextAsync(socket)
        ?? throw new InvalidOperationException($"It closed: {socket.CloseStatusDescription}");

    /// <summary>The next event; null where the hub says goodbye.</summary>
    private static async Task<JsonElement?> TryNextAsync(ClientWebSocket socket)
    {
        var message = new MemoryStream();
        var room = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(room, Stop);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(room, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonElement.Parse(message.ToArray());
            }
        }
    }
}
