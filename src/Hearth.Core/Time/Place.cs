namespace Hearth.Core.Time;

/// <summary>Where on Earth a home is.</summary>
/// <param name="Latitude">Degrees, north positive, -90 to 90.</param>
/// <param name="Longitude">Degrees, east positive, -180 to 180.</param>
/// <param name="Elevation">
/// Metres above what the horizon is seen across, -500 to 9000; the higher, the earlier the sun
/// rises and the later it sets. What is below 0 counts as 0.
/// </param>
public sealed record Place(double Latitude, double Longitude, double Elevation = 0)
{
    /// <summary>All that is wrong with it, with <c>/latitude</c> and so on.</summary>
    public IReadOnlyList<Fault> Faults() =>
        [
            .. Range("latitude", Latitude, -90, 90, "degrees"),
            .. Range("longitude", Longitude, -180, 180, "degrees"),
            .. Range("elevation", Elevation, -500, 9000, "metres"),
        ];

    private static IEnumerable<Fault> Range(
        string name,
        double value,
        int min,
        int max,
        string unit
    )
    {
        if (!(value >= min && value <= max))
        {
            var detail = FormattableString.Invariant(
                $"is {value}; write {unit} from {min} to {max}"
            );
            yield return new Fault("/" + name, detail);
        }
    }
}
