using System.Net;
using System.Net.Sockets;
using System.Text;
using Hearth.Hub.Cli;

namespace Hearth.Hub.Tests.Cli;

public sealed class AskingARunningHub
{
    private static readonly Dictionary<string, string?> NoSettings = [];

    [Fact]
    public async Task A_hub_that_is_not_there_is_a_sentence()
    {
        var port = AProcess.FreePort();
        await using var why = new AProcess("why", "light.desk", "--hub", $"localhost:{port}");
        Assert.Equal(ExitCode.NotAsked, await why.EndAsync());
        Assert.Contains($"No hub listens at http://localhost:{port}/.", why.Output);
        Assert.DoesNotContain("   at ", why.Output);
    }

    [Theory]
    [InlineData("--hub", "ftp://desk")]
    [InlineData("--http-port", "x")]
    [InlineData("--http-port", "0")]
    [InlineData("--what")]
    public async Task Wrong_words_are_not_asked(params string[] more)
    {
        await using var why = new AProcess(["why", "light.desk", .. more]);
        Assert.Equal(ExitCode.NotAsked, await why.EndAsync());
        Assert.Contains(more[0], why.Output);
        Assert.DoesNotContain("   at ", why.Output);
    }

    [Fact]
    public async Task What_is_no_hub_is_said()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var serving = ServeAsync(other, "text/html", "<p>A printer</p>");
        using var hub = new RunningHub(AddressOf(other), TimeSpan.FromSeconds(30));
        var away = await Assert.ThrowsAsync<HubAwayException>(() => hub.GetAsync("x", Stop));
        Assert.Contains("is no Hearth hub (status 200)", away.Message);
        await serving;
    }

    [Fact]
    public async Task A_hub_that_does_not_answer_is_not_waited_for_forever()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var hub = new RunningHub(AddressOf(other), TimeSpan.FromSeconds(0.2));
        var away = await Assert.ThrowsAsync<HubAwayException>(() => hub.GetAsync("x", Stop));
        Assert.Contains("did not answer within", away.Message);
    }

    [Theory]
    [InlineData("desk.local:8080", "http://desk.local:8080/")]
    [InlineData("https://hearth.example/home", "https://hearth.example/home/")]
    [InlineData(null, "http://localhost:8080/")]
    public void An_address_is_read_as_people_write_it(string? given, string expected) =>
        Assert.Equal(expected, HubAddress.Read(given, NoSettings, out _)?.ToString());

    [Fact]
    public void Without_an_address_the_hubs_own_port_is_asked()
    {
        var settings = new Dictionary<string, string?> { ["Hearth:Http:Port"] = "8123" };
        Assert.Equal(
            new Uri("http://localhost:8123/"),
            HubAddress.Read(null, settings, out var sentence)
        );
        Assert.Empty(sentence);
    }

    [Fact]
    public void A_refusal_is_told_with_every_place()
    {
        var reply = new HubReply(
            422,
            """{"detail":"Not so.","errors":[{"line":3,"detail":"Write 5."},{"detail":"Or 6."}]}"""
        );
        Assert.False(reply.IsGood);
        Assert.Equal(["Not so.", "line 3: Write 5.", "Or 6."], reply.Refusal());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Uri AddressOf(TcpListener listener) =>
        new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    private static async Task ServeAsync(TcpListener listener, string media, string body)
    {
        using var client = await listener.AcceptTcpClientAsync(Stop);
        var stream = client.GetStream();
        // The request is one small packet; what it says does not matter here.
        _ = await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: Stop);
        var answer =
            $"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nContent-Length: {body.Length}\r\n"
            + $"Connection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Stop);
    }
}
