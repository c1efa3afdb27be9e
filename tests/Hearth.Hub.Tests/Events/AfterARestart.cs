using Hearth.Core.Events;

namespace Hearth.Hub.Tests.Events;

public sealed class AfterARestart : IAsyncLifetime
{
    private const string Structured = "application/cloudevents+json";

    private ALogWithWhims _log = null!;
    private AHub _hub = null!;

    /// <summary>A hub with a past in its log and none in its memory.</summary>
    public async ValueTask InitializeAsync()
    {
        var first = await AHub.StartAsync();
        for (var index = 0; index < 20; index++)
        {
            await PublishAsync(first, $"e{index}");
        }

        await first.StopAsync();
        _hub = await AHub.StartAsync(
            new Dictionary<string, string?> { ["Hearth:Data"] = first.Data },
            log => _log = new ALogWithWhims(log)
        );
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task What_was_published_is_there_and_is_known_again()
    {
        var page = await _hub.GetAsync("/api/v1/events?source=/garden");
        Assert.Equal(
            Enumerable.Range(0, 20).Select(index => $"e{index}"),
            page.Json.EnumerateArray().Select(item => item.GetProperty("id").GetString())
        );
        var again = await PublishAsync(_hub, "e7");
        Assert.True(again.Json.GetProperty("events")[0].GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public async Task A_stream_says_where_the_log_is_whole_again_and_a_page_shows_what_is_kept()
    {
        _log.Oldest = new Sequence(10);
        var stream = await _hub.GetAsync("/api/v1/events/stream?after=3");
        Assert.Equal((410, "cursor-gone"), (stream.Status, stream.Problem));
        Assert.Equal(_log.Oldest.ToString(), stream.Json.GetProperty("oldest").GetString());

        foreach (var page in new[] { "?limit=1", "?limit=1&after=3" })
        {
            var kept = await _hub.GetAsync("/api/v1/events" + page);
            Assert.Equal(
                _log.Oldest.ToString(),
                kept.Json.EnumerateArray().Single().GetProperty("sequence").GetString()
            );
        }
    }

    [Fact]
    public async Task A_damaged_row_is_named_and_never_passed_on()
    {
        _log.IsDamaged = true;
        var page = await _hub.GetAsync("/api/v1/events?after=3");
        Assert.Equal((500, "log-damaged"), (page.Status, page.Problem));
        Assert.Contains("Row 7", page.Json.GetProperty("detail").GetString());
        var stream = await _hub.GetAsync("/api/v1/events/stream?after=3");
        Assert.Equal("log-damaged", stream.Problem);
    }

    private static Task<Answered> PublishAsync(AHub hub, string id) =>
        hub.PostAsync("/api/v1/events", PublishingEvents.Event(id), Structured);
}
