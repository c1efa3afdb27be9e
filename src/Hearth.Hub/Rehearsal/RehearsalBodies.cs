using System.Text.Json;
using System.Text.Json.Serialization;
using Hearth.Core.Rehearsal;
using Hearth.Hub.Automations;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Rehearsal;

/// <summary>A draft, and the past that it is tried on: what the home has recorded, or what
/// <c>states</c> and <c>events</c> make up.</summary>
/// <param name="Automation">As it would be saved: an object, or YAML as a text.</param>
/// <param name="From">Where the time begins that is asked for; left out, a week before
/// <c>to</c>.</param>
/// <param name="To">Where it ends; left out, now. Only for what was recorded.</param>
/// <param name="States">The states at the beginning by entity, as text or as an object with state,
/// attributes, last_changed. Entities that are not named are unknown.</param>
/// <param name="Events">What happens: each has <c>at</c> (a time, or so many seconds after
/// <c>from</c>) and either entity_id with state and attributes, or type with data, or topic with
/// payload, or webhook_id with data, or tag_id, or homeassistant (start, shutdown).</param>
/// <param name="Until">Where a made-up past ends, a time or a length; left out, a day after the
/// last event.</param>
internal sealed record RehearsalRequestBody(
    JsonElement Automation,
    DateTimeOffset? From,
    DateTimeOffset? To,
    IReadOnlyDictionary<string, JsonElement>? States,
    IReadOnlyList<JsonElement>? Events,
    string? Until
);

/// <summary>What a draft would have done.</summary>
/// <param name="ReliableFrom">Earlier than that, something of what the draft depends on may have
/// left the log; null where the past was given.</param>
/// <param name="Events">How many recorded events were gone through.</param>
/// <param name="Sentence">All of it in words.</param>
/// <param name="RunCount">How often it would have run, those that are not listed included.</param>
/// <param name="Runs">The first 1,000, oldest first.</param>
/// <param name="SkippedCount">How often its triggers came in vain.</param>
/// <param name="Skipped">The first 1,000 of those, with what kept a run from beginning.</param>
/// <param name="NearMisses">Times that a trigger held for three quarters of its time or more, and
/// not for all of it.</param>
/// <param name="EndedEarly">Where it was given up because it ran too often; null where it came to
/// the end.</param>
internal sealed record RehearsalBody(
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset? ReliableFrom,
    long Events,
    string Sentence,
    int RunCount,
    IReadOnlyList<RehearsedRunBody> Runs,
    int SkippedCount,
    IReadOnlyList<RehearsedRunBody> Skipped,
    IReadOnlyList<NearMissBody> NearMisses,
    SavingBody Saved,
    DateTimeOffset? EndedEarly
)
{
    public static RehearsalBody Of(RehearsalReport report, long events, DateTimeOffset? reliable) =>
        new(
            report.Times.From,
            report.Times.To,
            reliable,
            events,
            report.Sentence,
            report.RunCount,
            [.. report.Runs.Select(RehearsedRunBody.Of)],
            report.SkippedCount,
            [.. report.Skipped.Select(RehearsedRunBody.Of)],
            [
                .. report.NearMisses.Select(miss => new NearMissBody(
                    miss.Since,
                    miss.Trigger,
                    miss.Entity?.Value,
                    miss.Lasted.TotalSeconds,
                    miss.Wanted.TotalSeconds
                )),
            ],
            new SavingBody(
                report.Saved.Sooner.TotalSeconds,
                report.Saved.Energy,
                [.. report.Saved.MeasuredBy.Select(meter => meter.Value)]
            ),
            report.EndedEarly
        );
}

/// <summary>One time that a trigger of the draft came.</summary>
/// <param name="Sentence">Why, in words; where it did not run, with what kept it from it.</param>
/// <param name="Trigger">The trigger's id, its platform, and what it saw (entity, from, to,
/// threshold, since).</param>
/// <param name="Event">The recorded event that led to it: GET /events/{id}/why goes on from there;
/// null where the clock did.</param>
/// <param name="StoppedBy">What kept it from beginning (<c>failed_conditions</c>,
/// <c>failed_single</c>, <c>failed_max_runs</c>, <c>error</c>); null where it ran.</param>
/// <param name="Result">How it ended: <c>finished</c>, <c>aborted</c>, <c>cancelled</c>,
/// <c>failed</c>, or <c>running</c> where it had not.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Actions">What it would have done.</param>
/// <param name="Trace">Its steps, with what the conditions saw.</param>
/// <param name="Undone">Who did the opposite within five minutes; null for nobody.</param>
/// <param name="Sooner">How many seconds what it turned off stayed on.</param>
/// <param name="EnergySaved">In kWh, about; null where nothing measures it.</param>
internal sealed record RehearsedRunBody(
    DateTimeOffset At,
    string Sentence,
    JsonElement Trigger,
    string? Event,
    string? StoppedBy,
    string Result,
    string? Reason,
    DateTimeOffset? Ended,
    IReadOnlyList<RehearsedActionBody> Actions,
    IReadOnlyList<TraceStepBody> Trace,
    CountermandBody? Undone,
    double Sooner,
    double? EnergySaved
)
{
    public static RehearsedRunBody Of(RehearsedRun run) =>
        new(
            run.At,
            run.Sentence,
            RunReport.Trigger(run.Trigger, index: -1, run.Facts),
            run.CauseId,
            run.StoppedBy,
            run.Result,
            run.Reason,
            run.Ended,
            [
                .. run.Actions.Select(action => new RehearsedActionBody(
                    action.At,
                    action.Kind,
                    action.Action,
                    action.Target,
                    action.Data is null ? null : AnswerJson.Parse(action.Data)
                )),
            ],
            [.. run.Traces.SelectMany(trace => RunReport.Steps(trace.Json, trace.At))],
            run.UndoneBy is { } undone
                ? new CountermandBody(undone.At, undone.Entity.Value, undone.By, undone.EventId)
                : null,
            run.Sooner.TotalSeconds,
            run.EnergySaved
        );
}

/// <summary>Something that the draft would have done.</summary>
/// <param name="Kind"><c>command</c>, <c>message</c>, <c>notification</c>, <c>event</c> or
/// <c>automation</c>.</param>
/// <param name="Action">The action of a command, the topic of a message, the type of an event.
/// </param>
/// <param name="Target">The entity or the automation; null where there is none.</param>
internal sealed record RehearsedActionBody(
    DateTimeOffset At,
    string Kind,
    string Action,
    string? Target,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Data
);

/// <summary>Somebody did the opposite soon after a run.</summary>
/// <param name="By">Null where the device reported it by itself, as after a hand on its switch.
/// </param>
/// <param name="Event">The recorded event.</param>
internal sealed record CountermandBody(
    DateTimeOffset At,
    string EntityId,
    string? By,
    string Event
);

/// <summary>A trigger that held for most of its time.</summary>
/// <param name="Trigger">The trigger's id.</param>
/// <param name="Lasted">In seconds.</param>
/// <param name="Wanted">In seconds.</param>
internal sealed record NearMissBody(
    DateTimeOffset Since,
    string Trigger,
    string? EntityId,
    double Lasted,
    double Wanted
);

/// <summary>What the draft would have saved, about.</summary>
/// <param name="Sooner">For how many seconds together what it turned off stayed on.</param>
/// <param name="Energy">In kWh; null where nothing measures it.</param>
/// <param name="MeasuredBy">The meters.</param>
internal sealed record SavingBody(double Sooner, double? Energy, IReadOnlyList<string> MeasuredBy);
