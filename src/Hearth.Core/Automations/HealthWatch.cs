using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>Says how automations fare when that has changed: what fails, what names something that
/// is not there, what has never fired.</summary>
internal sealed class HealthWatch(HomeState state)
{
    // More names than this are counted, not told.
    private const int NamesMax = 10;

    public void React(Turn turn, Event item)
    {
        var cause = Cause.Of(item);
        switch (item.Data)
        {
            case AutomationHealthChanged or AutomationWaiting or AutomationTriggerChanged:
                break;
            case AutomationTriggered { StoppedBy: not "error" } or AutomationFinished:
                // Most runs are one of many that went well, and change nothing.
                var ran = ((AutomationEvent)item.Data).Automation;
                if (state.Health.All.GetValueOrDefault(ran) is { IsFine: false })
                {
                    Update(turn, ran, cause);
                }

                break;
            case AutomationEvent automation:
                if (automation is AutomationCreated or AutomationUpdated or AutomationRemoved)
                {
                    Update(turn, state.Health.NamingAutomations(), cause);
                }

                Update(turn, automation.Automation, cause);
                break;
            case DeviceRegistered registered:
                var added = registered.Entities.Select(entity => entity.Id);
                Update(turn, state.Health.Naming(registered.Device, added), cause);
                break;
            case DeviceUpdated updated:
                var changed = updated.Entities.Select(entity => entity.Id);
                var concerned = changed.Concat(updated.Removed);
                Update(turn, state.Health.Naming(updated.Device, concerned), cause);
                break;
            case DeviceRemoved:
                // Which entities it had, nothing says any more.
                var all = state.Health.All.Keys.Order(StringComparer.Ordinal);
                Update(turn, all, cause);
                break;
        }

        Tell(turn, cause);
    }

    /// <summary>Says which templates have begun to fail, and which do well again.</summary>
    public void Tell(Turn turn, Cause? cause)
    {
        if (!state.Health.HasNews)
        {
            return;
        }

        foreach (var automation in state.Health.News.ToArray())
        {
            Update(turn, automation, cause);
            state.Health.Settle(automation);
        }
    }

    /// <summary>An automation's triggers have not come for too long.</summary>
    public void SilenceIsDue(Turn turn, string automation) => Update(turn, automation, cause: null);

    private void Update(Turn turn, IEnumerable<string> automations, Cause cause)
    {
        foreach (var automation in automations.ToArray())
        {
            Update(turn, automation, cause);
        }
    }

    private void Update(Turn turn, string id, Cause? cause)
    {
        if (!state.Health.All.TryGetValue(id, out var known))
        {
            return;
        }

        var templates = state.Health.TemplatesOf(id);
        var (health, detail, reason) = Derive(
            state.Automations.All[id],
            known with
            {
                Templates = templates,
            },
            turn.Time
        );
        if (health != known.Health || detail != known.Detail || reason != known.Reason)
        {
            turn.Emit(
                new AutomationHealthChanged(id, known.Health, health, detail, reason)
                {
                    Templates = templates,
                },
                cause,
                Principal.Hub
            );
        }
    }

    // The worst gives the word; the sentences tell all of it. Switched off is no fault.
    private (string Health, string Detail, string Reason) Derive(
        Automation automation,
        AutomationHealth known,
        DateTimeOffset now
    )
    {
        if (!automation.Enabled)
        {
            return (AutomationHealth.Healthy, "none", "");
        }

        var faults = new List<(string Health, string Detail, string Sentence)>();
        if (known.Ends.EndsWith('-'))
        {
            faults.Add(("unhealthy", "failing", $"The last run failed {known.Fault}"));
        }

        if (Missing(automation.Id) is { } missing)
        {
            faults.Add(("unhealthy", "missing", missing));
        }

        if (known.Ends.EndsWith('+') && known.Ends.Count(end => end == '-') > 1)
        {
            var many = $"Two of the last three runs failed, the last of them {known.Fault}";
            faults.Add(("degraded", "failing", many));
        }

        foreach (var (trigger, fault) in known.Templates)
        {
            faults.Add(
                ("degraded", "failing", $"The template at trigger/{trigger} fails: {fault}")
            );
        }

        if (known.ConditionFault is { } failed)
        {
            faults.Add(("degraded", "failing", $"The template {failed}"));
        }

        if (!known.IsHeard && (known.IsSilenceTold || now >= known.SilentFrom))
        {
            const string Silent = "None of its triggers has come for 30 days.";
            faults.Add(("degraded", "never_fired", Silent));
        }

        return faults.Count == 0
            ? (AutomationHealth.Healthy, "none", "")
            : (
                faults[0].Health,
                faults[0].Detail,
                string.Join(' ', faults.Select(fault => fault.Sentence))
            );
    }

    private string? Missing(string automation)
    {
        var named = state.Health.ReferencesOf(automation);
        string[] gone =
        [
            .. named.Entities.Where(id => !IsThere(id)).Select(id => id.Value),
            .. named
                .Devices.Where(id => !state.Devices.Devices.ContainsKey(id))
                .Select(id => $"the device {id}"),
        ];
        if (gone.Length == 0)
        {
            return null;
        }

        var told = string.Join(", ", gone.Take(NamesMax));
        var more = gone.Length > NamesMax ? $" and {gone.Length - NamesMax} more" : "";
        return gone.Length == 1
            ? $"It names {told}, which is not there."
            : $"It names {told}{more}, which are not there.";
    }

    private bool IsThere(EntityId id) =>
        state.Devices.Entities.ContainsKey(id)
        || id == HomeView.Sun
        || state.Automations.FindByEntity(id) is not null;
}
