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

    private protected static void WriteTrace(JsonWriter json, string? trace)
    {
        if (trace is not null)
        {
            json.Name("trace").Raw(trace);
        }
    }

    private protected static string Id(JsonElement json) => JsonRead.Required(json, "automation");

    private protected static void WriteDefinition(
        JsonWriter json,
        string definition,
        string? source,
        int? restoredFrom
    )
    {
        json.Name("definition").Raw(definition);
        if (source is not null)
        {
            json.Name("source").String(source);
        }

        if (restoredFrom is { } version)
        {
            json.Name("restored_from").Number(version);
        }
    }

    private protected static int? RestoredFromOf(JsonElement json) =>
        json.TryGetProperty("restored_from", out var version) ? version.GetInt32() : null;
}

/// <summary>An automation was saved for the first time.</summary>
/// <param name="Definition">What the automation says, a JSON object.</param>
/// <param name="Source">The text that the person wrote, where that is not JSON.</param>
public sealed record AutomationCreated(string Automation, string Definition, string? Source = null)
    : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.created";

    /// <summary>The version of it that was taken back; null where it was newly written.</summary>
    public int? RestoredFrom { get; init; }

    /// <summary>False where its definition says that it begins switched off.</summary>
    public bool IsEnabled =>
        AutomationParser.Parse(Definition, out _) is not { InitiallyEnabled: false };

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    private protected override void WriteMore(JsonWriter json) =>
        WriteDefinition(json, Definition, Source, RestoredFrom);

    internal static AutomationCreated Read(JsonElement json) =>
        new(Id(json), JsonRead.Raw(json, "definition")!, JsonRead.Text(json, "source"))
        {
            RestoredFrom = RestoredFromOf(json),
        };
}

/// <summary>An automation was saved again.</summary>
public sealed record AutomationUpdated(string Automation, string Definition, string? Source = null)
    : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.updated";

    /// <summary>The version of it that was taken back; null where it was newly written.</summary>
    public int? RestoredFrom { get; init; }

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    private protected override void WriteMore(JsonWriter json) =>
        WriteDefinition(json, Definition, Source, RestoredFrom);

    internal static AutomationUpdated Read(JsonElement json) =>
        new(Id(json), JsonRead.Raw(json, "definition")!, JsonRead.Text(json, "source"))
        {
            RestoredFrom = RestoredFromOf(json),
        };
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
/// An automation's trigger came true. A run begins, unless something stopped it; the run's id is
/// this event's sequence.
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

    private const string Silent = "silent";

    /// <summary>The trigger's index; -1 for a run by hand.</summary>
    public int Index { get; init; } = -1;

    /// <summary>What kept the run from beginning, in Home Assistant's words:
    /// <c>failed_conditions</c>, <c>failed_single</c>, <c>failed_max_runs</c>; null where it
    /// began.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>Where the automation's mode allowed no further run, how loudly it wants that said,
    /// in Home Assistant's words: <c>silent</c>, <c>warning</c> and so on; null otherwise.
    /// </summary>
    public string? MaxExceeded { get; init; }

    /// <summary>The trace of the conditions, a JSON array; null where there are none.</summary>
    public string? Trace { get; init; }

    public override string Type => TypeName;

    /// <summary>What did not run is not worth a year, and what nobody wants to hear of is worth a
    /// day.</summary>
    public override RetentionClass Retention =>
        StoppedBy is null ? RetentionClass.Domain
        : MaxExceeded == Silent ? RetentionClass.Message
        : RetentionClass.State;

    /// <summary>The CloudEvents <c>severitytext</c> of a trigger that the mode stopped.</summary>
    internal string? Severity =>
        MaxExceeded switch
        {
            "debug" => "DEBUG",
            "info" => "INFO",
            "warning" or "warn" => "WARN",
            "error" => "ERROR",
            "critical" or "fatal" => "FATAL",
            _ => null,
        };

    private protected override void WriteMore(JsonWriter json)
    {
        json.Name("trigger").String(Trigger);
        if (Index >= 0)
        {
            json.Name("index").Number(Index);
        }

        if (Entity is { } entity)
        {
            json.Name("entity_id").String(entity.Value);
        }

        json.Name("facts").Raw(Facts);
        if (StoppedBy is not null)
        {
            json.Name("stopped_by").String(StoppedBy);
        }

        if (MaxExceeded is not null)
        {
            json.Name("max_exceeded").String(MaxExceeded);
        }

        WriteTrace(json, Trace);
    }

    internal static AutomationTriggered Read(JsonElement json) =>
        new(
            Id(json),
            JsonRead.Required(json, "trigger"),
            JsonRead.Text(json, "entity_id") is { } entity ? new EntityId(entity) : null,
            JsonRead.Raw(json, "facts")!
        )
        {
            Index = (int)JsonRead.Number(json, "index", -1),
            StoppedBy = JsonRead.Text(json, "stopped_by"),
            MaxExceeded = JsonRead.Text(json, "max_exceeded"),
            Trace = JsonRead.Raw(json, "trace"),
        };
}

