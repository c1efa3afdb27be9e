using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Tests.Automations;

namespace Hearth.Core.Tests.Events;

/// <summary>Data may be 64 levels deep, and what is written around it is deeper still. A row that
/// could not be read back would be the end of its home.</summary>
public sealed class WhatIsDeeplyNested
{
    private static readonly string Deep = Nested(63);

    private static readonly string InAnObject = Within(64);

    [Fact]
    public void What_a_program_published_is_read_back_from_its_row()
    {
        var home = new AHome();
        home.Publish("deep", InAnObject);
        Assert.Equal(InAnObject, Assert.Single(home.Of<ProgramEvent>()).Content);
        Assert.Equal(home.Home.Last, home.Restored().Last);
    }

    [Fact]
    public void What_a_device_reported_is_read_back_from_its_row()
    {
        var home = new AHome();
        home.Receive(
            "homeassistant/sensor/note/config",
            """
            {"name":"Note","unique_id":"note","state_topic":"note/state",
            "json_attributes_topic":"note/more"}
            """
        );
        home.Receive("note/more", InAnObject);
        var change = Assert.Single(home.Of<StateChanged>());
        Assert.Equal(Deep, change.To.Attributes.Get("a"));
        Assert.Equal(home.Home.Last, home.Restored().Last);
    }

    [Fact]
    public void A_run_that_holds_it_goes_on_after_a_restart()
    {
        var home = ARun.Home();
        home.OnGo(Waiting);
        home.Go(Within(55));
        Assert.Contains(home.Events, item => item.Data is AutomationWaiting);
        home.Restarted();
        home.Pass(61);
        Assert.Equal([$"done {{\"kept\":{Nested(54)}}}"], home.Said());
    }

    [Fact]
    public void A_snapshot_with_such_a_run_is_read_back()
    {
        var home = ARun.Home();
        home.OnGo(Waiting);
        home.Go(Within(55));
        var snapshot = HomeSnapshot.FromBytes(home.Home.Capture().ToBytes());
        var restored = Home.Restore(home.Home.Id, snapshot, []);
        var outcome = restored.Decide(new Wake(), home.Now.AddSeconds(61));
        Assert.Contains(outcome.Events, item => item.Data is AutomationFinished);
    }

    [Fact]
    public void What_no_template_could_hold_is_none_for_it()
    {
        var home = ARun.Home();
        home.OnGo(
            "[{\"delay\":60},{\"event\":\"done\",\"event_data\":"
                + "{\"is\":\"{{ trigger.event.data is none }}\"}}]"
        );
        home.Go(Within(64));
        home.Restarted();
        home.Pass(61);
        Assert.Equal(["done {\"is\":true}"], home.Said());
    }

    private const string Waiting =
        "[{\"variables\":{\"kept\":\"{{ trigger.event.data.a }}\"}},{\"delay\":60},"
        + "{\"event\":\"done\",\"event_data\":{\"kept\":\"{{ kept }}\"}}]";

    private static string Within(int levels) => $"{{\"a\":{Nested(levels - 1)}}}";

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);
}
