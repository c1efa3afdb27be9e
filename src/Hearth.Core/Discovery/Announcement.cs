using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Discovery;

/// <summary>
/// What a component says of itself when it registers, normalised: one device and the entities
/// announced with this message.
/// </summary>
/// <param name="DiscoveryId">What identifies the announcement: the discovery topic's node and
/// object id, behind <c>device/</c> in the device form.</param>
/// <param name="WholeDevice">True for the device form; false for the single-component form.</param>
/// <param name="Device">Null where nothing but removal is announced, or nothing is said of it.
/// </param>
/// <param name="Entities">The entities of components that Hearth knows.</param>
/// <param name="Removed">Entities that are taken away.</param>
public sealed record Announcement(
    string DiscoveryId,
    bool WholeDevice,
    DeviceDescription? Device,
    IReadOnlyList<EntityConfig> Entities,
    IReadOnlyList<DiscoveryKey> Removed
)
{
    /// <summary>What is of components that Hearth does not know yet: it belongs to the device, and
    /// of its options only how it says whether it can be reached is kept.</summary>
    public IReadOnlyList<EntityConfig> Others { get; init; } = [];

    /// <summary>Reads a message on a discovery topic.</summary>
    internal static ParsedAnnouncement Parse(string topic, Payload payload) =>
        AnnouncementParser.Parse(topic, payload);

    /// <summary>
    /// Reads the body of a registration: a device announcement without its topic. Where a
    /// component names no topics it gets <c>hearth/devices/&lt;id&gt;/&lt;key&gt;/state</c> and
    /// <c>…/set</c>.
    /// </summary>
    public static (Announcement? Announcement, IReadOnlyList<Fault> Faults) FromBody(Payload body)
    {
        var parsed = AnnouncementParser.ParseBody(body);
        return (parsed.Announcement, parsed.Faults);
    }
}

/// <summary>What identifies an entity on the discovery topics, together with its component.
/// </summary>
public readonly record struct DiscoveryKey(string Component, string DiscoveryId)
{
    public override string ToString() => $"{Component} {DiscoveryId}";

    /// <summary>Left out where there are none.</summary>
    internal static void WriteAll(JsonWriter json, string name, IReadOnlyList<DiscoveryKey> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }

        json.Name(name).BeginArray();
        foreach (var key in keys)
        {
            json.BeginObject()
                .Name("component")
                .String(key.Component)
                .Name("discovery_id")
                .String(key.DiscoveryId)
                .EndObject();
        }

        json.EndArray();
    }

    internal static IReadOnlyList<DiscoveryKey> ReadAll(JsonElement json, string name) =>
        json.TryGetProperty(name, out var keys)
            ?
            [
                .. keys.EnumerateArray()
                    .Select(key => new DiscoveryKey(
                        JsonRead.Required(key, "component"),
                        JsonRead.Required(key, "discovery_id")
                    )),
            ]
            : [];
}

/// <summary>An announcement, or everything that is wrong with it.</summary>
internal readonly record struct ParsedAnnouncement(
    Announcement? Announcement,
    IReadOnlyList<Fault> Faults
);
