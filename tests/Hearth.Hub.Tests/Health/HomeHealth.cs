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
        Assert.Equal("{\"announcements\":[],\"automations\":[]}", await HealthAsync(hub));

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
        Assert.Equal("{\"announcements\":[],\"automations\":[]}", await HealthAsync(hub));
    }

    [Fact]
    public async Task An_automation_that_names_what_is_not_there_is_there_until_it_is()
    {
        await using var hub = await AHub.StartAsync();
        var saved = await hub.SendAsync(
            new(HttpMethod.Put, "/api/v1/automations/a")
            {
                Content = AHub.Body(
                    """
                    {"triggers":[{"trigger":"event","event_type":"go"}],
                     "actions":[{"action":"light.turn_on","target":{"entity_id":"light.lamp"}}]}
                    """,
                    "application/json"
                ),
            }
        );
        const string Reason = "It names light.lamp, which is not there.";
        Assert.Equal("unhealthy", saved.Json.GetProperty("health").GetString());
        Assert.Equal("missing", saved.Json.GetProperty("health_detail").GetString());
        Assert.Equal(Reason, saved.Json.GetProperty("health_reason").GetString());
        Assert.Contains(
            $$"""{"id":"a","health":"unhealthy","detail":"missing","reason":"{{Reason}}"}""",
            await HealthAsync(hub)
        );
        var said = await hub.GetAsync("/api/v1/events?type=hearth.automation.health_changed");
        Assert.Equal("ERROR", said.Json[0].GetProperty("severitytext").GetString());

        await using var lamp = await ALamp.PlugInAsync(hub);
        Assert.DoesNotContain("unhealthy", await HealthAsync(hub));
        var read = await hub.GetAsync("/api/v1/automations/a");
        Assert.Equal("healthy", read.Json.GetProperty("health").GetString());
    }

    [Fact]
    public async Task An_automation_that_begins_switched_off_is_told_as_switched_off()
    {
        await using var hub = await AHub.StartAsync();
        var saved = await hub.SendAsync(
            new(HttpMethod.Put, "/api/v1/automations/a")
            {
                Content = AHub.Body(
                    """
                    {"initial_state":false,"triggers":[{"trigger":"event","event_type":"go"}],
                     "actions":[{"event":"com.example.done"}]}
                    """,
                    "application/json"
                ),
            }
        );
        Assert.False(saved.Json.GetProperty("enabled").GetBoolean());
    }

    private static async Task<string> HealthAsync(AHub hub) =>
        (await hub.GetAsync("/api/v1/health")).Body;

    private static Task<Answer> ReceiveAsync(AHub hub, string announcement) =>
        hub.Home.SubmitAsync(
            new ReceiveMessage(Topic, Payload.FromText(announcement), 0, true, "nobody"),
            TestContext.Current.CancellationToken
        );
}
