using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Sdk.Tests.Components;

/// <summary>The two components as real processes against a real broker.</summary>
public sealed class LampAndTracker
{
    [Fact]
    public async Task A_lamp_that_draws_too_much_hears_of_it_and_turns_itself_off()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = StartLamp(
            broker,
            "desk-lamp",
            "--off-on-event",
            "energy.threshold_exceeded",
            "--off-on-subject",
            "desk-lamp"
        );
        await using var tracker = StartTracker(
            broker,
            "--interval",
            "50ms",
            "--limit-watts",
            "50",
            "--limit-for",
            "200ms"
        );
        await broker.WaitForAsync("desk-lamp/light/state");
        await broker.WaitForAsync("energy-tracker/power/state", "0");

        await broker.PublishAsync("desk-lamp/light/set", """{"state":"ON"}""");

        var power = await broker.Published.WaitForAsync(p =>
            p.Topic == "energy-tracker/power/state" && p.Payload != "0"
        );
        Assert.InRange(double.Parse(power.Payload, CultureInfo.InvariantCulture), 59.5, 60.5);
        var told = await broker.WaitForAsync("hearth/events/energy.threshold_exceeded");
        var happened = JsonNode.Parse(told.Payload)!;
        Assert.Equal("/components/energy-tracker", happened["source"]!.ToString());
        Assert.Equal("desk-lamp", happened["subject"]!.ToString());
        Assert.Equal(50, happened["data"]!["limit"]!.GetValue<double>());
        Assert.InRange(happened["data"]!["watts"]!.GetValue<double>(), 59.5, 60.5);
        Assert.NotNull(happened["data"]!["since"]);
        await lamp.Output.WaitForAsync(line => line.Contains("off, because of energy.threshold"));
        await broker.Published.WaitForAsync(p =>
            p.Topic == "desk-lamp/light/state" && p.Payload.Contains("OFF")
        );
        broker.Published.Clear();
        await broker.WaitForAsync("energy-tracker/power/state", "0");
        Assert.DoesNotContain(broker.Published.All, p => p.Topic.StartsWith("hearth/events/"));
    }

    [Fact]
    public async Task A_lamp_leaves_an_event_about_another_lamp_alone()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = StartLamp(
            broker,
            "desk-lamp",
            "--on-at-start",
            "--off-on-event=too.bright",
            "--off-on-source=/sky",
            "--off-on-subject=desk-lamp"
        );
        await broker.WaitForAsync("desk-lamp/light/state");

        await broker.PublishAsync("hearth/events/too.bright", TooBright("1", "/sky", "hall-lamp"));
        await broker.PublishAsync("hearth/events/too.bright", TooBright("2", "/sea", "desk-lamp"));
        await broker.PublishAsync("hearth/events/too.bright", TooBright("3", "/sky", "desk-lamp"));

        await broker.Published.WaitForAsync(IsOff);
        await lamp.Output.WaitForAsync(line => line.Contains("off, because of too.bright"));
        Assert.Single(lamp.Output.All, line => line.Contains("off, because of too.bright"));
    }

    [Fact]
    public async Task Somebody_presses_the_lamp_s_own_switch_a_while_after_it_went_off()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = StartLamp(broker, "desk-lamp", "--on-after", "100ms");

        await lamp.Output.WaitForAsync(line => line.EndsWith("on at 100 %, by its own switch."));

        await broker.Published.WaitForAsync(p =>
            p.Topic == "desk-lamp/light/state" && p.Payload.Contains("ON")
        );
    }

    [Fact]
    public async Task A_lamp_that_dies_without_a_word_leaves_its_last_will_and_can_come_back()
    {
        await using var broker = await Broker.StartAsync();
        await using var tracker = StartTracker(broker, "--interval", "50ms");
        await using (var lamp = StartLamp(broker, "desk-lamp", "--on-at-start", "--watts", "40"))
        {
            await broker.Published.WaitForAsync(p =>
                p.Topic == "energy-tracker/power/state" && p.Payload.StartsWith("40")
            );
            await lamp.KillAsync();
        }

        await broker.WaitForAsync("desk-lamp/status", "offline");
        Assert.Equal("offline", await broker.RetainedAsync("desk-lamp/status"));
        broker.Published.Clear();
        await broker.WaitForAsync("energy-tracker/power/state", "0");

        await using var again = StartLamp(broker, "desk-lamp", "--on-at-start", "--watts", "40");
        await broker.WaitForAsync("desk-lamp/status", "online");
        await broker.Published.WaitForAsync(p =>
            p.Topic == "energy-tracker/power/state" && p.Payload != "0"
        );
    }

    [Fact]
    public async Task Two_lamps_and_a_restart_of_the_broker_go_together()
    {
        await using var broker = await Broker.StartAsync();
        await using var one = StartLamp(broker, "lamp-1");
        await using var two = StartLamp(broker, "lamp-2");
        await broker.WaitForAsync("lamp-1/light/state");
        await broker.WaitForAsync("lamp-2/light/state");

        await broker.StopAsync();
        broker.Published.Clear();
        await broker.StartAgainAsync();

        await broker.WaitForAsync("lamp-1/light/state");
        await broker.WaitForAsync("lamp-2/light/state");
        await broker.PublishAsync("lamp-2/light/set", """{"state":"ON","brightness":51}""");
        await two.Output.WaitForAsync(line => line.EndsWith("lamp-2: on at 20 %, as told."));
        Assert.DoesNotContain(one.Output.All, line => line.Contains(": on"));
    }

    [Fact]
    public async Task A_component_that_is_asked_to_stop_goes_offline_first()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = StartLamp(broker, "desk-lamp");
        await using var tracker = StartTracker(broker);
        await broker.WaitForAsync("desk-lamp/light/state");
        await broker.WaitForAsync("energy-tracker/status", "online");

        Assert.Equal(0, await lamp.TerminateAsync());
        Assert.Equal(0, await tracker.TerminateAsync());

        Assert.Equal("offline", await broker.RetainedAsync("desk-lamp/status"));
        Assert.Equal("offline", await broker.RetainedAsync("energy-tracker/status"));
    }

    [Theory]
    [InlineData("LightBulb", "--watts", "many", "Option --watts must be")]
    [InlineData("EnergyTracker", "--watch", "a/b", "Option --watch is not usable")]
    [InlineData("EnergyTracker", "--colour", "red", "There is no option '--colour'")]
    public async Task A_bad_option_ends_a_component_with_one_sentence(
        string component,
        string option,
        string value,
        string sentence
    )
    {
        await using var started = ComponentProcess.Start(component, option, value);

        Assert.Equal(2, await started.ExitAsync());
        Assert.StartsWith(sentence, Assert.Single(started.Errors.All));
        Assert.Empty(started.Output.All);
    }

    [Theory]
    [InlineData("LightBulb", "--off-on-event")]
    [InlineData("EnergyTracker", "--limit-watts")]
    public async Task Help_is_printed_and_nothing_else_happens(string component, string option)
    {
        await using var started = ComponentProcess.Start(component, "--help");

        Assert.Equal(0, await started.ExitAsync());
        Assert.Contains(started.Output.All, line => line.Contains(option));
    }

    private static bool IsOff(Published published) =>
        published.Topic == "desk-lamp/light/state" && published.Payload.Contains("OFF");

    private static string TooBright(string id, string source, string subject) =>
        $$"""
            {"specversion":"1.0","id":"{{id}}","source":"{{source}}","subject":"{{subject}}",
             "type":"too.bright"}
            """;

    private static ComponentProcess StartLamp(Broker broker, string name, params string[] args) =>
        ComponentProcess.Start("LightBulb", [.. Hub(broker), "--name", name, .. args]);

    private static ComponentProcess StartTracker(Broker broker, params string[] args) =>
        ComponentProcess.Start("EnergyTracker", [.. Hub(broker), "--watch", "desk-lamp", .. args]);

    private static string[] Hub(Broker broker) =>
        ["--host", "127.0.0.1", "--port", $"{broker.Port}"];
}
