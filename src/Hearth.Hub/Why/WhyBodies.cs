using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Core.Why;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Why;

/// <summary>A part of a sentence, so that a screen can draw it as what it is.</summary>
/// <param name="Kind">text, entity, device, automation, principal, source, value, time or quote.
/// </param>
/// <param name="Of">What it stands for: an id, a moment in RFC 3339; null for mere text.</param>
internal sealed record PartBody(string Kind, string Text, string? Of)
{
    public static IReadOnlyList<PartBody> Each(Sentence sentence) =>
        [
            .. sentence.Parts.Select(part => new PartBody(
                part.Kind.ToString().ToLowerInvariant(),
                part.Text,
                part.Of
            )),
        ];
}

/// <summary>One event of a chain in words: what, who, when.</summary>
/// <param name="Sequence">Its place in the log; GET /events/{sequence}/why tells more of it.
/// </param>
/// <param name="By">Who acted.</param>
/// <param name="Parts">The sentence in parts.</param>
internal sealed record WhyStepBody(
    string Sequence,
    string Id,
    string Source,
    string Type,
    string? Subject,
    DateTimeOffset Time,
    string By,
    string Sentence,
    IReadOnlyList<PartBody> Parts
)
{
    public static WhyStepBody Of(Step step) =>
        new(
            step.Event.Sequence.ToString(),
            step.Event.Id,
            step.Event.Source,
            step.Event.Type,
            step.Event.Data.Subject,
            step.Event.Time,
            step.Event.Principal.Value,
            step.Sentence.ToString(),
            PartBody.Each(step.Sentence)
        );
}

/// <summary>What an event led to, and what that led to.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="By">Who acted.</param>
/// <param name="Parts">The sentence in parts.</param>
internal sealed record WhyEffectBody(
    string Sequence,
    string Id,
    string Source,
    string Type,
    string? Subject,
    DateTimeOffset Time,
    string By,
    string Sentence,
    IReadOnlyList<PartBody> Parts,
    IReadOnlyList<WhyEffectBody> Effects
)
{
    public static WhyEffectBody Of(Effect effect)
    {
        var step = WhyStepBody.Of(effect.Step);
        return new WhyEffectBody(
            step.Sequence,
            step.Id,
            step.Source,
            step.Type,
            step.Subject,
            step.Time,
            step.By,
            step.Sentence,
            step.Parts,
            [.. effect.Effects.Select(Of)]
        );
    }
}

/// <summary>A cause that has left the log.</summary>
/// <param name="Facts">What is still known of it, carried along by what it led to; null where
/// nothing is.</param>
internal sealed record WhyMissingBody(
    string Sequence,
    string Id,
    string Sentence,
    JsonElement? Facts
)
{
    public static WhyMissingBody Of(Gone gone) =>
        new(
            gone.Event.Sequence.ToString(),
            gone.Event.Id,
            gone.Sentence.ToString(),
            gone.Facts is { } facts ? AnswerJson.Parse(facts) : null
        );
}

/// <summary>Why an event happened, and what it led to.</summary>
/// <param name="Event">The event, a CloudEvent.</param>
/// <param name="Parts">The sentence in parts.</param>
/// <param name="Step">The event itself, without its reason.</param>
/// <param name="Causes">From the first event of the chain to the one that led directly to it.
/// </param>
/// <param name="Effects">What it led to, down to acknowledgements.</param>
/// <param name="Complete">True where every cause is told, up to the first event of the chain.
/// </param>
/// <param name="Missing">Causes that have left the log.</param>
/// <param name="Cut">True where the chain is longer than what is told.</param>
/// <param name="More">Where the whole chain is, where it is cut; else null.</param>
/// <param name="TimeZone">By whose clock the sentences tell times.</param>
internal sealed record WhyBody(
    JsonElement Event,
    string Sentence,
    IReadOnlyList<PartBody> Parts,
    WhyStepBody Step,
    IReadOnlyList<WhyStepBody> Causes,
    IReadOnlyList<WhyEffectBody> Effects,
    bool Complete,
    IReadOnlyList<WhyMissingBody> Missing,
    bool Cut,
    string? More,
    string TimeZone
)
{
    /// <param name="events">Where the log is read.</param>
    public static WhyBody Of(Explanation why, string events, string timeZone) =>
        new(
            AnswerJson.Parse(CloudEventFormat.ToBytes(why.Event)),
            why.Sentence.ToString(),
            PartBody.Each(why.Sentence),
            WhyStepBody.Of(why.Step),
            [.. why.Causes.Select(WhyStepBody.Of)],
            [.. why.Effects.Select(WhyEffectBody.Of)],
            why.IsComplete,
            [.. why.Missing.Select(WhyMissingBody.Of)],
            why.IsCut,
            why.IsCut ? $"{events}?correlation={Uri.EscapeDataString(why.Event.Root.Id)}" : null,
            timeZone
        );
}

