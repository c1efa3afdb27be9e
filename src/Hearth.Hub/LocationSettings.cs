using Hearth.Core;
using Hearth.Core.Time;

namespace Hearth.Hub;

/// <summary>Where the homes are, as the settings and the machine say it.</summary>
internal static class LocationSettings
{
    // What the machine's time zones were made from, where it says so.
    private const string Tzdata = "/usr/share/zoneinfo/tzdata.zi";
    private const string VersionMark = "# version ";

    public static LocationChanged Read(SettingReader reader, ICollection<string> faults)
    {
        var latitude = reader.Degrees(Settings.Latitude, -90, 90);
        var longitude = reader.Degrees(Settings.Longitude, -180, 180);
        if (latitude is null != longitude is null)
        {
            var (given, missing) = latitude is null
                ? (Settings.Longitude, Settings.Latitude)
                : (Settings.Latitude, Settings.Longitude);
            faults.Add($"{given} is set and {missing} is not; set both of them, or neither.");
        }

        var zone = reader.Zone(Settings.TimeZone) ?? OfMachine();
        return new LocationChanged(
            ZoneRules.Of(zone, VersionOfMachine()),
            latitude,
            longitude,
            reader.Degrees(Settings.Elevation, -500, 9000) ?? 0
        );
    }

    private static TimeZoneInfo OfMachine() =>
        TimeZoneInfo.Local.HasIanaId ? TimeZoneInfo.Local
        : TimeZoneInfo.TryConvertWindowsIdToIanaId(TimeZoneInfo.Local.Id, out var name)
            ? TimeZoneInfo.FindSystemTimeZoneById(name)
        : TimeZoneInfo.FindSystemTimeZoneById("Etc/UTC");

    private static string? VersionOfMachine()
    {
        if (!File.Exists(Tzdata))
        {
            return null;
        }

        var first = File.ReadLines(Tzdata).FirstOrDefault();
        return first?.StartsWith(VersionMark, StringComparison.Ordinal) == true
            ? first[VersionMark.Length..]
            : null;
    }
}
