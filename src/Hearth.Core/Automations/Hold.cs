using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <param name="Entity">The default for a template: it is true of no entity alone.</param>
internal readonly record struct HoldKey(Watch Watch, EntityId Entity)
{
    public string Text => $"{Watch.Text}|{Entity.Value}";
}

/// <summary>
/// A trigger that is true for an entity now: a timer of the home, as state.
/// </summary>
/// <param name="Since">Since when it is true.</param>
/// <param name="Due">When it has held for its time.</param>
/// <param name="Armed">True when it began with a crossing and will set its automation off; false
/// when it was true already, as after the entity came back, or the automation was saved.</param>
/// <param name="Elapsed">True when it has held for its time and that was acted upon.</param>
/// <param name="AwaitsReport">True when its time ran out while the home was down: the first report
/// decides, or the minute at <paramref name="Due"/>.</param>
/// <param name="From">The value before the crossing.</param>
/// <param name="Cause">The change of state that began it.</param>
internal sealed record Hold(
    HoldKey Key,
    DateTimeOffset Since,
    DateTimeOffset Due,
    bool Armed,
    bool Elapsed,
    bool AwaitsReport,
    string From,
    Cause Cause
)
{
    /// <summary>The entity whose change made a template true; null for other triggers.</summary>
    public EntityId? By { get; init; }

    /// <summary>Who brought about the change that began it.</summary>
    public Principal Who { get; init; } = Principal.Anonymous;

    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("automation")
            .String(Key.Watch.Automation)
            .Name("trigger")
            .Number(Key.Watch.Trigger);
        if (Key.Watch.Wait.Length > 0)
        {
            json.Name("wait").String(Key.Watch.Wait);
        }

        json.Name("entity")
            .String(Key.Entity.Value ?? "")
            .Name("since")
            .String(Timestamp.ToText(Since))
            .Name("due")
            .String(Timestamp.ToText(Due))
            .Name("armed")
            .Boolean(Armed)
            .Name("elapsed")
            .Boolean(Elapsed)
            .Name("awaits_report")
            .Boolean(AwaitsReport)
            .Name("from")
            .String(From);
        if (By is { } by)
        {
            json.Name("by").String(by.Value);
        }

        if (Who != Principal.Anonymous)
        {
            json.Name("who").String(Who.Value);
        }

        Cause.Write(json, "cause");
        json.EndObject();
    }

    public static Hold Read(JsonElement json) =>
        new(
            new HoldKey(
                new Watch(
                    JsonRead.Required(json, "automation"),
                    (int)JsonRead.Number(json, "trigger"),
                    JsonRead.Text(json, "wait") ?? ""
                ),
                JsonRead.Required(json, "entity") is { Length: > 0 } entity
                    ? new EntityId(entity)
                    : default
            ),
            JsonRead.Time(json, "since"),
            JsonRead.Time(json, "due"),
            JsonRead.Flag(json, "armed"),
            JsonRead.Flag(json, "elapsed"),
            JsonRead.Flag(json, "awaits_report"),
            JsonRead.Required(json, "from"),
            Cause.Read(json, "cause")
        )
        {
            By = JsonRead.Text(json, "by") is { } by ? new EntityId(by) : null,
            Who = JsonRead.Text(json, "who") is { } who ? new Principal(who) : Principal.Anonymous,
        };
}
