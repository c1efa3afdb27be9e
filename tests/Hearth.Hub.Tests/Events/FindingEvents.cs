using System.Diagnostics;
using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Hub.Tests.Events;

/// <summary>What filters find, before and after the search index has come to it.</summary>
public sealed class FindingEvents(ITestOutputHelper output) : IAsyncLifetime
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

    [Theory]
    [InlineData("type=hearth.message.*", 60)]
    [InlineData("type=hearth.message.received", 60)]
    [InlineData("topic=%23", 60)]
    [InlineData("topic=home/%2B/power", 20)]
    [InlineData("topic=home/5/%23", 1)]
    [InlineData("topic=home/5/power/%23", 1)]
    [InlineData("topic=%2B/6/%2B&topic=home/5/power", 2)]
    [InlineData("topic=h\u00e4user/%2B/a\"b", 20)]
    [InlineData("type=hearth.hub.*&topic=%23", 0)]
    public async Task What_is_not_in_the_index_is_found_by_reading(string filter, int count)
    {
        var stop = TestContext.Current.CancellationToken;
        for (var index = 0; index < 60; index++)
        {
            var topic = (index % 3) switch
            {
                0 => $"home/{index}/power",
                1 => $"h\u00e4user/{index}/a\"b",
                _ => $"home/{index}",
            };
            topic =
                index == 5 ? "home/5/power"
                : index == 6 ? "home/6/light"
                : topic;
            var message = new ReceiveMessage(topic, Payload.FromText("1"), 0, false, "c");
            await _hub.Home.SubmitAsync(message, stop);
        }

        filter += "&after=" + Count;
        var found = await AllAsync(filter, "asc");

        Assert.Equal(found.AsEnumerable().Reverse(), await AllAsync(filter, "desc"));
        Assert.Equal(count, found.Count);
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

    /// <summary>Run it by name: how long a person waits for a page of a long log.</summary>
    [Fact(Explicit = true)]
    public async Task Pages_of_a_million_rows()
    {
        const int Rows = 1_000_000;
        var stop = TestContext.Current.CancellationToken;
        var under = new List<Task>();
        for (var index = 0; index < Rows; index++)
        {
            var payload = Payload.FromText(
                $"{{\"power\":{index % 100},\"linkquality\":{index % 7}}}"
            );
            under.Add(
                _hub.Home.SubmitAsync(
                    new ReceiveMessage($"zigbee2mqtt/plug {index % 50}", payload, 1, false, "z2m"),
                    stop
                )
            );
            if (under.Count == 2_000)
            {
                await Task.WhenAll(under);
                under.Clear();
            }
        }

        string[] filters =
        [
            "",
            "type=com.example.rare",
            "type=com.example.ra.*",
            "type=hearth.command.*",
            "type=hearth.message.*",
            "topic=zigbee2mqtt/%2B",
            "topic=%2B/nobody",
            // Nothing in it can be looked for but by reading every row.
            "topic=%2B",
            "topic=tasmota/%23",
            "type=hearth.state.changed",
        ];
        foreach (var filter in filters)
        {
            foreach (var order in (string[])["asc", "desc"])
            {
                var watch = Stopwatch.StartNew();
                var page = await _hub.GetAsync($"/api/v1/events?{filter}&order={order}&limit=100");
                output.WriteLine(
                    $"{order} {filter}: {page.Json.GetArrayLength()} in"
                        + $" {watch.Elapsed.TotalMilliseconds:0} ms"
                );
            }
        }
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
