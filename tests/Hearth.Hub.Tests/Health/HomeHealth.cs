using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;

namespace Hearth.Hub.Tests.Health;

public sealed class HomeHealth
{
    private const string Topic = "homeassistant/sensor/nobody/config";

    [Fact]
    public async Task What_was_announced_with_faults_is_there_until_it_is_mended()
    {
        await using var hub = await AHub.StartAsync();
        Assert.Equal("{\"announcements\":[]}", await HealthAsync(hub));

        await ReceiveAsync(hub, "{");
        var answer = (await hub.GetAsync("/api/v1/health")).Json;
        var refused = answer.GetProperty("announcements").EnumerateArray().Single();
        Assert.Equal(Topic, refused.GetProperty("topic").GetString());
        Assert.Contains("is no JSON object", refused.GetProperty("reason").GetString());
        var said = await hub.GetAsync("/api/v1/events?type=hearth.hub.announcement_refused");
        var warning = said.Json.EnumerateArray().Single();
        Assert.Equal("WARN", warning.GetProperty("severitytext").GetString());
        Assert.Equal(
            warning.GetProperty("time").GetDateTimeOffset(),
            refused.GetProperty("since").GetDateTimeOffset()
        );

        await ReceiveAsync(hub, "");
        Assert.Equal("{\"announcements\":[]}", await HealthAsync(hub));
    }

    private static async Task<string> HealthAsync(AHub hub) =>
        (await hub.GetAsync("/api/v1/health")).Body;

    private static Task<Answer> ReceiveAsync(AHub hub, string announcement) =>
        hub.Home.SubmitAsync(
            new ReceiveMessage(Topic, Payload.FromText(announcement), 0, true, "nobody"),
            TestContext.Current.CancellationToken
        );
}
