using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>
/// What an automation names that ought to be there: the entities and devices of its triggers,
/// conditions and targets. What a template works out is known only when it is rendered; what is
/// switched off in the definition does not count.
/// </summary>
internal sealed class References
{
    private readonly SortedSet<string> _entities = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _devices = new(StringComparer.Ordinal);

    public References(AutomationRules rules)
    {
        foreach (var trigger in rules.Triggers)
        {
            Add(trigger);
        }

        Add(rules.Condition);
        Add(rules.Actions);
    }

    public IEnumerable<EntityId> Entities => _entities.Select(id => new EntityId(id));

    public IEnumerable<DeviceId> Devices => _devices.Select(id => new DeviceId(id));

    private void Add(Trigger trigger)
    {
        if (!trigger.Enabled)
        {
            return;
        }

        foreach (var entity in trigger.Entities)
        {
            Add(entity);
        }

        switch (trigger)
        {
            case NumericStateTrigger { Test: var test }:
                Add(test);
                break;
            case DeviceTrigger { Device: var device }:
                _devices.Add(device);
                break;
        }
    }

    private void Add(Condition? condition)
    {
        if (condition is not { Enabled: true })
        {
            return;
        }

        switch (condition)
        {
            case AndCondition { Conditions: var all }:
                Add(all);
                break;
            case OrCondition { Conditions: var some }:
                Add(some);
                break;
            case NotCondition { Conditions: var none }:
                Add(none);
                break;
            case StateCondition { Entities: var entities }:
                Add(entities);
                break;
            case NumericStateCondition numeric:
                Add(numeric.Entities);
                Add(numeric.Test);
                break;
            case TimeCondition time:
                Add(time.After?.Entity);
                Add(time.Before?.Entity);
                break;
        }
    }

    private void Add(StepList? list)
    {
        foreach (var step in list?.Steps ?? [])
        {
            if (step.Enabled)
            {
                Add(step);
            }
        }
    }

    private void Add(Step step)
    {
        switch (step)
        {
            case CallStep { Target: var target }:
                AddNames(target.Entities, AddEntity);
                AddNames(target.Devices, name => _devices.Add(name));
                break;
            case WaitForTriggerStep { Triggers: var triggers }:
                foreach (var trigger in triggers)
                {
                    Add(trigger);
                }

                break;
            case ConditionStep { Condition: var condition }:
                Add(condition);
                break;
            case ChooseStep choose:
                foreach (var choice in choose.Choices)
                {
                    Add(choice.Condition);
                }

                break;
            case IfStep { Condition: var condition }:
                Add(condition);
                break;
            case RepeatStep repeat:
                Add(repeat.While);
                Add(repeat.Until);
                break;
        }

        foreach (var list in StepIndex.Inside(step))
        {
            Add(list);
        }
    }

    private static void AddNames(DataTemplate? names, Action<string> add)
    {
        if (names is not { IsConstant: true, Constant: var given })
        {
            return;
        }

        var texts = given.IsSequence ? given.AsItems : [given];
        foreach (var text in texts.SelectMany(item => item.ToString().Split(',')))
        {
            if (text.Trim() is { Length: > 0 } name)
            {
                add(name);
            }
        }
    }

    // "all" and "none" name nothing that could be missing.
    private void AddEntity(string name)
    {
        var id = name.ToLowerInvariant();
        if (NameCheck.IsId(id))
        {
            _entities.Add(id);
        }
    }

    private void Add(NumberTest test)
    {
        Add(test.Above?.Entity);
        Add(test.Below?.Entity);
    }

    private void Add(IEnumerable<Condition> conditions)
    {
        foreach (var condition in conditions)
        {
            Add(condition);
        }
    }

    private void Add(IEnumerable<EntityId> entities)
    {
        foreach (var entity in entities)
        {
            Add(entity);
        }
    }

    private void Add(EntityId? entity)
    {
        if (entity is { } named)
        {
            _entities.Add(named.Value);
        }
    }
}
