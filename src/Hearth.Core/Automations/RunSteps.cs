using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>Does the steps of one run, until it waits or ends.</summary>
internal sealed class RunSteps(HomeState state, HomeView view, Calls calls, RunWork work)
{
    // So long a count is a mistake; each round is a step and more.
    private const int RoundsMax = 1_000_000;

    private readonly RunWaits _waits = new(view, work);

    private RunState Run => work.State;

    private DateTimeOffset Now => work.Turn.Time;

    /// <summary>The first strand that can go on; null when all wait.</summary>
    public Strand? Runnable() =>
        Run.Strands.Find(strand =>
            strand.Waiting is null && !Run.Strands.Exists(other => other.Parent == strand)
        );

    /// <summary>Does the next step of a strand.</summary>
    public void Do(Strand strand)
    {
        if (strand.Frames.Count == 0)
        {
            Run.Strands.Remove(strand);
            return;
        }

        var frame = strand.Top;
        if (frame.Next >= frame.List.Steps.Count)
        {
            Leave(strand);
            return;
        }

        var step = frame.List.Steps[frame.Next++];
        if (!step.Enabled)
        {
            work.Trace.Add(step.Path, Now, """{"enabled":false}""");
            return;
        }

        try
        {
            if (Execute(strand, step) is { } fault)
            {
                work.Trace.Add(step.Path, Now, error: fault);
                Fail(strand, step, fault);
            }
        }
        catch (TemplateException failure)
        {
            work.Trace.Add(step.Path, Now, error: failure.Message);
            Fail(strand, step, failure.Message);
        }
    }

    // Answers what went wrong, or null.
    private string? Execute(Strand strand, Step step)
    {
        switch (step)
        {
            case CallStep call:
                var (result, fault) = calls.Call(work, call, ContextOf(strand));
                work.Trace.Add(step.Path, Now, result);
                return fault;
            case DelayStep delay:
                _waits.Delay(strand, delay);
                return null;
            case WaitTemplateStep wait:
                _waits.WaitTemplate(strand, wait);
                return null;
            case WaitForTriggerStep wait:
                _waits.Wait(strand, step, wait.Timeout);
                return null;
            case ConditionStep { Condition: var condition }:
                if (!ConditionsOf(strand).Hold(condition))
                {
                    StopList(strand);
                }

                return null;
            case VariablesStep { Variables: var given }:
                SetVariables(strand, step, given);
                return null;
            case EventStep publish:
                return Publish(strand, publish);
            case StopStep stop:
                return Stop(strand, stop);
            default:
                Branch(strand, step);
                return null;
        }
    }

    private void Branch(Strand strand, Step step)
    {
        switch (step)
        {
            case ChooseStep choose:
                Choose(strand, choose);
                break;
            case IfStep branch:
                var holds = ConditionsOf(strand).Hold(branch.Condition);
                var taken = holds ? branch.Then : branch.Else;
                var choice =
                    holds ? "\"then\""
                    : taken is null ? "null"
                    : "\"else\"";
                work.Trace.Add(step.Path, Now, $"{{\"choice\":{choice}}}");
                Enter(strand, taken);
                break;
            case SequenceStep { Sequence: var sequence }:
                work.Trace.Add(step.Path, Now);
                Enter(strand, sequence);
                break;
            case ParallelStep parallel:
                work.Trace.Add(step.Path, Now);
                foreach (var branch in parallel.Branches)
                {
                    Run.Enter(Run.Begin(strand), branch);
                }

                break;
            case RepeatStep repeat:
                work.Trace.Add(step.Path, Now);
                Repeat(strand, repeat);
                break;
        }
    }

    private void Choose(Strand strand, ChooseStep choose)
    {
        for (var index = 0; index < choose.Choices.Count; index++)
        {
            if (ConditionsOf(strand).Hold(choose.Choices[index].Condition))
            {
                work.Trace.Add(choose.Path, Now, $"{{\"choice\":{index}}}");
                Enter(strand, choose.Choices[index].Sequence);
                return;
            }
        }

        var choice = choose.Default is null ? "null" : "\"default\"";
        work.Trace.Add(choose.Path, Now, $"{{\"choice\":{choice}}}");
        Enter(strand, choose.Default);
    }

    private void Enter(Strand strand, StepList? list)
    {
        if (list is not null)
        {
            Run.Enter(strand, list);
        }
    }

    private void Repeat(Strand strand, RepeatStep repeat)
    {
        var context = ContextOf(strand);
        if (repeat.ForEach is { } each)
        {
            var items = each.Render(context);
            if (!items.IsSequence)
            {
                throw new TemplateException("for_each is no list.");
            }

            Round(strand, new Loop(repeat, 1, items.AsItems.Length, items.AsItems));
            return;
        }

        int? last = null;
        if (repeat.Count is { } count)
        {
            var value = count.Render(context);
            if (!value.IsNumber || value.AsFloat is < 0 or > RoundsMax)
            {
                throw new TemplateException(
                    $"count is '{value}'; it should be a number from 0 to {RoundsMax}."
                );
            }

            last = (int)value.AsFloat;
        }

        Round(strand, new Loop(repeat, 1, last, null));
    }

