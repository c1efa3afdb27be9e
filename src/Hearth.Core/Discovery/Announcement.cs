namespace Hearth.Core.Discovery;

/// <summary>
/// What a component says of itself when it registers, normalised: one device and the entities
/// announced with this message.
/// </summary>
/// <param name="DiscoveryId">What identifies the announcement: the discovery topic's node and
/// object id, with the component in the single-component form.</param>
/// <param name="WholeDevice">True for the device form, which replaces everything announced under
/// the same id before; false for the single-component form.</param>
/// <param name="Device">Null where nothing but removal is announced.</param>
/// <param name="Entities">The entities, with those of components that Hearth does not know yet
/// already left out.</param>
/// <param name="Removed">Discovery ids of entities that are taken away.</param>
public sealed record Announcement(
    string DiscoveryId,
    bool WholeDevice,
    DeviceDescription? Device,
    IReadOnlyList<EntityConfig> Entities,
    IReadOnlyList<string> Removed
);
