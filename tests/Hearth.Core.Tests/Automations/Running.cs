namespace Hearth.Core.Tests.Automations;

public sealed class Running
{
    [Fact]
    public void Actions_are_done_in_order_and_the_trace_says_so()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"action":"light.turn_on","target":{"entity_id":"light.lamp"} },
                 {"event":"done","event_data":{"n":"{{ 1 + 1 }}"} }]
                """
            );
        home.Go();
        Assert.Equal(["light.lamp light.turn_on"], home.Told());
        Assert.Equal(["done {\"n\":2}"], home.Said());
        Assert.Equal(["action/0", "action/1"], home.Paths());
        Assert.Equal(["finished"], home.Ends());
    }

    [Fact]
    public void A_condition_that_does_not_hold_keeps_a_run_from_beginning()
    {
        var home = ARun.Home()
            .OnGo(
                """[{"event":"done"}]""",
                """
                "conditions":[{"condition":"state","entity_id":"light.lamp","state":"on"}],
                """
            );
        home.Go();
        Assert.Empty(home.Said());
        Assert.Equal(["failed_conditions"], home.Ends());
        Assert.Contains("\"state\":\"off\"", home.Traces().Single());
        home.Receive("lamp/state", "ON");
        home.Go();
        Assert.Equal(["done {}"], home.Said());
    }

    [Theory]
    [InlineData(
        """{"condition":"numeric_state","entity_id":"sensor.desk_power","above":5}""",
        true
    )]
    [InlineData(
        """{"condition":"numeric_state","entity_id":"sensor.desk_power","above":10}""",
        false
    )]
    [InlineData(
        """{"condition":"numeric_state","entity_id":"sensor.desk_power","below":11}""",
        true
    )]
    [InlineData(
        """{"condition":"template","value_template":"{{ is_state('light.lamp','off') }}"}""",
        true
    )]
    [InlineData("\"{{ states('sensor.desk_power') | float > 50 }}\"", false)]
    [InlineData(
        """{"or":[{"condition":"template","value_template":"{{ false }}"},"{{ true }}"]}""",
        true
    )]
    [InlineData("""{"not":["{{ true }}"]}""", false)]
    [InlineData("""{"and":["{{ true }}","{{ false }}"]}""", false)]
    [InlineData("""{"condition":"trigger","id":"0"}""", true)]
    [InlineData("""{"condition":"trigger","id":"other"}""", false)]
    [InlineData("""{"condition":"time","after":"17:00:00","before":"19:00:00"}""", true)]
    [InlineData("""{"condition":"time","after":"19:00:00"}""", false)]
    [InlineData("""{"condition":"time","weekday":["mon"]}""", true)]
    [InlineData("""{"condition":"time","weekday":["sat","sun"]}""", false)]
    [InlineData(
        """{"condition":"state","entity_id":["light.lamp","switch.desk"],"state":"off"}""",
        true
    )]
    [InlineData(
        """{"condition":"state","entity_id":["light.lamp","switch.desk"],"state":"on"}""",
        false
    )]
    [InlineData("""{"condition":"state","entity_id":"light.gone","state":"on"}""", false)]
    [InlineData("""{"condition":"state","entity_id":"light.lamp","state":"off","for":60}""", false)]
    [InlineData("\"{{ 1 / 0 }}\"", false)]
    [InlineData("\"{{ 1 }}\"", false)]
    [InlineData("\"{{ 'True' }}\"", true)]
    public void Conditions_say_what_they_say(string condition, bool holds)
    {
        var home = ARun.Home().OnGo("""[{"event":"done"}]""", $"\"conditions\":[{condition}],");
        home.Go();
        Assert.Equal(holds ? ["finished"] : ["failed_conditions"], home.Ends());
    }

    [Fact]
    public void A_state_condition_with_for_holds_after_its_time()
    {
        var home = ARun.Home()
            .OnGo(
                """[{"event":"done"}]""",
                """
                "conditions":[{"condition":"state","entity_id":"light.lamp","state":"off","for":"00:01:00"}],
                """
            );
        home.Pass(59);
        home.Go();
        home.Pass(1);
        home.Go();
        Assert.Equal(["failed_conditions", "finished"], home.Ends());
    }

    [Fact]
    public void A_delay_outlives_a_crash()
    {
        var home = ARun.Home()
            .OnGo("""[{"event":"before"},{"delay":{"seconds":30} },{"event":"after"}]""");
        home.Go();
        home.Pass(10);
        home.Restarted();
        home.Pass(19);
        Assert.Equal(["before {}"], home.Said());
        home.Pass(1);
        Assert.Equal(["before {}", "after {}"], home.Said());
        Assert.Equal(["finished"], home.Ends());
    }

    [Fact]
    public void A_delay_whose_end_passed_while_down_goes_on_at_once_and_says_how_late()
    {
        var home = ARun.Home().OnGo("""[{"delay":"00:00:30"},{"event":"after"}]""");
        home.Go();
        home.Crash(secondsDown: 100);
        home.Pass(0);
        Assert.Equal(["after {}"], home.Said());
        Assert.Contains("\"late\":70", string.Concat(home.Traces()));
    }

    [Fact]
    public void Variables_are_kept_over_a_wait()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"variables":{"a":"{{ trigger.event.data.x }}","b":"{{ a * 2 }}","c":[1,"x"],"d":{"e":1.5} } },
                 {"delay":1},
                 {"event":"done","event_data":{"a":"{{ a }}","b":"{{ b }}","c":"{{ c }}","d":"{{ d.e }}",
                  "t":"{{ trigger.event.data.x }}","p":"{{ trigger.platform }}","g":"{{ given }}"} }]
                """,
                """
                "variables":{"given":"{{ trigger.event.data.x + 1 }}"},
                """
            );
        home.Go("""{"x":21}""");
        home.Restarted();
        home.Pass(1);
        Assert.Equal(
            [
                "done {\"a\":21,\"b\":42,\"c\":[1,\"x\"],\"d\":1.5,\"t\":21,\"p\":\"event\",\"g\":22}",
            ],
            home.Said()
        );
    }

    [Fact]
    public void Choose_takes_the_first_that_holds_or_the_default()
    {
        const string Choose = """
            [{"choose":[
               {"conditions":"{{ trigger.event.data.x == 1 }}","sequence":[{"event":"one"}]},
               {"conditions":["{{ trigger.event.data.x > 0 }}"],"sequence":{"event":"more"} }],
              "default":[{"event":"none"}]},
             {"event":"end"}]
            """;
        var home = ARun.Home().OnGo(Choose);
        home.Go("""{"x":1}""");
        home.Go("""{"x":2}""");
        home.Go("""{"x":0}""");
        Assert.Equal(["one {}", "end {}", "more {}", "end {}", "none {}", "end {}"], home.Said());
        Assert.Contains("action/0/choose/1/sequence/0", home.Paths());
        Assert.Contains("action/0/default/0", home.Paths());
    }

    [Fact]
    public void If_then_else()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"if":"{{ trigger.event.data.x }}","then":[{"event":"yes"}],"else":[{"event":"no"}]}]
                """
            );
        home.Go("""{"x":true}""");
        home.Go("""{"x":false}""");
        Assert.Equal(["yes {}", "no {}"], home.Said());
        Assert.Equal(
            [
                "action/0/if/condition/0",
                "action/0",
                "action/0/then/0",
                "action/0/if/condition/0",
                "action/0",
                "action/0/else/0",
            ],
            home.Paths()
        );
    }

    [Fact]
    public void Repeat_counts_and_tells_where_it_is()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"repeat":{"count":"{{ 3 }}","sequence":[
                  {"event":"round","event_data":{"i":"{{ repeat.index }}","l":"{{ repeat.last }}"} },
                  {"delay":1}]} }]
                """
            );
        home.Go();
        home.Restarted();
        home.Pass(10);
        Assert.Equal(
            [
                "round {\"i\":1,\"l\":false}",
                "round {\"i\":2,\"l\":false}",
                "round {\"i\":3,\"l\":true}",
            ],
            home.Said()
        );
        Assert.Equal(["finished"], home.Ends());
    }

    [Fact]
    public void Repeat_for_each_while_and_until()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"repeat":{"for_each":["a",{"b":"c"}],"sequence":[
                  {"event":"each","event_data":{"x":"{{ repeat.item }}"} }]} },
                 {"repeat":{"while":"{{ repeat.index <= 2 }}","sequence":[{"event":"while"}]} },
                 {"repeat":{"until":"{{ repeat.index == 2 }}","sequence":[{"event":"until"}]} },
                 {"repeat":{"count":0,"sequence":[{"event":"never"}]} }]
                """
            );
        home.Go();
        Assert.Equal(
            [
                "each {\"x\":\"a\"}",
                "each {\"x\":{\"b\":\"c\"}}",
                "while {}",
                "while {}",
                "until {}",
                "until {}",
            ],
            home.Said()
        );
    }

    [Fact]
    public void A_condition_inside_a_loop_ends_the_round_and_at_the_top_the_run()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"repeat":{"count":3,"sequence":[
                  "{{ repeat.index != 2 }}",
                  {"event":"round","event_data":{"i":"{{ repeat.index }}"} }]} },
                 {"condition":"state","entity_id":"light.lamp","state":"on"},
                 {"event":"never"}]
                """
            );
        home.Go();
        Assert.Equal(["round {\"i\":1}", "round {\"i\":3}"], home.Said());
        Assert.Equal(["aborted"], home.Ends());
    }

    [Fact]
    public void An_endless_loop_is_stopped_with_a_reason()
    {
        var home = ARun.Home()
            .OnGo("""[{"repeat":{"while":"{{ true }}","sequence":[{"event":"again"}]} }]""");
        home.Go();
        Assert.Contains("steps without waiting", home.Ends().Single());
    }

    [Fact]
    public void Parallel_branches_go_on_by_themselves_and_the_rest_waits_for_all()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"variables":{"x":1} },
                 {"parallel":[
                   [{"delay":2},{"event":"slow","event_data":{"x":"{{ x }}"} }],
                   {"sequence":[{"variables":{"x":2} },{"delay":1},{"event":"fast","event_data":{"x":"{{ x }}"} }]},
                   {"event":"now"}]},
                 {"event":"all","event_data":{"x":"{{ x }}"} }]
                """
            );
        home.Go();
        Assert.Equal(["now {}"], home.Said());
        home.Restarted();
        home.Pass(1);
        home.Restarted();
        home.Pass(5);
        Assert.Equal(["now {}", "fast {\"x\":2}", "slow {\"x\":1}", "all {\"x\":1}"], home.Said());
    }

    [Fact]
    public void Stop_ends_the_run_from_anywhere()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"if":"{{ true }}","then":[{"stop":"enough"}]},{"event":"never"}]
                """
            );
        home.Go();
        Assert.Empty(home.Said());
        Assert.Equal(["finished"], home.Ends());
        Assert.Contains("enough", home.Traces().Single());
    }

    [Fact]
    public void A_failure_ends_the_run_with_its_step_and_reason()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"action":"light.turn_on","target":{"entity_id":"light.gone"} },{"event":"never"}]
                """
            );
        home.Go();
        Assert.Equal(["action/0: There is no entity light.gone."], home.Ends());
        Assert.Empty(home.Said());
    }

    [Fact]
    public void With_continue_on_error_the_run_goes_on()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"action":"light.turn_on","target":{"entity_id":"light.gone"},"continue_on_error":true},
                 {"sequence":[{"event":"x","event_data":{"y":"{{ 1/0 }}"} },{"event":"never"}],"continue_on_error":true},
                 {"event":"end"}]
                """
            );
        home.Go();
        Assert.Equal(["end {}"], home.Said());
        Assert.Equal(["finished"], home.Ends());
    }
}
