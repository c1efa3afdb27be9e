using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>A command whose life has not ended: requested, or sent and not yet answered.</summary>
/// <param name="Id">The sequence of the event that requested it.</param>
/// <param name="AwaitsDevice">True after a restart, until the device shows that it is back: then
/// the command goes out again.</param>
internal sealed record Command(
    Sequence Id,
    EntityId Entity,
    string Action,
    string Arguments,
    EntityState? Desired,
    DateTimeOffset Expires,
    Cause Cause,
    bool Sent,
    bool AwaitsDevice
)
{
    public string Key => Id.ToString();

    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("id")
            .Number(Id.Value)
            .Name("entity")
            .String(Entity.Value)
            .Name("action")
            .String(Action)
            .Name("arguments")
            .Raw(Arguments);
        if (Desired is not null)
        {
            json.Name("desired");
            Desired.Write(json);
        }

        json.Name("expires").String(Timestamp.ToText(Expires));
        Cause.Write(json, "cause");
        json.Name("sent").Boolean(Sent).Name("awaits_device").Boolean(AwaitsDevice).EndObject();
    }

    public static Command Read(JsonElement json) =>
        new(
            new Sequence(json.GetProperty("id").GetInt64()),
            new EntityId(JsonRead.Required(json, "entity")),
            JsonRead.Required(json, "action"),
            JsonRead.Raw(json, "arguments")!,
            json.TryGetProperty("desired", out var desired) ? EntityState.Read(desired) : null,
            JsonRead.Time(json, "expires"),
            Cause.Read(json, "cause"),
            JsonRead.Flag(json, "sent"),
            JsonRead.Flag(json, "awaits_device")
        );
}

/// <summary>The commands that are under way, at most one an entity. Only events change it.
/// </summary>
internal sealed class CommandBook(Deadlines deadlines)
{
    private readonly Dictionary<Sequence, Command> _pending = [];
    private readonly Dictionary<EntityId, Sequence> _byEntity = [];

    public IReadOnlyDictionary<Sequence, Command> Pending => _pending;

    public Command? For(EntityId entity) =>
        _byEntity.TryGetValue(entity, out var id) ? _pending[id] : null;

    public void Apply(Event item)
    {
        switch (item.Data)
        {
            case CommandRequested requested:
                Put(
                    new Command(
                        item.Sequence,
                        requested.Entity,
                        requested.Action,
                        requested.Arguments,
                        requested.Desired,
                        item.ExpiryTime!.Value,
                        Cause.Of(item),
                        Sent: false,
                        AwaitsDevice: false
                    )
                );
                break;
            case CommandSent { Command: var id } when _pending.TryGetValue(id, out var command):
                Put(command with { Sent = true });
                break;
            case MessagePublished { Command: { } id }
                when _pending.TryGetValue(id, out var command) && command.AwaitsDevice:
                Put(command with { Sent = false, AwaitsDevice = false });
                break;
            case CommandProgress { Command: var id } and not CommandSent:
                Remove(id);
                break;
        }
    }

    /// <summary>After a restart nobody knows what reached the device: everything unfinished goes
    /// out again once the device is back.</summary>
    public void AwaitDevices()
    {
        foreach (var command in _pending.Values.ToArray())
        {
            Put(command with { AwaitsDevice = true });
        }
    }

    public void Rebase(TimeSpan by)
    {
        foreach (var command in _pending.Values.ToArray())
        {
            Put(command with { Expires = command.Expires + by });
        }
    }

    public void Restore(IEnumerable<Command> commands)
    {
        foreach (var command in commands)
        {
            Put(command);
        }
    }

    private void Put(Command command)
    {
        _pending[command.Id] = command;
        _byEntity[command.Entity] = command.Id;
        deadlines.Set(DeadlineKind.Command, command.Key, command.Expires);
    }

    private void Remove(Sequence id)
    {
        if (!_pending.Remove(id, out var command))
        {
            return;
        }

        deadlines.Set(DeadlineKind.Command, command.Key, null);
        if (_byEntity.TryGetValue(command.Entity, out var current) && current == id)
        {
            _byEntity.Remove(command.Entity);
        }
    }
}
