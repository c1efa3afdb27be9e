using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// Somebody wants an entity to do something. The command's id is this event's sequence, its life
/// ends at this event's expiry time.
/// </summary>
/// <param name="Action"><c>light.turn_off</c>.</param>
/// <param name="Arguments">The action's data as a JSON object.</param>
/// <param name="Desired">What the entity should report afterwards; null where it reports nothing.
/// </param>
public sealed record CommandRequested(
    EntityId Entity,
    string Action,
    string Arguments,
    EntityState? Desired
) : EventData
{
    public const string TypeName = "hearth.command.requested";

    /// <summary>The action without its domain, <c>turn_off</c>.</summary>
    internal string Verb => Action[(Action.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public override string Type => TypeName;

    public override string Subject => Entity.Value;

    public override RetentionClass Retention => RetentionClass.Domain;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("entity_id")
            .String(Entity.Value)
            .Name("action")
            .String(Action)
            .Name("data")
            .Raw(Arguments);
        if (Desired is not null)
        {
            json.Name("desired");
            Desired.Write(json);
        }

        json.EndObject();
    }

    internal static CommandRequested Read(JsonElement json) =>
        new(
            new EntityId(JsonRead.Required(json, "entity_id")),
            JsonRead.Required(json, "action"),
            JsonRead.Raw(json, "data")!,
            json.TryGetProperty("desired", out var desired) ? EntityState.Read(desired) : null
        );
}

/// <summary>What comes to a command after it was requested.</summary>
/// <param name="Command">Its id: the sequence of the event that requested it.</param>
public abstract record CommandProgress(Sequence Command, EntityId Entity) : EventData
{
    public override string Subject => Entity.Value;

    public override RetentionClass Retention => RetentionClass.Domain;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("command")
            .Number(Command.Value)
            .Name("entity_id")
            .String(Entity.Value);
        WriteMore(json);
        json.EndObject();
    }

    private protected virtual void WriteMore(JsonWriter json) { }

    private protected static Sequence CommandOf(JsonElement json) =>
        new(json.GetProperty("command").GetInt64());

    private protected static EntityId EntityOf(JsonElement json) =>
        new(JsonRead.Required(json, "entity_id"));
}

/// <summary>A command was handed to at least one session that subscribes to its topic.</summary>
public sealed record CommandSent(Sequence Command, EntityId Entity)
    : CommandProgress(Command, Entity)
{
    public const string TypeName = "hearth.command.sent";

    public override string Type => TypeName;

    internal static CommandSent Read(JsonElement json) => new(CommandOf(json), EntityOf(json));
}

/// <summary>The entity reported what was asked of it, or was told and reports nothing.</summary>
public sealed record CommandAcknowledged(Sequence Command, EntityId Entity)
    : CommandProgress(Command, Entity)
{
    public const string TypeName = "hearth.command.acknowledged";

    public override string Type => TypeName;

    internal static CommandAcknowledged Read(JsonElement json) =>
        new(CommandOf(json), EntityOf(json));
}

/// <summary>A command came to nothing.</summary>
/// <param name="Reason"><c>no_subscriber</c>, <c>superseded</c>, <c>device_removed</c>,
/// <c>device_disabled</c>.</param>
public sealed record CommandFailed(Sequence Command, EntityId Entity, string Reason)
    : CommandProgress(Command, Entity)
{
    public const string TypeName = "hearth.command.failed";

    public override string Type => TypeName;

    private protected override void WriteMore(JsonWriter json) =>
        json.Name("reason").String(Reason);

    internal static CommandFailed Read(JsonElement json) =>
        new(CommandOf(json), EntityOf(json), JsonRead.Required(json, "reason"));
}

/// <summary>Nothing was heard of a command within its life.</summary>
public sealed record CommandExpired(Sequence Command, EntityId Entity)
    : CommandProgress(Command, Entity)
{
    public const string TypeName = "hearth.command.expired";

    public override string Type => TypeName;

    internal static CommandExpired Read(JsonElement json) => new(CommandOf(json), EntityOf(json));
}
