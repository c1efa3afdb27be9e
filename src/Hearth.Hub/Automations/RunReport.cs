using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Events;
using Hearth.Hub.Devices;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Automations;

/// <summary>Tells a run as Home Assistant tells traces.</summary>
internal static class RunReport
{
    public static RunSummaryBody Summary(RunRecord run)
    {
        var (trigger, ended, steps) = (Trigger(run), run.Last, Steps(run));
        return new RunSummaryBody(
            run.Began.Id,
            ended is null ? "running" : "finished",
            Execution(ended),
            trigger,
            run.Began.Time,
            ended?.Time,
            (ended?.Time - run.Began.Time)?.TotalSeconds,
            LastStep(ended, steps),
            Error(ended, steps)
        );
    }

    public static RunTraceBody Whole(
        RunRecord run,
        IReadOnlyList<CommandBody> commands,
        string? definition
    )
    {
        var (said, steps) = (Summary(run), Steps(run));
        var trace = new Dictionary<string, IReadOnlyList<TraceStepBody>>();
        foreach (var step in steps.Where(step => step.Path.Length > 0))
        {
            trace[step.Path] = [.. trace.GetValueOrDefault(step.Path, []), step];
        }

        return new RunTraceBody(
            said.Run,
            said.State,
            said.ScriptExecution,
            said.Trigger,
            said.Started,
            said.Finished,
            said.Duration,
            said.LastStep,
            said.Error,
            trace,
            Traces(run).Sum(told => LeftOut(told.Trace)),
            commands,
            new RunCauseBody(
                run.Began.Cause?.Sequence.ToString(),
                run.Began.Root.Id,
                run.Began.Principal.Value
            ),
            definition is null ? null : JsonElement.Parse(definition)
        );
    }

    private static string? Execution(Event? ended) =>
        ended?.Data switch
        {
            AutomationTriggered stopped => stopped.StoppedBy,
            AutomationFinished finished => finished.Result,
            AutomationFailed => "error",
            _ => null,
        };

    private static string LastStep(Event? ended, List<TraceStepBody> steps) =>
        ended?.Data is AutomationFailed failed ? failed.Step : steps[^1].Path;

    private static string? Error(Event? ended, List<TraceStepBody> steps) =>
        ended?.Data switch
        {
            AutomationFailed failed => failed.Reason,
            AutomationTriggered { StoppedBy: "error" } => steps[^1].Error,
            _ => null,
        };

    private static JsonElement Trigger(RunRecord run) =>
        Trigger(run.Triggered.Trigger, run.Triggered.Index, run.Triggered.Facts);

    /// <summary>What set a run off: the facts, with the trigger's own names before them.</summary>
    /// <param name="index">-1 where it is not told.</param>
    public static JsonElement Trigger(string id, int index, string facts)
    {
        var json = new JsonWriter();
        json.BeginObject().Name("id").String(id);
        if (index >= 0)
        {
            json.Name("idx").String($"{index}");
        }

        foreach (var fact in AnswerJson.Parse(facts).EnumerateObject())
        {
            json.Name(fact.Name).Raw(fact.Value.GetRawText());
        }

        return AnswerJson.Parse(json.EndObject().Written);
    }

    private static List<TraceStepBody> Steps(RunRecord run)
    {
        var index = run.Triggered.Index;
        var known = $"{{\"trigger\":{Trigger(run).GetRawText()}}}";
        var steps = new List<TraceStepBody>
        {
            new(
                index < 0 ? "trigger" : $"trigger/{index}",
                run.Began.Time,
                null,
                null,
                AnswerJson.Parse(known)
            ),
        };
        foreach (var (trace, time) in Traces(run))
        {
            steps.AddRange(Steps(trace, time));
        }

        return steps;
    }

    /// <summary>The steps of a trace as an event has it.</summary>
    /// <param name="time">When a step was that does not say.</param>
    public static IEnumerable<TraceStepBody> Steps(string trace, DateTimeOffset time) =>
        JsonElement
            .Parse(trace)
            .EnumerateArray()
            .Where(step => step.TryGetProperty("path", out _))
            .Select(step => Step(step, time));

    private static TraceStepBody Step(JsonElement step, DateTimeOffset time) =>
        new(
            step.GetProperty("path").GetString()!,
            step.TryGetProperty("at", out var at) ? Timestamp.Parse(at.GetString()!) : time,
            step.TryGetProperty("result", out var result) ? result : null,
            step.TryGetProperty("error", out var error) ? error.GetString() : null,
            step.TryGetProperty("changed_variables", out var changed) ? changed : null
        );

    private static IEnumerable<(string Trace, DateTimeOffset Time)> Traces(RunRecord run)
    {
        if (run.Triggered.Trace is { } conditions)
        {
            yield return (conditions, run.Began.Time);
        }

        foreach (var item in run.Later)
        {
            if (((AutomationRunEvent)item.Data).Trace is { } trace)
            {
                yield return (trace, item.Time);
            }
        }
    }

    private static int LeftOut(string trace) =>
        JsonElement
            .Parse(trace)
            .EnumerateArray()
            .Sum(step => step.TryGetProperty("left_out", out var count) ? count.GetInt32() : 0);
}
