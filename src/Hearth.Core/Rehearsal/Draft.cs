using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Events;

namespace Hearth.Core.Rehearsal;

/// <summary>An automation that is to be tried on the past; it need not be saved.</summary>
public sealed class Draft
{
    // Whatever a trigger without a duration depends on has happened within a day, or long ago.
    private static readonly TimeSpan WarmUpMin = TimeSpan.FromHours(24);

    private static readonly TimeSpan WarmUpMax = TimeSpan.FromDays(31);

    private Draft(string id, string definition, AutomationRules rules) =>
        (Id, Definition, Rules) = (id, definition, rules);

    /// <summary>The id that it is or would be saved under.</summary>
    public string Id { get; }

    /// <summary>How long before the time that is asked for a rehearsal has to begin, so that what
    /// was already under way then is under way: a day, or as long as a trigger must hold, a month
    /// at most. How long a template says is not known beforehand.</summary>
    public TimeSpan WarmUp =>
        Rules
            .Triggers.Select(trigger => trigger.For?.Fixed ?? TimeSpan.Zero)
            .Select(lasts => lasts < WarmUpMax ? lasts : WarmUpMax)
            .Append(WarmUpMin)
            .Max();

    /// <summary>The shortest-lived of what it depends on: older than that class is kept, the past
    /// has holes.</summary>
    public RetentionClass Reads =>
        Rules.Triggers.Concat(WaitedFor()).Any(trigger => trigger is MqttTrigger)
            ? RetentionClass.Message
            : RetentionClass.State;

    /// <summary>What it says, as it would be saved.</summary>
    internal string Definition { get; }

    internal AutomationRules Rules { get; }

    private IEnumerable<Trigger> WaitedFor() =>
        Rules.Index.Steps.OfType<WaitForTriggerStep>().SelectMany(step => step.Triggers);

    /// <summary>Reads a draft.</summary>
    /// <param name="definition">A JSON object in Home Assistant's vocabulary.</param>
    /// <param name="id">The saved automation that it is a draft of; null = what it says, or a name
    /// of its own.</param>
    /// <returns>Null where it could not be saved either, for these reasons.</returns>
    public static Draft? Read(string definition, string? id, out IReadOnlyList<Fault> faults)
    {
        if (AutomationParser.Parse(definition, out faults) is not { } rules)
        {
            return null;
        }

        var json = JsonElement.Parse(definition);
        var own = json.TryGetProperty("id", out var written) ? written.ToString() : null;
        return new Draft(
            id ?? own ?? Devices.Slug.Of(rules.Alias ?? "draft"),
            AutomationDesk.Compact(json),
            rules
        );
    }
}
