using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>A trigger that the clock alone sets off: it has a next time.</summary>
internal abstract record ClockTrigger : Trigger;

/// <summary>A time of day, or the time that an entity holds.</summary>
/// <param name="At">One of them.</param>
/// <param name="Weekdays">Only on these days; empty = on all.</param>
internal sealed record TimeTrigger(
    IReadOnlyList<TimeOfEntity> At,
    IReadOnlyList<DayOfWeek> Weekdays
) : ClockTrigger
{
    public override string Platform => "time";

    public override IReadOnlyList<EntityId> Entities =>
        [.. At.Where(at => at.Entity is not null).Select(at => at.Entity!.Value)];
}

/// <summary>A time of day: fixed, or what an entity says (a <c>sensor</c> of the class timestamp,
/// an <c>input_datetime</c>).</summary>
/// <param name="Time">Local; null where an entity says it.</param>
/// <param name="Offset">How much later (or, negative, earlier) than the entity says.</param>
internal readonly record struct TimeOfEntity(TimeOnly? Time, EntityId? Entity, TimeSpan Offset);

/// <summary>Whenever the local time fits: each a number, <c>*</c> or <c>/n</c>; null where it was
/// not written.</summary>
internal sealed record TimePatternTrigger(string? Hours, string? Minutes, string? Seconds)
    : ClockTrigger
{
    public override string Platform => "time_pattern";
}

/// <summary>Sunrise or sunset, so much later or earlier.</summary>
internal sealed record SunTrigger(bool IsSunrise, TimeSpan Offset) : ClockTrigger
{
    public override string Platform => "sun";
}
