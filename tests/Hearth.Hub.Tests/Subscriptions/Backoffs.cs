using Hearth.Hub.Subscriptions;

namespace Hearth.Hub.Tests.Subscriptions;

public sealed class Backoffs
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 18, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Delays_are_anything_up_to_a_second_that_doubles_until_ten_minutes()
    {
        var random = new Random(42);
        for (var failures = 1; failures <= 40; failures++)
        {
            var most = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 1), 600));
            var delays = Enumerable
                .Range(0, 200)
                .Select(_ => Backoff.Next(failures, null, random))
                .ToArray();
            Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, most));
            Assert.True(delays.Max() > most * 0.9, "the whole span is used");
            Assert.True(delays.Min() < most * 0.1, "from its beginning");
        }
    }

    [Fact]
    public void A_sink_that_says_when_is_not_disturbed_before()
    {
        var random = new Random(42);

        Assert.Equal(TimeSpan.FromMinutes(5), Backoff.Next(1, TimeSpan.FromMinutes(5), random));
        Assert.Equal(TimeSpan.FromHours(24), Backoff.Next(1, TimeSpan.FromDays(900), random));
    }

    [Fact]
    public void An_event_is_tried_for_a_day_from_when_it_could_first_be_delivered()
    {
        var day = TimeSpan.FromHours(24);

        Assert.False(Backoff.IsOver(Start, Start, Start + day - TimeSpan.FromSeconds(1)));
        Assert.True(Backoff.IsOver(Start, Start, Start + day));
        Assert.False(Backoff.IsOver(Start.AddHours(3), Start, Start + day));
        Assert.False(Backoff.IsOver(Start.AddDays(-30), Start, Start.AddHours(1)));
    }
}
