using System.Collections.Immutable;
using Hearth.Core.Automations;

namespace Hearth.Core.Tests.Automations;

/// <summary>Automations as their parser takes them.</summary>
internal static class Reading
{
    private const string Act = """{"action":"light.turn_on","target":{"entity_id":"light.desk"}}""";

    public static readonly HomeNames Home = new(
        ImmutableSortedSet.Create("light.desk", "sensor.desk_power", "sun.sun"),
        ImmutableSortedSet.Create("desk_lamp"),
        ImmutableSortedSet.Create("notify.ana"),
        ImmutableSortedSet.Create("kitchen")
    );

    public static AutomationRules Rules(string definition)
    {
        var rules = AutomationParser.Parse(definition, out var faults);
        Assert.Empty(faults);
        return rules!;
    }

    public static IReadOnlyList<Trigger> Triggers(string json, string more = "") =>
        Rules($$"""{"triggers":{{json}},"actions":{{Act}}{{more}}}""").Triggers;

    public static T Trigger<T>(string json, string more = "") =>
        Assert.IsType<T>(Assert.Single(Triggers(json, more)));

    public static IReadOnlyList<Condition> Conditions(string json) =>
        Rules($$"""{"conditions":{{json}},"actions":{{Act}}}""").Condition.Conditions;

    public static T Condition<T>(string json) => Assert.IsType<T>(Assert.Single(Conditions(json)));

    public static StepList Steps(string json) => Rules($$"""{"actions":{{json}}}""").Actions;

    public static T Step<T>(string json) => Assert.IsType<T>(Assert.Single(Steps(json).Steps));

    /// <summary>What is wrong with a trigger, each as its place and sentence.</summary>
    public static IReadOnlyList<Fault> FaultsOfTrigger(string json) =>
        Faults($$"""{"triggers":{{json}},"actions":{{Act}}}""");

    public static IReadOnlyList<Fault> FaultsOfCondition(string json) =>
        Faults($$"""{"conditions":{{json}},"actions":{{Act}}}""");

    public static IReadOnlyList<Fault> FaultsOfStep(string json) =>
        Faults($$"""{"actions":{{json}}}""");

    public static IReadOnlyList<Fault> Faults(string definition)
    {
        var rules = AutomationParser.Parse(definition, out var faults);
        Assert.Null(rules);
        return faults;
    }

    /// <summary>What is doubtful about an automation in <see cref="Home"/>.</summary>
    public static IReadOnlyList<Fault> Warnings(string definition)
    {
        var check = AutomationCheck.Of(definition, Home);
        Assert.Empty(check.Faults);
        return check.Warnings;
    }
}
