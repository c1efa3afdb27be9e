using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Rehearsal;
using Hearth.Core.Tests.Automations;

namespace Hearth.Core.Tests.Rehearsal;

/// <summary>What a rehearsal says besides when a draft would have run.</summary>
public sealed class WorthALook
{
    private const string Off = """
        "actions":[{"action":"switch.turn_off","target":{"entity_id":"switch.desk"} }]
        """;

    private static string Above(int seconds, string more = "") =>
        $$"""
            {"alias":"Draft","triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power",
            "above":50,"for":{{seconds}}}],{{more}}{{Off}}}
            """;

    [Fact]
    public void It_says_when_why_and_what_and_changes_nothing()
    {
        var home = On(ARun.Home());
        home.Power("63.2");
        home.Pass(30);
        var before = home.Home.Capture().ToBytes();

        var report = home.Rehearse(Above(10));

        Assert.Equal(["00:00:10 0: switch.turn_off switch.desk"], report.Told());
        var run = report.Runs[0];
        Assert.Contains("\"to\":\"63.2\"", run.Facts, StringComparison.Ordinal);
        Assert.StartsWith(
            "Automation Draft fired: Desk Power was 63.2 W, above 50 W for 10 s, since 18:00",
            run.Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal("finished", run.Result);
        var reading = home.Events.Single(item => item.Id == run.CauseId);
        Assert.Equal(new EntityId("sensor.desk_power"), ((StateChanged)reading.Data).Entity);
        Assert.Equal(before, home.Home.Capture().ToBytes());
    }

    [Fact]
    public void What_a_condition_stops_is_told_with_what_it_saw()
    {
        var home = ARun.Home();
        home.Power("63.2");
        home.Pass(30);
        const string condition =
            "\"conditions\":[{\"condition\":\"state\",\"entity_id\":\"switch.desk\",\"state\":\"on\"}],";

        var report = home.Rehearse(Above(10, condition));

        Assert.Empty(report.Runs);
        var skipped = Assert.Single(report.Skipped);
        Assert.Equal("failed_conditions", skipped.StoppedBy);
        Assert.Contains("\"state\":\"off\"", skipped.Traces[0].Json, StringComparison.Ordinal);
        Assert.Contains(
            "Once its trigger came in vain.",
            report.Sentence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(74, false)]
    [InlineData(75, true)]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public void A_trigger_that_held_for_most_of_its_time_is_a_near_miss(int seconds, bool isOne)
    {
        var home = On(ARun.Home());
        home.Power("63.2");
        home.Pass(seconds);
        home.Power("4");
        home.Pass(60);

        var report = home.Rehearse(Above(100));

        Assert.Equal(isOne, report.NearMisses.Count == 1);
        if (report.NearMisses is [var miss])
        {
            Assert.Equal(AHome.Monday, miss.Since);
            Assert.Equal((seconds, 100), (miss.Lasted.TotalSeconds, miss.Wanted.TotalSeconds));
            Assert.Contains("Closest: 2 Mar 18:00", report.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_hand_on_the_switch_soon_after_marks_the_run()
    {
        var home = On(ARun.Home());
        home.Power("63.2");
        home.Pass(60);
        home.Receive("desk/state", "OFF");
        home.Pass(120);
        home.Receive("desk/state", "ON");

        var undone = home.Rehearse(Above(10)).Runs[0].UndoneBy!;

        Assert.Equal(AHome.Monday.AddSeconds(180), undone.At);
        Assert.Equal(new EntityId("switch.desk"), undone.Entity);
        Assert.Null(undone.By);
    }

    [Fact]
    public void A_command_of_a_person_soon_after_marks_the_run_and_a_later_one_does_not()
    {
        var home = On(ARun.Home());
        home.Power("63.2");
        home.Pass(200);
        home.Call("switch.turn_on", "switch.desk");
        home.Power("4");
        home.Pass(60);
        home.Power("63.2");
        home.Pass(400);
        home.Call("switch.turn_on", "switch.desk");

        var report = home.Rehearse(Above(10));

        Assert.Equal("anonymous", report.Runs[0].UndoneBy!.By);
        Assert.Null(report.Runs[1].UndoneBy);
        Assert.Contains(
            "Once somebody did the opposite",
            report.Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_the_meter_counted_until_it_was_off_would_have_been_saved()
    {
        var home = On(ARun.Home());
        home.Power("100");
        home.Pass(10);
        home.Pass(TimeSpan.FromHours(2));
        home.Power("1000");
        home.Pass(TimeSpan.FromHours(1));
        home.Receive("desk/state", "OFF");
        home.Pass(TimeSpan.FromHours(5));

        var report = home.Rehearse(Above(10));

        Assert.Equal(TimeSpan.FromHours(3), report.Saved.Sooner);
        Assert.Equal(1.2, report.Saved.Energy!.Value, 9);
        Assert.Equal([new EntityId("sensor.desk_power")], report.Saved.MeasuredBy);
        Assert.Contains(
            "It would have turned off 3 h 0 min sooner and saved about 1.2 kWh.",
            report.Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_lamp_without_a_meter_has_the_one_whose_threshold_turned_it_off()
    {
        var home = ARun.Home();
        home.Receive("lamp/state", "ON");
        home.Power("60");
        home.Pass(10);
        home.Pass(TimeSpan.FromHours(1));
        home.Receive("lamp/state", "OFF");

        var report = home.Rehearse(
            """
            {"triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":50,
            "for":10}],
            "actions":[{"action":"light.turn_off","target":{"area_id":"living_room"} }]}
            """
        );

        Assert.Equal(0.06, report.Saved.Energy!.Value, 9);
        Assert.Equal([new EntityId("sensor.desk_power")], report.Saved.MeasuredBy);
    }

    [Fact]
    public void A_lamp_that_nothing_measures_is_only_off_sooner()
    {
        var home = ARun.Home();
        home.Receive("lamp/state", "ON");
        home.Pass(TimeSpan.FromHours(1));

        var report = home.Rehearse(
            """
            {"triggers":[{"trigger":"state","entity_id":"light.lamp","to":"on","for":"00:30:00"}],
            "actions":[{"action":"light.turn_off","target":{"entity_id":"light.lamp"} }]}
            """
        );

        Assert.Null(report.Saved.Energy);
        Assert.Equal(TimeSpan.FromMinutes(30), report.Saved.Sooner);
    }

    [Fact]
    public void A_draft_that_runs_every_second_is_told_to_wait()
    {
        var home = ARun.Home();
        home.Pass(TimeSpan.FromDays(1));

        var report = home.Rehearse(
            """
            {"triggers":[{"trigger":"time_pattern","seconds":"*"}],
            "actions":[{"event":"tick"}]}
            """
        );

        Assert.Equal(50_000, report.RunCount);
        Assert.Equal(1_000, report.Runs.Count);
        Assert.NotNull(report.EndedEarly);
        Assert.Contains("consider a duration", report.Sentence, StringComparison.Ordinal);
        Assert.Contains("it ends there", report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lamp_that_was_lost_and_came_back_was_not_switched()
    {
        var home = On(AHome.WithAPlug(AHome.WithLwt));
        home.Receive("desk/lwt", "online");
        home.Receive("desk/state", "ON");
        home.Power("10");
        home.Power("63.2");
        home.Pass(60);
        home.Receive("desk/lwt", "offline");
        home.Pass(60);
        home.Receive("desk/lwt", "online");

        Assert.Null(home.Rehearse(Above(10)).Runs[0].UndoneBy);
    }

    [Theory]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("1e400")]
    [InlineData("1e300")]
    public void A_meter_that_says_nonsense_spoils_nothing(string nonsense)
    {
        var home = On(ARun.Home());
        home.Power("100");
        home.Pass(10);
        home.Power(nonsense);
        home.Pass(TimeSpan.FromHours(1));
        home.Receive("desk/state", "OFF");

        Assert.InRange(home.Rehearse(Above(10)).Saved.Energy!.Value, 0, 0.2);
    }

    [Fact]
    public void A_draft_that_runs_with_every_reading_ends_early_and_says_so()
    {
        var home = ARun.Home();
        for (var reading = 0; reading < 50_100; reading++)
        {
            home.Now = home.Now.AddSeconds(1);
            home.Power($"{reading % 2}");
        }

        var report = home.Rehearse(
            """
            {"mode":"parallel","triggers":[{"trigger":"state","entity_id":"sensor.desk_power"}],
            "actions":[{"event":"tick"}]}
            """
        );

        Assert.Equal(50_000, report.RunCount);
        Assert.True(report.EndedEarly < home.Now);
        Assert.Equal(report.EndedEarly, report.Times.To);
    }

    [Fact]
    public void A_run_that_goes_round_for_ever_is_given_up()
    {
        var home = ARun.Home();
        home.Go();
        home.Pass(TimeSpan.FromDays(40));

        var report = home.Rehearse(
            """
            {"triggers":[{"trigger":"event","event_type":"go"}],"actions":[{"repeat":{
            "while":"{{ true }}","sequence":[{"delay":1},{"event":"tick"}]} }]}
            """
        );

        Assert.NotNull(report.EndedEarly);
        Assert.InRange(report.Runs[0].Actions.Count, 100, 1_000);
        Assert.InRange(report.Runs[0].Traces.Count, 100, 1_000);
    }

    [Fact]
    public void What_waits_for_a_time_that_never_comes_is_given_up()
    {
        var home = ARun.Home();
        var start = home.Now;
        var draft = Draft.Read(
            """
            {"triggers":{"trigger":"template","value_template":"{{ now().year == 1 }}"},"actions":[]}
            """,
            null,
            out _
        )!;
        var times = new RehearsalTimes(start, start, start.AddYears(7_000));
        var rehearsal = DraftRehearsal.Begin(home.Home.Capture(), draft, times, ARehearsal.AsItWas);

        Assert.NotNull(rehearsal.End(times.To).EndedEarly);
    }

    [Fact]
    public void Who_waits_may_give_it_up()
    {
        var home = ARun.Home();
        var draft = Draft.Read(
            """{"triggers":{"trigger":"time_pattern","seconds":"*"},"actions":[]}""",
            null,
            out _
        )!;
        var times = new RehearsalTimes(home.Now, home.Now, home.Now.AddDays(1));
        var rehearsal = DraftRehearsal.Begin(
            home.Home.Capture(),
            draft,
            times,
            ARehearsal.AsItWas,
            isGivenUp: () => true
        );

        Assert.NotNull(rehearsal.End(times.To).EndedEarly);
        Assert.True(rehearsal.IsOver);
    }

    [Fact]
    public void A_device_that_was_put_into_an_area_since_is_in_it()
    {
        var home = AHome.WithAPlug();
        home.Receive("desk/state", "ON");
        var desk = new DeviceId("desk");
        Assert.Null(home.Ask(new ArrangeDevice(desk, "{\"area\":\"Office\"}")).Refusal);
        home.Pass(10);
        home.Go();

        var report = home.Rehearse(
            """
            {"triggers":[{"trigger":"event","event_type":"go"}],
            "actions":[{"action":"switch.turn_off","target":{"area_id":"office"} }]}
            """
        );

        Assert.Equal(["00:00:10 0: switch.turn_off switch.desk"], report.Told());
    }

    [Theory]
    [InlineData("\"for\":\"02:00:00\"", 24)]
    [InlineData("\"for\":{\"hours\":30}", 30)]
    [InlineData("\"for\":{\"days\":300}", 31 * 24)]
    [InlineData("\"for\":\"{{ 5 }}\"", 24)]
    public void A_rehearsal_begins_as_much_earlier_as_a_trigger_must_hold(string lasts, int hours)
    {
        var draft = Draft.Read(
            $$"""
            {"triggers":[{"trigger":"state","entity_id":"light.a",{{lasts}}}],"actions":[]}
            """,
            null,
            out _
        );

        Assert.Equal(hours, draft!.WarmUp.TotalHours);
    }

    [Fact]
    public void What_waits_for_a_message_depends_on_messages()
    {
        const string waiting = """
            {"triggers":[{"trigger":"state","entity_id":"light.a"}],"actions":[{"if":"{{ true }}",
            "then":[{"wait_for_trigger":[{"trigger":"mqtt","topic":"a"}]}]}]}
            """;
        const string plain = """{"triggers":[{"trigger":"sun","event":"sunset"}],"actions":[]}""";

        Assert.Equal(RetentionClass.Message, Draft.Read(waiting, null, out _)!.Reads);
        Assert.Equal(RetentionClass.State, Draft.Read(plain, null, out _)!.Reads);
    }

    [Fact]
    public void What_it_would_have_said_and_published_is_written_down()
    {
        var home = ARun.Home();
        home.With("other", "\"triggers\":[],\"actions\":[{\"stop\":\"\"}]");
        home.Go();

        var report = home.Rehearse(
            """
            {"triggers":[{"trigger":"event","event_type":"go"}],"actions":[
            {"action":"notify.ana","data":{"message":"Hello"} },
            {"action":"mqtt.publish","data":{"topic":"a/b","payload":"1"} },
            {"event":"done"},
            {"action":"automation.trigger","target":{"entity_id":"automation.other"} },
            {"action":"automation.turn_off","target":{"entity_id":"automation.other"} }]}
            """
        );

        Assert.Equal(
            [
                "notification notify.ana ",
                "message a/b ",
                "event done ",
                "automation automation.trigger automation.other",
                "automation automation.turn_off automation.other",
            ],
            report.Runs[0].Actions.Select(item => $"{item.Kind} {item.Action} {item.Target}")
        );
    }

    [Fact]
    public void What_fails_says_where()
    {
        var home = ARun.Home();
        home.Go();

        var report = home.Rehearse(
            """
            {"triggers":[{"trigger":"event","event_type":"go"}],
            "actions":[{"action":"light.turn_on","target":{"entity_id":"light.nobody"} }]}
            """
        );

        Assert.Equal("failed", report.Runs[0].Result);
        Assert.Contains("action/0", report.Runs[0].Reason!, StringComparison.Ordinal);
        Assert.Contains("light.nobody", report.Runs[0].Reason!, StringComparison.Ordinal);
    }

    private static AHome On(AHome home)
    {
        home.Receive("desk/state", "ON");
        return home;
    }
}
