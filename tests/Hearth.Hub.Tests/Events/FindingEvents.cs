using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Hub.Tests.Events;

/// <summary>What filters find, before and after the search index has come to it.</summary>
public sealed class FindingEvents : IAsyncLifetime
{
    private const int Count = 120;

    private AHub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await AHub.StartAsync();
        await PublishAsync(0, Count);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("type=com.example.rare", 12)]
    [InlineData("type=com.example.rare&type=com.example.common", 120)]
    [InlineData("type=com.example.rare&subject=gate", 4)]
    [InlineData("source=/garden&subject=gate", 40)]
    [InlineData("subject=nobody", 0)]
    [InlineData("correlation=e7", 1)]
    [InlineData("type=com.example.r.*", 0)]
    [InlineData("type=com.example.*&subject=gate", 40)]
    public async Task Pages_in_either_order_have_what_a_filter_wants(string filter, int count)
    {
        var oldestFirst = await AllAsync(filter, "asc");
        var newestFirst = await AllAsync(filter, "desc");

        Assert.Equal(count, oldestFirst.Count);
        Assert.Equal(oldestFirst.Distinct().Order(StringComparer.Ordinal), oldestFirst);
        Assert.Equal(oldestFirst.AsEnumerable().Reverse(), newestFirst);
    }

    [Fact]
    public async Task What_the_index_has_and_what_it_has_not_make_one_answer()
    {
        var stop = TestContext.Current.CancellationToken;
        await _hub.Log.RebuildSearchAsync(HomeId.Default, stop);
        var before = await AllAsync("type=com.example.rare", "asc");
        await PublishAsync(Count, 2 * Count);
        var after = await AllAsync("type=com.example.rare", "asc");

        Assert.Equal(12, before.Count);
        Assert.Equal(24, after.Count);
        Assert.Equal(before, after.Take(12));
    }

    [Fact]
    public async Task A_chain_is_found_by_the_id_of_its_first_event()
    {
        var message = new ReceiveMessage("t", Payload.FromText("1"), 0, false, "c");
        var answer = await _hub.Home.SubmitAsync(message, TestContext.Current.CancellationToken);
        var root = answer.Row!.Events[0].Id;

        Assert.Equal([root], await AllAsync($"correlation={root}", "asc"));
        Assert.Equal([root], await AllAsync($"correlation={root}", "desc"));
        Assert.Equal([root], await AllAsync("topic=t", "desc"));
    }

    [Fact]
    public async Task Bounds_hold_for_what_is_found()
    {
        var all = await AllAsync("source=/garden", "asc");
        var (after, before) = (all[20], all[90]);

        var found = await AllAsync($"subject=gate&after={after}&before={before}", "desc");

        var gates = await AllAsync("subject=gate", "desc");
        Assert.Equal(
            gates.Where(id =>
                string.CompareOrdinal(id, after) > 0 && string.CompareOrdinal(id, before) < 0
            ),
            found
        );
        Assert.NotEmpty(found);
    }

    private async Task PublishAsync(int from, int to)
    {
        for (var index = from; index < to; index++)
        {
            var subject = index % 3 == 0 ? "gate" : $"other{index}";
            var body = PublishingEvents.Event(
                $"e{index}",
                $"\"subject\":\"{subject}\"",
                index % 10 == 0 ? "rare" : "common"
            );
            var answer = await _hub.PostAsync(
                "/api/v1/events",
                body,
                "application/cloudevents+json"
            );
            Assert.Equal(200, answer.Status);
        }
    }

    /// <summary>The sequences of all pages.</summary>
    private async Task<List<string>> AllAsync(string filter, string order)
    {
        var all = new List<string>();
        string? next = $"/api/v1/events?{filter}&order={order}&limit=7";
        while (next is not null)
        {
            var page = await _hub.GetAsync(next);
            Assert.Equal(200, page.Status);
            all.AddRange(
                page.Json.EnumerateArray().Select(item => item.GetProperty("sequence").GetString()!)
            );
            next = page.Headers.TryGetValues("Link", out var links)
                ? links.Single()[1..links.Single().IndexOf('>')]
                : null;
        }

        return all;
    }
}
