using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Hub.Tests.Events;

public sealed class FollowingEvents : IAsyncLifetime
{
    private AHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await StartAsync("0.1", "0.2");

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_stream_without_a_cursor_begins_now()
    {
        await _hub.PublishAsync("before");
        await using var stream = await FollowAsync("");
        await _hub.PublishAsync("after");
        var (id, item) = await stream.NextAsync();

        Assert.Equal("after", item.GetProperty("id").GetString());
        Assert.Equal(item.GetProperty("sequence").GetString(), id);
    }

    [Fact]
    public async Task A_stream_resumes_without_gap_or_duplicate_while_events_go_on_coming()
    {
        var publishing = _hub.PublishManyAsync(300);
        var seen = new List<string>();
        string? last = null;
        while (seen.Count < 300)
        {
            // A reader that comes back again and again, in the middle of what is being published.
            await using var stream = await FollowAsync(last is null ? "?after=0" : "", last);
            for (var count = 0; count < 40 && seen.Count < 300; count++)
            {
                var (id, item) = await stream.NextAsync();
                last = id;
                if (item.GetProperty("type").GetString() == "com.example.measured")
                {
                    seen.Add(item.GetProperty("id").GetString()!);
                }
            }
        }

        await publishing;
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"n{i}"), seen);
    }

    [Fact]
    public async Task A_filter_lets_through_only_what_it_wants()
    {
        await using var stream = await FollowAsync("?type=com.example.opened");
        await _hub.PublishAsync("a", "closed");
        await _hub.PublishAsync("b", "opened");
        await _hub.PublishAsync("c", "closed");
        await _hub.PublishAsync("d", "opened");

        Assert.Equal("b", (await stream.NextAsync()).Event.GetProperty("id").GetString());
        Assert.Equal("d", (await stream.NextAsync()).Event.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_payload_with_line_breaks_stays_one_event()
    {
        await using var stream = await FollowAsync("?topic=t");
        var payload = Payload.FromText("{\n  \"a\": 1,\r\n  \"b\": \"x\"\n}");
        await _hub.Home.SubmitAsync(new ReceiveMessage("t", payload, 0, false, "c"), Stop);
        var (_, item) = await stream.NextAsync();

        var sent = item.GetProperty("data").GetProperty("payload");
        Assert.Equal("x", sent.GetProperty("b").GetString());
    }

    [Fact]
    public async Task Silence_is_broken_by_a_heartbeat_that_moves_the_cursor()
    {
        using var response = await OpenAsync("?type=com.example.opened", null);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        Assert.Equal(": hearth", await reader.ReadLineAsync(Stop));
        Assert.Equal("retry: 2000", await reader.ReadLineAsync(Stop));
        Assert.Equal("", await reader.ReadLineAsync(Stop));

        await _hub.PublishAsync("unwanted", "closed");
        Assert.Equal(": heartbeat", await reader.ReadLineAsync(Stop));
        var id = await reader.ReadLineAsync(Stop);
        Assert.StartsWith("id: ", id);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_cut_off()
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        )
        {
            ReceiveBufferSize = 4096,
            NoDelay = true,
        };
        await socket.ConnectAsync("127.0.0.1", _hub.Port, Stop);
        var request = "GET /api/v1/events/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Stop);
        var large = new string('x', 200 * 1024);
        for (var index = 0; index < 60; index++)
        {
            await _hub.PublishAsync($"large{index}", more: $"\"data\":\"{large}\"");
        }

        await Until.TrueAsync(() => IsCutOff(socket), "the connection to end");
    }

    [Fact]
    public async Task A_live_reader_that_falls_behind_is_told_why_and_where_to_resume()
    {
        await _hub.DisposeAsync();
        _hub = await StartAsync("30", "600");
        var seen = new List<string>();
        var published = 0;
        var more = $"\"data\":\"{new string('x', 200 * 1024)}\"";
        using (var response = await OpenAsync("?type=com.example.*", null))
        {
            var body = await response.Content.ReadAsStreamAsync(Stop);
            await using var items = SseParser
                .Create(body)
                .EnumerateAsync(Stop)
                .GetAsyncEnumerator(Stop);
            // It takes one where four are published, until the hub has enough of it.
            var isTold = false;
            while (!isTold && published < 600)
            {
                for (var count = 0; count < 4; count++)
                {
                    await _hub.PublishAsync($"n{published++}", more: more);
                }

                isTold = !await TakesEventAsync(items, seen);
            }

            while (!isTold)
            {
                isTold = !await TakesEventAsync(items, seen);
            }

            var goodbye = JsonElement.Parse(items.Current.Data);
            var resume = items.Current.EventId;
            Assert.Equal(resume, goodbye.GetProperty("resume_after").GetString());
            Assert.Contains("MiB behind", goodbye.GetProperty("detail").GetString());
            Assert.False(await items.MoveNextAsync());
            Assert.InRange(seen.Count, 1, published - 1);

            await using var again = await FollowAsync("?type=com.example.*", resume);
            while (seen.Count < published)
            {
                seen.Add((await again.NextAsync()).Event.GetProperty("id").GetString()!);
            }
        }

        Assert.Equal(Enumerable.Range(0, published).Select(index => $"n{index}"), seen);
    }

    [Fact]
    public async Task A_hub_that_stops_says_so()
    {
        await using var stream = await FollowAsync("?type=com.example.*");
        await _hub.PublishAsync("last");
        await stream.NextAsync();
        var stopping = _hub.StopAsync();
        var (id, goodbye) = await stream.NextAsync("hearth.error");

        Assert.Equal(id, goodbye.GetProperty("resume_after").GetString());
        Assert.StartsWith("The hub stops", goodbye.GetProperty("detail").GetString());
        await stopping;
        _hub = await StartAsync("0.1", "0.2", _hub.Data);
    }

    [Theory]
    [InlineData("?after=999999", null, 410, "cursor-gone")]
    [InlineData("", "999999", 410, "cursor-gone")]
    [InlineData("", "abc", 400, "invalid-parameter")]
    [InlineData("?limit=1", null, 400, "invalid-parameter")]
    public async Task A_cursor_that_leads_nowhere_is_refused(
        string query,
        string? lastEventId,
        int status,
        string problem
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/stream" + query);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var answer = await _hub.SendAsync(request);
        Assert.Equal((status, problem), (answer.Status, answer.Problem));
    }

    private static Task<AHub> StartAsync(string heartbeat, string untaken, string? data = null) =>
        AHub.StartAsync(
            new Dictionary<string, string?>
            {
                ["Hearth:Data"] = data,
                ["Hearth:Followers:HeartbeatSeconds"] = heartbeat,
                ["Hearth:Followers:UntakenSeconds"] = untaken,
            }
        );

    /// <summary>Takes the next event; false where the hub says goodbye instead.</summary>
    private static async Task<bool> TakesEventAsync(
        IAsyncEnumerator<SseItem<string>> items,
        List<string> seen
    )
    {
        Assert.True(await items.MoveNextAsync(), "The stream ended without a word.");
        if (items.Current.EventType == "hearth.error")
        {
            return false;
        }

        seen.Add(JsonElement.Parse(items.Current.Data).GetProperty("id").GetString()!);
        return true;
    }

    private static bool IsCutOff(Socket socket)
    {
        try
        {
            socket.Send("x"u8);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(string query, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/stream" + query);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await _hub.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            Stop
        );
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return response;
    }

    private async Task<AStream> FollowAsync(string query, string? lastEventId = null) =>
        await AStream.OfAsync(await OpenAsync(query, lastEventId));

    private sealed class AStream : IAsyncDisposable
    {
        private readonly HttpResponseMessage _response;
        private readonly IAsyncEnumerator<SseItem<string>> _items;

        private AStream(HttpResponseMessage response, Stream body)
        {
            _response = response;
            _items = SseParser.Create(body).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);
        }

        public static async Task<AStream> OfAsync(HttpResponseMessage response) =>
            new(response, await response.Content.ReadAsStreamAsync(Stop));

        public async Task<(string? Id, JsonElement Event)> NextAsync(string kind = "message")
        {
            Assert.True(await _items.MoveNextAsync(), "The stream ended.");
            Assert.Equal(kind, _items.Current.EventType);
            return (_items.Current.EventId, JsonElement.Parse(_items.Current.Data));
        }

        public async ValueTask DisposeAsync()
        {
            await _items.DisposeAsync();
            _response.Dispose();
        }
    }
}
