using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Devices;

public sealed class Commands
{
    [Fact]
    public void A_command_is_requested_sent_and_acknowledged_by_the_report()
    {
        var home = AHome.WithAPlug();
        home.Receive("desk/state", "ON");
        Assert.Null(home.Call("switch.turn_off", "switch.desk"));
        var message = home.Of<MessagePublished>().Single();
        Assert.Equal(("desk/set", "OFF"), (message.Topic, message.Payload.Text));
        Assert.Equal(30u, message.Properties!.ExpirySeconds);
        home.Deliver();
        home.Receive("desk/state", "OFF");
        Assert.Equal(
            [
                "command.requested",
                "message.published",
                "command.sent",
                "message.received",
                "state.changed",
                "command.acknowledged",
                "device.state_changed",
            ],
            home.Types.SkipWhile(type => type != "command.requested")
        );
    }

    [Fact]
    public void The_change_that_a_command_brought_about_names_the_command_as_its_cause()
    {
        var home = AHome.WithAPlug();
        home.Receive("desk/state", "ON");
        home.Call("switch.turn_off", "switch.desk");
        home.Deliver();
        home.Receive("desk/state", "OFF");
        var requested = home.Events.Single(item => item.Data is CommandRequested);
        var change = home.Events.Last(item => item.Data is StateChanged);
        Assert.Equal(requested.Ref, change.Cause);
    }

    [Fact]
    public void A_report_before_the_command_was_sent_acknowledges_nothing()
    {
        var home = AHome.WithAPlug();
        home.Receive("desk/state", "ON");
        home.Call("switch.turn_off", "switch.desk");
        home.Receive("desk/state", "OFF");
        Assert.Empty(home.Of<CommandAcknowledged>());
    }

    [Fact]
    public void Nobody_subscribed_is_a_failure_at_once()
    {
        var home = AHome.WithAPlug();
        home.Call("switch.turn_on", "switch.desk");
        home.Deliver(sessions: 0);
        Assert.Equal("no_subscriber", home.Of<CommandFailed>().Single().Reason);
    }

    [Fact]
    public void Without_an_answer_a_command_expires_after_its_life()
    {
        var home = AHome.WithAPlug();
        home.Call("switch.turn_on", "switch.desk");
        home.Deliver();
        home.Pass(29);
        Assert.Empty(home.Of<CommandExpired>());
        home.Pass(1);
        Assert.Single(home.Of<CommandExpired>());
        Assert.Null(home.Home.NextWakeup);
    }

    [Fact]
    public void A_newer_command_supersedes_the_older()
    {
        var home = AHome.WithAPlug();
        home.Call("switch.turn_on", "switch.desk");
        home.Call("switch.turn_off", "switch.desk");
        Assert.Equal("superseded", home.Of<CommandFailed>().Single().Reason);
    }

    [Fact]
    public void A_toggle_is_never_one_on_the_wire()
    {
        var home = AHome.WithAPlug();
        home.Receive("desk/state", "ON");
        home.Call("switch.toggle", "switch.desk");
        Assert.Equal("switch.turn_off", home.Of<CommandRequested>().Single().Action);
        Assert.Equal("OFF", home.Of<MessagePublished>().Single().Payload.Text);
    }

    [Theory]
    [InlineData("switch.turn_on", "switch.nobody", RefusalKind.NotFound)]
    [InlineData("light.turn_on", "switch.desk", RefusalKind.Unsupported)]
    [InlineData("fly", "switch.desk", RefusalKind.Invalid)]
    [InlineData("switch.fly", "switch.desk", RefusalKind.Unsupported)]
    [InlineData("sensor.turn_on", "sensor.desk_power", RefusalKind.Unsupported)]
    public void What_cannot_be_done_is_refused_and_changes_nothing(
        string action,
        string entity,
        RefusalKind kind
    )
    {
        var home = AHome.WithAPlug();
        var before = home.Home.Capture().ToBytes();
        Assert.Equal(kind, home.Call(action, entity)?.Kind);
        Assert.Equal(before, home.Home.Capture().ToBytes());
    }
}
