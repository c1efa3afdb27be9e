using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>
/// Something that has to be looked up in the log to answer why. Whoever has the log reads it and
/// hands back what was found.
/// </summary>
public abstract record Want
{
    private Want() { }

    /// <summary>What is wanted of a log that is at hand as a whole, oldest first.</summary>
    public abstract Found In(IReadOnlyList<Event> log);

    /// <summary>The event of this sequence, if the log still has it.</summary>
    public sealed record At(Sequence Sequence) : Want
    {
        public override Found In(IReadOnlyList<Event> log) =>
            new([.. log.Where(item => item.Sequence == Sequence)], IsAll: true);
    }

    /// <summary>
    /// Events between two sequences, both left out, in the order asked for. What is named here must
    /// all be so; a null or an empty list leaves it open.
    /// </summary>
    /// <param name="Types">One of these.</param>
    /// <param name="Chain">The first event of their chain.</param>
    /// <param name="Max">No more than these.</param>
    public sealed record Some(
        Sequence After,
        Sequence Before,
        bool NewestFirst,
        IReadOnlyList<string> Types,
        string? Subject,
        EventRef? Chain,
        int Max
    ) : Want
    {
        /// <summary>Only changes of state that a person would call one: not of attributes alone.
        /// </summary>
        public bool OnlyShown { get; init; }

        /// <summary>Only what was said of the run that this event began.</summary>
        public Sequence? OfRun { get; init; }

        public override Found In(IReadOnlyList<Event> log) =>
            new([.. (NewestFirst ? log.Reverse() : log).Where(Matches).Take(Max)], IsAll: true);

        public bool Matches(Event item) =>
            item.Sequence > After
            && item.Sequence < Before
            && (Types.Count == 0 || Types.Contains(item.Type))
            && (Subject is null || item.Data.Subject == Subject)
            && (Chain is not { } chain || item.Root.Sequence == chain.Sequence)
            && (!OnlyShown || (item.Data is StateChanged change && StateWords.IsChange(change)))
            && (OfRun is not { } run || (item.Data is AutomationRunEvent said && said.Run == run));
    }

    /// <summary>The newest event before another of some types about a subject.</summary>
    internal static Some Newest(Sequence before, string? subject, params string[] types) =>
        new(Sequence.None, before, true, types, subject, null, 1);

    /// <summary>What an automation said when it was last saved before a sequence.</summary>
    internal static Some Definition(string automation, Sequence before) =>
        Newest(
            before,
            "automation." + automation,
            AutomationCreated.TypeName,
            AutomationUpdated.TypeName
        );

    /// <summary>What was said last of a run after it began.</summary>
    internal static Some Run(Event began, string automation) =>
        new(
            began.Sequence,
            new Sequence(long.MaxValue),
            NewestFirst: true,
            [AutomationWaiting.TypeName, AutomationFinished.TypeName, AutomationFailed.TypeName],
            "automation." + automation,
            began.Root,
            Max: 1
        )
        {
            OfRun = began.Sequence,
        };
}

/// <summary>What was found of a <see cref="Want"/>.</summary>
/// <param name="IsAll">False where the search was given up before its end.</param>
public sealed record Found(IReadOnlyList<Event> Events, bool IsAll)
{
    /// <summary>Null where nothing was found.</summary>
    public Event? First => Events.Count > 0 ? Events[0] : null;
}
