using System.Globalization;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// Runs automations: begins, goes on when what a run waits for has come, ends. Between two inputs a
/// run is nothing but what its last event said, so that it outlives any crash.
/// </summary>
internal sealed class Runner(HomeState state, HomeView view, Calls calls)
{
    /// <summary>So many steps without waiting are taken for an endless loop.</summary>
    public const int StepsMax = 10_000;

    private const string SingleRuns = "failed_single";
    private const string TooManyRun = "failed_max_runs";

    private readonly Dictionary<Sequence, RunState> _starting = [];

    /// <param name="given">Entities of which there is nothing but a state, in a rehearsal: any
    /// action may be asked of them.</param>
    public static Runner For(HomeState state, Actions actions, IReadOnlySet<EntityId>? given = null)
    {
        // One automation may set off another, so that calls know the runner and it knows them.
        Runner? runner = null;
        var calls = new Calls(state, actions, given)
        {
            Trigger = (turn, automation, occurrence, anyway) =>
                runner!.Trigger(turn, automation, occurrence, anyway),
            Cancel = (turn, automation) => runner!.Cancel(turn, automation),
        };
        return runner = new Runner(state, state.View, calls);
    }

    /// <summary>
    /// An automation's trigger came true: says so, with what kept the run from beginning where
    /// something did. The run begins when the rules see that event.
    /// </summary>
    public void Trigger(Turn turn, Automation automation, Occurrence occurrence, bool anyway)
    {
        var run = Prepare(automation, occurrence);
        var trace = new Trace(turn.Time);
        string? stoppedBy = null;
        try
        {
            GiveVariables(turn, automation, occurrence, run);
            if (!anyway)
            {
                var sight = new Sight(view, turn.Time, run.Variables.Scope);
                var conditions = new Conditions(state, sight, run.TriggerId, trace);
                stoppedBy = conditions.HoldAll(automation.Rules.Condition)
                    ? Refusing(automation)
                    : "failed_conditions";
            }
        }
        catch (TemplateException failure)
        {
            trace.Add("variables", turn.Time, error: failure.Message);
            stoppedBy = "error";
        }

        var triggered = turn.Emit(
            new AutomationTriggered(
                automation.Id,
                occurrence.Trigger?.Id ?? "manual",
                occurrence.Entity,
                occurrence.Facts()
            )
            {
                Index = occurrence.Trigger?.Index ?? -1,
                StoppedBy = stoppedBy,
                MaxExceeded = stoppedBy is SingleRuns or TooManyRun
                    ? automation.Rules.MaxExceeded
                    : null,
                Trace = trace.Json,
            },
            occurrence.Cause,
            occurrence.By ?? Principal.Automation(automation.Id),
            deeper: 1
        );
        if (stoppedBy is null)
        {
            run.Id = triggered.Sequence;
            _starting[triggered.Sequence] = run;
        }
    }

    /// <summary>A run that has been announced begins, or waits for those before it.</summary>
    public void Begin(Turn turn, AutomationTriggered triggered, Event item)
    {
        if (
            !_starting.Remove(item.Sequence, out var run)
            || !state.Automations.All.TryGetValue(triggered.Automation, out var automation)
            || !state.Runs.All.TryGetValue(item.Sequence, out var begun)
        )
        {
            return;
        }

        if (item.Depth > Rules.DepthMax)
        {
            var loop =
                $"The chain that led here went through {Rules.DepthMax} automations: they set "
                + "each other off. Change one of them.";
            Emit(turn, begun, new AutomationFailed(automation.Id, begun.Id, "trigger", loop));
            return;
        }

        var others = state.Runs.Of(automation.Id).Where(other => other.Id != begun.Id).ToArray();
        if (automation.Rules.Mode == RunMode.Restart)
        {
            foreach (var other in others)
            {
                Emit(turn, other, new AutomationFinished(automation.Id, other.Id, "cancelled"));
            }
        }
        else if (automation.Rules.Mode == RunMode.Queued && others.Length > 0)
        {
            var waiting = run.Write(queued: true);
            Emit(turn, begun, new AutomationWaiting(automation.Id, begun.Id, waiting));
            return;
        }

        Start(turn, automation, begun, run);
    }

    /// <summary>A run has ended: the one that has waited longest begins.</summary>
    public void Next(Turn turn, string id)
    {
        var runs = state.Runs.Of(id);
        if (
            runs.FirstOrDefault(run => run.IsQueued) is { } queued
            && runs.All(run => run.IsQueued)
            && state.Automations.All.TryGetValue(id, out var automation)
        )
        {
            Start(turn, automation, queued, Load(queued, automation));
        }
    }

    /// <summary>A delay is over, or a wait has taken as long as it may.</summary>
    public void IsDue(Turn turn, string key)
    {
        if (Find(key) is not var (run, wait, automation))
        {
            return;
        }

        var loaded = Load(run, automation);
        var strand = loaded.Strands.Find(item => item.Id == wait.Strand)!;
        var trace = new Trace(turn.Time);
        var work = new RunWork(turn, automation, run, loaded, trace);
        var late = turn.Time - wait.Until!.Value;
        var told = late > TimeSpan.Zero ? $",\"late\":{Seconds(late)}" : "";
        strand.Waiting = null;
        if (automation.Rules.Index.Step(wait.Path) is DelayStep)
        {
            trace.Add(wait.Path, turn.Time, $"{{\"delay\":{{\"done\":true}}{told}}}");
        }
        else
        {
            trace.Add(wait.Path, turn.Time, $"{{\"timeout\":true{told}}}");
            new RunWaits(view, work).TimeOut(strand, automation.Rules.Index.Step(wait.Path));
        }

        Advance(work);
    }

