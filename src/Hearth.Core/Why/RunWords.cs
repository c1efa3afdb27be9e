using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>Tells of a run of which nothing is known but itself, as in a rehearsal: from the facts
/// that it carries along.</summary>
internal static class RunWords
{
    /// <param name="run">That its trigger came.</param>
    /// <param name="saved">That its automation was saved.</param>
    public static string Of(Event run, Event saved, NameBook names)
    {
        var findings = new Findings(run) { Defined = { [run.Sequence] = saved } };
        return new Teller(findings, names).Whole(run).ToString();
    }
}
