using Hearth.Core.Automations;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core.Tests.Automations;

public sealed class Modes
{
    private const string Slow = """[{"event":"begin"},{"delay":10},{"event":"end"}]""";

    [Fact]
    public void Single_does_not_begin_again_while_it_runs()
    {
        var home = ARun.Home().OnGo(Slow);
        home.Go();
        home.Pass(5);
        home.Go();
        home.Pass(20);
        Assert.Equal(["begin {}", "end {}"], home.Said());
        Assert.Equal(["failed_single", "finished"], home.Ends());
        home.Go();
        Assert.Equal(3, home.Said().Count());
    }

    [Theory]
    [InlineData("", "WARN", RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"WARNING\",", "WARN", RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"warn\",", "WARN", RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"debug\",", "DEBUG", RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"info\",", "INFO", RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"error\",", "ERROR", RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"critical\",", "FATAL", RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"fatal\",", "FATAL", RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"notset\",", null, RetentionClass.State)]
    [InlineData("\"max_exceeded\":\"silent\",", null, RetentionClass.Message)]
    public void A_trigger_that_the_mode_stops_is_told_as_loudly_as_the_automation_wants(
        string wanted,
        string? severity,
        RetentionClass kept
    )
    {
        foreach (var mode in (string[])["single", "queued", "parallel"])
        {
            var home = ARun.Home().OnGo(Slow, $"\"mode\":\"{mode}\",\"max\":1,{wanted}");
            home.Go();
            home.Go();
            var stopped = home.Events.Last();
            Assert.NotNull(((AutomationTriggered)stopped.Data).StoppedBy);
            Assert.Equal(severity, EventAttributes.Of(stopped, "severitytext"));
            Assert.Equal(kept, stopped.Data.Retention);
        }
    }

    [Fact]
    public void What_a_condition_stops_and_what_runs_is_told_as_ever()
    {
        var home = ARun.Home()
            .OnGo(
                "[]",
                """
                "max_exceeded":"silent",
                "conditions":["{{ trigger.event.data.x == 1 }}"],
                """
            );
        home.Go("""{"x":1}""");
        home.Go("""{"x":2}""");
        Assert.Equal(
            [RetentionClass.Domain, RetentionClass.State],
            home.Of<AutomationTriggered>().Select(triggered => triggered.Retention)
        );
        Assert.All(home.Events, item => Assert.Null(EventAttributes.Of(item, "severitytext")));
    }

    [Fact]
    public void Restart_ends_the_old_run()
    {
        var home = ARun.Home().OnGo(Slow, "\"mode\":\"restart\",");
        home.Go();
        home.Pass(5);
        home.Go();
        home.Pass(5);
        Assert.Equal(["begin {}", "begin {}"], home.Said());
        home.Pass(5);
        Assert.Equal(["begin {}", "begin {}", "end {}"], home.Said());
        Assert.Equal(["cancelled", "finished"], home.Ends());
    }

    [Fact]
    public void Queued_runs_one_after_the_other_up_to_max_over_a_crash()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"event":"begin","event_data":{"x":"{{ trigger.event.data.x }}"} },{"delay":10}]
                """,
                "\"mode\":\"queued\",\"max\":2,"
            );
        home.Go("""{"x":1}""");
        home.Go("""{"x":2}""");
        home.Go("""{"x":3}""");
        Assert.Equal(["begin {\"x\":1}"], home.Said());
        home.Restarted();
        home.Pass(10);
        Assert.Equal(["begin {\"x\":1}", "begin {\"x\":2}"], home.Said());
        home.Pass(10);
        Assert.Equal(["failed_max_runs", "finished", "finished"], home.Ends());
    }

    [Fact]
    public void Parallel_runs_side_by_side_up_to_max()
    {
        var home = ARun.Home().OnGo(Slow, "\"mode\":\"parallel\",\"max\":2,");
        home.Go();
        home.Go();
        home.Go();
        home.Pass(10);
        Assert.Equal(["begin {}", "begin {}", "end {}", "end {}"], home.Said());
        Assert.Equal(["failed_max_runs", "finished", "finished"], home.Ends());
    }

    [Fact]
    public void What_is_changed_disabled_or_removed_runs_no_further()
    {
        foreach (
            var input in (Input[])
                [
                    new EnableAutomation("it", false),
                    new RemoveAutomation("it"),
                    new SaveAutomation("it", """{"triggers":[],"actions":[{"event":"other"}]}"""),
                ]
        )
        {
            var home = ARun.Home().OnGo(Slow);
            home.Go();
            Assert.Null(home.Ask(input).Refusal);
            home.Restarted();
            home.Pass(20);
            Assert.Equal(["begin {}"], home.Said());
            Assert.Equal(["cancelled"], home.Ends());
        }
    }

    [Fact]
    public void Automations_that_set_each_other_off_are_stopped_by_name()
    {
        var home = ARun.Home()
            .With(
                "ping",
                "\"triggers\":[{\"trigger\":\"event\",\"event_type\":\"ping\"}],\"actions\":[{\"event\":\"pong\"}]"
            )
            .With(
                "pong",
                "\"triggers\":[{\"trigger\":\"event\",\"event_type\":\"pong\"}],\"actions\":[{\"event\":\"ping\"}]"
            );
        home.Publish("ping");
        var failed = home.Of<AutomationFailed>().Single();
        Assert.Contains("set each other off", failed.Reason);
        Assert.Equal(16, home.Said().Count());
    }

    [Fact]
    public void A_run_by_hand_asks_no_conditions_and_a_waiting_single_run_no_second_one()
    {
        var home = ARun.Home().OnGo(Slow, "\"conditions\":[\"{{ false }}\"],");
        home.Ask(new TriggerAutomation("it"));
        home.Pass(10);
        Assert.Equal(["begin {}", "end {}"], home.Said());
    }
}
