using Hearth.Sdk;

namespace Hearth.Components.LightBulb;

/// <summary>
/// A lamp with one light. It does what it is told, and says so; it can also listen to an event of
/// the bus and turn itself off, which needs no rule in the hub.
/// </summary>
internal sealed class Lamp : IAsyncDisposable
{
    private readonly LampOptions options;
    private readonly TimeProvider time;
    private readonly TextWriter output;
    private readonly HearthDevice device;
    private readonly HearthLight light;
    private readonly HearthSensor nominalPower;
    private IDisposable? press;

    public Lamp(LampOptions options, TimeProvider time, TextWriter output)
    {
        this.options = options;
        this.time = time;
        this.output = output;
        device = new HearthDevice(options.Name)
        {
            Manufacturer = "Hearth",
            Model = "Light bulb",
            TimeProvider = time,
            OnNotice = notice => Say(notice.ToString()),
        };
        light = device.AddLight("light", brightness: true);
        nominalPower = device.AddSensor("nominal_power", "W", "power", diagnostic: true);
        light.OnCommand((command, token) => ShowAsync(command.State, "as told", token));
        if (options.OffOn is { } offOn)
        {
            device.OnEvent(
                offOn.Type,
                (happened, token) =>
                    offOn.Fits(happened) ? TurnOffAsync(happened, token) : Task.CompletedTask
            );
        }
    }

    public async Task RunAsync(HearthConnection connection, CancellationToken cancellationToken)
    {
        await nominalPower.ReportAsync(options.Watts, cancellationToken);
        var first = light.State with { On = options.OnAtStart };
        await ShowAsync(first, "at the start", cancellationToken);
        await device.RunAsync(connection, cancellationToken);
        Say("stopped.");
    }

    public async ValueTask DisposeAsync()
    {
        press?.Dispose();
        await device.DisposeAsync();
    }

    private Task TurnOffAsync(HearthEvent happened, CancellationToken cancellationToken)
    {
        var why = $"because of {happened.Type} from {happened.Source}";
        return ShowAsync(light.State with { On = false }, why, cancellationToken);
    }

    private async Task ShowAsync(LightState state, string why, CancellationToken cancellationToken)
    {
        var percent = Math.Round((state.Brightness ?? 255) / 2.55);
        Say(state.On ? $"on at {percent} %, {why}." : $"off, {why}.");
        // Whatever happened last decides whether somebody will come to the switch.
        press?.Dispose();
        press =
            !state.On && options.OnAfter is { } onAfter ? device.After(onAfter, PressAsync) : null;
        await light.ReportAsync(state, cancellationToken);
    }

    private Task PressAsync(CancellationToken cancellationToken) =>
        ShowAsync(light.State with { On = true }, "by its own switch", cancellationToken);

    private void Say(string what) =>
        output.WriteLine($"{time.GetLocalNow():HH:mm:ss} {options.Name}: {what}");
}
