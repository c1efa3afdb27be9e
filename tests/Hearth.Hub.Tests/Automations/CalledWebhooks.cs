using System.Net;
using System.Text.Json;
using Hearth.Hub.Automations;
using Microsoft.AspNetCore.Http;

namespace Hearth.Hub.Tests.Automations;

public sealed class CalledWebhooks : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await AHub.StartAsync();
        var saved = await _hub.SendAsync(
            new(HttpMethod.Put, "/api/v1/automations/hook")
            {
                Content = AHub.Body(
                    """
                    {"triggers":[{"trigger":"webhook","webhook_id":"s3cret","local_only":true,
                      "allowed_methods":["POST","PUT","GET","HEAD"]}],"mode":"parallel",
                     "actions":[{"event":"com.example.called","event_data":{
                       "json":"{{ trigger.json }}","data":"{{ trigger.data }}",
                       "query":"{{ trigger.query }}"}}]}
                    """,
                    "application/json"
                ),
            }
        );
        Assert.Equal(201, saved.Status);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData(
        "application/json",
        "{ \"a\": [1, 2] }",
        """{"json":{"a":[1,2]},"data":{},"query":{"q":"1"}}"""
    )]
    [InlineData(
        "application/x-www-form-urlencoded",
        "door=front&open=yes+please",
        """{"json":null,"data":{"door":"front","open":"yes please"},"query":{"q":"1"}}"""
    )]
    [InlineData(
        "text/plain",
        "hello",
        """{"json":null,"data":{"text":"hello"},"query":{"q":"1"}}"""
    )]
    [InlineData(
        "application/json",
        "{broken",
        """{"json":null,"data":{"text":"{broken"},"query":{"q":"1"}}"""
    )]
    [InlineData(
        "application/json",
        "\"\\ud800\"",
        """{"json":null,"data":{"text":"\"\\ud800\""},"query":{"q":"1"}}"""
    )]
    public async Task A_body_reaches_the_automation(string type, string body, string said)
    {
        var answer = await _hub.PostAsync("/api/webhook/s3cret?q=1", body, type);
        Assert.Equal((200, ""), (answer.Status, answer.Body));
        var told = Assert.Single(await ToldAsync());
        Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(said), told),
            $"{said} was expected, {told.GetRawText()} came."
        );
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Other_methods_call_as_well(string method)
    {
        var answer = await _hub.SendAsync(new(HttpMethod.Parse(method), "/api/webhook/s3cret"));
        Assert.Equal((200, ""), (answer.Status, answer.Body));
        Assert.Single(await ToldAsync());
    }

    [Fact]
    public async Task An_id_that_nothing_waits_for_is_answered_alike_and_leaves_no_event()
    {
        var head = await HeadAsync();
        var unknown = await _hub.PostAsync("/api/webhook/guess", "{}", "application/json");
        Assert.Equal((200, ""), (unknown.Status, unknown.Body));
        var method = await _hub.SendAsync(new(HttpMethod.Delete, "/api/webhook/guess"));
        Assert.Equal(405, method.Status);
        Assert.Equal(head, await HeadAsync());
    }

    [Fact]
    public async Task A_call_that_came_through_a_proxy_is_not_from_home()
    {
        var head = await HeadAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhook/s3cret");
        request.Headers.Add("X-Forwarded-For", "192.168.1.2");
        Assert.Equal(200, (await _hub.SendAsync(request)).Status);
        Assert.Equal(head, await HeadAsync());
    }

    [Fact]
    public async Task A_body_may_have_64_KiB()
    {
        var large = new string('x', 64 * 1024);
        Assert.Equal(
            200,
            (await _hub.PostAsync("/api/webhook/s3cret", large, "text/plain")).Status
        );
        var larger = await _hub.PostAsync("/api/webhook/s3cret", large + "x", "text/plain");
        Assert.Equal((413, "too-large"), (larger.Status, larger.Problem));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.168.1.7", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("169.254.3.4", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:192.168.1.7", true)]
    [InlineData("fe80::1%3", true)]
    [InlineData("fd00::1", true)]
    [InlineData("2001:4860:4860::8888", false)]
    [InlineData("8.8.8.8", false)]
    public void The_networks_at_home_are_local(string address, bool isLocal) =>
        Assert.Equal(isLocal, WebhooksIn.IsLocal(IPAddress.Parse(address), new HeaderDictionary()));

    private async Task<JsonElement[]> ToldAsync()
    {
        JsonElement[] told = [];
        await Until.TrueAsync(
            async () =>
            {
                var page = await _hub.GetAsync("/api/v1/events?type=com.example.called");
                told = [.. page.Json.EnumerateArray().Select(item => item.GetProperty("data"))];
                return told.Length > 0;
            },
            "the automation to run"
        );
        return told;
    }

    private async Task<string> HeadAsync() =>
        (await _hub.GetAsync("/api/v1/events?order=desc&limit=1"))
            .Json[0]
            .GetProperty("sequence")
            .GetString()!;
}
