using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>What must be so for an automation to go on, in Home Assistant's vocabulary.</summary>
internal abstract record Condition
{
    /// <summary>Where it stands, as Home Assistant's traces say it:
    /// <c>condition/0/conditions/1</c>.</summary>
    public required string Path { get; init; }

    public string? Alias { get; init; }

    /// <summary>False where it is switched off in the definition: it is passed over, as if it were
    /// not there.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Home Assistant's name of the kind: <c>numeric_state</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>All of them; none = true.</summary>
internal sealed record AndCondition(IReadOnlyList<Condition> Conditions) : Condition
{
    public override string Kind => "and";
}

/// <summary>At least one of them.</summary>
internal sealed record OrCondition(IReadOnlyList<Condition> Conditions) : Condition
{
    public override string Kind => "or";
}

/// <summary>None of them.</summary>
internal sealed record NotCondition(IReadOnlyList<Condition> Conditions) : Condition
{
    public override string Kind => "not";
}

/// <summary>Entities that are in one of these states.</summary>
/// <param name="Any">True where one of the entities is enough (<c>match: any</c>).</param>
/// <param name="States">Values; one that names an entity of which there is a state stands for that
/// state.</param>
/// <param name="For">For at least so long.</param>
internal sealed record StateCondition(
    IReadOnlyList<EntityId> Entities,
    bool Any,
    string? Attribute,
    IReadOnlyList<string> States,
    TimeField? For
) : Condition
{
    public override string Kind => "state";
}

/// <summary>Entities whose number lies within bounds.</summary>
internal sealed record NumericStateCondition(IReadOnlyList<EntityId> Entities, NumberTest Test)
    : Condition
{
    public override string Kind => "numeric_state";
}

/// <summary>A local time between two times of day, on some days.</summary>
/// <param name="Weekdays">Empty = all.</param>
internal sealed record TimeCondition(
    TimeOfEntity? After,
    TimeOfEntity? Before,
    IReadOnlyList<DayOfWeek> Weekdays
) : Condition
{
    public override string Kind => "time";
}

/// <summary>Before or after sunrise or sunset.</summary>
/// <param name="AfterSunrise">Null where there is no <c>after</c>; true for sunrise, false for
/// sunset.</param>
internal sealed record SunCondition(
    bool? AfterSunrise,
    TimeSpan AfterOffset,
    bool? BeforeSunrise,
    TimeSpan BeforeOffset
) : Condition
{
    public override string Kind => "sun";
}

/// <summary>A template that renders true, in capitals or not.</summary>
internal sealed record TemplateCondition(DataTemplate Value) : Condition
{
    public override string Kind => "template";
}

/// <summary>One of these triggers set the run off.</summary>
internal sealed record TriggerCondition(IReadOnlyList<string> Ids) : Condition
{
    public override string Kind => "trigger";
}
