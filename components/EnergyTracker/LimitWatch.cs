namespace Hearth.Components.EnergyTracker;

/// <summary>The draw has been above the limit for long enough.</summary>
/// <param name="Watts">The measurement that made it so.</param>
/// <param name="LimitWatts">The limit.</param>
/// <param name="Since">The first measurement above the limit, without a break since.</param>
internal sealed record LimitExceeded(double Watts, double LimitWatts, DateTimeOffset Since);

/// <summary>
/// Says once for each crossing that measurements are above a limit for a while. A measurement
/// that is not above it ends the crossing; the next one above it begins another.
/// </summary>
internal sealed class LimitWatch(double limitWatts, TimeSpan heldFor)
{
    private DateTimeOffset? aboveSince;
    private bool said;

    public LimitExceeded? Measured(double watts, DateTimeOffset at)
    {
        if (watts <= limitWatts)
        {
            aboveSince = null;
            said = false;
            return null;
        }

        aboveSince ??= at;
        if (said || at - aboveSince < heldFor)
        {
            return null;
        }

        said = true;
        return new LimitExceeded(watts, limitWatts, aboveSince.Value);
    }
}
