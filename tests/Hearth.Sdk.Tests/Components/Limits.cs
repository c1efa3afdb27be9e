using Hearth.Components.EnergyTracker;

namespace Hearth.Sdk.Tests.Components;

public sealed class Limits
{
    private static readonly DateTimeOffset Start = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_limit_passed_for_its_time_is_said_once()
    {
        var limit = new LimitWatch(50, TimeSpan.FromSeconds(5));

        Assert.Equal([5], SaidAt(limit, 60, 60, 60, 60, 60, 60, 60, 60, 60));
    }

    [Fact]
    public void A_limit_without_a_time_is_said_at_once_with_what_was_measured()
    {
        var limit = new LimitWatch(50, TimeSpan.Zero);

        var exceeded = limit.Measured(60.5, Start);

        Assert.Equal(new LimitExceeded(60.5, 50, Start), exceeded);
    }

    [Fact]
    public void A_break_starts_the_time_again()
    {
        var limit = new LimitWatch(50, TimeSpan.FromSeconds(3));

        Assert.Equal([7], SaidAt(limit, 60, 60, 60, 0, 60, 60, 60, 60, 60));
    }

    [Fact]
    public void Each_crossing_is_said_anew()
    {
        var limit = new LimitWatch(50, TimeSpan.Zero);

        Assert.Equal([0, 3], SaidAt(limit, 60, 60, 0, 60, 60));
    }

    [Fact]
    public void The_limit_itself_is_not_above_it()
    {
        var limit = new LimitWatch(50, TimeSpan.Zero);

        Assert.Equal([2], SaidAt(limit, 50, 50, 50.01));
    }

    [Fact]
    public void Since_is_the_first_measurement_above_the_limit()
    {
        var limit = new LimitWatch(50, TimeSpan.FromSeconds(2));
        limit.Measured(0, Start);
        limit.Measured(60, Start.AddSeconds(1));
        limit.Measured(60, Start.AddSeconds(2));

        var exceeded = limit.Measured(60, Start.AddSeconds(3));

        Assert.Equal(Start.AddSeconds(1), exceeded!.Since);
    }

    /// <summary>The seconds at which it is said, with one measurement a second.</summary>
    private static List<int> SaidAt(LimitWatch limit, params double[] watts) =>
        Enumerable
            .Range(0, watts.Length)
            .Where(i => limit.Measured(watts[i], Start.AddSeconds(i)) is not null)
            .ToList();
}
