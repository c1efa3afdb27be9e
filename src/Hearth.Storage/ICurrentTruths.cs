using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Storage;

/// <summary>
/// What is true now, read from the database: it moves in the same transaction as the log, so what
/// is read here is committed. Documents are JSON as the API shows them.
/// </summary>
public interface ICurrentTruths
{
    /// <summary>Every device, by id.</summary>
    Task<IReadOnlyList<DeviceRecord>> DevicesAsync(
        HomeId home,
        CancellationToken cancellationToken
    );

    /// <summary>One device; null where there is none of this id.</summary>
    Task<DeviceRecord?> DeviceAsync(
        HomeId home,
        DeviceId device,
        CancellationToken cancellationToken
    );

    Task<IReadOnlyList<EntityRecord>> EntitiesAsync(
        HomeId home,
        CancellationToken cancellationToken
    );

    /// <summary>The entities of one device, by id.</summary>
    Task<IReadOnlyList<EntityRecord>> EntitiesOfAsync(
        HomeId home,
        DeviceId device,
        CancellationToken cancellationToken
    );

    /// <summary>One entity; null where there is none of this id.</summary>
    Task<EntityRecord?> EntityAsync(
        HomeId home,
        EntityId entity,
        CancellationToken cancellationToken
    );

    /// <summary>What people have said of areas, by id.</summary>
    Task<IReadOnlyList<AreaSaved>> AreasAsync(HomeId home, CancellationToken cancellationToken);

    /// <summary>The announcements that were refused and have not been mended, by topic.</summary>
    Task<IReadOnlyList<RefusedAnnouncementRecord>> RefusedAnnouncementsAsync(
        HomeId home,
        CancellationToken cancellationToken
    );

    Task<IReadOnlyList<AutomationRecord>> AutomationsAsync(
        HomeId home,
        CancellationToken cancellationToken
    );

    /// <summary>Every retained message of a home.</summary>
    Task<IReadOnlyList<RetainedRecord>> RetainedAsync(
        HomeId home,
        CancellationToken cancellationToken
    );

    /// <summary>Every persistent MQTT session of a home, with its QoS 2 ids not released.</summary>
    Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        HomeId home,
        CancellationToken cancellationToken
    );

    /// <summary>Every will of a home that is neither published nor taken back.</summary>
    Task<IReadOnlyList<WillRecord>> WillsAsync(HomeId home, CancellationToken cancellationToken);

    /// <summary>Writes what has changed of MQTT sessions and wills; durable when it completes.
    /// Shares commits with the log.</summary>
    /// <exception cref="LogUnavailableException">Nothing of it is there.</exception>
    Task SaveSessionsAsync(
        HomeId home,
        SessionChanges changes,
        CancellationToken cancellationToken
    );
}

/// <param name="State"><c>off</c>, <c>active</c> or <c>triggered</c>.</param>
/// <param name="Connectivity"><c>online</c>, <c>offline</c> or <c>unknown</c>.</param>
/// <param name="Description">The device block as JSON.</param>
/// <param name="Since">When the state last changed.</param>
/// <param name="Says">What a person has said of it.</param>
public sealed record DeviceRecord(
    DeviceId Id,
    string Description,
    string State,
    string StateReason,
    DateTimeOffset Since,
    string Connectivity,
    string Health,
    string HealthDetail,
    string HealthReason,
    bool Enabled,
    Sequence Changed,
    Arrangement Says
);

/// <param name="Options">What it was announced with, JSON.</param>
/// <param name="Attributes">Attributes that it reported, JSON.</param>
/// <param name="Desired">The state that a pending command asks for, JSON; null when none is.
/// </param>
public sealed record EntityRecord(
    EntityId Id,
    DeviceId Device,
    string Component,
    string DiscoveryId,
    string Options,
    string State,
    string Attributes,
    bool Available,
    DateTimeOffset LastChanged,
    Sequence Changed,
    string? Desired
);

/// <param name="Since">When it was refused for this reason.</param>
public sealed record RefusedAnnouncementRecord(string Topic, string Reason, DateTimeOffset Since);

/// <param name="Definition">What it says, JSON.</param>
/// <param name="Source">The text that a person wrote, where that was not JSON.</param>
/// <param name="Health"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
public sealed record AutomationRecord(
    string Id,
    string Definition,
    bool Enabled,
    DateTimeOffset? LastTriggered,
    Sequence Changed,
    string Health = "healthy",
    string HealthDetail = "none",
    string HealthReason = "",
    string? Source = null
);

public sealed record RetainedRecord(
    string Topic,
    Payload Payload,
    int Qos,
    MessageProperties? Properties,
    string Client,
    DateTimeOffset Time,
    Sequence Sequence
);
