using System.Text;
using Hearth.Hub.Subscriptions;
using Microsoft.AspNetCore.Http;

namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>What sinks get, and in which order.</summary>
public sealed class Delivering
{
    [Fact]
    public async Task An_event_comes_structured_and_signed()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var (_, secret) = await hub.SubscribeAsync(
            more: ""","protocolsettings":{"headers":{"X-Room":"hall"}}"""
        );
        await hub.PublishAsync("other", "org.example.done");
        await hub.PublishAsync("one");

        Assert.Equal(["one"], await hub.DeliveredAsync(1));
        var delivery = hub.Sink.Deliveries[0];
        Assert.Equal(
            "application/cloudevents+json; charset=utf-8",
            delivery.Headers["content-type"]
        );
        Assert.Equal("com.example.done", delivery.Json.GetProperty("type").GetString());
        Assert.Equal("hall", delivery.Headers["x-room"]);
        Assert.Equal("hearth.local", delivery.Headers["webhook-request-origin"]);
        Assert.Equal(
            WebhookSignature.Sign(
                [secret],
                delivery.Headers["webhook-id"],
                DateTimeOffset.FromUnixTimeSeconds(
                    long.Parse(delivery.Headers["webhook-timestamp"])
                ),
                Encoding.UTF8.GetBytes(delivery.Body)
            ),
            delivery.Headers["webhook-signature"]
        );
    }

    [Fact]
    public async Task An_event_comes_binary_where_that_is_asked_for()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        await hub.SubscribeAsync(more: ""","protocolsettings":{"contentmode":"binary"}""");
        await hub.PublishAsync("one");

        await Until.TrueAsync(() => hub.Sink.Deliveries.Count == 1, "a delivery");
        var delivery = hub.Sink.Deliveries[0];
        Assert.Equal("""{"n":"one"}""", delivery.Body);
        Assert.Equal("one", delivery.Headers["ce-id"]);
        Assert.Equal("T%C3%BCr%201", delivery.Headers["ce-subject"]);
        Assert.Equal("1.0", delivery.Headers["ce-specversion"]);
        Assert.Equal("application/json", delivery.Headers["content-type"]);
    }

    [Fact]
    public async Task A_failed_delivery_is_tried_again_before_what_comes_after_it()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var failures = 0;
        hub.Sink.Answers = context =>
            Interlocked.Increment(ref failures) <= 3
                ? ASink.Status(500)(context)
                : ASink.Taken(context);
        var (id, _) = await hub.SubscribeAsync();
        await hub.PublishAsync(1, 3);

        Assert.Equal(["1", "1", "1", "1", "2", "3"], await hub.DeliveredAsync(6));
        Assert.Single(hub.Sink.Deliveries.Take(4).Select(d => d.Headers["webhook-id"]).Distinct());
        var deliveries = await hub.Hub.GetAsync($"/api/v1/subscriptions/{id}/deliveries?limit=2");
        await Until.TrueAsync(
            async () => (await hub.StatusAsync(id)).GetProperty("failures").GetInt32() == 0,
            "the failures to be over"
        );
        Assert.Equal(200, deliveries.Status);
    }

    [Fact]
    public async Task A_sink_is_left_alone_for_as_long_as_it_asks()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var isFirst = true;
        hub.Sink.Answers = context =>
        {
            var answer = isFirst ? ASink.Status(503, retryAfter: "2") : ASink.Taken;
            isFirst = false;
            return answer(context);
        };
        await hub.SubscribeAsync();
        await hub.PublishAsync("one");

        await hub.DeliveredAsync(2);
        var (first, second) = (hub.Sink.Deliveries[0].At, hub.Sink.Deliveries[1].At);
        Assert.True(TimeProvider.System.GetElapsedTime(first, second) >= TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task A_sink_is_left_alone_until_the_date_that_it_names()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        // An HTTP date has no fractions of a second: this one is 2 to 3 s away.
        var until = DateTimeOffset.FromUnixTimeSeconds(
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3
        );
        hub.Sink.Answers = context =>
            TimeProvider.System.GetUtcNow() < until
                ? ASink.Status(429, retryAfter: until.ToString("R"))(context)
                : ASink.Taken(context);
        var (id, _) = await hub.SubscribeAsync();
        await hub.PublishAsync("one");

        Assert.Equal(["one", "one"], await hub.DeliveredAsync(2));
        await Until.TrueAsync(
            async () => (await hub.StatusAsync(id)).GetProperty("failures").GetInt32() == 0,
            "the delivery after the date to be the one that was taken"
        );
        Assert.Equal(2, hub.Sink.Deliveries.Count);
    }

    [Fact]
    public async Task A_sinks_rate_is_kept()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        hub.Sink.Agrees = ASink.Agreed("120");
        await hub.SubscribeAsync();
        await hub.PublishAsync(1, 5);

        await hub.DeliveredAsync(5);
        var deliveries = hub.Sink.Deliveries;
        var took = TimeProvider.System.GetElapsedTime(deliveries[0].At, deliveries[4].At);
        Assert.True(took >= TimeSpan.FromSeconds(1.9), $"five took {took}");
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_not_followed()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        hub.Sink.Answers = context =>
        {
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        var (id, _) = await hub.SubscribeAsync();
        await hub.PublishAsync("one");

        await hub.DeliveredAsync(2);
        Assert.Empty(hub.Sink.At("/elsewhere"));
        var status = await hub.StatusAsync(id);
        Assert.Equal(
            "The sink answered 307; redirects are not followed.",
            status.GetProperty("last_problem").GetString()
        );
    }

    [Fact]
    public async Task A_sink_that_is_gone_ends_its_subscription()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        hub.Sink.Answers = ASink.Status(410);
        var (id, _) = await hub.SubscribeAsync();
        await hub.PublishAsync("one");

        await Until.TrueAsync(
            async () => (await hub.StatusAsync(id)).GetProperty("state").GetString() == "ended",
            "the end"
        );
        await hub.PublishAsync("two");
        Assert.Single(hub.Sink.Deliveries);
        var events = await hub.Hub.GetAsync("/api/v1/events?type=hearth.subscription.paused");
        Assert.Equal("gone", events.Json[0].GetProperty("data").GetProperty("reason").GetString());

        hub.Sink.Answers = ASink.Taken;
        await hub.PostAsync(id, "resume");
        Assert.Equal(["one", "one", "two"], await hub.DeliveredAsync(3));
    }

    [Fact]
    public async Task A_sink_that_is_far_behind_reads_the_log_at_its_own_pace()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var open = new TaskCompletionSource();
        hub.Sink.Answers = context => open.Task.WaitAsync(context.RequestAborted);
        await hub.SubscribeAsync();
        for (var first = 1; first <= 1000; first += 100)
        {
            await hub.PublishAsync(first, first + 99);
        }

        open.SetResult();

        var delivered = await hub.DeliveredAsync(1000);
        Assert.Equal(Enumerable.Range(1, 1000).Select(number => $"{number}"), delivered);
    }

    [Fact]
    public async Task Sixty_sinks_that_hang_fail_and_are_slow_do_not_hold_up_the_others()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        hub.Sink.Answers = context =>
            context.Request.Path.Value!.Split('/')[1] switch
            {
                "hangs" => ASink.Hangs(context),
                "fails" => ASink.Status(500)(context),
                // A sink that takes its time: nothing in the test waits for it.
                "slow" => Task.Delay(
                    TimeSpan.FromSeconds(1),
                    TimeProvider.System,
                    context.RequestAborted
                ),
                _ => ASink.Taken(context),
            };
        for (var number = 0; number < 200; number++)
        {
            var kind = number switch
            {
                < 20 => "hangs",
                < 40 => "fails",
                < 60 => "slow",
                _ => "well",
            };
            await hub.SubscribeAsync($"/{kind}/{number}");
        }

        await hub.PublishAsync(1, 20);

        var expected = Enumerable.Range(1, 20).Select(number => $"{number}").ToArray();
        await Until.TrueAsync(
            () => hub.Sink.Deliveries.Count(request => IsWell(request)) >= 140 * 20,
            "140 sinks to get 20 events each"
        );
        Assert.All(
            hub.Sink.Deliveries.Where(IsWell).GroupBy(request => request.Path),
            sink => Assert.Equal(expected, sink.Select(request => request.EventId))
        );
        // The troubled ones are still at the beginning: nobody waited for them.
        Assert.All(
            hub.Sink.Deliveries.Where(request => !IsWell(request)).GroupBy(request => request.Path),
            sink => Assert.True(sink.Select(request => request.EventId).Distinct().Count() < 20)
        );
    }

    private static bool IsWell(Received request) =>
        request.Path.StartsWith("/well", StringComparison.Ordinal);
}
