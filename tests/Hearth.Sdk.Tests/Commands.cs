namespace Hearth.Sdk.Tests;

public sealed class Commands
{
    [Fact]
    public async Task A_command_is_handled_and_what_became_of_it_is_reported()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var light = lamp.Device.AddLight("light", brightness: true);
        light.OnCommand(async (command, token) => await light.ReportAsync(command.State, token));
        await lamp.ConnectAsync(broker.Connection);

        await broker.PublishAsync("desk-lamp/light/set", """{"state":"ON","brightness":100}""");

        var report = await broker.WaitForAsync("desk-lamp/light/state");
        Assert.Equal(
            """{"state":"ON","color_mode":"brightness","brightness":100}""",
            report.Payload
        );
        Assert.True(report.Retain);
        Assert.Equal(1, report.Qos);
    }

    [Fact]
    public async Task A_handler_that_throws_is_told_and_the_next_command_is_handled()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var plug = lamp.Device.AddSwitch("switch");
        plug.OnCommand(
            async (on, token) =>
            {
                if (on)
                {
                    throw new InvalidOperationException("The relay is stuck.");
                }

                await plug.ReportAsync(on, token);
            }
        );
        await lamp.ConnectAsync(broker.Connection);

        await broker.PublishAsync("desk-lamp/switch/set", "ON");
        await broker.PublishAsync("desk-lamp/switch/set", "OFF");

        await broker.WaitForAsync("desk-lamp/switch/state", "OFF");
        var notice = await lamp.Notices.WaitForAsync(n => n.Kind == HearthNoticeKind.HandlerFailed);
        Assert.Contains("The relay is stuck.", notice.ToString());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"state":"BLINK"}""")]
    [InlineData("""{"state":"ON","brightness":"much"}""")]
    public async Task A_command_that_makes_no_sense_is_told_and_left_aside(string payload)
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var light = lamp.Device.AddLight("light");
        var handled = 0;
        light.OnCommand(
            async (command, token) =>
            {
                handled++;
                await light.ReportAsync(command.State, token);
            }
        );
        await lamp.ConnectAsync(broker.Connection);

        await broker.PublishAsync("desk-lamp/light/set", payload);
        await broker.PublishAsync("desk-lamp/light/set", """{"state":"ON"}""");

        await broker.WaitForAsync("desk-lamp/light/state");
        Assert.Equal(1, handled);
        Assert.Contains(lamp.Notices.All, n => n.Kind == HearthNoticeKind.MessageIgnored);
    }

    [Fact]
    public async Task Commands_are_handled_one_at_a_time_in_their_order()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var number = lamp.Device.AddEntity("number", "level");
        var inside = 0;
        var overlapped = false;
        number.OnCommand(
            async (payload, token) =>
            {
                overlapped |= Interlocked.Increment(ref inside) > 1;
                await number.ReportAsync(payload, token);
                Interlocked.Decrement(ref inside);
            }
        );
        await lamp.ConnectAsync(broker.Connection);

        for (var i = 0; i < 100; i++)
        {
            await broker.PublishAsync("desk-lamp/level/set", $"{i}");
        }

        await broker.WaitForAsync("desk-lamp/level/state", "99");
        Assert.False(overlapped);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => $"{i}"),
            broker
                .Published.All.Where(p => p.Topic == "desk-lamp/level/state")
                .Select(p => p.Payload)
        );
    }

    [Fact]
    public async Task Timers_take_their_turns_on_the_device_s_clock()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var sensor = lamp.Device.AddSensor("uptime", "s");
        var seconds = 0;
        lamp.Device.Every(
            TimeSpan.FromSeconds(10),
            async token => await sensor.ReportAsync(seconds += 10, token)
        );
        await lamp.ConnectAsync(broker.Connection);
        using var calledOff = lamp.Device.After(
            TimeSpan.FromSeconds(5),
            _ => throw new InvalidOperationException("Called off.")
        );
        lamp.Device.After(
            TimeSpan.FromSeconds(15),
            async token => await sensor.ReportTextAsync("once", token)
        );
        calledOff.Dispose();

        lamp.Clock.Advance(TimeSpan.FromSeconds(10));
        await broker.WaitForAsync("desk-lamp/uptime/state", "10");
        lamp.Clock.Advance(TimeSpan.FromSeconds(5));
        await broker.WaitForAsync("desk-lamp/uptime/state", "once");
        lamp.Clock.Advance(TimeSpan.FromSeconds(5));
        await broker.WaitForAsync("desk-lamp/uptime/state", "20");

        Assert.DoesNotContain(lamp.Notices.All, n => n.Kind == HearthNoticeKind.HandlerFailed);
    }
}
