using System.Text;
using Hearth.Hub.Subscriptions;

namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>Subscriptions over the API.</summary>
public sealed class Managing
{
    [Fact]
    public async Task A_subscription_is_read_as_it_was_written_and_replaced_by_what_is_read()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var (id, _) = await hub.SubscribeAsync(
            more: ""","types":["com.example.done"],"config":{"name":"mine","rate":600}"""
        );

        var path = $"/api/v1/subscriptions/{id}";
        var found = await hub.Hub.GetAsync(path);
        var put = new HttpRequestMessage(HttpMethod.Put, path)
        {
            Content = AHub.Body(found.Body, "application/json"),
        };
        var again = await hub.Hub.SendAsync(put);

        Assert.True(again.Status == 200, again.Body);
        Assert.Equal("mine", again.Json.GetProperty("config").GetProperty("name").GetString());
        Assert.Equal(
            "anonymous",
            again.Json.GetProperty("status").GetProperty("owner").GetString()
        );
        var updates = await hub.Hub.GetAsync("/api/v1/events?type=hearth.subscription.updated");
        Assert.Equal(0, updates.Json.GetArrayLength());
        var gone = await hub.Hub.SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));
        Assert.Equal(204, gone.Status);
        Assert.Equal("not-found", (await hub.Hub.GetAsync(path)).Problem);
        Assert.Equal("[]", (await hub.Hub.GetAsync("/api/v1/subscriptions")).Body);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        await using var hub = await AHub.StartAsync();
        var refused = await hub.PostAsync(
            "/api/v1/subscriptions",
            """
            {"sink":"http://169.254.169.254/latest","protocol":"HTTP","filters":[],
             "sinkcredential":{"credentialtype":"MAGIC"}}
            """,
            "application/json"
        );

        Assert.Equal("invalid", refused.Problem);
        Assert.Equal(
            ["pointer #/sink", "pointer #/sinkcredential/credentialtype"],
            refused.Places.Order()
        );
    }

    [Fact]
    public async Task A_sink_on_this_machine_is_refused_when_made_and_when_delivered_to()
    {
        await using var sink = await ASink.StartAsync();
        var definition = $$"""{"sink":"{{sink.Address}}/in","protocol":"HTTP"}""";
        var folder = Directory.CreateTempSubdirectory("hearth-hub-").FullName;
        var allowing = await AHub.StartAsync(
            new() { ["Hearth:Data"] = folder, ["Hearth:Webhooks:Allow"] = "127.0.0.0/8" }
        );
        var made = await allowing.PostAsync(
            "/api/v1/subscriptions",
            definition,
            "application/json"
        );
        await Until.TrueAsync(() => sink.All.Count > 0, "the sink to be reached");
        await allowing.StopAsync();
        var seen = sink.All.Count;

        await using var strict = await AHub.StartAsync(new() { ["Hearth:Data"] = folder });
        var refused = await strict.PostAsync(
            "/api/v1/subscriptions",
            definition,
            "application/json"
        );
        var id = made.Json.GetProperty("subscription").GetProperty("id").GetString();
        await strict.PostAsync($"/api/v1/subscriptions/{id}/test", "{}", "application/json");

        Assert.Equal(["pointer #/sink"], refused.Places);
        await Until.TrueAsync(
            async () =>
                (await strict.GetAsync($"/api/v1/subscriptions/{id}/deliveries")).Body.Contains(
                    "127.0.0.1 is at 127.0.0.1, this machine",
                    StringComparison.Ordinal
                ),
            "the refused delivery"
        );
        Assert.Equal(seen, sink.All.Count);
    }

    [Fact]
    public async Task A_credential_reaches_the_sink_and_nobody_else()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var (id, secret) = await hub.SubscribeAsync(
            more: ""","sinkcredential":{"credentialtype":"ACCESSTOKEN","accesstoken":"t0psecret"}"""
        );
        await hub.PublishAsync("one");
        await hub.DeliveredAsync(1);

        Assert.Equal("Bearer t0psecret", hub.Sink.Deliveries[0].Headers["authorization"]);
        var found = await hub.Hub.GetAsync($"/api/v1/subscriptions/{id}");
        var type = found.Json.GetProperty("sinkcredential").GetProperty("credentialtype");
        Assert.Equal("ACCESSTOKEN", type.GetString());
        var all = found.Body + (await hub.Hub.GetAsync("/api/v1/events?limit=1000")).Body;
        Assert.DoesNotContain("t0psecret", all);
        Assert.DoesNotContain(secret, all);
    }

    [Fact]
    public async Task While_a_secret_is_rotated_old_and_new_sign()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var (id, old) = await hub.SubscribeAsync();
        var rotated = await hub.PostAsync(id, "secret", """{"keep_seconds":3600}""");
        var fresh = rotated.Json.GetProperty("secret").GetString()!;
        await hub.PublishAsync("one");
        await hub.DeliveredAsync(1);
        await hub.PostAsync(id, "secret", """{"keep_seconds":0}""");

        var delivery = hub.Sink.Deliveries[0];
        var time = long.Parse(delivery.Headers["webhook-timestamp"]);
        Assert.Equal(
            WebhookSignature.Sign(
                [fresh, old],
                delivery.Headers["webhook-id"],
                DateTimeOffset.FromUnixTimeSeconds(time),
                Encoding.UTF8.GetBytes(delivery.Body)
            ),
            delivery.Headers["webhook-signature"]
        );
        await hub.PublishAsync("two");
        await hub.DeliveredAsync(2);
        // The first secret has its hour still; the second ended at once.
        Assert.Equal(2, hub.Sink.Deliveries[1].Headers["webhook-signature"].Split(' ').Length);
        var wrong = await hub.PostAsync(id, "secret", """{"secret":"x","keep_seconds":-1}""");
        Assert.Equal(["pointer #/secret", "pointer #/keep_seconds"], wrong.Places);
    }

    [Fact]
    public async Task What_came_while_it_was_paused_is_delivered_when_it_is_resumed()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var (id, _) = await hub.SubscribeAsync();
        await hub.PostAsync(id, "pause");
        await hub.PublishAsync(1, 3);
        Assert.Equal("paused", (await hub.StatusAsync(id)).GetProperty("state").GetString());
        Assert.Empty(hub.Sink.Deliveries);

        await hub.PostAsync(id, "resume");

        Assert.Equal(["1", "2", "3"], await hub.DeliveredAsync(3));
    }

    [Fact]
    public async Task Deliveries_begin_again_from_a_sequence_or_a_time()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var (id, _) = await hub.SubscribeAsync();
        await hub.PublishAsync(1, 3);
        await hub.DeliveredAsync(3);
        var second = hub.Sink.Deliveries[1].Json;

        var sequence = second.GetProperty("sequence").GetString();
        await hub.PostAsync(id, "replay", $$"""{"from":"{{sequence}}"}""");
        Assert.Equal(["2", "3"], (await hub.DeliveredAsync(5))[3..]);

        var time = hub.Sink.Deliveries[0].Json.GetProperty("recordedtime").GetString();
        await hub.PostAsync(id, "replay", $$"""{"from":"{{time}}"}""");
        Assert.Equal(["1", "2", "3"], (await hub.DeliveredAsync(8))[5..]);

        var wrong = await hub.PostAsync(id, "replay", """{"from":"yesterday"}""");
        Assert.Equal(["pointer #/from"], wrong.Places);
        var ahead = await hub.PostAsync(id, "replay", """{"from":999999}""");
        Assert.Equal(["pointer #/from"], ahead.Places);
    }

    [Fact]
    public async Task A_test_is_delivered_and_in_no_log()
    {
        await using var hub = await ANotifyingHub.StartAsync();
        var (id, _) = await hub.SubscribeAsync();
        var tested = await hub.PostAsync(id, "test");

        Assert.True(tested.Json.GetProperty("delivered").GetBoolean(), tested.Body);
        var delivery = Assert.Single(hub.Sink.Deliveries);
        Assert.Equal("hearth.subscription.test", delivery.Json.GetProperty("type").GetString());
        var log = await hub.Hub.GetAsync("/api/v1/events?type=hearth.subscription.*");
        Assert.Equal(
            ["hearth.subscription.created"],
            log.Json.EnumerateArray().Select(item => item.GetProperty("type").GetString())
        );

        hub.Sink.Answers = ASink.Status(418);
        var failed = await hub.PostAsync(id, "test");
        Assert.Equal(418, failed.Json.GetProperty("status").GetInt32());
        Assert.False(failed.Json.GetProperty("delivered").GetBoolean());
    }

    [Fact]
    public async Task A_cursor_survives_a_restart_of_the_hub()
    {
        await using var sink = await ASink.StartAsync();
        var folder = Directory.CreateTempSubdirectory("hearth-hub-").FullName;
        Dictionary<string, string?> Settings() =>
            new() { ["Hearth:Data"] = folder, ["Hearth:Webhooks:Allow"] = "127.0.0.1" };
        var first = await AHub.StartAsync(Settings());
        var made = await first.PostAsync(
            "/api/v1/subscriptions",
            $$"""{"sink":"{{sink.Address}}/in","protocol":"HTTP","source":"/tests"}""",
            "application/json"
        );
        Assert.True(made.Status == 201, made.Body);
        await PublishAsync(first, "1");
        await Until.TrueAsync(() => sink.Deliveries.Count == 1, "the first");
        await first.StopAsync();

        await using var second = await AHub.StartAsync(Settings());
        await PublishAsync(second, "2");

        await Until.TrueAsync(() => sink.Deliveries.Count == 2, "the second");
        Assert.Equal(["1", "2"], sink.Deliveries.Select(delivery => delivery.EventId));
        Assert.Single(sink.All, request => request.Method == "OPTIONS");
    }

    private static async Task PublishAsync(AHub hub, string id) =>
        await hub.PostAsync(
            "/api/v1/events",
            $$"""{"specversion":"1.0","id":"{{id}}","source":"/tests","type":"com.example.x"}""",
            "application/cloudevents+json"
        );
}
