using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Homes.Tests;

public sealed class Lives
{
    [Fact]
    public async Task A_new_home_says_that_it_started_and_not_that_it_was_down()
    {
        using var home = await AHome.OpenAsync();

        Assert.Equal([HubStarted.TypeName], home.Types);
    }

    [Fact]
    public async Task A_home_that_was_down_for_long_says_since_when()
    {
        using var home = await AHome.OpenAsync();
        await home.StopAsync();
        var stopped = home.Clock.GetUtcNow();
        home.Clock.Advance(TimeSpan.FromMinutes(2));

        using var next = await AHome.OpenAsync(home.Log, home.Clock);

        var resumed = next.Rows.SelectMany(row => row.Events).Select(item => item.Data);
        Assert.Equal(stopped, Assert.Single(resumed.OfType<HubResumed>()).DownSince);
    }

    [Fact]
    public async Task A_home_that_moves_in_a_moment_was_not_down()
    {
        using var home = await AHome.OpenAsync();
        await home.StopAsync();
        home.Clock.Advance(TimeSpan.FromSeconds(4));

        using var next = await AHome.OpenAsync(home.Log, home.Clock);

        Assert.DoesNotContain(HubResumed.TypeName, next.Types);
    }

    [Fact]
    public async Task A_stop_in_order_is_the_last_word_and_leaves_a_snapshot_to_start_from()
    {
        using var home = await AHome.OpenAsync();
        await home.AskAsync(AHome.Message("a"));

        await home.StopAsync();

        Assert.Equal(HubStopped.TypeName, home.Types.Last());
        var snapshot = home.Log.Memory.Snapshots(HomeId.Default)[0];
        Assert.Equal(home.Rows[^1].Last, snapshot.Sequence);
        await Assert.ThrowsAsync<HomeClosedException>(() => home.AskAsync(AHome.Message("b")));
    }

    [Fact]
    public async Task Many_rows_lead_to_a_snapshot_and_a_damaged_one_is_passed_over()
    {
        var options = new HomesOptions { SnapshotRows = 10 };
        using var home = await AHome.OpenAsync(options: options);
        for (var number = 0; number < 40; number++)
        {
            await home.AskAsync(AHome.Message($"t/{number}"));
        }

        await home.StopAsync();
        var newest = home.Log.Memory.Snapshots(HomeId.Default)[0];
        Assert.Equal(home.Rows[^1].Last, newest.Sequence);
        home.Log.Memory.Damage(HomeId.Default);

        using var next = await AHome.OpenAsync(home.Log, home.Clock);

        Assert.NotNull((await next.AskAsync(AHome.Message("after")))[0].Row);
    }

    [Fact]
    public async Task A_deadline_is_fired_though_nobody_calls()
    {
        using var home = await AHomeWithALamp();
        await home.AskAsync(TurnOn());

        await home.PassAsync(
            TimeSpan.FromSeconds(1),
            () => home.Types.Contains(CommandExpired.TypeName)
        );
    }

    [Fact]
    public async Task A_clock_that_jumps_is_said_once_and_expires_nothing()
    {
        using var home = await AHomeWithALamp();
        await home.AskAsync(TurnOn());

        home.Clock.SetWall(TimeSpan.FromHours(3));
        await home.AskAsync(AHome.Message("a"));
        await home.AskAsync(AHome.Message("b"));

        var jump = home.Rows.SelectMany(row => row.Events).Select(item => item.Data);
        Assert.Equal(TimeSpan.FromHours(3), Assert.Single(jump.OfType<ClockChanged>()).By);
        Assert.DoesNotContain(CommandExpired.TypeName, home.Types);
    }

    private static async Task<AHome> AHomeWithALamp()
    {
        var home = await AHome.OpenAsync();
        var lamp = new EntityConfig(
            "light",
            "desk",
            """
            {"command_topic":"desk/set","state_topic":"desk/state","name":"Desk",
            "unique_id":"desk","default_entity_id":"light.desk"}
            """
        );
        var device = new DeviceDescription { Identifiers = ["desk"], Name = "Desk" };
        var answers = await home.AskAsync(
            new RegisterDevice(new Announcement("desk", true, device, [lamp], []))
        );
        Assert.Null(answers[0].Refusal);
        return home;
    }

    private static CallAction TurnOn() =>
        new("light.turn_on", [new EntityId("light.desk")], [], "{}");
}
