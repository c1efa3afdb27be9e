namespace Hearth.Hub.Tests.Health;

public sealed class Readiness
{
    private const string Structured = "application/cloudevents+json";

    [Fact]
    public async Task A_hub_that_runs_is_live_and_ready()
    {
        await using var hub = await AHub.StartAsync();
        Assert.Equal("{\"status\":\"live\"}", (await hub.GetAsync("/health/live")).Body);
        Assert.Equal("{\"status\":\"ready\"}", (await hub.GetAsync("/health/ready")).Body);
    }

    [Fact]
    public async Task A_full_disk_refuses_acknowledges_nothing_false_and_is_over_by_itself()
    {
        ALogWithWhims? disk = null;
        await using var hub = await AHub.StartAsync(around: log => disk = new ALogWithWhims(log));
        disk!.IsFull = true;
        var refused = await PublishAsync(hub, "lost");
        Assert.Equal((503, "home-closed"), (refused.Status, refused.Problem));
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        await Until.TrueAsync(
            async () => (await hub.GetAsync("/health/ready")).Status == 503,
            "the hub not to be ready"
        );
        var ready = await hub.GetAsync("/health/ready");
        Assert.Equal("home-closed", ready.Problem);
        Assert.Equal(200, (await hub.GetAsync("/health/live")).Status);
        Assert.Equal(200, (await hub.GetAsync("/api/v1/devices")).Status);

        disk.IsFull = false;
        await Until.TrueAsync(
            async () => (await PublishAsync(hub, "kept")).Status == 200,
            "the hub to take events again"
        );
        Assert.Equal(200, (await hub.GetAsync("/health/ready")).Status);
        var logged = await hub.GetAsync("/api/v1/events?source=/garden");
        Assert.Equal(
            ["kept"],
            logged.Json.EnumerateArray().Select(item => item.GetProperty("id").GetString())
        );
    }

    [Fact]
    public async Task A_hub_that_finds_its_disk_full_waits_until_there_is_room()
    {
        ALogWithWhims? disk = null;
        await using var hub = await AHub.StartAsync(
            around: log => disk = new ALogWithWhims(log) { IsFull = true },
            waits: false
        );
        Assert.Equal("home-closed", (await hub.GetAsync("/health/ready")).Problem);
        Assert.Equal("home-closed", (await PublishAsync(hub, "lost")).Problem);

        disk!.IsFull = false;
        await hub.ReadyAsync();
        Assert.Equal(200, (await hub.GetAsync("/health/ready")).Status);
        Assert.Equal(200, (await PublishAsync(hub, "kept")).Status);
    }

    private static Task<Answered> PublishAsync(AHub hub, string id) =>
        hub.PostAsync("/api/v1/events", Events.PublishingEvents.Event(id), Structured);
}
