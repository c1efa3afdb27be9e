namespace Hearth.Sdk.Tests;

public sealed class Lights
{
    [Theory]
    [InlineData("""{"state":"ON"}""", true, 90)]
    [InlineData("""{"state":"OFF"}""", false, 90)]
    [InlineData("""{"state":"ON","brightness":200}""", true, 200)]
    [InlineData("""{"state":"ON","brightness":0}""", false, 90)]
    [InlineData("""{"state":"ON","brightness":999}""", true, 255)]
    [InlineData("""{"brightness":10}""", true, 10)]
    public async Task A_command_lies_on_top_of_the_last_report(string json, bool on, int brightness)
    {
        await using var device = new HearthDevice("desk-lamp");
        var light = device.AddLight("light", brightness: true);
        await light.ReportAsync(new LightState(true, 90), TestContext.Current.CancellationToken);

        Assert.Equal(new LightState(on, brightness), light.Read(json).State);
    }

    [Fact]
    public async Task A_light_without_brightness_has_none()
    {
        await using var device = new HearthDevice("desk-lamp");
        var light = device.AddLight("light");

        var command = light.Read("""{"state":"ON","brightness":200,"transition":2.5}""");

        Assert.Equal(new LightState(true), command.State);
        Assert.Equal(TimeSpan.FromSeconds(2.5), command.Transition);
    }

    [Fact]
    public async Task A_report_without_brightness_keeps_the_last_one()
    {
        await using var device = new HearthDevice("desk-lamp");
        var light = device.AddLight("light", brightness: true);
        await light.ReportAsync(new LightState(true, 90), TestContext.Current.CancellationToken);

        await light.ReportAsync(new LightState(false), TestContext.Current.CancellationToken);

        Assert.Equal(new LightState(false, 90), light.State);
    }
}
