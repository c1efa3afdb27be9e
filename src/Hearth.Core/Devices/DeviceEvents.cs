using System.Text.Json;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>What one of a device's entities is: its id and what it was announced with.</summary>
public sealed record EntityRegistration(EntityId Id, EntityConfig Config)
{
    internal static void WriteAll(JsonWriter json, IReadOnlyList<EntityRegistration> entities)
    {
        json.Name("entities").BeginArray();
        foreach (var entity in entities)
        {
            json.BeginObject().Name("entity_id").String(entity.Id.Value).Name("config");
            entity.Config.Write(json);
            json.EndObject();
        }

        json.EndArray();
    }

    internal static IReadOnlyList<EntityRegistration> ReadAll(JsonElement data) =>
        [
            .. data.GetProperty("entities")
                .EnumerateArray()
                .Select(json => new EntityRegistration(
                    new EntityId(JsonRead.Required(json, "entity_id")),
                    EntityConfig.Read(json.GetProperty("config"))
                )),
        ];
}

/// <summary>An entity has a new state.</summary>
public sealed record StateChanged(EntityId Entity, EntityState From, EntityState To) : EventData
{
    public const string TypeName = "hearth.state.changed";

    public override string Type => TypeName;

    public override string Subject => Entity.Value;

    public override RetentionClass Retention => RetentionClass.State;

    internal override void Write(JsonWriter json) => Write(json, Words.Whole);

    internal override void WriteInRow(JsonWriter json) => Write(json, Words.Letters);

    internal static StateChanged Read(JsonElement json) => Read(json, Words.Whole);

    internal static StateChanged Read(JsonElement json, Words words)
    {
        var to = EntityState.Read(json.GetProperty(words.To), words: words);
        return new StateChanged(
            new EntityId(JsonRead.Required(json, words.Entity)),
            EntityState.Read(json.GetProperty(words.From), to, words),
            to
        );
    }

    private void Write(JsonWriter json, Words words)
    {
        json.BeginObject().Name(words.Entity).String(Entity.Value).Name(words.From);
        From.Write(json, To, words);
        json.Name(words.To);
        To.Write(json, words: words);
        json.EndObject();
    }
}

/// <summary>
/// A device was announced for the first time, or again after it had been removed.
/// </summary>
public sealed record DeviceRegistered(
    DeviceId Device,
    DeviceDescription Description,
    IReadOnlyList<EntityRegistration> Entities
) : EventData
{
    public const string TypeName = "hearth.device.registered";

    /// <summary>What it announced besides, of components that Hearth does not know yet; of their
    /// options only how they say whether they can be reached.</summary>
    public IReadOnlyList<EntityConfig> Others { get; init; } = [];

    public override string Type => TypeName;

    public override string Subject => Device.Value;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("device_id").String(Device.Value).Name("device");
        Description.Write(json);
        EntityRegistration.WriteAll(json, Entities);
        EntityConfig.WriteAll(json, "others", Others);
        json.EndObject();
    }

    internal static DeviceRegistered Read(JsonElement json) =>
        new(
            new DeviceId(JsonRead.Required(json, "device_id")),
            DeviceDescription.Read(json.GetProperty("device")),
            EntityRegistration.ReadAll(json)
        )
        {
            Others = EntityConfig.ReadAll(json, "others"),
        };
}

/// <summary>
/// A device was announced with something new: its description as it is now, the entities that are
/// new or changed, and those that are gone.
/// </summary>
public sealed record DeviceUpdated(
    DeviceId Device,
    DeviceDescription Description,
    IReadOnlyList<EntityRegistration> Entities,
    IReadOnlyList<EntityId> Removed
) : EventData
{
    public const string TypeName = "hearth.device.updated";

    /// <summary>What is new, or announced otherwise than before, of components that Hearth does not
    /// know yet.</summary>
    public IReadOnlyList<EntityConfig> Others { get; init; } = [];

    /// <summary>What is gone of those, or is an entity now.</summary>
    public IReadOnlyList<DiscoveryKey> OthersRemoved { get; init; } = [];

    public override string Type => TypeName;

    public override string Subject => Device.Value;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("device_id").String(Device.Value).Name("device");
        Description.Write(json);
        EntityRegistration.WriteAll(json, Entities);
        json.Name("removed").BeginArray();
        foreach (var entity in Removed)
        {
            json.String(entity.Value);
        }

        json.EndArray();
        EntityConfig.WriteAll(json, "others", Others);
        DiscoveryKey.WriteAll(json, "others_removed", OthersRemoved);
        json.EndObject();
    }

    internal static DeviceUpdated Read(JsonElement json) =>
        new(
            new DeviceId(JsonRead.Required(json, "device_id")),
            DeviceDescription.Read(json.GetProperty("device")),
            EntityRegistration.ReadAll(json),
            [
                .. json.GetProperty("removed")
                    .EnumerateArray()
                    .Select(entity => new EntityId(entity.GetString()!)),
            ]
        )
        {
            Others = EntityConfig.ReadAll(json, "others"),
            OthersRemoved = DiscoveryKey.ReadAll(json, "others_removed"),
        };
}

