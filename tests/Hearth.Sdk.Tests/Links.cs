using MQTTnet.Protocol;

namespace Hearth.Sdk.Tests;

public sealed class Links
{
    [Fact]
    public async Task After_a_restart_of_the_broker_the_device_announces_and_reports_again()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var light = lamp.Device.AddLight("light");
        light.OnCommand(async (command, token) => await light.ReportAsync(command.State, token));
        await lamp.ConnectAsync(broker.Connection);
        await light.ReportAsync(new LightState(true), TestContext.Current.CancellationToken);

        await broker.StopAsync();
        await lamp.Notices.WaitForAsync(n => n.Kind == HearthNoticeKind.Disconnected);
        broker.Published.Clear();
        await broker.StartAgainAsync();
        await lamp.ConnectedAsync();

        Assert.Equal(
            ["homeassistant/device/desk-lamp/config", "desk-lamp/status", "desk-lamp/light/state"],
            // The old broker's last will may still come in between.
            broker.Published.All.Where(p => p.Payload != "offline").Select(p => p.Topic)
        );
        await broker.PublishAsync("desk-lamp/light/set", """{"state":"OFF"}""");
        await broker.WaitForAsync(
            "desk-lamp/light/state",
            """{"state":"OFF","color_mode":"onoff"}"""
        );
    }

    [Fact]
    public async Task What_is_reported_while_away_is_remembered_and_only_the_last_is_sent()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var sensor = lamp.Device.AddSensor("power", "W");
        await sensor.ReportAsync(1, TestContext.Current.CancellationToken);
        await sensor.ReportAsync(0.000017, TestContext.Current.CancellationToken);

        await lamp.ConnectAsync(broker.Connection);

        var reports = broker.Published.All.Where(p => p.Topic == "desk-lamp/power/state");
        Assert.Equal("0.000017", Assert.Single(reports).Payload);
    }

    [Fact]
    public async Task A_happening_is_not_remembered_but_refused_while_away()
    {
        await using var device = new HearthDevice("doorbell");
        var bell = device.AddEntity("event", "ring");

        await Assert.ThrowsAsync<HearthException>(() =>
            bell.ReportAsync("""{"event_type":"press"}""", TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_report_that_the_broker_refuses_fails_and_the_connection_stays()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var plug = lamp.Device.AddSwitch("switch");
        await lamp.ConnectAsync(broker.Connection);
        broker.Judge = _ => MqttPubAckReasonCode.QuotaExceeded;

        var refusal = await Assert.ThrowsAsync<HearthException>(() =>
            plug.ReportAsync(true, TestContext.Current.CancellationToken)
        );
        broker.Judge = null;
        await plug.ReportAsync(false, TestContext.Current.CancellationToken);

        Assert.Contains("QuotaExceeded", refusal.Message);
        Assert.Equal("OFF", await broker.RetainedAsync("desk-lamp/switch/state"));
    }

    [Fact]
    public async Task A_hub_that_was_started_again_is_told_everything_again()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var plug = lamp.Device.AddSwitch("switch");
        await plug.ReportAsync(true, TestContext.Current.CancellationToken);
        await lamp.ConnectAsync(broker.Connection);
        broker.Published.Clear();

        await broker.PublishAsync("homeassistant/status", "online");
        // The device waits for up to a second, and nothing tells when it has begun to.
        var again = broker.WaitForAsync("desk-lamp/switch/state", "ON");
        while (!again.IsCompleted)
        {
            lamp.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await again;
        Assert.Contains(
            broker.Published.All,
            p => p.Topic == "homeassistant/device/desk-lamp/config"
        );
        Assert.Contains(
            broker.Published.All,
            p => p is { Topic: "desk-lamp/status", Payload: "online" }
        );
    }

    [Fact]
    public async Task Another_client_under_the_same_id_ends_the_device_instead_of_a_war()
    {
        await using var broker = await Broker.StartAsync();
        await using var first = new RunningDevice();
        await using var second = new RunningDevice();
        await first.ConnectAsync(broker.Connection);

        await second.ConnectAsync(broker.Connection);

        var end = await Assert.ThrowsAsync<HearthException>(() => first.Running);
        Assert.Contains("desk-lamp", end.Message);
        Assert.False(second.Running.IsCompleted);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_tried_again()
    {
        await using var broker = await Broker.StartAsync();
        broker.Credential = ("lamp", "right");
        await using var lamp = new RunningDevice();

        lamp.Start(broker.Connection with { Username = "lamp", Password = "wrong" });
        var told = await lamp.NextNoticeAsync();
        broker.Credential = ("lamp", "wrong");
        lamp.Clock.Advance(told.RetryIn!.Value);
        await lamp.ConnectedAsync();

        Assert.Contains("BadUserNameOrPassword", told.ToString());
    }

    [Fact]
    public async Task A_kept_session_delivers_what_happened_while_the_device_was_away()
    {
        await using var broker = await Broker.StartAsync();
        var kept = broker.Connection with { SessionExpiry = TimeSpan.FromHours(1) };
        await using (var before = new RunningDevice())
        {
            before.Device.AddSwitch("switch").OnCommand((_, _) => Task.CompletedTask);
            await before.ConnectAsync(kept);
        }

        await broker.Disconnected.WaitForAsync(client => client == "desk-lamp");
        await broker.PublishAsync("desk-lamp/switch/set", "ON");
        await using var after = new RunningDevice();
        var commands = new Seen<bool>();
        after
            .Device.AddSwitch("switch")
            .OnCommand(
                (on, _) =>
                {
                    commands.Add(on);
                    return Task.CompletedTask;
                }
            );
        await after.ConnectAsync(kept);

        Assert.True(await commands.WaitForAsync(_ => true));
    }

    [Fact]
    public async Task A_device_that_never_reached_its_hub_stops_at_once()
    {
        await using var broker = await Broker.StartAsync();
        await broker.StopAsync();
        await using var lamp = new RunningDevice();
        lamp.Start(broker.Connection);
        var told = await lamp.NextNoticeAsync();

        await lamp.StopAsync();

        Assert.Contains("refused", told.ToString());

        Assert.True(lamp.Running.IsCompletedSuccessfully);
    }
}