    // Begins a round of a loop, or does not where the loop is over.
    private void Round(Strand strand, Loop loop)
    {
        if (loop.Round > loop.Last)
        {
            return;
        }

        var frame = Run.Enter(strand, loop.Step.Sequence, loop);
        frame.Variables.Set("repeat", Told(loop));
        if (loop.Step.While is { } condition && !ConditionsOf(strand).Hold(condition))
        {
            strand.Frames.RemoveAt(strand.Frames.Count - 1);
        }
    }

    private static TemplateValue Told(Loop loop)
    {
        var told = new TemplateDict(4);
        told.Set("first", TemplateValue.From(loop.Round == 1));
        told.Set("index", TemplateValue.From(loop.Round));
        if (loop.Last is { } last)
        {
            told.Set("last", TemplateValue.From(loop.Round == last));
        }

        if (loop.Items is { } items)
        {
            told.Set("item", items[loop.Round - 1]);
        }

        return TemplateValue.From(told);
    }

    // A list is done: the next round of its loop, or what comes after it.
    private void Leave(Strand strand)
    {
        var frame = strand.Top;
        if (frame.Loop is not { } loop)
        {
            strand.Frames.RemoveAt(strand.Frames.Count - 1);
            return;
        }

        var isOver = loop.Step.Until is { } until && ConditionsOf(strand).Hold(until);
        strand.Frames.RemoveAt(strand.Frames.Count - 1);
        if (!isOver)
        {
            Round(strand, loop with { Round = loop.Round + 1 });
        }
    }

    // A condition that does not hold ends the list it stands in: at the top, the run.
    private void StopList(Strand strand)
    {
        if (strand.Parent is null && strand.Frames.Count == 1)
        {
            work.End = ("aborted", null);
        }
        else
        {
            strand.Top.Next = strand.Top.List.Steps.Count;
        }
    }

    private void SetVariables(Strand strand, Step step, DataTemplate given)
    {
        var changed = new List<KeyValuePair<string, TemplateValue>>();
        given.RenderInto(
            () => ContextOf(strand),
            (name, value) =>
            {
                Run.Set(strand, name, value);
                changed.Add(KeyValuePair.Create(name, value));
            }
        );
        work.Trace.Add(step.Path, Now, changed: changed);
    }

    private string? Publish(Strand strand, EventStep publish)
    {
        var context = ContextOf(strand);
        var type = publish.EventType.RenderText(context);
        if (
            type.Length == 0
            || type.StartsWith(EventCatalogue.ReservedPrefix, StringComparison.Ordinal)
        )
        {
            return $"'{type}' cannot be published: a type must not be empty or the hub's own.";
        }

        var data = publish.Data?.Render(context).ToJson() ?? "{}";
        work.Turn.Emit(
            new ProgramEvent(
                type,
                "automation." + work.Automation.Id,
                "application/json",
                null,
                ContentKind.Json,
                data,
                []
            ),
            work.Run.Cause,
            work.By
        );
        work.Trace.Add(publish.Path, Now, $"{{\"event\":{JsonWriter.Quote(type)}}}");
        return null;
    }

    private string? Stop(Strand strand, StopStep stop)
    {
        var message = stop.Message?.RenderText(ContextOf(strand)) ?? "";
        work.Trace.Add(stop.Path, Now, $"{{\"stop\":{JsonWriter.Quote(message)}}}");
        work.End = stop.IsError ? (stop.Path, message) : ("finished", null);
        return null;
    }

    // Ends what the fault reaches: up to the first step around it that goes on on errors.
    private void Fail(Strand strand, Step step, string fault)
    {
        if (step.ContinueOnError)
        {
            return;
        }

        for (var at = strand; at is not null; at = at.Parent)
        {
            Run.Strands.RemoveAll(other => IsInside(other, at));
            while (at.Frames.Count > 0)
            {
                // The step at fault is the top's own current one; further out it is the step
                // around it.
                if (at.Top.Current != step && at.Top.Current.ContinueOnError)
                {
                    return;
                }

                at.Frames.RemoveAt(at.Frames.Count - 1);
            }
        }

        work.Fail(step.Path, fault);
    }

    private static bool IsInside(Strand strand, Strand around)
    {
        for (var at = strand.Parent; at is not null; at = at.Parent)
        {
            if (at == around)
            {
                return true;
            }
        }

        return false;
    }

    private TemplateContext ContextOf(Strand strand) => view.Context(Now, Run.ScopeOf(strand));

    private Conditions ConditionsOf(Strand strand) =>
        new(state, new Sight(view, Now, Run.ScopeOf(strand)), Run.TriggerId, work.Trace);
}
