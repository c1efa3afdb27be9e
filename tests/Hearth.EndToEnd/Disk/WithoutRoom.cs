using System.Net;
using System.Text;
using System.Text.Json;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.EndToEnd.Disk;

/// <summary>
/// A disk that takes nothing more: the hub lives on and refuses, acknowledges nothing that is not
/// there, and takes events again by itself.
/// </summary>
public sealed class WithoutRoom
{
    private static readonly TimeSpan FullWithin = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(15);

    private readonly List<string> _acknowledged = [];
    private int _count;

    [Fact]
    public async Task A_full_disk_is_refused_with_503_until_there_is_room_again()
    {
        var (disk, why) = await SmallDisk.MountAsync(mebibytes: 64);
        Assert.SkipWhen(disk is null, why);
        using var _ = disk;
        await using var hub = await RunningHub.StartAsync(disk.Data);
        await TakesAsync(hub);
        disk.Fill(leaving: 256 * 1024);

        var retryAfter = await UntilRefusedAsync(hub);
        Assert.True(retryAfter > TimeSpan.Zero, "A 503 must say when to try again.");
        await EndsMqttWithoutAcknowledgingAsync(hub);
        Assert.Equal(HttpStatusCode.OK, await hub.Api.StatusAsync("/health/live"));

        disk.MakeRoom();
        await TakesAsync(hub);
        await using (var peer = await Peer.ConnectAsync(hub, "afterwards"))
        {
            await peer.PublishAsync("full/afterwards", "1");
        }

        await HasWhatWasAcknowledgedAsync(hub);
    }

