using System.Text.RegularExpressions;
using CsCheck;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Rehearsal;
using Hearth.Core.Tests.Automations;

namespace Hearth.Core.Tests.Rehearsal;

/// <summary>What was live and is rehearsed over its own time does what it did, run by run, reason
/// by reason.</summary>
public sealed partial class LivedAndRehearsed
{
    private const string Off =
        "\"actions\":[{\"action\":\"switch.turn_off\",\"target\":{\"entity_id\":\"switch.desk\"} }]";

    private static readonly string[] Automations =
    [
        """
            "triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":50,
            "for":"00:00:10"}],
            """ + Off,
        """
            "triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power","below":20}],
            "conditions":[{"condition":"state","entity_id":"switch.desk","state":"on","for":5}],
            """ + Off,
        """
            "mode":"restart","triggers":[{"trigger":"state","entity_id":"switch.desk","to":"on"}],
            "actions":[{"delay":20},
            {"action":"switch.toggle","target":{"entity_id":"switch.desk"} }]
            """,
        """
            "mode":"queued","triggers":[{"trigger":"state","entity_id":"sensor.desk_power"}],
            "actions":[{"wait_for_trigger":[{"trigger":"state","entity_id":"switch.desk","for":3}],
            "timeout":15},{"event":"waited","event_data":{"done":"{{ wait.completed }}"} }]
            """,
        """
            "triggers":[{"trigger":"template","for":7,
            "value_template":"{{ states('sensor.desk_power')|float(0) > 30 and now().minute % 2 == 0 }}"}],
            """ + Off,
        """
            "mode":"parallel","triggers":[{"trigger":"time_pattern","seconds":"/40"},
            {"trigger":"time","at":"18:05:00"}],
            "conditions":"{{ is_state('switch.desk', 'on') }}",
            "actions":[{"wait_template":"{{ is_state('switch.desk', 'off') }}","timeout":30},
            {"action":"notify.me","data":{"message":"{{ trigger.now }}"} }]
            """,
        """
            "triggers":[{"trigger":"mqtt","topic":"elsewhere"},{"trigger":"event","event_type":"go"},
            {"trigger":"state","entity_id":"automation.other","to":"off","for":4}],
            "actions":[{"repeat":{"count":2,"sequence":[{"delay":3},{"event":"again"}]} },
            {"choose":[{"conditions":{"condition":"trigger","id":"1"},
            "sequence":{"action":"switch.turn_on","target":{"entity_id":"switch.desk"} } }],
            "default":{"stop":"enough"} }]
            """,
        """
            "triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":50,
            "for":"00:00:10","hysteresis":5}],
            """ + Off,
        """
            "triggers":[{"trigger":"state","entity_id":"switch.desk","from":"off","to":"on"}],
            "actions":[{"action":"automation.turn_off","target":{"entity_id":"automation.it"} }]
            """,
    ];

    // Named, so that a history that fails can be read.
    private sealed record Deed(string Name, Action<AHome> Do)
    {
        public override string ToString() => Name;
    }

    private static readonly Gen<Deed> Step = Gen.Frequency(
        (8, Gen.Int[0, 90].Select(watts => new Deed($"{watts} W", home => home.Power($"{watts}")))),
        (
            5,
            Gen.OneOf(Gen.Const("ON"), Gen.Const("OFF"))
                .Select(said => new Deed(said, home => home.Receive("desk/state", said)))
        ),
        (
            2,
            Gen.OneOf(Gen.Const("online"), Gen.Const("offline"))
                .Select(said => new Deed(said, home => home.Receive("desk/lwt", said)))
        ),
        (6, Gen.Int[0, 40].Select(time => new Deed($"{time} s", home => home.Pass(time)))),
        (
            1,
            Gen.OneOf(Gen.Const("turn_on"), Gen.Const("turn_off"))
                .Select(verb => new Deed(verb, home => home.Call("switch." + verb, "switch.desk")))
        ),
        (
            2,
            Gen.Int[0, 1]
                .Select(sessions => new Deed($"to {sessions}", home => home.Deliver(sessions)))
        ),
        (1, Gen.Int[0, 90].Select(time => new Deed($"down {time} s", home => home.Crash(time)))),
        (
            1,
            Gen.Bool.Select(on => new Deed(
                $"other {on}",
                home => home.Ask(new EnableAutomation("other", on))
            ))
        ),
        (
            1,
            Gen.Bool.Select(on => new Deed(
                $"device {on}",
                home => home.Ask(new EnableDevice(new DeviceId("desk"), on))
            ))
        ),
        (
            1,
            Gen.Int[-3, 3]
                .Select(hours => new Deed(
                    $"clock {hours} h",
                    home =>
                    {
                        home.Now += TimeSpan.FromHours(hours);
                        home.Ask(new ChangeClock(TimeSpan.FromHours(hours)));
                    }
                ))
        ),
        (1, Gen.Const(new Deed("go", home => home.Go()))),
        (1, Gen.Const(new Deed("it on", home => home.Ask(new EnableAutomation("it", true))))),
        (1, Gen.Const(new Deed("mqtt", home => home.Receive("elsewhere", "{\"a\": 1}"))))
    );

