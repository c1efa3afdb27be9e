using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Automations;

public sealed class Restarts
{
    [Fact]
    public void A_hold_still_running_goes_on()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        var due = home.Now.AddSeconds(10);
        home.Crash(secondsDown: 6);
        home.Pass(60);
        Assert.Equal(due, home.Events.Single(item => item.Data is AutomationTriggered).Time);
    }

    [Fact]
    public void A_hold_that_ran_out_while_down_is_decided_by_the_first_report()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        home.Crash(secondsDown: 30);
        home.Pass(5);
        Assert.Empty(home.Of<AutomationTriggered>());
        home.Power("63");
        var run = home.Of<AutomationTriggered>().Single();
        Assert.Contains("\"elapsed_while_down\":true", run.Facts);
    }

    [Fact]
    public void A_first_report_below_cancels()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        home.Crash(secondsDown: 30);
        home.Power("0");
        home.Pass(120);
        Assert.Empty(home.Of<AutomationTriggered>());
    }

    [Fact]
    public void Without_a_report_the_last_known_state_decides_after_a_minute()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        home.Crash(secondsDown: 30);
        var back = home.Now;
        home.Pass(120);
        var run = home.Events.Single(item => item.Data is AutomationTriggered);
        Assert.Equal(back.AddSeconds(60), run.Time);
    }

    [Fact]
    public void A_short_restart_is_invisible()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        home.Pass(8);
        home.Crash(secondsDown: 4);
        home.Pass(1);
        Assert.Single(home.Of<AutomationTriggered>());
        Assert.Empty(home.Of<HubResumed>());
    }

    [Fact]
    public void A_restart_is_by_itself_no_crossing()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        home.Pass(11);
        home.Crash(secondsDown: 600);
        home.Power("64");
        home.Pass(120);
        Assert.Single(home.Of<AutomationTriggered>());
        Assert.Equal(DeviceState.Triggered, home.Device("desk").State);
    }

    [Fact]
    public void A_command_that_was_under_way_goes_out_again_when_its_device_is_back()
    {
        var home = AHome.WithAPlug(AHome.WithLwt);
        home.Receive("desk/lwt", "online");
        home.Receive("desk/state", "ON");
        Assert.Null(home.Call("switch.turn_off", "switch.desk"));
        home.Deliver();
        home.Crash(secondsDown: 6);
        Assert.Single(home.Of<MessagePublished>());
        home.Receive("desk/lwt", "online");
        Assert.Equal(2, home.Of<MessagePublished>().Count());
        home.Deliver();
        home.Receive("desk/state", "OFF");
        Assert.Single(home.Of<CommandAcknowledged>());
    }

    [Fact]
    public void A_clock_that_jumps_leaves_durations_alone()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        home.Pass(5);
        home.Now += TimeSpan.FromHours(3);
        home.Ask(new ChangeClock(TimeSpan.FromHours(3)));
        Assert.Empty(home.Of<AutomationTriggered>());
        home.Pass(4);
        Assert.Empty(home.Of<AutomationTriggered>());
        home.Pass(2);
        Assert.Single(home.Of<AutomationTriggered>());
    }

    [Fact]
    public void A_small_step_of_the_clock_backwards_holds_time_still()
    {
        var home = AHome.WithAPlug();
        home.Power("1");
        var before = home.Now;
        home.Now -= TimeSpan.FromSeconds(20);
        home.Power("2");
        Assert.Equal(before, home.Events.Last().Time);
    }
}
