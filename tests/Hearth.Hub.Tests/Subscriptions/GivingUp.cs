using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>What cannot be delivered for a day, and what becomes of it.</summary>
public sealed class GivingUp
{
    [Fact]
    public async Task What_fails_for_a_day_is_a_dead_letter_and_the_next_one_goes_on()
    {
        var clock = new ShiftedClock();
        await using var hub = await ANotifyingHub.StartAsync(clock);
        hub.Sink.Answers = ASink.Status(500);
        var (id, _) = await hub.SubscribeAsync();
        await hub.PublishAsync("one");
        await hub.DeliveredAsync(2);

        clock.PutForward(TimeSpan.FromHours(25));
        await Until.TrueAsync(async () => (await LettersAsync(hub, id)).Length == 1, "a letter");

        hub.Sink.Answers = ASink.Taken;
        await hub.PublishAsync("two");
        await Until.TrueAsync(
            () => hub.Sink.Deliveries.Any(delivery => delivery.EventId == "two"),
            "the next one"
        );
        Assert.Equal(["one"], await LettersAsync(hub, id));
        var events = await hub.Hub.GetAsync(
            "/api/v1/events?type=hearth.subscription.dead_lettered"
        );
        var said = events.Json[0].GetProperty("data");
        Assert.Equal("The sink answered 500.", said.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_dead_letter_can_be_delivered_after_all()
    {
        var clock = new ShiftedClock();
        await using var hub = await ANotifyingHub.StartAsync(clock);
        hub.Sink.Answers = ASink.Status(500);
        var (id, _) = await hub.SubscribeAsync();
        await hub.PublishAsync(1, 3);
        // With the second attempt the first failure is known.
        await hub.DeliveredAsync(2);
        clock.PutForward(TimeSpan.FromHours(25));
        await Until.TrueAsync(async () => (await LettersAsync(hub, id)).Length == 3, "letters");

        // It fails again, and stays.
        var before = hub.Sink.Deliveries.Count;
        Assert.Equal(202, (await hub.PostAsync(id, "dead-letters/1/replay")).Status);
        await hub.DeliveredAsync(before + 1);
        Assert.Equal(["1", "2", "3"], await LettersAsync(hub, id));

        hub.Sink.Answers = ASink.Taken;
        var all = await hub.PostAsync(id, "dead-letters/replay");
        Assert.Equal(3, all.Json.GetProperty("count").GetInt32());
        await Until.TrueAsync(async () => (await LettersAsync(hub, id)).Length == 0, "no letters");
        Assert.Equal(
            ["1", "2", "3"],
            hub.Sink.Deliveries.TakeLast(3).Select(delivery => delivery.EventId)
        );
        Assert.Equal(404, (await hub.PostAsync(id, "dead-letters/1/replay")).Status);
    }

    [Fact]
    public async Task What_the_log_no_longer_holds_is_a_gap_and_the_rest_goes_on()
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
        var subscription = made.Json.GetProperty("subscription").GetProperty("id").GetString();
        var path = $"/api/v1/subscriptions/{subscription}";
        await first.PostAsync($"{path}/pause", "{}", "application/json");
        long sequence = 0;
        foreach (var id in (string[])["1", "2", "3"])
        {
            var published = await first.PostAsync(
                "/api/v1/events",
                $$"""{"specversion":"1.0","id":"{{id}}","source":"/tests","type":"a.b"}""",
                "application/cloudevents+json"
            );
            var item = published.Json.GetProperty("events")[0];
            sequence = long.Parse(item.GetProperty("sequence").GetString()!);
        }

        await first.StopAsync();
        await using var second = await AHub.StartAsync(
            Settings(),
            around: log => new ALogWithWhims(log) { Oldest = new Sequence(sequence) }
        );
        await second.PostAsync($"{path}/resume", "{}", "application/json");

        await Until.TrueAsync(() => sink.Deliveries.Count == 1, "the one that is left");
        Assert.Equal("3", sink.Deliveries[0].EventId);
        var letters = (await second.GetAsync($"{path}/dead-letters")).Json;
        var gap = Assert.Single(letters.GetProperty("dead_letters").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, gap.GetProperty("event").ValueKind);
        Assert.Equal(sequence - 1, long.Parse(gap.GetProperty("last").GetString()!));
    }

    private static async Task<string[]> LettersAsync(ANotifyingHub hub, string id)
    {
        var found = await hub.Hub.GetAsync($"/api/v1/subscriptions/{id}/dead-letters");
        return
        [
            .. found
                .Json.GetProperty("dead_letters")
                .EnumerateArray()
                .Select(letter => letter.GetProperty("event").GetProperty("id").GetString()!),
        ];
    }
}
