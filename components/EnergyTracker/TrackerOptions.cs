using Hearth.Sdk;

namespace Hearth.Components.EnergyTracker;

/// <summary>What a tracker can be told at its start.</summary>
/// <param name="Name">Its id on the bus.</param>
/// <param name="Watch">The id of the lamp whose draw it measures.</param>
/// <param name="Watts">
/// What the lamp draws when fully lit; null to believe what the lamp says of itself.
/// </param>
/// <param name="NoiseWatts">How far a measurement is off at most, either way.</param>
/// <param name="Interval">How often it measures.</param>
/// <param name="LimitWatts">Above this it publishes an event; null for never.</param>
/// <param name="LimitFor">How long the draw has to be above the limit without a break.</param>
internal sealed record TrackerOptions(
    string Name,
    string Watch,
    double? Watts,
    double NoiseWatts,
    TimeSpan Interval,
    double? LimitWatts,
    TimeSpan LimitFor
)
{
    public static TrackerOptions Read(HearthArguments arguments)
    {
        var name = arguments.Name("name", "the tracker's id on the bus", "energy-tracker");
        var watch = arguments.Name("watch", "the id of the lamp to measure", "desk-lamp");
        var watts = arguments.Number(
            "watts",
            "what the lamp draws when fully lit, in W (what the lamp says, else 60)",
            min: 0,
            max: 10_000
        );
        var noise = arguments.Number("noise", "how far a measurement is off, in W", 0.5, 0, 1_000);
        var interval = arguments.Duration("interval", "how often to measure", Second);
        var limit = arguments.Number("limit-watts", "publish an event above this, in W", min: 0);
        var limitFor = arguments.Duration("limit-for", "only if it is held for this long (0s)");
        return new TrackerOptions(
            name,
            watch,
            watts,
            noise!.Value,
            interval!.Value,
            limit,
            limitFor ?? TimeSpan.Zero
        );
    }

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
}
