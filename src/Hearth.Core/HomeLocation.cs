using System.Globalization;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Time;

namespace Hearth.Core;

/// <summary>The home was told where it is: in which time zone, and where the sun rises.</summary>
/// <param name="Zone">Its rules as they were known then: what is replayed later must not depend on
/// later rules.</param>
/// <param name="Latitude">Degrees north; null where it is not known.</param>
/// <param name="Longitude">Degrees east; null where it is not known.</param>
/// <param name="Elevation">Metres above the sea.</param>
public sealed record LocationChanged(
    ZoneRules Zone,
    double? Latitude,
    double? Longitude,
    double Elevation
) : EventData
{
    public const string TypeName = "hearth.hub.location_changed";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("time_zone").String(Zone.Id);
        if (Zone.TzdataVersion is not null)
        {
            json.Name("tzdata").String(Zone.TzdataVersion);
        }

        json.Name("rules").String(Zone.Rules);
        if (Latitude is { } latitude && Longitude is { } longitude)
        {
            json.Name("latitude").Raw(Text(latitude)).Name("longitude").Raw(Text(longitude));
        }

        json.Name("elevation").Raw(Text(Elevation)).EndObject();
    }

    internal static LocationChanged Read(JsonElement json) =>
        new(
            new ZoneRules(
                JsonRead.Required(json, "time_zone"),
                JsonRead.Text(json, "tzdata"),
                JsonRead.Required(json, "rules")
            ),
            Number(json, "latitude"),
            Number(json, "longitude"),
            Number(json, "elevation") ?? 0
        );

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static double? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetDouble() : null;
}

/// <summary>Where the home is, and so what its clocks show and when its sun rises.</summary>
internal sealed class HomeLocation
{
    /// <summary>What it was told; null before anybody did.</summary>
    public LocationChanged? Told { get; private set; }

    /// <summary>UTC before anybody said another.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public void Apply(LocationChanged told)
    {
        Told = told;
        Zone = told.Zone.ToTimeZone();
    }

    /// <summary>Where on Earth; null where it was not told.</summary>
    public Place? Place =>
        Told is { Latitude: { } latitude, Longitude: { } longitude }
            ? new Place(latitude, longitude, Told.Elevation)
            : null;

    public DateTime Local(DateTimeOffset instant) => WallClock.Local(Zone, instant);

    /// <summary>The next sunrise or sunset after an instant, so much later or earlier; null where
    /// the home does not know where it is, or there is none.</summary>
    public DateTimeOffset? NextSun(bool isSunrise, TimeSpan offset, DateTimeOffset after) =>
        Place is { } place ? new SunTime(Event(isSunrise), offset).Next(place, after) : null;

    /// <summary>Whether a sun condition holds, and why; not where the home does not know where it
    /// is.</summary>
    public SunVerdict Allows(Automations.SunCondition wanted, DateTimeOffset now)
    {
        if (Place is not { } place)
        {
            return new SunVerdict(false, null, null, "the home does not know where it is");
        }

        return new SunCondition(
            wanted.AfterSunrise is { } after ? Event(after) : null,
            wanted.BeforeSunrise is { } before ? Event(before) : null,
            wanted.AfterOffset,
            wanted.BeforeOffset
        ).Check(place, Zone, now);
    }

    /// <summary>The sun as an entity, as Home Assistant's <c>sun.sun</c>; null where the home does
    /// not know where it is.</summary>
    public (EntityState State, DateTimeOffset Changed)? SunAt(DateTimeOffset now)
    {
        if (Place is not { } place)
        {
            return null;
        }

        var isUp = Sun.IsUp(place, now);
        var position = SunPosition.At(place, now);
        var attributes = new List<KeyValuePair<string, string>>
        {
            new("friendly_name", "\"Sun\""),
            new("elevation", Rounded(position.Elevation)),
            new("azimuth", Rounded(position.Azimuth)),
            new("rising", Sun.IsRising(place, now) ? "true" : "false"),
        };
        foreach (
            var (name, what) in ((string, SunEvent)[])
                [
                    ("next_dawn", SunEvent.Dawn),
                    ("next_dusk", SunEvent.Dusk),
                    ("next_midnight", SunEvent.Midnight),
                    ("next_noon", SunEvent.Noon),
                    ("next_rising", SunEvent.Sunrise),
                    ("next_setting", SunEvent.Sunset),
                ]
        )
        {
            if (Sun.Next(what, place, now) is { } next)
            {
                attributes.Add(new(name, JsonWriter.Quote(Timestamp.ToText(next))));
            }
        }

        return (
            new EntityState(
                isUp ? "above_horizon" : "below_horizon",
                Attributes.Of(attributes),
                Available: true
            ),
            Sun.Previous(Event(isUp), place, now) ?? now
        );
    }

    private static SunEvent Event(bool isSunrise) => isSunrise ? SunEvent.Sunrise : SunEvent.Sunset;

    private static string Rounded(double degrees) =>
        degrees.ToString("F2", CultureInfo.InvariantCulture);
}