/// <summary>What happened to a device, where its name says it all.</summary>
public abstract record DeviceEvent(DeviceId Device) : EventData
{
    public override string Subject => Device.Value;

    internal override void Write(JsonWriter json) =>
        json.BeginObject().Name("device_id").String(Device.Value).EndObject();

    private protected static DeviceId DeviceOf(JsonElement json) =>
        new(JsonRead.Required(json, "device_id"));
}

/// <summary>A device and all its entities are gone.</summary>
public sealed record DeviceRemoved(DeviceId Device) : DeviceEvent(Device)
{
    public const string TypeName = "hearth.device.removed";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal static DeviceRemoved Read(JsonElement json) => new(DeviceOf(json));
}

/// <summary>A device can be reached.</summary>
public sealed record DeviceConnected(DeviceId Device) : DeviceEvent(Device)
{
    public const string TypeName = "hearth.device.connected";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.State;

    internal static DeviceConnected Read(JsonElement json) => new(DeviceOf(json));
}

/// <summary>A device can no longer be reached.</summary>
public sealed record DeviceDisconnected(DeviceId Device) : DeviceEvent(Device)
{
    public const string TypeName = "hearth.device.disconnected";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.State;

    internal static DeviceDisconnected Read(JsonElement json) => new(DeviceOf(json));
}

/// <summary>A person let a device take part again.</summary>
public sealed record DeviceEnabled(DeviceId Device) : DeviceEvent(Device)
{
    public const string TypeName = "hearth.device.enabled";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal static DeviceEnabled Read(JsonElement json) => new(DeviceOf(json));
}

/// <summary>A person shut a device out: its messages are refused until it is enabled.</summary>
public sealed record DeviceDisabled(DeviceId Device) : DeviceEvent(Device)
{
    public const string TypeName = "hearth.device.disabled";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal static DeviceDisabled Read(JsonElement json) => new(DeviceOf(json));
}

/// <summary>A device's state: <c>off</c>, <c>active</c> or <c>triggered</c>.</summary>
/// <param name="Reason">The sentence a person reads: what made it so.</param>
public sealed record DeviceStateChanged(DeviceId Device, string From, string To, string Reason)
    : EventData
{
    public const string TypeName = "hearth.device.state_changed";

    public override string Type => TypeName;

    public override string Subject => Device.Value;

    public override RetentionClass Retention => RetentionClass.State;

    internal override void Write(JsonWriter json) =>
        json.BeginObject()
            .Name("device_id")
            .String(Device.Value)
            .Name("from")
            .String(From)
            .Name("to")
            .String(To)
            .Name("reason")
            .String(Reason)
            .EndObject();

    internal static DeviceStateChanged Read(JsonElement json) =>
        new(
            new DeviceId(JsonRead.Required(json, "device_id")),
            JsonRead.Required(json, "from"),
            JsonRead.Required(json, "to"),
            JsonRead.Required(json, "reason")
        );
}

/// <summary>How a device fares, in openHAB's words of status detail.</summary>
/// <param name="To"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Detail"><c>none</c>, <c>communication_error</c>, <c>configuration_error</c>, …
/// </param>
public sealed record DeviceHealthChanged(
    DeviceId Device,
    string From,
    string To,
    string Detail,
    string Reason
) : EventData
{
    public const string TypeName = "hearth.device.health_changed";

    public override string Type => TypeName;

    public override string Subject => Device.Value;

    public override RetentionClass Retention => RetentionClass.State;

    /// <summary>The CloudEvents <c>severitytext</c> of this change.</summary>
    internal string Severity =>
        To switch
        {
            "healthy" => "INFO",
            "degraded" => "WARN",
            _ => "ERROR",
        };

    internal override void Write(JsonWriter json) =>
        json.BeginObject()
            .Name("device_id")
            .String(Device.Value)
            .Name("from")
            .String(From)
            .Name("to")
            .String(To)
            .Name("detail")
            .String(Detail)
            .Name("reason")
            .String(Reason)
            .EndObject();

    internal static DeviceHealthChanged Read(JsonElement json) =>
        new(
            new DeviceId(JsonRead.Required(json, "device_id")),
            JsonRead.Required(json, "from"),
            JsonRead.Required(json, "to"),
            JsonRead.Required(json, "detail"),
            JsonRead.Required(json, "reason")
        );
}