    [Fact]
    public async Task A_disk_that_becomes_read_only_is_refused_with_503_until_it_can_be_written()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
            "Protecting files against their own process needs Linux and root."
        );
        await using var hub = await RunningHub.StartAsync();
        await TakesAsync(hub);
        // What is open for writing stays open, and every write fails from now on. A file that is
        // mapped would end the process (SIGBUS), so the hub has none.
        var files = Directory.GetFiles(hub.Data);
        var fault = await Command.RunAsync("chattr", ["+i", .. files]);
        Assert.SkipWhen(fault is not null, $"This file system protects no files: {fault}");
        try
        {
            await UntilRefusedAsync(hub);
            await EndsMqttWithoutAcknowledgingAsync(hub);
            Assert.Equal(HttpStatusCode.OK, await hub.Api.StatusAsync("/health/live"));
        }
        finally
        {
            Assert.Null(await Command.RunAsync("chattr", ["-i", .. files]));
        }

        await TakesAsync(hub);
        await HasWhatWasAcknowledgedAsync(hub);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hub_that_finds_its_disk_read_only_waits_until_it_can_be_written(bool isNew)
    {
        var (disk, why) = await SmallDisk.MountAsync(mebibytes: 64);
        Assert.SkipWhen(disk is null, why);
        using var _ = disk;
        Directory.CreateDirectory(disk.Data);
        await using var hub = RunningHub.On(disk.Data);
        if (!isNew)
        {
            await hub.StartAgainAsync();
            await TakesAsync(hub);
            await hub.KillAsync();
        }

        await disk.ProtectAsync(isReadOnly: true);
        await hub.BeginAsync();

        await WaitsAsync(hub, because: "ead-only");
        await UntilRefusedAsync(hub);
        await disk.ProtectAsync(isReadOnly: false);
        await hub.ReadyAsync();
        await TakesAsync(hub);
        await HasWhatWasAcknowledgedAsync(hub);
    }

    [Fact]
    public async Task A_new_hub_that_finds_its_disk_full_waits_until_there_is_room()
    {
        var (disk, why) = await SmallDisk.MountAsync(mebibytes: 16);
        Assert.SkipWhen(disk is null, why);
        using var _ = disk;
        Directory.CreateDirectory(disk.Data);
        disk.Fill(leaving: 8 * 1024);
        await using var hub = RunningHub.On(disk.Data);
        await hub.BeginAsync();

        await WaitsAsync(hub, because: "full");
        disk.MakeRoom();
        await hub.ReadyAsync();
        await TakesAsync(hub);
        await HasWhatWasAcknowledgedAsync(hub);
    }

    [Fact]
    public async Task A_start_without_a_disk_to_write_on_is_a_sentence()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        await using var hub = RunningProgram.Start(
            Built.Hub,
            ["--http-port", "0", "--mqtt-port", "0", "--data", Path.Combine(file, "data")]
        );

        Assert.NotEqual(0, await hub.ExitAsync(BackWithin));
        Assert.Contains(file, hub.Output);
        Assert.DoesNotContain("   at ", hub.Output);
    }

    /// <summary>Publishes until it is taken.</summary>
    private Task TakesAsync(RunningHub hub) =>
        Eventually.Holds(
            "an event is taken",
            BackWithin,
            async () =>
            {
                var id = $"event-{++_count}";
                using var answer = await PostAsync(hub, id);
                var isTaken = answer.StatusCode == HttpStatusCode.OK;
                if (isTaken)
                {
                    _acknowledged.Add(id);
                }

                return (isTaken, $"{answer.StatusCode}; the hub printed:\n{hub.Program.Output}");
            }
        );

    /// <summary>It lives, is not ready, and says why to whoever asks and to whoever started it.
    /// </summary>
    private static async Task WaitsAsync(RunningHub hub, string because)
    {
        await Eventually.Holds(
            "the hub says why it is not ready",
            BackWithin,
            async () =>
            {
                var (status, body) = await hub.Api.TryGetAsync("/health/ready");
                Assert.NotEqual(HttpStatusCode.OK, status);
                return (
                    status == HttpStatusCode.ServiceUnavailable
                        && body.Contains(because, StringComparison.Ordinal),
                    $"{status}: {body}; the hub printed:\n{hub.Program.Output}"
                );
            }
        );
        Assert.Equal(HttpStatusCode.OK, await hub.Api.StatusAsync("/health/live"));
        Assert.Contains("The hub goes on trying.", hub.Program.Output);
    }

    private async Task<TimeSpan> UntilRefusedAsync(RunningHub hub)
    {
        var retryAfter = TimeSpan.Zero;
        await Eventually.Holds(
            "an event is refused",
            FullWithin,
            async () =>
            {
                var id = $"event-{++_count}";
                using var answer = await PostAsync(hub, id);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    _acknowledged.Add(id);
                    return (false, $"{_acknowledged.Count} taken");
                }

                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                retryAfter = answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
                return (true, "");
            }
        );
        return retryAfter;
    }

    private static async Task EndsMqttWithoutAcknowledgingAsync(RunningHub hub)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var publish = new MqttPublishPacket
        {
            Topic = "full/refused",
            PacketIdentifier = 1,
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            PayloadSegment = Encoding.UTF8.GetBytes(Padding),
        };
        try
        {
            using var line = await PacketLine.OpenAsync(hub.MqttPort, "refused", true, cancelled);
            await line.SendAsync(publish, cancelled);
            Assert.Fail($"It was answered with {await line.ReceiveAsync(cancelled)}");
        }
        catch (LineBrokenException)
        {
            // A client that is cut off, or not let in, sends again when it is back: that is all
            // that MQTT 3.1.1 can say.
        }
    }

    private async Task HasWhatWasAcknowledgedAsync(RunningHub hub)
    {
        var found = new List<string>();
        await foreach (var item in hub.Api.EventsAsync())
        {
            Assert.NotEqual("full/refused", item.Subject);
            if (item.Type == "com.example.disk")
            {
                found.Add(item.Id);
            }
        }

        Assert.Equal(_acknowledged, found.Intersect(_acknowledged));
        Assert.Equal(found.Count, found.Distinct().Count());
    }

    /// <summary>Large enough that a disk is full soon.</summary>
    private static string Padding { get; } = new('x', 20_000);

    private static Task<HttpResponseMessage> PostAsync(RunningHub hub, string id) =>
        hub.Api.SendAsync(
            HttpMethod.Post,
            "/api/v1/events",
            JsonSerializer.Serialize(
                new
                {
                    specversion = "1.0",
                    id,
                    source = "/disk",
                    type = "com.example.disk",
                    data = Padding,
                }
            ),
            Api.EventType,
            TestContext.Current.CancellationToken
        );
}
