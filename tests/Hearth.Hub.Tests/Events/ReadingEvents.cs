using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Hub.Tests.Events;

public sealed class ReadingEvents : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Pages_lead_from_the_first_event_to_the_last_without_gap_or_duplicate()
    {
        await PublishAsync(Enumerable.Range(1, 25).Select(i => ($"e{i}", "measured")));
        var seen = new List<string>();
        var pages = 0;
        const string first = "/api/v1/homes/home/events?limit=10&type=com.example.*";
        string? next = first;
        while (next is not null)
        {
            var page = await _hub.GetAsync(next);
            Assert.Equal(200, page.Status);
            seen.AddRange(Ids(page));
            pages++;
            next = NextOf(page);
            Assert.StartsWith("/api/v1/homes/home/events?limit=10", next ?? first);
        }

        Assert.Equal(Enumerable.Range(1, 25).Select(i => $"e{i}"), seen);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task Filters_choose_by_type_source_subject_topic_and_correlation()
    {
        var stop = TestContext.Current.CancellationToken;
        await PublishAsync([("a", "opened"), ("b", "closed")]);
        var message = new ReceiveMessage("home/desk/power", Payload.FromText("1"), 0, false, "c");
        await _hub.Home.SubmitAsync(message, stop);

        Assert.Equal(["a"], await IdsAsync("type=com.example.opened"));
        Assert.Equal(["a", "b"], await IdsAsync("type=com.example.opened&type=com.example.closed"));
        Assert.Equal(["a", "b"], await IdsAsync("type=com.example.*"));
        Assert.Equal(["a", "b"], await IdsAsync("source=/garden"));
        Assert.Equal(["b"], await IdsAsync("correlation=b"));
        Assert.Empty(await IdsAsync("source=/other"));
        var onTopic = await _hub.GetAsync(
            "/api/v1/events?topic=home/%2B/power&subject=home/desk/power"
        );
        Assert.Equal(
            "hearth.message.received",
            onTopic.Json.EnumerateArray().Single().GetProperty("type").GetString()
        );
        Assert.Empty(await IdsAsync("topic=home/%2B"));
    }

    [Fact]
    public async Task Times_choose_by_when_it_was_recorded()
    {
        for (var index = 0; index < 10; index++)
        {
            await PublishAsync([($"m{index}", "measured")]);
        }

        var all = await _hub.GetAsync("/api/v1/events?type=com.*");
        var times = all
            .Json.EnumerateArray()
            .Select(item => item.GetProperty("recordedtime").GetString()!)
            .ToList();
        Assert.Equal(
            ["m3", "m4", "m5"],
            await IdsAsync($"type=com.*&from={times[3]}&to={times[5]}")
        );
        var last = DateTimeOffset.Parse(times[8]).AddTicks(1).ToOffset(TimeSpan.FromHours(1));
        Assert.Equal(["m9"], await IdsAsync("from=" + Uri.EscapeDataString($"{last:O}")));
        Assert.Empty(await IdsAsync("from=2999-01-01"));
    }

    [Fact]
    public async Task Everything_wrong_with_a_query_is_said_at_once()
    {
        var answer = await _hub.GetAsync(
            "/api/v1/events?after=x&from=never&limit=0&topic=a/%23/b&typ=y"
        );
        Assert.Equal((400, "invalid-parameter"), (answer.Status, answer.Problem));
        Assert.Equal(
            [
                "parameter typ",
                "parameter topic",
                "parameter after",
                "parameter from",
                "parameter limit",
            ],
            answer.Places
        );
    }

    private async Task PublishAsync(IEnumerable<(string Id, string Type)> events)
    {
        var batch = events.Select(item => PublishingEvents.Event(item.Id, type: item.Type));
        var answer = await _hub.PostAsync(
            "/api/v1/events",
            $"[{string.Join(',', batch)}]",
            "application/cloudevents-batch+json"
        );
        Assert.Equal(200, answer.Status);
    }

    private async Task<IEnumerable<string>> IdsAsync(string query) =>
        Ids(await _hub.GetAsync("/api/v1/events?" + query));

    private static IEnumerable<string> Ids(Answered page) =>
        page.Json.EnumerateArray().Select(item => item.GetProperty("id").GetString()!);

    private static string? NextOf(Answered page)
    {
        if (!page.Headers.TryGetValues("Link", out var links))
        {
            return null;
        }

        var link = links.Single();
        Assert.EndsWith(">; rel=\"next\"", link);
        return link[1..link.IndexOf('>')];
    }
}
