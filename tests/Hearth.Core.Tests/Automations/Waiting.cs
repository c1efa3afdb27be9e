namespace Hearth.Core.Tests.Automations;

/// <summary>Runs that wait for a trigger, for a template, and for how long.</summary>
public sealed class Waiting
{
    [Fact]
    public void Wait_for_trigger_goes_on_when_it_comes_and_tells_what_came()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"wait_for_trigger":[{"trigger":"state","entity_id":"light.lamp","to":"on","id":"lit"}],"timeout":60},
                 {"event":"lit","event_data":{"id":"{{ wait.trigger.id }}","left":"{{ wait.remaining }}",
                   "to":"{{ wait.trigger.to_state.state }}","done":"{{ wait.completed }}"} }]
                """
            );
        home.Go();
        home.Pass(20);
        home.Restarted();
        Assert.Empty(home.Said());
        home.Receive("lamp/state", "ON");
        Assert.Equal(
            ["lit {\"id\":\"lit\",\"left\":40.0,\"to\":\"on\",\"done\":true}"],
            home.Said()
        );
        home.Receive("lamp/state", "OFF");
        home.Receive("lamp/state", "ON");
        Assert.Single(home.Said());
    }

    [Fact]
    public void A_wait_for_trigger_with_for_holds_over_a_crash()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"wait_for_trigger":{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":50,"for":10} },
                 {"event":"high"}]
                """
            );
        home.Go();
        home.Power("60");
        home.Pass(5);
        home.Restarted();
        home.Pass(4);
        Assert.Empty(home.Said());
        home.Pass(1);
        Assert.Equal(["high {}"], home.Said());
    }

    [Fact]
    public void A_wait_whose_time_ran_out_while_down_is_decided_by_the_first_report()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"wait_for_trigger":{"trigger":"numeric_state",
                  "entity_id":"sensor.desk_power","above":50,"for":10} },
                 {"event":"high"}]
                """
            );
        home.Go();
        home.Power("60");
        home.Crash(secondsDown: 30);
        home.Pass(5);
        Assert.Empty(home.Said());
        home.Power("60");
        Assert.Equal(["high {}"], home.Said());
        home.Pass(100);
        Assert.Single(home.Said());
    }

    [Theory]
    [InlineData("", "after {\"done\":false}", "finished")]
    [InlineData(",\"continue_on_timeout\":false", null, "aborted")]
    public void A_wait_that_takes_too_long(string more, string? said, string end)
    {
        var home = ARun.Home()
            .OnGo(
                $$$"""
                [{"wait_template":"{{ is_state('light.lamp','on') }}","timeout":"00:00:05"{{{more}}}},
                 {"event":"after","event_data":{"done":"{{ wait.completed }}"} }]
                """
            );
        home.Go();
        home.Pass(5);
        Assert.Equal(said is null ? [] : [said], home.Said());
        Assert.Equal([end], home.Ends());
    }

    [Fact]
    public void Wait_template_goes_on_when_it_comes_true()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"variables":{"who":"light.lamp"} },
                 {"wait_template":"{{ is_state(who,'on') }}"},{"event":"on"}]
                """
            );
        home.Go();
        home.Restarted();
        home.Pass(1000);
        Assert.Empty(home.Said());
        home.Receive("lamp/state", "ON");
        Assert.Equal(["on {}"], home.Said());
        home.Go();
        Assert.Equal(["on {}", "on {}"], home.Said());
    }
}
