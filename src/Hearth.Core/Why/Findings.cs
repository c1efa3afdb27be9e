using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>Everything that was found out about an event.</summary>
internal sealed class Findings(Event item)
{
    // One answer asks for the same ones several times for each run.
    private readonly Dictionary<Sequence, AutomationRules?> _parsed = [];

    public Event Item => item;

    /// <summary>From the first that is known to the one that led directly to it.</summary>
    public List<Event> Causes { get; } = [];

    /// <summary>What has left the log, each with the event that still names it.</summary>
    public List<(EventRef Gone, Event NamedBy)> Gone { get; } = [];

    /// <summary>What came later in the same chain.</summary>
    public IReadOnlyList<Event> Effects { get; set; } = [];

    /// <summary>How commands ended, where that does not follow from them.</summary>
    public List<Event> Ends { get; } = [];

    /// <summary>True where more came of it than is told.</summary>
    public bool IsCut { get; set; }

    public bool AreCausesCut { get; set; }

    /// <summary>How the outage ended in which an event was due; null where there was none.
    /// </summary>
    public Dictionary<Sequence, Event?> Resumed { get; } = [];

    public Dictionary<Sequence, Event?> Defined { get; } = [];

    public Dictionary<Sequence, IReadOnlyList<Event>> Runs { get; } = [];

    public Dictionary<Sequence, EarlierCommand> Earlier { get; } = [];

    public Dictionary<Sequence, Event> Asked { get; } = [];

    /// <summary>How an entity last changed before a run was to begin.</summary>
    public Dictionary<(Sequence Run, EntityId Entity), Event?> Before { get; } = [];

    public IEnumerable<Event> Path() => Causes.Append(Item);

    public Event? Find(EventRef? reference) => reference is { } known ? Find(known.Sequence) : null;

    public Event? Find(Sequence sequence) =>
        All().FirstOrDefault(known => known.Sequence == sequence);

    /// <summary>What an event of the path led to on the way to what is asked about.</summary>
    public Event? After(Event cause)
    {
        var paths = Earlier
            .Values.Select(earlier => earlier.Causes.Append(earlier.Asked))
            .Prepend(Path());
        return paths
            .SelectMany(path => path)
            .FirstOrDefault(known => known.Cause?.Sequence == cause.Sequence);
    }

    public IEnumerable<Event> All() =>
        Causes
            .Append(Item)
            .Concat(Effects)
            .Concat(Ends)
            .Concat(Asked.Values)
            .Concat(Earlier.Values.SelectMany(known => known.Causes.Append(known.Asked)))
            .Concat(Before.Values.OfType<Event>());

    public IEnumerable<(string Automation, string Definition)> Definitions() =>
        Defined.Values.Select(saved => saved?.Data).Select(Saved).OfType<(string, string)>();

    /// <summary>What an automation was when it ran; null where that is not known.</summary>
    public AutomationRules? RulesOf(Event triggered)
    {
        if (
            Defined.GetValueOrDefault(triggered.Sequence) is not { } saved
            || Saved(saved.Data) is not { } said
        )
        {
            return null;
        }

        if (!_parsed.TryGetValue(saved.Sequence, out var rules))
        {
            rules = AutomationParser.Parse(said.Definition, out _);
            _parsed[saved.Sequence] = rules;
        }

        return rules;
    }

    /// <summary>What an automation was when it was saved, where that has been read already.
    /// </summary>
    public void Know(Event saved, AutomationRules rules) => _parsed[saved.Sequence] = rules;

    private static (string Automation, string Definition)? Saved(EventData? data) =>
        data switch
        {
            AutomationCreated created => (created.Automation, created.Definition),
            AutomationUpdated updated => (updated.Automation, updated.Definition),
            _ => null,
        };
}

/// <summary>The last command to an entity before it changed.</summary>
/// <param name="Ended">How it ended before; null where it had not.</param>
internal sealed record EarlierCommand(Event Asked, Event? Ended)
{
    /// <summary>What led to it.</summary>
    public List<Event> Causes { get; } = [];

    public bool IsUnderWay(Event change) => Ended is null && Asked.ExpiryTime >= change.Time;
}
