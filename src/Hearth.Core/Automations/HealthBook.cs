using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>
/// How the automations of a home fare, and who names what. Only events change it.
/// </summary>
internal sealed class HealthBook(AutomationBook automations, Deadlines deadlines)
{
    private readonly Dictionary<string, AutomationHealth> _all = [];
    private readonly Dictionary<string, References> _references = [];
    private readonly Dictionary<EntityId, SortedSet<string>> _byEntity = [];
    private readonly Dictionary<DeviceId, SortedSet<string>> _byDevice = [];

    // What was rendered otherwise than the last event said, until that is said, too.
    private readonly SortedDictionary<string, SortedDictionary<int, string?>> _news = new(
        StringComparer.Ordinal
    );

    public IReadOnlyDictionary<string, AutomationHealth> All => _all;

    /// <summary>True where a template has begun to fail, or to do well again.</summary>
    public bool HasNews => _news.Count > 0;

    /// <summary>The automations whose templates that are, in the order of their ids.</summary>
    public IEnumerable<string> News => _news.Keys;

    /// <summary>What an automation names.</summary>
    public References ReferencesOf(string automation) => _references[automation];

    /// <summary>The automations that name one of these, in the order of their ids.</summary>
    public IEnumerable<string> Naming(DeviceId device, IEnumerable<EntityId> entities) =>
        entities
            .SelectMany(entity => _byEntity.GetValueOrDefault(entity, []))
            .Concat(_byDevice.GetValueOrDefault(device, []))
            .Distinct()
            .Order(StringComparer.Ordinal);

    /// <summary>The automations that name an automation as an entity.</summary>
    public IEnumerable<string> NamingAutomations() =>
        _byEntity
            .Where(item => item.Key.Domain == "automation")
            .SelectMany(item => item.Value)
            .Distinct()
            .Order(StringComparer.Ordinal);

    /// <summary>A trigger's template was rendered.</summary>
    /// <param name="fault">Why it failed; null where it did not.</param>
    public void Rendered(Watch watch, string? fault)
    {
        // What a run waits for ends with the run.
        if (watch.Wait.Length > 0 || !_all.TryGetValue(watch.Automation, out var known))
        {
            return;
        }

        if (known.Templates.ContainsKey(watch.Trigger) == (fault is not null))
        {
            if (_news.TryGetValue(watch.Automation, out var told) && told.Remove(watch.Trigger))
            {
                Forget(told, watch.Automation);
            }

            return;
        }

        if (!_news.TryGetValue(watch.Automation, out var news))
        {
            _news[watch.Automation] = news = [];
        }

        news[watch.Trigger] = fault;
    }

    /// <summary>The triggers whose templates fail now, by index, and why.</summary>
    public IReadOnlyDictionary<int, string> TemplatesOf(string automation)
    {
        var known = _all[automation].Templates;
        if (!_news.TryGetValue(automation, out var news))
        {
            return known;
        }

        var now = new SortedDictionary<int, string>(known.ToDictionary());
        foreach (var (trigger, fault) in news)
        {
            if (fault is null)
            {
                now.Remove(trigger);
            }
            else
            {
                now[trigger] = fault;
            }
        }

        return now;
    }

    /// <summary>What is new of an automation's templates has been seen to.</summary>
    public void Settle(string automation) => _news.Remove(automation);

    public void Apply(AutomationEvent data, DateTimeOffset time)
    {
        var id = data.Automation;
        var known = _all.GetValueOrDefault(id);
        switch (data)
        {
            case AutomationCreated or AutomationUpdated:
                Name(id);
                _news.Remove(id);
                Put(Anew(known ?? new AutomationHealth(id, time), time));
                break;
            case AutomationRemoved:
                Forget(id);
                _all.Remove(id);
                _news.Remove(id);
                deadlines.Set(DeadlineKind.Silence, id, null);
                break;
            case AutomationEnabled or AutomationDisabled when known is not null:
                _news.Remove(id);
                Put(Anew(known, time));
                break;
            case AutomationTriggered triggered when known is not null:
                Apply(known, triggered);
                break;
            case AutomationFinished { Result: not "cancelled" } when known is not null:
                var after = known.After(isFine: true);
                if (after.Ends != known.Ends)
                {
                    Put(after);
                }

                break;
            case AutomationFailed failed when known is not null:
                Put(known.After(isFine: false, $"at {failed.Step}: {failed.Reason}"));
                break;
            case AutomationHealthChanged changed when known is not null:
                Put(
                    known with
                    {
                        Health = changed.To,
                        Detail = changed.Detail,
                        Reason = changed.Reason,
                        Templates = changed.Templates,
                        IsSilenceTold = !known.IsHeard && time >= known.SilentFrom,
                    }
                );
                break;
        }
    }

