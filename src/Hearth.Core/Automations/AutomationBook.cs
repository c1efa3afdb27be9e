using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// The automations of a home, each also an entity <c>automation.*</c>. Only events change it.
/// </summary>
/// <param name="only">The one automation whose triggers are on the lookout; null = all.</param>
internal sealed class AutomationBook(Watches watches, string? only = null)
{
    private readonly Dictionary<string, Automation> _all = [];
    private readonly Dictionary<string, SortedSet<string>> _bySlug = [];

    public IReadOnlyDictionary<string, Automation> All => _all;

    /// <summary>The entity that stands for an automation: its alias in the form of an id, or its
    /// id's where another has the same alias.</summary>
    public EntityId EntityOf(string id)
    {
        var slug = SlugOf(_all[id]);
        return new EntityId("automation." + (_bySlug[slug].Min == id ? slug : Slug.Of(id)));
    }

    public Automation? FindByEntity(EntityId entity)
    {
        if (entity.Domain != "automation")
        {
            return null;
        }

        var name = entity.Value[(entity.Domain.Length + 1)..];
        return _bySlug.TryGetValue(name, out var ids)
            ? _all[ids.Min!]
            : _all
                .Values.Where(automation => Slug.Of(automation.Id) == name)
                .MinBy(automation => automation.Id, StringComparer.Ordinal);
    }

    /// <returns>The triggers that are on the lookout from now on, and those that are no more.
    /// </returns>
    public (IReadOnlyList<Watcher> Begun, IReadOnlyList<Watch> Ended) Apply(
        AutomationEvent data,
        DateTimeOffset time
    )
    {
        switch (data)
        {
            case AutomationCreated created:
                var automation = new Automation(created.Automation, created.Definition, true)
                {
                    Source = created.Source,
                };
                return Put(
                    automation with
                    {
                        Enabled = automation.Rules.InitiallyEnabled,
                        Changed = time,
                    }
                );
            case AutomationUpdated updated:
                var before = _all[updated.Automation];
                return Put(
                    new Automation(updated.Automation, updated.Definition, before.Enabled)
                    {
                        Source = updated.Source,
                        Changed = time,
                        LastTriggered = before.LastTriggered,
                    }
                );
            case AutomationRemoved removed:
                return ([], Remove(_all[removed.Automation]));
            case AutomationEnabled enabled:
                return Put(_all[enabled.Automation] with { Enabled = true, Changed = time });
            case AutomationDisabled disabled:
                return Put(_all[disabled.Automation] with { Enabled = false, Changed = time });
            case AutomationTriggered { StoppedBy: null } triggered:
                if (_all.TryGetValue(triggered.Automation, out var ran))
                {
                    _all[ran.Id] = ran with { LastTriggered = time };
                }

                return ([], []);
            default:
                return ([], []);
        }
    }

    public void Restore(IEnumerable<Automation> automations)
    {
        foreach (var automation in automations)
        {
            Put(automation);
        }
    }

    private (IReadOnlyList<Watcher> Begun, IReadOnlyList<Watch> Ended) Put(Automation automation)
    {
        var ended = _all.TryGetValue(automation.Id, out var before) ? Remove(before) : [];
        _all[automation.Id] = automation;
        var slug = SlugOf(automation);
        if (!_bySlug.TryGetValue(slug, out var ids))
        {
            _bySlug[slug] = ids = new SortedSet<string>(StringComparer.Ordinal);
        }

        ids.Add(automation.Id);
        if (!automation.Enabled || (only is not null && automation.Id != only))
        {
            return ([], ended);
        }

        var known = Known(automation);
        return (
            [
                .. automation
                    .Rules.Triggers.Where(trigger => trigger.Enabled)
                    .Select(trigger =>
                        watches.Add(new Watch(automation.Id, trigger.Index), trigger, known)
                    ),
            ],
            ended
        );
    }

    private Watch[] Remove(Automation automation)
    {
        _all.Remove(automation.Id);
        var slug = SlugOf(automation);
        if (_bySlug[slug].Remove(automation.Id) && _bySlug[slug].Count == 0)
        {
            _bySlug.Remove(slug);
        }

        var watchers = automation
            .Rules.Triggers.Select(trigger => watches.Find(new Watch(automation.Id, trigger.Index)))
            .OfType<Watcher>()
            .ToArray();
        foreach (var watcher in watchers)
        {
            watches.Remove(watcher);
        }

        return [.. watchers.Select(watcher => watcher.Watch)];
    }

    // What a trigger's templates see: the automation's trigger variables.
    private static TemplateVariables? Known(Automation automation)
    {
        if (automation.Rules.TriggerVariables is not { } given)
        {
            return null;
        }

        var variables = new TemplateVariables();
        foreach (var (name, value) in given.Constant.AsDict)
        {
            variables[name.ToString()] = value;
        }

        return variables;
    }

    private static string SlugOf(Automation automation) => Slug.Of(automation.Name);
}
