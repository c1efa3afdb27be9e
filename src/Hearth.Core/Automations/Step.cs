namespace Hearth.Core.Automations;

/// <summary>One thing that a run does, in Home Assistant's vocabulary.</summary>
internal abstract record Step
{
    /// <summary>Where it stands, as Home Assistant's traces say it:
    /// <c>action/1/choose/0/sequence/0</c>.</summary>
    public required string Path { get; init; }

    public string? Alias { get; init; }

    /// <summary>False where it is switched off in the definition: it is passed over.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>True where the run goes on although this step failed.</summary>
    public bool ContinueOnError { get; init; }
}

/// <summary>Steps that are done one after the other.</summary>
/// <param name="Path">Where the list stands: <c>action</c>,
/// <c>action/1/choose/0/sequence</c>.</param>
internal sealed record StepList(string Path, IReadOnlyList<Step> Steps);

/// <summary>An action call.</summary>
/// <param name="Action">A domain and a verb; a template where the person wrote one.</param>
/// <param name="Data">A mapping, or a template that makes one; without the targets.</param>
/// <param name="ResponseVariable">The variable that takes what the action answers.</param>
internal sealed record CallStep(
    DataTemplate Action,
    CallTarget Target,
    DataTemplate? Data,
    string? ResponseVariable
) : Step;

/// <summary>Whom an action is for; each a text or a list of them once rendered, or null.</summary>
internal sealed record CallTarget(
    DataTemplate? Entities,
    DataTemplate? Devices,
    DataTemplate? Areas,
    DataTemplate? Floors,
    DataTemplate? Labels
);

internal sealed record DelayStep(TimeField Delay) : Step;

/// <summary>Waits until a template comes true.</summary>
internal sealed record WaitTemplateStep(
    DataTemplate Value,
    TimeField? Timeout,
    bool ContinueOnTimeout
) : Step;

internal sealed record WaitForTriggerStep(
    IReadOnlyList<Trigger> Triggers,
    TimeField? Timeout,
    bool ContinueOnTimeout
) : Step;

/// <summary>Ends the run, or the loop's round, unless it holds.</summary>
internal sealed record ConditionStep(Condition Condition) : Step;

/// <summary>The first choice whose condition holds; else the default.</summary>
internal sealed record ChooseStep(IReadOnlyList<Choice> Choices, StepList? Default) : Step;

internal sealed record Choice(Condition Condition, StepList Sequence, string? Alias);

internal sealed record IfStep(Condition Condition, StepList Then, StepList? Else) : Step;

/// <summary>Exactly one of count, while, until and for_each is there.</summary>
internal sealed record RepeatStep(
    DataTemplate? Count,
    Condition? While,
    Condition? Until,
    DataTemplate? ForEach,
    StepList Sequence
) : Step;

internal sealed record ParallelStep(IReadOnlyList<StepList> Branches) : Step;

internal sealed record SequenceStep(StepList Sequence) : Step;

/// <summary>Ends the run.</summary>
internal sealed record StopStep(DataTemplate? Message, bool IsError, string? ResponseVariable)
    : Step;

/// <summary>Sets variables, in this order, each seeing those before it.</summary>
internal sealed record VariablesStep(DataTemplate Variables) : Step;

/// <summary>Publishes an event on the bus.</summary>
/// <param name="Data">A mapping, or null.</param>
internal sealed record EventStep(DataTemplate EventType, DataTemplate? Data) : Step;
