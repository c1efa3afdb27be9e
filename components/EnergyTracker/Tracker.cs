using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Sdk;

namespace Hearth.Components.EnergyTracker;

/// <summary>
/// Measures what one lamp draws. It knows the lamp only by what the lamp publishes; it reports
/// power and energy, and publishes an event when its own limit is passed.
/// </summary>
internal sealed class Tracker : IAsyncDisposable
{
    /// <summary>The type of the event; its subject is the lamp.</summary>
    public const string LimitExceededType = "energy.threshold_exceeded";

    private readonly TrackerOptions options;
    private readonly TimeProvider time;
    private readonly TextWriter output;
    private readonly HearthDevice device;
    private readonly HearthSensor power;
    private readonly HearthSensor energy;
    private readonly Meter meter;
    private readonly LimitWatch? limit;
    private double shownLevel;
    private bool isPlugged = true;

    public Tracker(TrackerOptions options, TimeProvider time, Random random, TextWriter output)
    {
        this.options = options;
        this.time = time;
        this.output = output;
        meter = new Meter(options.NoiseWatts, random);
        meter.NominalWatts = options.Watts ?? meter.NominalWatts;
        limit = options.LimitWatts is { } watts ? new LimitWatch(watts, options.LimitFor) : null;
        device = new HearthDevice(options.Name)
        {
            Manufacturer = "Hearth",
            Model = "Energy tracker",
            TimeProvider = time,
            OnNotice = notice => Say(notice.ToString()),
        };
        power = device.AddSensor("power", "W", "power", "measurement");
        energy = device.AddSensor("energy", "kWh", "energy", "total_increasing");
        device.OnMessage($"{options.Watch}/light/state", OnLight);
        device.OnMessage($"{options.Watch}/status", OnStatus);
        device.OnMessage($"{options.Watch}/nominal_power/state", OnNominalPower);
        device.Every(options.Interval, MeasureAsync);
    }

    public async Task RunAsync(HearthConnection connection, CancellationToken cancellationToken)
    {
        await device.RunAsync(connection, cancellationToken);
        Say("stopped.");
    }

    public ValueTask DisposeAsync() => device.DisposeAsync();

    private Task OnLight(HearthMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var state = JsonNode.Parse(message.Text);
            var brightness = state?["brightness"]?.GetValue<double>() ?? 255;
            var isOn = state?["state"]?.GetValue<string>() == "ON";
            shownLevel = isOn ? Math.Clamp(brightness / 255, 0, 1) : 0;
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            throw new FormatException("It is not the state of a light.", cause);
        }

        ShowLevel();
        return Task.CompletedTask;
    }

    private Task OnStatus(HearthMessage message, CancellationToken cancellationToken)
    {
        // A lamp that is gone draws nothing; when it is back it tells its state again.
        isPlugged = message.Text != "offline";
        ShowLevel();
        return Task.CompletedTask;
    }

    private Task OnNominalPower(HearthMessage message, CancellationToken cancellationToken)
    {
        var isNumber = double.TryParse(
            message.Text,
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var watts
        );
        if (!isNumber || !(watts >= 0))
        {
            throw new FormatException("It is not a number of watts.");
        }

        meter.NominalWatts = options.Watts ?? watts;
        return Task.CompletedTask;
    }

    private void ShowLevel()
    {
        var level = isPlugged ? shownLevel : 0;
        if (level != meter.Level)
        {
            meter.Level = level;
            Say(level > 0 ? $"{options.Watch} is on." : $"{options.Watch} draws nothing now.");
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = meter.Watts;
        meter.Measure(now);
        if (before == 0 != (meter.Watts == 0))
        {
            Say($"{meter.Watts} W.");
        }

        await power.ReportAsync(meter.Watts, cancellationToken);
        await energy.ReportAsync(Math.Round(meter.KilowattHours, 6), cancellationToken);
        if (limit?.Measured(meter.Watts, now) is { } exceeded)
        {
            await TellAsync(exceeded, cancellationToken);
        }
    }

    private async Task TellAsync(LimitExceeded exceeded, CancellationToken cancellationToken)
    {
        Say($"{exceeded.Watts} W is above {exceeded.LimitWatts} W: {LimitExceededType}.");
        var data = new
        {
            watts = exceeded.Watts,
            limit = exceeded.LimitWatts,
            since = exceeded.Since,
        };
        await device.PublishEventAsync(LimitExceededType, data, options.Watch, cancellationToken);
    }

    private void Say(string what) =>
        output.WriteLine($"{time.GetLocalNow():HH:mm:ss} {options.Name}: {what}");
}
