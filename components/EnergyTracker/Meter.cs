namespace Hearth.Components.EnergyTracker;

/// <summary>
/// A simulated measuring plug: what flows through it follows from what the lamp shows, and a
/// measurement is a little off. Energy adds up from one measurement to the next.
/// </summary>
internal sealed class Meter(double noiseWatts, Random random)
{
    private const double WattHoursPerKilowattHour = 1000;

    private DateTimeOffset? measuredAt;

    /// <summary>What the lamp draws when fully lit.</summary>
    public double NominalWatts { get; set; } = 60;

    /// <summary>What the lamp shows now: 0 is off, 1 is fully lit.</summary>
    public double Level { get; set; }

    /// <summary>The last measurement.</summary>
    public double Watts { get; private set; }

    /// <summary>What was used since the start, in kWh.</summary>
    public double KilowattHours { get; private set; }

    public void Measure(DateTimeOffset at)
    {
        // Nothing flows through a lamp that is off, so there is nothing to be wrong about.
        var noise = Level > 0 ? noiseWatts * (2 * random.NextDouble() - 1) : 0;
        Watts = Math.Max(0, Math.Round(NominalWatts * Level + noise, 2));
        if (measuredAt is { } before && at > before)
        {
            KilowattHours += Watts * (at - before).TotalHours / WattHoursPerKilowattHour;
        }

        measuredAt = at;
    }
}