    public void Rebase(TimeSpan by)
    {
        foreach (var health in _all.Values.ToArray())
        {
            Put(health with { Since = health.Since + by });
        }
    }

    public void Restore(IEnumerable<AutomationHealth> kept, DateTimeOffset now)
    {
        foreach (var (id, automation) in automations.All)
        {
            Name(id);
            // Snapshots of before there was health know neither.
            var since = automation.Changed;
            Put(
                new AutomationHealth(id, since == DateTimeOffset.UnixEpoch ? now : since)
                {
                    IsHeard = automation.LastTriggered is not null,
                }
            );
        }

        foreach (var health in kept)
        {
            Put(health);
        }
    }

    private void Apply(AutomationHealth known, AutomationTriggered triggered)
    {
        // Somebody who runs it by hand says nothing about its triggers.
        if (!known.IsHeard && triggered.Index >= 0)
        {
            Put(known = known with { IsHeard = true });
        }

        if (triggered.StoppedBy == "error")
        {
            Put(known.After(isFine: false, FaultIn(triggered.Trace)));
            return;
        }

        // By hand no condition is asked.
        var fault = triggered.Index >= 0 ? FailedIn(triggered.Trace) : known.ConditionFault;
        if (fault is null != known.ConditionFault is null)
        {
            Put(known with { ConditionFault = fault });
        }
    }

    // Most traces have no error in them, and need not be read for that to be known.
    private static string? FailedIn(string? trace)
    {
        if (trace?.Contains("\"error\":", StringComparison.Ordinal) != true)
        {
            return null;
        }

        var failed = JsonElement
            .Parse(trace)
            .EnumerateArray()
            .FirstOrDefault(step => JsonRead.Text(step, "error") is not null);
        return failed.ValueKind == JsonValueKind.Object
            ? $"at {JsonRead.Text(failed, "path")} fails: {JsonRead.Text(failed, "error")}"
            : null;
    }

    // The trace tells what a run that could not begin fell over, last.
    private static string FaultIn(string? trace)
    {
        var step = trace is null ? default : JsonRead.Parse(trace).EnumerateArray().LastOrDefault();
        return step.ValueKind == JsonValueKind.Object && JsonRead.Text(step, "error") is { } error
            ? $"before its first step: {error}"
            : "before its first step";
    }

    // Saved or switched on, it gets another chance.
    private static AutomationHealth Anew(AutomationHealth known, DateTimeOffset time) =>
        new(known.Automation, time)
        {
            Health = known.Health,
            Detail = known.Detail,
            Reason = known.Reason,
        };

    private void Put(AutomationHealth health)
    {
        _all[health.Automation] = health;
        var automation = automations.All[health.Automation];
        var waits =
            automation.Enabled
            && !health.IsHeard
            && !health.IsSilenceTold
            && automation.Rules.Triggers.Any(trigger => trigger.Enabled);
        deadlines.Set(DeadlineKind.Silence, health.Automation, waits ? health.SilentFrom : null);
    }

    private void Forget(SortedDictionary<int, string?> news, string automation)
    {
        if (news.Count == 0)
        {
            _news.Remove(automation);
        }
    }

    private void Name(string id)
    {
        Forget(id);
        var references = new References(automations.All[id].Rules);
        _references[id] = references;
        foreach (var entity in references.Entities)
        {
            Add(_byEntity, entity, id);
        }

        foreach (var device in references.Devices)
        {
            Add(_byDevice, device, id);
        }
    }

    private void Forget(string id)
    {
        if (!_references.Remove(id, out var before))
        {
            return;
        }

        foreach (var entity in before.Entities)
        {
            Remove(_byEntity, entity, id);
        }

        foreach (var device in before.Devices)
        {
            Remove(_byDevice, device, id);
        }
    }

    private static void Add<T>(Dictionary<T, SortedSet<string>> index, T key, string id)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var ids))
        {
            index[key] = ids = new SortedSet<string>(StringComparer.Ordinal);
        }

        ids.Add(id);
    }

    private static void Remove<T>(Dictionary<T, SortedSet<string>> index, T key, string id)
        where T : notnull
    {
        if (index.TryGetValue(key, out var ids) && ids.Remove(id) && ids.Count == 0)
        {
            index.Remove(key);
        }
    }
}
