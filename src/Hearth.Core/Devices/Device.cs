using System.Text.Json;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>The three states of a device, as text.</summary>
public static class DeviceState
{
    public const string Off = "off";
    public const string Active = "active";
    public const string Triggered = "triggered";
}

/// <summary>Whether a device can be reached, as text.</summary>
public static class Connectivity
{
    public const string Online = "online";
    public const string Offline = "offline";
    public const string Unknown = "unknown";
}

/// <summary>How a device fares, as text.</summary>
public static class DeviceHealth
{
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unhealthy = "unhealthy";
}

/// <summary>A registered component as the home knows it; immutable, replaced when it changes.
/// </summary>
internal sealed record Device
{
    public required DeviceId Id { get; init; }
    public required DeviceDescription Description { get; init; }

    /// <summary>In the order in which they were announced.</summary>
    public IReadOnlyList<EntityId> Entities { get; init; } = [];

    /// <summary>What it announced besides, of components that Hearth does not know yet.</summary>
    public IReadOnlyList<Other> Others { get; init; } = [];

    public string State { get; init; } = DeviceState.Active;
    public string Reason { get; init; } = "";
    public string Connectivity { get; init; } = Devices.Connectivity.Unknown;
    public string Health { get; init; } = DeviceHealth.Healthy;
    public string HealthDetail { get; init; } = "none";
    public bool Enabled { get; init; } = true;

    /// <summary>What a person has said of it.</summary>
    public Arrangement Says { get; init; } = Arrangement.None;

    /// <summary>What a person calls it.</summary>
    public string Name => Says.Name ?? Description.Name ?? Id.Value;

    /// <summary>The name of the area that it is in; null for none.</summary>
    public string? Area => Says.Area ?? Description.SuggestedArea;

    public void Write(JsonWriter json)
    {
        json.BeginObject().Name("id").String(Id.Value).Name("device");
        Description.Write(json);
        json.Name("entities").BeginArray();
        foreach (var entity in Entities)
        {
            json.String(entity.Value);
        }

        json.EndArray();
        if (Others.Count > 0)
        {
            json.Name("others").BeginArray();
            foreach (var other in Others)
            {
                other.Write(json);
            }

            json.EndArray();
        }

        if (!Says.IsNone)
        {
            json.Name("arranged");
            Says.Write(json);
        }

        json.Name("state")
            .String(State)
            .Name("reason")
            .String(Reason)
            .Name("connectivity")
            .String(Connectivity)
            .Name("health")
            .String(Health)
            .Name("health_detail")
            .String(HealthDetail)
            .Name("enabled")
            .Boolean(Enabled)
            .EndObject();
    }

    public static Device Read(JsonElement json) =>
        new()
        {
            Id = new DeviceId(JsonRead.Required(json, "id")),
            Description = DeviceDescription.Read(json.GetProperty("device")),
            Entities =
            [
                .. json.GetProperty("entities")
                    .EnumerateArray()
                    .Select(item => new EntityId(item.GetString()!)),
            ],
            Others = json.TryGetProperty("others", out var others)
                ? [.. others.EnumerateArray().Select(Other.Read)]
                : [],
            Says = json.TryGetProperty("arranged", out var says)
                ? Arrangement.Read(says)
                : Arrangement.None,
            State = JsonRead.Required(json, "state"),
            Reason = JsonRead.Required(json, "reason"),
            Connectivity = JsonRead.Required(json, "connectivity"),
            Health = JsonRead.Required(json, "health"),
            HealthDetail = JsonRead.Required(json, "health_detail"),
            Enabled = JsonRead.Flag(json, "enabled"),
        };
}

/// <summary>One thing that a device reports or can be told; immutable, replaced when it changes.
/// </summary>
internal sealed record Entity
{
    public required EntityId Id { get; init; }
    public required DeviceId Device { get; init; }
    public required EntityConfig Config { get; init; }
    public EntityState State { get; init; } = EntityState.Initial;

    /// <summary>What each availability topic last said; null before it said anything.</summary>
    public IReadOnlyList<bool?> Availability { get; init; } = [];

    /// <summary>When it counts as unavailable unless it reports before.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it goes off by itself.</summary>
    public DateTimeOffset? OffAt { get; init; }

    /// <summary>When its state last became another.</summary>
    public DateTimeOffset Changed { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>When its state or an attribute last became another.</summary>
    public DateTimeOffset Updated { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>As it was announced, with what is known of it where it was there before.</summary>
    public static Entity Configured(
        DeviceId device,
        EntityRegistration registration,
        Entity? before
    )
    {
        var config = registration.Config;
        var topics = config.EnabledByDefault ? config.Behaviour.Availability.Count : 0;
        return before is not null && before.Availability.Count == topics
            ? before with
            {
                Config = config,
            }
            : new Entity
            {
                Id = registration.Id,
                Device = device,
                Config = config,
                State = before?.State ?? config.InitialState,
                Availability = new bool?[topics],
            };
    }

    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("id")
            .String(Id.Value)
            .Name("device")
            .String(Device.Value)
            .Name("config");
        Config.Write(json);
        json.Name("state");
        State.Write(json);
        AvailabilityFlags.Write(json, Availability);
        JsonRead.OptionalTime(json, "expires_at", ExpiresAt);
        JsonRead.OptionalTime(json, "off_at", OffAt);
        if (Updated > DateTimeOffset.UnixEpoch)
        {
            JsonRead.OptionalTime(json, "changed", Changed);
            JsonRead.OptionalTime(json, "updated", Updated == Changed ? null : Updated);
        }

        json.EndObject();
    }

    public static Entity Read(JsonElement json) =>
        new()
        {
            Id = new EntityId(JsonRead.Required(json, "id")),
            Device = new DeviceId(JsonRead.Required(json, "device")),
            Config = EntityConfig.Read(json.GetProperty("config")),
            State = EntityState.Read(json.GetProperty("state")),
            Availability = AvailabilityFlags.Read(json),
            ExpiresAt = JsonRead.OptionalTime(json, "expires_at"),
            OffAt = JsonRead.OptionalTime(json, "off_at"),
            Changed = JsonRead.OptionalTime(json, "changed") ?? DateTimeOffset.UnixEpoch,
            Updated =
                JsonRead.OptionalTime(json, "updated")
                ?? JsonRead.OptionalTime(json, "changed")
                ?? DateTimeOffset.UnixEpoch,
        };
}
