namespace Hearth.Hub.Tests.Health;

public sealed class Readiness
{
    [Fact]
    public async Task A_hub_that_runs_is_live_and_ready()
    {
        await using var hub = await AHub.StartAsync();
        Assert.Equal("{\"status\":\"live\"}", (await hub.GetAsync("/health/live")).Body);
        Assert.Equal("{\"status\":\"ready\"}", (await hub.GetAsync("/health/ready")).Body);
    }
}
