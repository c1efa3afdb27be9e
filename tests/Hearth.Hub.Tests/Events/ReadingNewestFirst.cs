namespace Hearth.Hub.Tests.Events;

public sealed class ReadingNewestFirst : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Pages_lead_from_the_last_event_to_the_first_whatever_is_published_meanwhile()
    {
        await PublishAsync(1, 25);
        var seen = new List<string>();
        var pages = 0;
        string? next = "/api/v1/events?order=desc&limit=10&type=com.example.*";
        while (next is not null)
        {
            var page = await _hub.GetAsync(next);
            Assert.Equal(200, page.Status);
            seen.AddRange(Ids(page));
            pages++;
            await PublishAsync(100 * pages, 3);
            next = NextOf(page);
        }

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(number => $"e{number}"), seen);
        Assert.InRange(pages, 3, 4);
    }

    [Fact]
    public async Task A_rare_event_far_down_is_found()
    {
        await PublishAsync(1, 1, "rare");
        for (var batch = 0; batch < 3; batch++)
        {
            await PublishAsync(1000 * (batch + 1), 1000);
        }

        var page = await _hub.GetAsync("/api/v1/events?order=desc&limit=5&type=com.example.rare");
        Assert.Equal(["e1"], Ids(page));
    }

    [Fact]
    public async Task Large_events_fill_a_page_before_its_limit_and_none_is_left_out()
    {
        var large = new string('x', 200 * 1024);
        for (var index = 1; index <= 30; index++)
        {
            var answer = await _hub.PostAsync(
                "/api/v1/events",
                PublishingEvents.Event($"e{index}", $"\"data\":\"{large}\""),
                "application/cloudevents+json"
            );
            Assert.Equal(200, answer.Status);
        }

        var first = await _hub.GetAsync("/api/v1/events?order=desc&source=/garden");
        var second = await _hub.GetAsync(NextOf(first)!);
        Assert.InRange(first.Body.Length, 4 * 1024 * 1024, 5 * 1024 * 1024);
        Assert.Equal(
            Enumerable.Range(1, 30).Reverse().Select(index => $"e{index}"),
            Ids(first).Concat(Ids(second))
        );
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task After_before_and_times_bound_a_page_in_either_order(string order)
    {
        for (var number = 1; number <= 6; number++)
        {
            await PublishAsync(number, 1);
        }

        var all = (await _hub.GetAsync("/api/v1/events?type=com.*")).Json.EnumerateArray().ToList();
        var sequences = all.Select(item => item.GetProperty("sequence").GetString()).ToList();
        var times = all.Select(item => item.GetProperty("recordedtime").GetString()).ToList();
        string[] between = order == "asc" ? ["e3", "e4"] : ["e4", "e3"];

        Assert.Equal(between, await IdsAsync($"after={sequences[1]}&before={sequences[4]}"));
        Assert.Equal(between, await IdsAsync($"from={times[2]}&to={times[3]}"));
        Assert.Empty(await IdsAsync("before=1"));
        Assert.Empty(await IdsAsync("before=0"));
        Assert.Empty(await IdsAsync("after=999999"));

        async Task<IEnumerable<string>> IdsAsync(string bounds) =>
            Ids(await _hub.GetAsync($"/api/v1/events?type=com.*&order={order}&{bounds}"));
    }

    [Theory]
    [InlineData("asc", "")]
    [InlineData("desc", "")]
    [InlineData("asc", "&source=/garden")]
    [InlineData("desc", "&source=/garden")]
    public async Task A_batch_that_reaches_beyond_a_bound_shows_nothing_beyond_it(
        string order,
        string filter
    )
    {
        await PublishAsync(1, 6);
        var all = (await _hub.GetAsync("/api/v1/events?type=com.*")).Json.EnumerateArray().ToList();
        var fourth = all[3].GetProperty("sequence").GetString();
        var time = all[3].GetProperty("recordedtime").GetString();

        var page = await _hub.GetAsync(
            $"/api/v1/events?order={order}{filter}&from={time}&to={time}&before={fourth}"
        );
        Assert.Equal(["e1", "e2", "e3"], Ids(page).Order());
    }

    [Fact]
    public async Task An_order_that_is_none_is_refused()
    {
        var answer = await _hub.GetAsync("/api/v1/events?order=newest&before=x");
        Assert.Equal((400, "invalid-parameter"), (answer.Status, answer.Problem));
        Assert.Equal(["parameter before", "parameter order"], answer.Places);
    }

    private async Task PublishAsync(int first, int count, string type = "measured")
    {
        var batch = Enumerable
            .Range(first, count)
            .Select(number => PublishingEvents.Event($"e{number}", type: type));
        var answer = await _hub.PostAsync(
            "/api/v1/events",
            $"[{string.Join(',', batch)}]",
            "application/cloudevents-batch+json"
        );
        Assert.Equal(200, answer.Status);
    }

    private static IEnumerable<string> Ids(Answered page) =>
        page.Json.EnumerateArray().Select(item => item.GetProperty("id").GetString()!);

    private static string? NextOf(Answered page) =>
        page.Headers.TryGetValues("Link", out var links)
            ? links.Single()[1..links.Single().IndexOf('>')]
            : null;
}
