namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>Sinks are asked first (CloudEvents webhooks, section 4).</summary>
public sealed class Agreeing
{
    [Fact]
    public async Task A_sink_is_asked_before_the_first_delivery_and_again_when_it_changes()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var (id, _) = await hub.SubscribeAsync("/one");
        await hub.PublishAsync("1");
        await hub.DeliveredAsync(1, "/one");
        await hub.PublishAsync("2");
        await hub.DeliveredAsync(2, "/one");

        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/subscriptions/{id}")
        {
            Content = AHub.Body(hub.Definition("/two"), "application/json"),
        };
        Assert.Equal(200, (await hub.Hub.SendAsync(request)).Status);
        await hub.PublishAsync("3");

        Assert.Equal(["3"], await hub.DeliveredAsync(1, "/two"));
        Assert.Equal(
            ["OPTIONS /one", "POST /one", "POST /one", "OPTIONS /two", "POST /two"],
            hub.Sink.All.Select(each => $"{each.Method} {each.Path}")
        );
        Assert.Equal("hearth.local", hub.Sink.All[0].Headers["webhook-request-origin"]);
    }

    [Fact]
    public async Task A_sink_that_has_not_agreed_gets_nothing_and_the_subscription_says_so()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        hub.Sink.Agrees = ASink.Status(200);
        var (id, _) = await hub.SubscribeAsync();
        await hub.PublishAsync("one");

        await Until.TrueAsync(
            async () =>
                (await hub.StatusAsync(id)).GetProperty("agreement").GetString() == "refused",
            "the refusal"
        );
        Assert.Contains(
            "no WebHook-Allowed-Origin",
            (await hub.StatusAsync(id)).GetProperty("agreement_detail").GetString()
        );
        Assert.Empty(hub.Sink.Deliveries);

        hub.Sink.Agrees = ASink.Agreed("*");
        Assert.Equal(["one"], await hub.DeliveredAsync(1));
    }
}
