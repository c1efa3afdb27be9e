using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>What is said about one automation.</summary>
public abstract record AutomationEvent(string Automation) : EventData
{
    public override string Subject => "automation." + Automation;

    public override RetentionClass Retention => RetentionClass.Domain;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("automation").String(Automation);
        WriteMore(json);
        json.EndObject();
    }

    private protected virtual void WriteMore(JsonWriter json) { }

    private protected static string Id(JsonElement json) => JsonRead.Required(json, "automation");
}

/// <summary>An automation was saved for the first time.</summary>
/// <param name="Definition">The automation as the person wrote it, a JSON object.</param>
public sealed record AutomationCreated(string Automation, string Definition)
    : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.created";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    private protected override void WriteMore(JsonWriter json) =>
        json.Name("definition").Raw(Definition);

    internal static AutomationCreated Read(JsonElement json) =>
        new(Id(json), JsonRead.Raw(json, "definition")!);
}

/// <summary>An automation was saved again.</summary>
public sealed record AutomationUpdated(string Automation, string Definition)
    : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.updated";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    private protected override void WriteMore(JsonWriter json) =>
        json.Name("definition").Raw(Definition);

    internal static AutomationUpdated Read(JsonElement json) =>
        new(Id(json), JsonRead.Raw(json, "definition")!);
}

public sealed record AutomationRemoved(string Automation) : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.removed";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal static AutomationRemoved Read(JsonElement json) => new(Id(json));
}

public sealed record AutomationEnabled(string Automation) : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.enabled";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal static AutomationEnabled Read(JsonElement json) => new(Id(json));
}

public sealed record AutomationDisabled(string Automation) : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.disabled";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal static AutomationDisabled Read(JsonElement json) => new(Id(json));
}

/// <summary>
/// An automation's trigger came true, and a run begins; the run's id is this event's sequence.
/// </summary>
/// <param name="Trigger">The trigger's id, by default its index: <c>0</c>.</param>
/// <param name="Entity">The entity whose state did it; null for an event trigger.</param>
/// <param name="Facts">Why, by value, as a JSON object, so that the answer outlives its cause:
/// platform, entity, from, to, threshold, held since.</param>
public sealed record AutomationTriggered(
    string Automation,
    string Trigger,
    EntityId? Entity,
    string Facts
) : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.triggered";

    public override string Type => TypeName;

    private protected override void WriteMore(JsonWriter json)
    {
        json.Name("trigger").String(Trigger);
        if (Entity is { } entity)
        {
            json.Name("entity_id").String(entity.Value);
        }

        json.Name("facts").Raw(Facts);
    }

    internal static AutomationTriggered Read(JsonElement json) =>
        new(
            Id(json),
            JsonRead.Required(json, "trigger"),
            JsonRead.Text(json, "entity_id") is { } entity ? new EntityId(entity) : null,
            JsonRead.Raw(json, "facts")!
        );
}

/// <summary>A run came to its end.</summary>
/// <param name="Run">The sequence of the event that triggered it.</param>
public sealed record AutomationFinished(string Automation, Sequence Run)
    : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.finished";

    public override string Type => TypeName;

    private protected override void WriteMore(JsonWriter json) =>
        json.Name("run").Number(Run.Value);

    internal static AutomationFinished Read(JsonElement json) =>
        new(Id(json), new Sequence(json.GetProperty("run").GetInt64()));
}

/// <summary>A run could not do what it should.</summary>
/// <param name="Step">Home Assistant's step path, <c>action/0</c>.</param>
/// <param name="Reason">A sentence that says what to change.</param>
public sealed record AutomationFailed(string Automation, Sequence Run, string Step, string Reason)
    : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.failed";

    public override string Type => TypeName;

    private protected override void WriteMore(JsonWriter json) =>
        json.Name("run").Number(Run.Value).Name("step").String(Step).Name("reason").String(Reason);

    internal static AutomationFailed Read(JsonElement json) =>
        new(
            Id(json),
            new Sequence(json.GetProperty("run").GetInt64()),
            JsonRead.Required(json, "step"),
            JsonRead.Required(json, "reason")
        );
}
