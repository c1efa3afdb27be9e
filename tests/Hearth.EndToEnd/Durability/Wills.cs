using Hearth.EndToEnd.Devices;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>A device that vanishes together with its hub is shown so after the next start.
/// </summary>
public sealed class Wills
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_does_not_come_back_turns_offline_and_who_does_stays(bool isKilled)
    {
        await using var hub = await RunningHub.StartAsync();
        await using (var gone = await DeviceAsync(hub, "gone"))
        await using (var back = await DeviceAsync(hub, "back"))
        {
            await ATestDevice.AnnounceLightAsync(gone, "gone");
            await ATestDevice.AnnounceLightAsync(back, "back");
            await Twin.EntityAsync(hub.Api, "gone", entity => entity.IsAvailable);
            await Twin.EntityAsync(hub.Api, "back", entity => entity.IsAvailable);
            await (isKilled ? hub.KillAsync() : hub.StopAsync());
        }

        await hub.StartAgainAsync();
        await using var again = await DeviceAsync(hub, "back");

        await Twin.EventAsync(
            hub.Api,
            "hearth.message.received",
            item =>
                item.Data.ToString().Contains("gone/status")
                && item.Data.ToString().Contains("offline"),
            within: TimeSpan.FromSeconds(20)
        );
        await Twin.EntityAsync(hub.Api, "gone", entity => !entity.IsAvailable);
        await Twin.EntityAsync(hub.Api, "back", entity => entity.IsAvailable);
    }

    private static Task<Peer> DeviceAsync(RunningHub hub, string name) =>
        Peer.ConnectAsync(
            hub,
            name,
            with: options =>
                options
                    .WithKeepAlivePeriod(KeepAlive)
                    .WithWillTopic($"{name}/status")
                    .WithWillPayload("offline")
                    .WithWillRetain()
        );
}
