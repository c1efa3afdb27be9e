using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>Keeps the triggers that runs wait for on the lookout while they wait.</summary>
internal sealed class RunWatches(
    AutomationBook automations,
    RunBook runs,
    Watches watches,
    HomeView view
)
{
    private readonly Dictionary<Sequence, List<Watcher>> _byRun = [];

    /// <summary>Brings the lookout up to date with what a run waits for.</summary>
    /// <returns>Who has begun to watch and who has ended.</returns>
    public (IReadOnlyList<Watcher> Begun, IReadOnlyList<Watch> Ended) Follow(Sequence id)
    {
        var before = _byRun.TryGetValue(id, out var known) ? known : [];
        var run = runs.All.GetValueOrDefault(id);
        if (run is null && before.Count == 0 || run is { Waits.Count: 0 } && before.Count == 0)
        {
            return ([], []);
        }

        var keys = run?.Waits.Select(wait => Wait.KeyOf(id, wait.Id)).ToHashSet() ?? [];
        var ended = before.Where(watcher => !keys.Contains(watcher.Watch.Wait)).ToArray();
        foreach (var watcher in ended)
        {
            watches.Remove(watcher);
        }

        var kept = before.Except(ended).ToList();
        var begun = new List<Watcher>();
        foreach (var wait in run?.Waits ?? [])
        {
            var key = Wait.KeyOf(id, wait.Id);
            if (kept.Exists(watcher => watcher.Watch.Wait == key))
            {
                continue;
            }

            TemplateVariables? scope = null;
            foreach (var trigger in TriggersOf(run!, wait))
            {
                // Reading back what the run knows is dear, and the same for all of them.
                scope ??= ScopeOf(run!, wait);
                var watch = new Watch(run!.Automation, trigger.Index, key);
                begun.Add(watches.Add(watch, trigger, scope));
            }
        }

        if (kept.Count + begun.Count == 0)
        {
            _byRun.Remove(id);
        }
        else
        {
            _byRun[id] = [.. kept, .. begun];
        }

        return (begun, [.. ended.Select(watcher => watcher.Watch)]);
    }

    // What the templates of a run that waits see.
    private TemplateVariables ScopeOf(Run run, Wait wait)
    {
        var loaded = RunState.Load(run, automations.All[run.Automation], view);
        return loaded.ScopeOf(loaded.Strands.Find(strand => strand.Id == wait.Strand));
    }

    private IEnumerable<Trigger> TriggersOf(Run run, Wait wait) =>
        automations.All[run.Automation].Rules.Index.Step(wait.Path) switch
        {
            WaitForTriggerStep { Triggers: var triggers } => triggers.Where(item => item.Enabled),
            WaitTemplateStep { Value: var value } => [new TemplateTrigger(value) { Id = "0" }],
            _ => [],
        };
}
