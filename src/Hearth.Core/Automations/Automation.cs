using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>An automation as it was saved, with what it means, compiled when first asked for.
/// </summary>
/// <param name="Definition">What the person wrote, a JSON object.</param>
internal sealed record Automation(string Id, string Definition, bool Enabled)
{
    private AutomationRules? _rules;

    public AutomationRules Rules =>
        _rules ??=
            AutomationParser.Parse(Definition, out _)
            ?? throw new InvalidOperationException(
                $"The saved automation {Id} can no longer be read."
            );

    /// <summary>What a person calls it.</summary>
    public string Name => Rules.Alias ?? Id;

    public void Write(JsonWriter json) =>
        json.BeginObject()
            .Name("id")
            .String(Id)
            .Name("definition")
            .Raw(Definition)
            .Name("enabled")
            .Boolean(Enabled)
            .EndObject();

    public static Automation Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "id"),
            JsonRead.Raw(json, "definition")!,
            JsonRead.Flag(json, "enabled")
        );
}

/// <summary>What happens when an automation is set off while it runs.</summary>
internal enum RunMode
{
    /// <summary>The new run does not begin.</summary>
    Single,

    /// <summary>The old run ends, the new one begins.</summary>
    Restart,

    /// <summary>The new run waits for the old ones.</summary>
    Queued,

    /// <summary>Both run.</summary>
    Parallel,
}

/// <summary>What an automation means.</summary>
internal sealed record AutomationRules
{
    /// <summary>How many runs there may be at once, unless <c>max</c> says otherwise.</summary>
    public const int UsualMax = 10;

    public string? Alias { get; init; }

    public bool InitiallyEnabled { get; init; } = true;

    public RunMode Mode { get; init; }

    /// <summary>How many runs there may be at once, waiting ones counted; for queued and
    /// parallel.</summary>
    public int Max { get; init; } = UsualMax;

    /// <summary>Variables that every run begins with; a mapping, or null.</summary>
    public DataTemplate? Variables { get; init; }

    /// <summary>Variables that the triggers' own fields were filled with; a mapping without
    /// templates, or null. Runs see them too.</summary>
    public DataTemplate? TriggerVariables { get; init; }

    /// <summary>What a time trigger that was missed while the home was down does; null = the
    /// usual.</summary>
    public CatchUp? CatchUp { get; init; }

    /// <summary>Nested lists laid flat; a trigger's index is its place here.</summary>
    public required IReadOnlyList<Trigger> Triggers { get; init; }

    /// <summary>All of them must hold; its path is <c>condition</c>.</summary>
    public required AndCondition Condition { get; init; }

    /// <summary>What it does; its path is <c>action</c>.</summary>
    public required StepList Actions { get; init; }
}

/// <summary>Hearth's own word for an automation: what to do about times that were missed.
/// </summary>
/// <param name="Within">Missed by no more than this, it runs.</param>
/// <param name="OtherwiseRuns">What happens when it was missed by more.</param>
internal sealed record CatchUp(TimeSpan Within, bool OtherwiseRuns);

/// <summary>Which trigger of which automation watches an entity or a type of event.</summary>
internal readonly record struct Watch(string Automation, int Trigger);

/// <summary>
/// The automations of a home and who watches what, so that a reading meets only the rules that
/// name it. Only events change it.
/// </summary>
internal sealed class AutomationBook
{
    private static readonly Watch[] None = [];

    private readonly Dictionary<string, Automation> _all = [];
    private readonly Dictionary<EntityId, List<Watch>> _byEntity = [];
    private readonly Dictionary<string, List<Watch>> _byEventType = [];

    public IReadOnlyDictionary<string, Automation> All => _all;

    /// <summary>The triggers of enabled automations that watch an entity.</summary>
    public IReadOnlyList<Watch> Watching(EntityId entity) =>
        _byEntity.TryGetValue(entity, out var watches) ? watches : None;

    /// <summary>The triggers of enabled automations that wait for a type of event.</summary>
    public IReadOnlyList<Watch> WaitingFor(string eventType) =>
        _byEventType.TryGetValue(eventType, out var watches) ? watches : None;

    public Trigger TriggerOf(Watch watch) => _all[watch.Automation].Rules.Triggers[watch.Trigger];

    public void Apply(EventData data)
    {
        switch (data)
        {
            case AutomationCreated created:
                var automation = new Automation(created.Automation, created.Definition, true);
                Put(automation with { Enabled = automation.Rules.InitiallyEnabled });
                break;
            case AutomationUpdated updated:
                Put(
                    new Automation(
                        updated.Automation,
                        updated.Definition,
                        _all[updated.Automation].Enabled
                    )
                );
                break;
            case AutomationRemoved removed:
                Unindex(_all[removed.Automation]);
                _all.Remove(removed.Automation);
                break;
            case AutomationEnabled enabled:
                Put(_all[enabled.Automation] with { Enabled = true });
                break;
            case AutomationDisabled disabled:
                Put(_all[disabled.Automation] with { Enabled = false });
                break;
        }
    }

    public void Restore(IEnumerable<Automation> automations)
    {
        foreach (var automation in automations)
        {
            Put(automation);
        }
    }

    private void Put(Automation automation)
    {
        if (_all.TryGetValue(automation.Id, out var before))
        {
            Unindex(before);
        }

        _all[automation.Id] = automation;
        if (!automation.Enabled)
        {
            return;
        }

        for (var index = 0; index < automation.Rules.Triggers.Count; index++)
        {
            var watch = new Watch(automation.Id, index);
            var trigger = automation.Rules.Triggers[index];
            foreach (var entity in trigger.Entities)
            {
                Add(_byEntity, entity, watch);
            }

            if (trigger is EventTrigger { EventTypes: var types })
            {
                foreach (var type in types)
                {
                    Add(_byEventType, type, watch);
                }
            }
        }
    }

    private void Unindex(Automation automation)
    {
        foreach (var trigger in automation.Rules.Triggers)
        {
            foreach (var entity in trigger.Entities)
            {
                Remove(_byEntity, entity, automation.Id);
            }

            if (trigger is EventTrigger { EventTypes: var types })
            {
                foreach (var type in types)
                {
                    Remove(_byEventType, type, automation.Id);
                }
            }
        }
    }

    // In the order of the automations' ids, so that who runs first does not depend on which was
    // saved last, nor on whether the home was restored in between.
    private static void Add<T>(Dictionary<T, List<Watch>> index, T key, Watch watch)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var watches))
        {
            index[key] = watches = [];
        }

        var place = watches.FindIndex(other => Compare(watch, other) < 0);
        watches.Insert(place < 0 ? watches.Count : place, watch);
    }

    private static int Compare(Watch left, Watch right)
    {
        var order = string.CompareOrdinal(left.Automation, right.Automation);
        return order != 0 ? order : left.Trigger.CompareTo(right.Trigger);
    }

    private static void Remove<T>(Dictionary<T, List<Watch>> index, T key, string automation)
        where T : notnull
    {
        if (
            index.TryGetValue(key, out var watches)
            && watches.RemoveAll(watch => watch.Automation == automation) > 0
            && watches.Count == 0
        )
        {
            index.Remove(key);
        }
    }
}
