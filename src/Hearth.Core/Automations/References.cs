using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>
/// What an automation names that ought to be there: the entities and devices of its triggers,
/// conditions and targets, and the entities that its templates ask for by name. What a template
/// works out is known only when it is rendered; what is switched off in the definition does not
/// count.
/// </summary>
internal sealed class References
{
    private readonly SortedSet<string> _entities = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _devices = new(StringComparer.Ordinal);
    private readonly List<(string Pointer, EntityId Entity)> _mentions = [];

    public References(AutomationRules rules)
    {
        foreach (var trigger in rules.Triggers)
        {
            Add(trigger);
        }

        Add(rules.Condition);
        Add(rules.Actions);
        Add(rules.Variables);
    }

    public IEnumerable<EntityId> Entities => _entities.Select(id => new EntityId(id));

    /// <summary>The entities that templates name, each with the place of its template.</summary>
    public IReadOnlyList<(string Pointer, EntityId Entity)> Mentions => _mentions;

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

        Add(trigger.Variables);
        Add(trigger.For?.Template);
        switch (trigger)
        {
            case NumericStateTrigger { Test: var test }:
                Add(test);
                break;
            case TemplateTrigger { Value: var value }:
                Add(value);
                break;
            case MqttTrigger { ValueTemplate: var value }:
                Add(value);
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
            case StateCondition { Entities: var entities, For: var lasts }:
                Add(entities);
                Add(lasts?.Template);
                break;
            case TemplateCondition { Value: var value }:
                Add(value);
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

        foreach (var template in TemplatesOf(step))
        {
            Add(template);
        }

        foreach (var list in StepIndex.Inside(step))
        {
            Add(list);
        }
    }

    private static IEnumerable<DataTemplate?> TemplatesOf(Step step) =>
        step switch
        {
            CallStep call =>
            [
                call.Action,
                call.Target.Entities,
                call.Target.Devices,
                call.Target.Areas,
                call.Target.Floors,
                call.Target.Labels,
                call.Data,
            ],
            DelayStep delay => [delay.Delay.Template],
            WaitTemplateStep wait => [wait.Value, wait.Timeout?.Template],
            WaitForTriggerStep wait => [wait.Timeout?.Template],
            RepeatStep repeat => [repeat.Count, repeat.ForEach],
            StopStep stop => [stop.Message],
            VariablesStep set => [set.Variables],
            EventStep said => [said.EventType, said.Data],
            _ => [],
        };

    private void Add(DataTemplate? template)
    {
        foreach (var (pointer, name) in template?.Mentions ?? [])
        {
            var entity = new EntityId(name.ToLowerInvariant());
            if (NameCheck.IsId(entity.Value))
            {
                _entities.Add(entity.Value);
                _mentions.Add((pointer, entity));
            }
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
        Add(test.ValueTemplate);
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
