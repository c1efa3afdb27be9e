namespace Hearth.Hub.Tests.Demo;

public sealed class OneRound
{
    [Fact]
    public async Task The_demo_plays_its_round_and_ends_well()
    {
        await using var demo = new AProcess(
            "demo",
            "--once",
            "--http-port",
            "0",
            "--mqtt-port",
            "0"
        );
        Assert.True(await demo.EndAsync() == 0, demo.Output);
        string[] lines =
        [
            "desk_lamp has registered: light.desk_lamp",
            "lamp on",
            "tracker measures ",
            "held for 10 s: automation demo_lights_out triggered",
            "command light.turn_off for light.desk_lamp, asked for by automation:demo_lights_out",
            "lamp off",
            "light.desk_lamp has done it: acknowledged",
            "tracker measures 0 W",
            "One full round",
        ];
        var at = 0;
        foreach (var line in lines)
        {
            at = demo.Output.IndexOf(line, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{line}' was not said in its turn:\n{demo.Output}");
        }
    }
}