/// <summary>Why an entity is as it is: why its state last changed.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="State">As it is now.</param>
/// <param name="Since">When the state that is shown last changed.</param>
/// <param name="Event">The change, a CloudEvent; null where it has left the log.</param>
/// <param name="Step">The change itself, without its reason; null where it has left the log.
/// </param>
/// <param name="Causes">From the first event of the chain to the one that led directly to it.
/// </param>
/// <param name="Effects">What it led to, down to acknowledgements.</param>
/// <param name="Complete">True where every cause is told, up to the first event of the chain.
/// </param>
/// <param name="Missing">Causes that have left the log.</param>
/// <param name="Cut">True where the chain is longer than what is told.</param>
/// <param name="More">Where the whole chain is, where it is cut; else null.</param>
/// <param name="Attempt">A command since then that came to nothing, in a sentence; null where
/// there is none.</param>
/// <param name="HeldBack">The automations that could have acted on it, at most 20, and what came of
/// each when its trigger last came.</param>
/// <param name="TimeZone">By whose clock the sentences tell times.</param>
internal sealed record EntityWhyBody(
    string EntityId,
    string Name,
    string State,
    DateTimeOffset Since,
    JsonElement? Event,
    string Sentence,
    IReadOnlyList<PartBody> Parts,
    WhyStepBody? Step,
    IReadOnlyList<WhyStepBody> Causes,
    IReadOnlyList<WhyEffectBody> Effects,
    bool Complete,
    IReadOnlyList<WhyMissingBody> Missing,
    bool Cut,
    string? More,
    string? Attempt,
    IReadOnlyList<HeldBackBody> HeldBack,
    string TimeZone
);

/// <summary>What came of an automation when its trigger last came, or why it has not.</summary>
/// <param name="Automation">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Held">What held it back: <c>conditions</c>, <c>mode</c>, <c>error</c> (its
/// variables could not be worked out), <c>disabled</c>, <c>never</c> (its trigger has not come,
/// as far as the log goes back); <c>failed</c> where it ran and did not get to its end,
/// <c>nothing</c> where it ran.</param>
/// <param name="Run">The run that this is about; null where there is none.</param>
/// <param name="At">When its trigger last came; null where the log has no such event.</param>
/// <param name="Parts">The sentence in parts.</param>
/// <param name="Conditions">Those that did not hold.</param>
internal sealed record HeldBackBody(
    string Automation,
    string Name,
    string Held,
    string? Run,
    DateTimeOffset? At,
    string Sentence,
    IReadOnlyList<PartBody> Parts,
    IReadOnlyList<HeldConditionBody> Conditions
)
{
    public static HeldBackBody Of(HeldBack held, NameBook names) =>
        new(
            held.Automation,
            names.NameOfAutomation(held.Automation),
            held.Held,
            held.Triggered?.Sequence.ToString(),
            held.Triggered?.Time,
            held.Sentence.ToString(),
            PartBody.Each(held.Sentence),
            [
                .. held.Conditions.Select(condition => new HeldConditionBody(
                    condition.Path,
                    condition.Kind,
                    condition.Sentence.ToString(),
                    AnswerJson.Parse(condition.Result)
                )),
            ]
        );
}

/// <summary>A condition that kept an automation from running.</summary>
/// <param name="Path">Where it stands, <c>condition/0</c>.</param>
/// <param name="Kind">Home Assistant's name of the kind.</param>
/// <param name="Result">What it saw, as in the run's trace.</param>
internal sealed record HeldConditionBody(
    string Path,
    string Kind,
    string Sentence,
    JsonElement Result
);