    /// <summary>A trigger or a template that a run waited for came true.</summary>
    public void IsMet(Turn turn, Watch watch, Occurrence occurrence)
    {
        if (Find(watch.Wait) is not var (run, wait, automation))
        {
            return;
        }

        var loaded = Load(run, automation);
        var strand = loaded.Strands.Find(item => item.Id == wait.Strand)!;
        var trace = new Trace(turn.Time);
        var work = new RunWork(turn, automation, run, loaded, trace);
        strand.Waiting = null;
        trace.Add(wait.Path, turn.Time, $"{{\"wait\":{occurrence.Facts()}}}");
        var left = wait.Until is { } until
            ? TemplateValue.From((until - turn.Time).TotalSeconds)
            : TemplateValue.None;
        var isTemplate = automation.Rules.Index.Step(wait.Path) is WaitTemplateStep;
        RunWaits.Set(loaded, strand, completed: true, left, isTemplate ? null : occurrence.Value());
        Advance(work);
    }

    /// <summary>Ends all runs of an automation, because it is changed or switched off.</summary>
    public void Cancel(Turn turn, string automation)
    {
        foreach (var run in state.Runs.Of(automation).ToArray())
        {
            Emit(turn, run, new AutomationFinished(automation, run.Id, "cancelled"));
        }
    }

    public static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString("R", CultureInfo.InvariantCulture);

    private (Run Run, Wait Wait, Automation Automation)? Find(string key)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        var id = new Sequence(long.Parse(key.AsSpan(0, dot), CultureInfo.InvariantCulture));
        return
            state.Runs.All.TryGetValue(id, out var run)
            && run.Waits.FirstOrDefault(item => Wait.KeyOf(id, item.Id) == key) is { } wait
            && state.Automations.All.TryGetValue(run.Automation, out var automation)
            ? (run, wait, automation)
            : null;
    }

    private RunState Prepare(Automation automation, Occurrence occurrence)
    {
        var known = RunState.KnownTo(automation, null, view);
        known.Set("trigger", occurrence.Value);
        return new RunState(automation.Id, known)
        {
            TriggerId = occurrence.Trigger?.Id,
            Trigger = occurrence.Value,
        };
    }

    private RunState Load(Run run, Automation automation) => RunState.Load(run, automation, view);

    private void GiveVariables(
        Turn turn,
        Automation automation,
        Occurrence occurrence,
        RunState run
    )
    {
        foreach (
            var given in (DataTemplate?[])
                [
                    automation.Rules.TriggerVariables,
                    occurrence.Trigger?.Variables,
                    automation.Rules.Variables,
                ]
        )
        {
            given?.RenderInto(
                () => view.Context(turn.Time, run.Variables.Scope),
                run.Variables.Set
            );
        }
    }

    private string? Refusing(Automation automation)
    {
        var running = state.Runs.Of(automation.Id).Count;
        return automation.Rules.Mode switch
        {
            RunMode.Single when running > 0 => SingleRuns,
            RunMode.Queued or RunMode.Parallel when running >= automation.Rules.Max => TooManyRun,
            _ => null,
        };
    }

    private void Start(Turn turn, Automation automation, Run begun, RunState run)
    {
        var work = new RunWork(turn, automation, begun, run, new Trace(turn.Time));
        run.Enter(run.Begin(parent: null), automation.Rules.Actions);
        Advance(work);
    }

    private void Advance(RunWork work)
    {
        var steps = Steps(work);
        for (var count = 0; work.End is null && steps.Runnable() is { } strand; count++)
        {
            if (count >= StepsMax)
            {
                work.Fail(
                    strand.Frames.Count > 0 ? strand.Top.List.Path : "action",
                    $"It did {StepsMax} steps without waiting; give its loop a delay or an end."
                );
                break;
            }

            steps.Do(strand);
            // An automation that switches itself off ends there.
            if (!state.Runs.All.ContainsKey(work.Run.Id))
            {
                return;
            }
        }

        var (id, run, trace) = (work.Automation.Id, work.Run, work.Trace.Json);
        Emit(
            work.Turn,
            run,
            work.End is { Reason: { } reason } failed
                    ? new AutomationFailed(id, run.Id, failed.Result, reason, trace)
                : work.End is { } end ? new AutomationFinished(id, run.Id, end.Result, trace)
                : work.State.Strands.Count > 0
                    ? new AutomationWaiting(id, run.Id, work.State.Write(queued: false), trace)
                : new AutomationFinished(id, run.Id, Trace: trace)
        );
    }

    private RunSteps Steps(RunWork work) => new(state, view, calls, work);

    private static void Emit(Turn turn, Run run, AutomationRunEvent data) =>
        turn.Emit(data, run.Cause, Principal.Automation(run.Automation));
}

/// <summary>A run while it is worked on.</summary>
internal sealed record RunWork(
    Turn Turn,
    Automation Automation,
    Run Run,
    RunState State,
    Trace Trace
)
{
    /// <summary>Set when the run ends other than by having done all its steps: the result, or the
    /// path of the step that failed with the reason.</summary>
    public (string Result, string? Reason)? End { get; set; }

    public Principal By => Principal.Automation(Automation.Id);

    public void Fail(string path, string reason) => End = (path, reason);
}
