using Hearth.Core.Events;

namespace Hearth.Core;

/// <summary>What a home decided upon an input: a refusal, or events (possibly none).</summary>
public sealed record Outcome(IReadOnlyList<Event> Events, Refusal? Refusal = null)
{
    public static readonly Outcome Nothing = new([]);

    public static Outcome Refused(Refusal refusal) => new([], refusal);
}

/// <summary>Why an input was refused: always something that the caller can change.</summary>
/// <param name="Detail">One sentence that says what to change.</param>
/// <param name="Faults">Everything that is wrong, at once; empty where the detail says it all.
/// </param>
public sealed record Refusal(RefusalKind Kind, string Detail, IReadOnlyList<Fault> Faults)
{
    public Refusal(RefusalKind kind, string detail)
        : this(kind, detail, []) { }
}

/// <summary>One thing that is wrong with what the caller sent.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901), empty for the whole.</param>
/// <param name="Detail">What was found and what to write instead.</param>
/// <param name="Suggestion">The word that was probably meant; null where none comes close.</param>
public readonly record struct Fault(string Pointer, string Detail, string? Suggestion = null);

/// <summary>The kinds of refusal; each has its problem type and status in one table.</summary>
public enum RefusalKind
{
    /// <summary>What was sent is not of the right form.</summary>
    Invalid,

    /// <summary>It names a device, entity or automation that the home does not have.</summary>
    NotFound,

    /// <summary>It would collide with something that is there.</summary>
    Conflict,

    /// <summary>It is understood, but that entity cannot do it, or not now.</summary>
    Unsupported,

    /// <summary>A limit of the home is reached.</summary>
    LimitReached,
}