/// <summary>What is said about one run of an automation.</summary>
/// <param name="Run">The sequence of the event that triggered it.</param>
/// <param name="Trace">What it did since the last event of the run, a JSON array; null for
/// nothing.</param>
public abstract record AutomationRunEvent(string Automation, Sequence Run, string? Trace)
    : AutomationEvent(Automation)
{
    private protected sealed override void WriteMore(JsonWriter json)
    {
        json.Name("run").Number(Run.Value);
        WriteRun(json);
        WriteTrace(json, Trace);
    }

    private protected abstract void WriteRun(JsonWriter json);

    private protected static Sequence RunOf(JsonElement json) =>
        new(json.GetProperty("run").GetInt64());
}

/// <summary>A run stands still: at a delay, at a wait, or because another run goes first.
/// </summary>
/// <param name="State">Where it stands and what it knows, a JSON object: all that is needed to go
/// on.</param>
public sealed record AutomationWaiting(
    string Automation,
    Sequence Run,
    string State,
    string? Trace = null
) : AutomationRunEvent(Automation, Run, Trace)
{
    public const string TypeName = "hearth.automation.waiting";

    public override string Type => TypeName;

    private protected override void WriteRun(JsonWriter json) => json.Name("state").Raw(State);

    internal static AutomationWaiting Read(JsonElement json) =>
        new(Id(json), RunOf(json), JsonRead.Raw(json, "state")!, JsonRead.Raw(json, "trace"));
}

/// <summary>A run came to its end.</summary>
/// <param name="Result">How, in Home Assistant's words: <c>finished</c>, <c>aborted</c> (a
/// condition among the actions did not hold), <c>cancelled</c>.</param>
public sealed record AutomationFinished(
    string Automation,
    Sequence Run,
    string Result = AutomationFinished.Usual,
    string? Trace = null
) : AutomationRunEvent(Automation, Run, Trace)
{
    public const string TypeName = "hearth.automation.finished";

    public const string Usual = "finished";

    public override string Type => TypeName;

    private protected override void WriteRun(JsonWriter json)
    {
        if (Result != Usual)
        {
            json.Name("result").String(Result);
        }
    }

    internal static AutomationFinished Read(JsonElement json) =>
        new(
            Id(json),
            RunOf(json),
            JsonRead.Text(json, "result") ?? Usual,
            JsonRead.Raw(json, "trace")
        );
}

/// <summary>A run could not do what it should, and ended.</summary>
/// <param name="Step">Home Assistant's step path, <c>action/0</c>.</param>
/// <param name="Reason">A sentence that says what to change.</param>
public sealed record AutomationFailed(
    string Automation,
    Sequence Run,
    string Step,
    string Reason,
    string? Trace = null
) : AutomationRunEvent(Automation, Run, Trace)
{
    public const string TypeName = "hearth.automation.failed";

    public override string Type => TypeName;

    private protected override void WriteRun(JsonWriter json) =>
        json.Name("step").String(Step).Name("reason").String(Reason);

    internal static AutomationFailed Read(JsonElement json) =>
        new(
            Id(json),
            RunOf(json),
            JsonRead.Required(json, "step"),
            JsonRead.Required(json, "reason"),
            JsonRead.Raw(json, "trace")
        );
}

/// <summary>Time alone made a template of a trigger true, or no longer true.</summary>
/// <param name="Wait">The wait it belongs to; empty for the automation's own trigger.</param>
public sealed record AutomationTriggerChanged(string Automation, int Index, string Wait, bool Holds)
    : AutomationEvent(Automation)
{
    public const string TypeName = "hearth.automation.trigger_changed";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.State;

    private protected override void WriteMore(JsonWriter json)
    {
        json.Name("index").Number(Index);
        if (Wait.Length > 0)
        {
            json.Name("wait").String(Wait);
        }

        json.Name("holds").Boolean(Holds);
    }

    internal static AutomationTriggerChanged Read(JsonElement json) =>
        new(
            Id(json),
            (int)JsonRead.Number(json, "index"),
            JsonRead.Text(json, "wait") ?? "",
            JsonRead.Flag(json, "holds")
        );
}
