using System.Net.Sockets;
using System.Text;

namespace Hearth.Hub.Tests.Access;

public sealed class ForeignPages : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() =>
        _hub = await AHub.StartAsync(
            new Dictionary<string, string?>
            {
                ["Hearth:Http:Hosts"] = "hearth.example.com",
                ["Hearth:Http:Origins"] = "http://localhost:5173, https://panel.example.com",
            }
        );

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("192.168.1.7", 200)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:99", 200)]
    [InlineData("hearth.local", 200)]
    [InlineData("hearth.example.com", 200)]
    [InlineData("evil.example.com", 421)]
    [InlineData("local", 421)]
    [InlineData("localhost.example.com", 421)]
    [InlineData("127.0.0.1.example.com", 421)]
    public async Task The_hub_answers_under_its_own_names_only(string host, int status)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Host = host;
        var answer = await _hub.SendAsync(request);
        Assert.Equal(status, answer.Status);
        if (status != 200)
        {
            Assert.Equal("unknown-host", answer.Problem);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT", 200)]
    [InlineData("http://localhost:5173", 200)]
    [InlineData("https://panel.example.com", 200)]
    [InlineData("http://127.0.0.1:1", 403)]
    [InlineData("https://evil.example.com", 403)]
    [InlineData("null", 403)]
    [InlineData("file://", 403)]
    public async Task A_page_may_change_something_only_if_it_is_the_hubs_own(
        string origin,
        int status
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events")
        {
            Content = AHub.Body("[]", "application/cloudevents-batch+json"),
        };
        request.Headers.Add("Origin", origin.Replace("PORT", _hub.Port.ToString()));
        var answer = await _hub.SendAsync(request);
        Assert.Equal(status, answer.Status);
        if (status != 200)
        {
            Assert.Equal("foreign-page", answer.Problem);
        }
    }

    [Fact]
    public async Task A_foreign_page_opens_no_web_socket()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("Origin", "https://evil.example.com");
        Assert.Equal(200, (await _hub.SendAsync(request)).Status);

        var socket = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        socket.Headers.Add("Origin", "https://evil.example.com");
        socket.Headers.Add("Connection", "Upgrade");
        socket.Headers.Add("Upgrade", "websocket");
        socket.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        Assert.Equal("foreign-page", (await _hub.SendAsync(socket)).Problem);
    }

    [Fact]
    public async Task A_foreign_page_may_not_even_ask_whether_it_may()
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/events");
        request.Headers.Add("Origin", "https://evil.example.com");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        Assert.Equal("foreign-page", (await _hub.SendAsync(request)).Problem);
    }

    [Fact]
    public async Task A_request_without_a_host_is_refused()
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        var stop = TestContext.Current.CancellationToken;
        await socket.ConnectAsync("127.0.0.1", _hub.Port, stop);
        await socket.SendAsync("GET /health/live HTTP/1.0\r\n\r\n"u8.ToArray(), stop);
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        Assert.StartsWith(
            "HTTP/1.1 421",
            await reader.ReadLineAsync(stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Headers_beyond_64_kib_are_refused()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("x", new string('x', 65 * 1024));
        Assert.Equal(431, (await _hub.SendAsync(request)).Status);
    }
}
