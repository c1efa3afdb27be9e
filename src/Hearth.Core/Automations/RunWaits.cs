using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>Lets the strands of a run wait, and says what came of it.</summary>
internal sealed class RunWaits(HomeView view, RunWork work)
{
    private RunState Run => work.State;

    private DateTimeOffset Now => work.Turn.Time;

    public void Delay(Strand strand, DelayStep delay)
    {
        var span = delay.Delay.Render(ContextOf(strand));
        work.Trace.Add(delay.Path, Now, $"{{\"delay\":{Runner.Seconds(span)}}}");
        if (span > TimeSpan.Zero)
        {
            Run.Wait(strand, delay.Path, Now + span);
        }
    }

    public void WaitTemplate(Strand strand, WaitTemplateStep step)
    {
        var context = ContextOf(strand);
        if (step.Value.Render(context).Holds)
        {
            work.Trace.Add(step.Path, Now, """{"wait":{"completed":true}}""");
            var left = step.Timeout is { } timeout
                ? TemplateValue.From(timeout.Render(context).TotalSeconds)
                : TemplateValue.None;
            Set(Run, strand, completed: true, left, trigger: null);
            return;
        }

        Wait(strand, step, step.Timeout);
    }

    public void Wait(Strand strand, Step step, TimeField? timeout)
    {
        var lasts = timeout?.Render(ContextOf(strand));
        if (lasts is { } span && span <= TimeSpan.Zero)
        {
            work.Trace.Add(step.Path, Now, """{"timeout":true}""");
            TimeOut(strand, step);
            return;
        }

        work.Trace.Add(
            step.Path,
            Now,
            lasts is { } limit ? $"{{\"wait\":{{\"remaining\":{Runner.Seconds(limit)}}}}}" : null
        );
        Run.Wait(strand, step.Path, Now + lasts);
    }

    /// <summary>A wait took as long as it may.</summary>
    public void TimeOut(Strand strand, Step step)
    {
        var (goesOn, isTemplate) = step switch
        {
            WaitTemplateStep wait => (wait.ContinueOnTimeout, true),
            WaitForTriggerStep wait => (wait.ContinueOnTimeout, false),
            _ => (true, false),
        };
        Set(
            Run,
            strand,
            completed: false,
            TemplateValue.From(0.0),
            isTemplate ? null : TemplateValue.None
        );
        if (!goesOn)
        {
            work.End = ("aborted", null);
        }
    }

    /// <summary>What <c>wait</c> tells after a wait.</summary>
    public static void Set(
        RunState run,
        Strand strand,
        bool completed,
        TemplateValue remaining,
        TemplateValue? trigger
    )
    {
        var wait = new TemplateDict(3);
        wait.Set("completed", TemplateValue.From(completed));
        wait.Set("remaining", remaining);
        if (trigger is { } met)
        {
            wait.Set("trigger", met);
        }

        run.Set(strand, "wait", TemplateValue.From(wait));
    }

    private TemplateContext ContextOf(Strand strand) => view.Context(Now, Run.ScopeOf(strand));
}
