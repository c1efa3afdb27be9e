using CsCheck;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Tests;

/// <summary>What holds for every history of a home.</summary>
public sealed class Properties
{
    private static readonly Gen<Action<AHome>> Step = Gen.Frequency(
        (8, Gen.Int[0, 90].Select<int, Action<AHome>>(watts => home => home.Power($"{watts}"))),
        (
            4,
            Gen.Bool.Select<bool, Action<AHome>>(on =>
                home => home.Receive("desk/state", on ? "ON" : "OFF")
            )
        ),
        (
            2,
            Gen.Bool.Select<bool, Action<AHome>>(online =>
                home => home.Receive("desk/lwt", online ? "online" : "offline")
            )
        ),
        (3, Gen.Int[0, 40].Select<int, Action<AHome>>(seconds => home => home.Pass(seconds))),
        (
            1,
            Gen.Int[0, 300]
                .Select<int, Action<AHome>>(seconds =>
                    home =>
                    {
                        home.Now += TimeSpan.FromSeconds(seconds);
                        home.Ask(new Wake());
                    }
                )
        ),
        (
            2,
            Gen.Bool.Select<bool, Action<AHome>>(on =>
                home => home.Call(on ? "switch.turn_on" : "switch.turn_off", "switch.desk")
            )
        ),
        (2, Gen.Int[0, 1].Select<int, Action<AHome>>(sessions => home => home.Deliver(sessions))),
        (1, Gen.Int[0, 90].Select<int, Action<AHome>>(seconds => home => home.Crash(seconds))),
        (
            1,
            Gen.Bool.Select<bool, Action<AHome>>(on =>
                home => home.Ask(new EnableAutomation("lights-out", on))
            )
        ),
        (
            1,
            Gen.Bool.Select<bool, Action<AHome>>(on =>
                home => home.Ask(new EnableDevice(new DeviceId("desk"), on))
            )
        ),
        (
            1,
            Gen.Int[-3, 3]
                .Select<int, Action<AHome>>(hours =>
                    home =>
                    {
                        home.Now += TimeSpan.FromHours(hours);
                        home.Ask(new ChangeClock(TimeSpan.FromHours(hours)));
                    }
                )
        ),
        (1, Gen.Const<Action<AHome>>(home => home.Receive("homeassistant/switch/desk/config", ""))),
        (1, Gen.Const<Action<AHome>>(home => home.Receive("elsewhere", "{\"a\": 1}")))
    );

    private static readonly Gen<Action<AHome>[]> History = Step.Array[0, 60];

    [Fact]
    public void A_restored_home_is_the_one_that_lived() =>
        History.Sample(steps =>
        {
            var home = Lived(steps);
            Assert.Equal(Text(home.Home), Text(home.Restored()));
        });

    [Fact]
    public void A_snapshot_and_the_tail_give_the_same_home() =>
        Gen.Select(History, Gen.Int[0, 100])
            .Sample(
                (steps, percent) =>
                {
                    var home = AHome.WithAPlug(AHome.WithLwt).WithTheRule();
                    var cut = steps.Length * percent / 100;
                    Run(home, steps[..cut]);
                    var snapshot = HomeSnapshot.FromBytes(home.Home.Capture().ToBytes());
                    Run(home, steps[cut..]);
                    var tail = home.Events.Where(item => item.Sequence > snapshot.Sequence);
                    var restored = Home.Restore(home.Home.Id, snapshot, tail);
                    Assert.Equal(Text(home.Home), Text(restored));
                }
            );

    [Fact]
    public void The_same_inputs_give_the_same_bytes() =>
        History.Sample(steps =>
        {
            var (one, two) = (Lived(steps), Lived(steps));
            Assert.Equal(one.Log.Count, two.Log.Count);
            foreach (var (left, right) in one.Log.Zip(two.Log))
            {
                Assert.True(left.Body.Span.SequenceEqual(right.Body.Span));
            }
        });

    [Fact]
    public void Every_cause_exists_and_precedes_its_effect() =>
        History.Sample(steps =>
        {
            var byId = new Dictionary<Sequence, Event>();
            foreach (var item in Lived(steps).Events)
            {
                Assert.Equal(byId.Count + 1, item.Sequence.Value);
                if (item.Cause is { } cause)
                {
                    Assert.Equal(cause.Id, byId[cause.Sequence].Id);
                    Assert.Equal(byId[cause.Sequence].Root, item.Root);
                }
                else
                {
                    Assert.Equal(item.Ref, item.Root);
                }

                byId[item.Sequence] = item;
            }
        });

    [Fact]
    public void A_refused_input_changes_nothing() =>
        History.Sample(steps =>
        {
            var home = Lived(steps);
            home.Ask(new Wake());
            var before = Text(home.Home);
            Input[] refused =
            [
                new CallAction("switch.turn_on", [new EntityId("switch.nobody")], [], "{}"),
                new SaveAutomation("x", "{\"triggers\":[]}"),
                new RemoveAutomation("nobody"),
                new RemoveDevice(new DeviceId("nobody")),
                new EnableDevice(new DeviceId("nobody"), true),
                new PublishEvents([
                    new NewEvent("1", "/elsewhere", null, Made),
                    new NewEvent("2", "/homes/home", null, Made),
                ]),
            ];
            foreach (var input in refused)
            {
                var outcome = home.Ask(input);
                Assert.NotNull(outcome.Refusal);
                Assert.Empty(outcome.Events);
            }

            Assert.Equal(before, Text(home.Home));
        });

    [Fact]
    public void A_run_fires_only_after_the_threshold_held_for_its_time() =>
        History.Sample(steps =>
        {
            foreach (var run in Lived(steps).Of<AutomationTriggered>())
            {
                Assert.Contains("\"above\":50", run.Facts);
            }
        });

    [Fact]
    public void A_simulated_week_of_readings_takes_no_time()
    {
        var home = AHome.WithAPlug(AHome.WithLwt).WithTheRule();
        home.Receive("desk/lwt", "online");
        for (var minute = 0; minute < 7 * 24 * 60; minute++)
        {
            home.Power(minute / 60 % 6 == 0 ? "63.2" : "0.4");
            home.Pass(60);
        }

        Assert.Equal(27, home.Of<AutomationTriggered>().Count());
    }

    private static readonly ProgramEvent Made = new(
        "com.acme.made",
        null,
        null,
        null,
        ContentKind.Json,
        null,
        []
    );

    private static AHome Lived(Action<AHome>[] steps)
    {
        var home = AHome.WithAPlug(AHome.WithLwt).WithTheRule();
        Run(home, steps);
        return home;
    }

    private static void Run(AHome home, Action<AHome>[] steps)
    {
        foreach (var step in steps)
        {
            step(home);
        }
    }

    private static string Text(Home home) =>
        System.Text.Encoding.UTF8.GetString(home.Capture().ToBytes());
}
