using Hearth.Core.Devices;

namespace Hearth.Core.Rehearsal;

/// <summary>What a draft would have done.</summary>
/// <param name="RunCount">How often it would have run, those that are not listed included.</param>
/// <param name="Runs">Oldest first.</param>
/// <param name="SkippedCount">How often its triggers came in vain.</param>
/// <param name="Skipped">Those times, with what kept a run from beginning.</param>
/// <param name="NearMisses">Times that a trigger held for most of its time.</param>
/// <param name="EndedEarly">Where it was given up because it ran more often than anybody can look
/// at; null where it came to the end.</param>
public sealed record RehearsalReport(
    RehearsalTimes Times,
    int RunCount,
    IReadOnlyList<RehearsedRun> Runs,
    int SkippedCount,
    IReadOnlyList<RehearsedRun> Skipped,
    IReadOnlyList<NearMiss> NearMisses,
    Saving Saved,
    DateTimeOffset? EndedEarly
)
{
    /// <summary>All of it in two or three sentences, with times as the home's clocks show them.
    /// </summary>
    public string Sentence { get; init; } = "";
}

/// <summary>One time that a trigger of a draft came.</summary>
/// <param name="Trigger">Its id, by default its index.</param>
/// <param name="Entity">Whose state did it; null where it was none's.</param>
/// <param name="Facts">Why, a JSON object, as in
/// <see cref="Automations.AutomationTriggered.Facts"/>.</param>
/// <param name="CauseId">The id of the recorded event that led to it; null where time did.</param>
public sealed record RehearsedRun(
    DateTimeOffset At,
    string Trigger,
    EntityId? Entity,
    string Facts,
    string? CauseId
)
{
    /// <summary>Why, in words; and, where it did not run, what kept it from it.</summary>
    public string Sentence { get; init; } = "";

    /// <summary>What kept it from beginning, as
    /// <see cref="Automations.AutomationTriggered.StoppedBy"/>; null where it ran.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>How it ended, in Home Assistant's words; <c>running</c> where it had not by the end
    /// of the rehearsal.</summary>
    public string Result { get; init; } = "running";

    /// <summary>Why it failed, with the path of the step; null where it did not.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>What it would have done.</summary>
    public IReadOnlyList<RehearsedAction> Actions { get; init; } = [];

    /// <summary>Its traces, each a JSON array, with the time that its steps without one have.
    /// </summary>
    public IReadOnlyList<(DateTimeOffset At, string Json)> Traces { get; init; } = [];

    /// <summary>Who acted against it soon afterwards; null for nobody.</summary>
    public Countermand? UndoneBy { get; init; }

    /// <summary>How long an entity that it turned off stayed on.</summary>
    public TimeSpan Sooner { get; init; }

    /// <summary>What that took, in kWh; null where nothing measures it.</summary>
    public double? EnergySaved { get; init; }
}

/// <summary>Something that a draft would have done.</summary>
/// <param name="Kind"><c>command</c>, <c>message</c>, <c>notification</c>, <c>event</c> or
/// <c>automation</c>.</param>
/// <param name="Action">The action of a command, the topic of a message, the type of an event.
/// </param>
/// <param name="Target">The entity or the automation.</param>
/// <param name="Data">A JSON text; null for none.</param>
public sealed record RehearsedAction(
    DateTimeOffset At,
    string Kind,
    string Action,
    string? Target,
    string? Data
);

/// <summary>Somebody did the opposite soon after a run.</summary>
/// <param name="By">Who; null where the device itself reported it, as after a hand on its switch.
/// </param>
/// <param name="EventId">The recorded event.</param>
public sealed record Countermand(DateTimeOffset At, EntityId Entity, string? By, string EventId);

/// <summary>A trigger that held for most of the time that it has to, and no longer.</summary>
public sealed record NearMiss(
    DateTimeOffset Since,
    string Trigger,
    EntityId? Entity,
    TimeSpan Lasted,
    TimeSpan Wanted
);

/// <summary>What a draft would have saved, about.</summary>
/// <param name="Sooner">For how long together what it turned off stayed on.</param>
/// <param name="Energy">In kWh; null where nothing measures it.</param>
/// <param name="MeasuredBy">The meters, in the order of their ids.</param>
public sealed record Saving(TimeSpan Sooner, double? Energy, IReadOnlyList<EntityId> MeasuredBy);
