using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Automations;

public sealed class Thresholds
{
    [Fact]
    public void A_threshold_held_for_its_time_fires_once()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63.2");
        home.Pass(9);
        Assert.Empty(home.Of<AutomationTriggered>());
        home.Pass(60);
        home.Power("64");
        home.Pass(60);
        Assert.Single(home.Of<AutomationTriggered>());
        Assert.Single(home.Of<CommandRequested>());
    }

    [Fact]
    public void The_run_happens_at_the_moment_it_was_due_however_late_the_wake_comes()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63.2");
        var crossed = home.Now;
        home.Now += TimeSpan.FromSeconds(25);
        home.Ask(new Wake());
        var run = home.Events.Single(item => item.Data is AutomationTriggered);
        Assert.Equal(crossed.AddSeconds(10), run.Time);
        Assert.Equal(crossed.AddSeconds(25), run.RecordedTime);
    }

    [Fact]
    public void Falling_below_within_the_time_cancels()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63.2");
        home.Pass(5);
        home.Power("50");
        home.Pass(60);
        Assert.Empty(home.Of<AutomationTriggered>());
    }

    [Fact]
    public void Equality_is_outside()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("50");
        home.Pass(60);
        Assert.Empty(home.Of<AutomationTriggered>());
    }

    [Fact]
    public void With_hysteresis_a_value_that_trembles_counts_once()
    {
        var home = AHome.WithAPlug().WithTheRule(",\"hysteresis\":5");
        home.Power("0");
        home.Power("51");
        home.Pass(4);
        home.Power("48");
        home.Pass(7);
        Assert.Single(home.Of<AutomationTriggered>());
        home.Power("45");
        Assert.Equal(DeviceState.Active, home.Device("desk").State);
        home.Power("51");
        home.Pass(11);
        Assert.Equal(2, home.Of<AutomationTriggered>().Count());
    }

    [Fact]
    public void Coming_back_from_unavailable_is_no_crossing()
    {
        var home = AHome.WithAPlug(AHome.WithLwt).WithTheRule();
        home.Receive("desk/lwt", "online");
        home.Power("0");
        home.Receive("desk/lwt", "offline");
        home.Power("63");
        home.Receive("desk/lwt", "online");
        home.Pass(60);
        Assert.Empty(home.Of<AutomationTriggered>());
        Assert.Equal(DeviceState.Triggered, home.Device("desk").State);
    }

    [Fact]
    public void The_first_value_is_no_crossing()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("63");
        home.Pass(60);
        Assert.Empty(home.Of<AutomationTriggered>());
    }

    [Fact]
    public void The_device_is_triggered_while_the_threshold_holds()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        Assert.Equal(DeviceState.Active, home.Device("desk").State);
        home.Pass(10);
        Assert.Equal(DeviceState.Triggered, home.Device("desk").State);
        Assert.Contains("above 50", home.Device("desk").Reason);
        home.Power("1");
        Assert.Equal(DeviceState.Active, home.Device("desk").State);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("remove")]
    [InlineData("change")]
    public void Triggered_ends_with_the_automation(string how)
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63");
        home.Pass(10);
        Input input = how switch
        {
            "disable" => new EnableAutomation("lights-out", false),
            "remove" => new RemoveAutomation("lights-out"),
            _ => new SaveAutomation(
                "lights-out",
                """
                {"triggers":{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":90},
                "actions":{"action":"switch.turn_off","target":{"entity_id":"switch.desk"}}}
                """
            ),
        };
        Assert.Null(home.Ask(input).Refusal);
        Assert.Equal(DeviceState.Active, home.Device("desk").State);
        Assert.Null(home.Home.NextWakeup is { } at && at > home.Now.AddSeconds(31) ? at : null);
    }

    [Fact]
    public void A_run_carries_why_by_value()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        home.Power("63.2");
        home.Pass(10);
        var facts = home.Of<AutomationTriggered>().Single().Facts;
        Assert.Equal(
            """
            {"platform":"numeric_state","entity_id":"sensor.desk_power","from":"0","to":"63.2","above":50,"unit_of_measurement":"W","since":"2026-03-02T18:00:00Z","for":10}
            """,
            facts
        );
    }

    [Fact]
    public void A_run_carries_who_began_it_by_value_over_a_restart()
    {
        var home = AHome.WithAPlug().WithTheRule();
        home.Power("0");
        var reading = Payload.FromText("""{"power":63}""");
        var ana = new Principal("user:ana");
        home.Ask(new ReceiveMessage("desk/power", reading, 1, false, "t") { Principal = ana });
        home.Crash(secondsDown: 1);
        home.Pass(10);
        Assert.Contains("\"by\":\"user:ana\"", home.Of<AutomationTriggered>().Single().Facts);
    }

    [Fact]
    public void A_state_held_for_its_time_fires()
    {
        var home = AHome
            .WithAPlug()
            .Saved(
                """
                {"id":"on-too-long","trigger":{"platform":"state","entity_id":"switch.desk","to":"on",
                "for":{"hours":2}},"action":{"service":"switch.turn_off","entity_id":"switch.desk"}}
                """
            );
        home.Receive("desk/state", "OFF");
        home.Receive("desk/state", "ON");
        home.Pass(TimeSpan.FromHours(1.9));
        Assert.Empty(home.Of<AutomationTriggered>());
        home.Pass(TimeSpan.FromHours(0.2));
        Assert.Single(home.Of<AutomationTriggered>());
        Assert.Equal(DeviceState.Triggered, home.Device("desk").State);
        home.Receive("desk/state", "OFF");
        Assert.Equal(DeviceState.Off, home.Device("desk").State);
    }

    [Fact]
    public void A_bus_event_sets_off_what_waits_for_it()
    {
        var home = AHome
            .WithAPlug()
            .Saved(
                """
                {"id":"listen","triggers":[{"trigger":"event","event_type":"energy.threshold_exceeded",
                "event_data":{"lamp":"desk"}}],
                "actions":[{"action":"homeassistant.turn_off","target":{"device_id":"desk"}}]}
                """
            );
        home.Ask(Published("1", """{"lamp":"hall"}"""));
        Assert.Empty(home.Of<AutomationTriggered>());
        home.Ask(Published("2", """{"lamp":"desk","watts":63.2}"""));
        Assert.Single(home.Of<AutomationTriggered>());
        Assert.Equal("switch.turn_off", home.Of<CommandRequested>().Single().Action);
    }

    [Fact]
    public void Automations_that_set_each_other_off_are_stopped_and_named()
    {
        var home = AHome
            .WithAPlug()
            .Saved(
                """
                {"id":"echo","triggers":[{"trigger":"event","event_type":"hearth.command.requested"}],
                "actions":[{"action":"switch.turn_on","target":{"entity_id":"switch.desk"}}]}
                """
            );
        Assert.Null(home.Call("switch.turn_off", "switch.desk"));
        Assert.Contains("went through 16 automations", home.Of<AutomationFailed>().Single().Reason);
        Assert.InRange(home.Of<AutomationTriggered>().Count(), 16, 17);
    }

    private static PublishEvents Published(string id, string data) =>
        new([
            new NewEvent(
                id,
                "/tracker",
                null,
                new ProgramEvent(
                    "energy.threshold_exceeded",
                    null,
                    null,
                    null,
                    ContentKind.Json,
                    data,
                    []
                )
            ),
        ]);
}
