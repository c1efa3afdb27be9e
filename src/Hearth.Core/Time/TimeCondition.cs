namespace Hearth.Core.Time;

/// <summary>
/// Whether the clock on the wall is between two times of day, on some weekdays: the <c>time</c>
/// condition.
/// </summary>
/// <remarks>
/// As in Home Assistant: from <see cref="After"/> on and before <see cref="Before"/>. Where after
/// is not before before, the time between them wraps over midnight, and two equal times are the
/// whole day; without after it begins at midnight, without before it ends there. The weekday is
/// that of now, also past midnight: 22:00 to 06:00 on <c>fri</c> is Friday's first six and last two
/// hours.
/// </remarks>
internal sealed record TimeCondition(TimeOnly? After, TimeOnly? Before, Weekdays On = Weekdays.All)
{
    /// <param name="local">What the clock shows (<see cref="WallClock.Local"/>).</param>
    public bool Holds(DateTime local) =>
        On.Has(local.DayOfWeek) && IsBetween(TimeOnly.FromDateTime(local));

    private bool IsBetween(TimeOnly time)
    {
        var after = After ?? TimeOnly.MinValue;
        if (Before is not { } before)
        {
            return time >= after;
        }

        return after < before ? time >= after && time < before : time >= after || time < before;
    }
}
