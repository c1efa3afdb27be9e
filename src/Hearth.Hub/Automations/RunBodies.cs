using System.Text.Json;
using System.Text.Json.Serialization;
using Hearth.Hub.Devices;

namespace Hearth.Hub.Automations;

/// <summary>How a run of an automation went.</summary>
/// <param name="Run">Its id: the sequence of the event that its trigger led to.</param>
/// <param name="State"><c>running</c> or <c>finished</c>; what a condition kept from beginning is
/// finished, too.</param>
/// <param name="ScriptExecution">In Home Assistant's words: <c>finished</c>, <c>aborted</c> (a
/// condition among the actions did not hold, or a wait was given up), <c>cancelled</c>,
/// <c>error</c>; <c>failed_conditions</c>, <c>failed_single</c> and <c>failed_max_runs</c> where it
/// did not begin; null while it runs.</param>
/// <param name="Trigger">What set it off: id and index of the trigger, its platform, and what it
/// saw (entity, from, to, threshold, since), as it was then.</param>
/// <param name="Finished">Null while it runs.</param>
/// <param name="Duration">In seconds; null while it runs.</param>
/// <param name="LastStep">The path of the last step, <c>action/1/choose/0/sequence/0</c>.</param>
/// <param name="Error">What went wrong, as a sentence; null where nothing did.</param>
internal sealed record RunSummaryBody(
    string Run,
    string State,
    string? ScriptExecution,
    JsonElement Trigger,
    DateTimeOffset Started,
    DateTimeOffset? Finished,
    double? Duration,
    string LastStep,
    string? Error
);

/// <summary>A run of an automation with everything that it did.</summary>
/// <param name="Run">Its id: the sequence of the event that its trigger led to.</param>
/// <param name="State"><c>running</c> or <c>finished</c>.</param>
/// <param name="ScriptExecution">In Home Assistant's words; null while it runs.</param>
/// <param name="Trigger">What set it off, as it was then.</param>
/// <param name="Finished">Null while it runs.</param>
/// <param name="Duration">In seconds; null while it runs.</param>
/// <param name="LastStep">The path of the last step.</param>
/// <param name="Error">What went wrong, as a sentence; null where nothing did.</param>
/// <param name="Trace">By path, in the order in which they were first reached; a step of a loop
/// has an entry a round.</param>
/// <param name="StepsLeftOut">Steps that are counted and not told, because there were too many.
/// </param>
/// <param name="Commands">What it asked entities to do, and how that ended.</param>
/// <param name="Config">The automation as it was then; null where that is not known any more.
/// </param>
internal sealed record RunTraceBody(
    string Run,
    string State,
    string? ScriptExecution,
    JsonElement Trigger,
    DateTimeOffset Started,
    DateTimeOffset? Finished,
    double? Duration,
    string LastStep,
    string? Error,
    IReadOnlyDictionary<string, IReadOnlyList<TraceStepBody>> Trace,
    int StepsLeftOut,
    IReadOnlyList<CommandBody> Commands,
    RunCauseBody Cause,
    JsonElement? Config
);

/// <summary>One time that a run came to a step.</summary>
/// <param name="Result">What came of it; absent where there is nothing to say.</param>
/// <param name="Error">What went wrong; absent where nothing did.</param>
/// <param name="ChangedVariables">Variables that it set; absent where it set none.</param>
internal sealed record TraceStepBody(
    string Path,
    DateTimeOffset Timestamp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Result,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        JsonElement? ChangedVariables
);

/// <summary>What led to a run.</summary>
/// <param name="Event">The sequence of the event that led directly to it; null where nothing but
/// the clock or a person did.</param>
/// <param name="Correlationid">The id of the first event of the chain: GET
/// /events?correlation= answers all of it.</param>
/// <param name="By">Who acted.</param>
internal sealed record RunCauseBody(string? Event, string Correlationid, string By);
