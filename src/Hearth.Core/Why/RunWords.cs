using Hearth.Core.Automations;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>Tells of a run of which nothing is known but itself, as in a rehearsal: from the facts
/// that it carries along.</summary>
internal static class RunWords
{
    /// <param name="run">That its trigger came.</param>
    /// <param name="saved">That its automation was saved.</param>
    /// <param name="rules">What that means.</param>
    public static string Of(Event run, Event saved, AutomationRules rules, NameBook names)
    {
        var findings = new Findings(run) { Defined = { [run.Sequence] = saved } };
        findings.Know(saved, rules);
        return new Teller(findings, names).Whole(run).ToString();
    }
}