    [Fact]
    public void It_finds_exactly_the_runs_that_happened() =>
        Gen.Select(Gen.Int[0, Automations.Length - 1], Step.Array[0, 60])
            .Sample(
                (index, steps) =>
                {
                    var home = Home();
                    var definition = $"{{\"id\":\"it\",\"alias\":\"it\",{Automations[index]}}}";
                    home.Pass(61);
                    var saved = home.Now;
                    home.Saved(definition);
                    foreach (var step in steps)
                    {
                        step.Do(home);
                    }

                    home.Ask(new Wake());
                    var (lived, rehearsed) = (
                        Lived(home),
                        Rehearsed(home.Rehearse(definition, saved))
                    );
                    Assert.True(lived.SequenceEqual(rehearsed), Difference(home, lived, rehearsed));
                },
                iter: 300
            );

    [Fact]
    public void It_finds_them_from_the_middle_of_a_life_by_what_the_log_says_of_the_states_then() =>
        // A device that is shut out, and an automation that switched itself off, are what they are
        // at the end; whether a threshold within its hysteresis is held, only what came before
        // knows. Those two are the last.
        Gen.Select(
                Gen.Int[0, Automations.Length - 3],
                Step.Where(IsPlain).Array[0, 40],
                Step.Where(IsPlain).Array[0, 40]
            )
            .Sample(
                (index, before, after) =>
                {
                    var home = Home();
                    var definition = $"{{\"id\":\"it\",\"alias\":\"it\",{Automations[index]}}}";
                    home.Saved(definition);
                    Array.ForEach(before, step => step.Do(home));
                    home.Ask(new Wake());
                    var start = home.Now;
                    home.Pass(3_600.5);
                    var (from, last) = (home.Now, home.Home.Last);
                    Array.ForEach(after, step => step.Do(home));
                    home.Ask(new Wake());

                    var report = home.Rehearse(
                        definition,
                        new RehearsalTimes(start, from, DateTimeOffset.MaxValue),
                        home.PastAt(start)
                    );

                    var lived = Lived(home, last);
                    var rehearsed = Rehearsed(report);
                    Assert.True(lived.SequenceEqual(rehearsed), Difference(home, lived, rehearsed));
                },
                iter: 300
            );

    private static bool IsPlain(Deed deed) =>
        !deed.Name.StartsWith("device", StringComparison.Ordinal)
        && !deed.Name.StartsWith("clock", StringComparison.Ordinal);

    private static string Difference(AHome home, string[] lived, string[] rehearsed) =>
        string.Join(
            "\n",
            [
                "Only lived:",
                .. lived.Except(rehearsed),
                "Only rehearsed:",
                .. rehearsed.Except(lived),
                "The log:",
                .. home.Log.Select(row =>
                    $"{row.Time:HH:mm:ss} "
                    + string.Join(
                        "; ",
                        row.Events.Select(item => $"{item.Time:mm:ss} {Words(item.Data)}")
                    )
                ),
            ]
        );

    private static string Words(EventData data) =>
        data switch
        {
            StateChanged change => $"{change.Entity} {change.From.Shown} -> {change.To.Shown}",
            MessageReceived message => $"{message.Topic} {message.Payload.Text}",
            AutomationFinished ended => $"run {ended.Run.Value} {ended.Result}",
            AutomationWaiting waiting => $"run {waiting.Run.Value} waits",
            AutomationTriggered run => $"{run.Automation} {run.Trigger} {run.StoppedBy}",
            HubResumed resumed => $"resumed, down since {resumed.DownSince:mm:ss}",
            ClockChanged changed => $"clock by {changed.By}",
            _ => $"{data.Type} {data.Subject}",
        };

    private static AHome Home()
    {
        var home = AHome.WithAPlug(AHome.WithLwt);
        home.Receive("desk/lwt", "online");
        home.With(
            "other",
            """
            "triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":80}],
            "actions":[{"action":"switch.turn_on","target":{"entity_id":"switch.desk"} }]
            """
        );
        return home;
    }

    // A hub that stood still for less than it takes to be called down was late by seconds, of which
    // only what it did then tells.
    [GeneratedRegex(
        ",\"late\":[0-4](?:\\.[0-9]+)?\\b",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex AFewSecondsLate { get; }

    private static string[] Lived(AHome home, Sequence after = default)
    {
        var lines = new List<string>();
        foreach (var item in home.Events.Where(item => item.Sequence > after))
        {
            switch (item.Data)
            {
                case AutomationTriggered { Automation: "it" } run:
                    lines.Add(
                        $"{item.Time:O} {run.Trigger} {run.Entity} {run.StoppedBy} "
                            + AFewSecondsLate.Replace(run.Facts, "")
                    );
                    break;
                case CommandRequested command
                    when item.Principal.Value == "automation:it"
                        && item.Cause!.Value.Sequence > after:
                    lines.Add($"{item.Time:O} {command.Action} {command.Entity}");
                    break;
                case AutomationFinished { Automation: "it" } ended when ended.Run > after:
                    lines.Add($"{item.Time:O} ended {ended.Result}");
                    break;
                case AutomationFailed { Automation: "it" } failed when failed.Run > after:
                    lines.Add($"{item.Time:O} ended failed {failed.Step}: {failed.Reason}");
                    break;
            }
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static string[] Rehearsed(RehearsalReport report)
    {
        var lines = new List<string>();
        foreach (var run in report.Runs.Concat(report.Skipped))
        {
            lines.Add(
                $"{run.At:O} {run.Trigger} {run.Entity} {run.StoppedBy} "
                    + AFewSecondsLate.Replace(run.Facts, "")
            );
            lines.AddRange(
                run.Actions.Where(action => action.Kind == "command")
                    .Select(action => $"{action.At:O} {action.Action} {action.Target}")
            );
            if (run.Ended is { } ended)
            {
                var reason = run.Reason is null ? "" : " " + run.Reason;
                lines.Add($"{ended:O} ended {run.Result}{reason}");
            }
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
