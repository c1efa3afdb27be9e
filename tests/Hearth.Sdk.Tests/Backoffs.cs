using Hearth.Sdk.Connection;

namespace Hearth.Sdk.Tests;

public sealed class Backoffs
{
    [Fact]
    public void Each_wait_lies_in_the_upper_half_of_a_step_that_doubles_up_to_the_longest()
    {
        var backoff = new Backoff(new Random(7));
        var step = Backoff.First;
        for (var i = 0; i < 20; i++)
        {
            var wait = backoff.Next();
            Assert.InRange(wait, step / 2, step);
            step = step * 2 < Backoff.Longest ? step * 2 : Backoff.Longest;
        }

        Assert.Equal(Backoff.Longest, step);
    }

    [Fact]
    public void After_a_good_connection_the_waits_are_short_again()
    {
        var backoff = new Backoff(new Random(7));
        for (var i = 0; i < 20; i++)
        {
            backoff.Next();
        }

        backoff.Reset();

        Assert.InRange(backoff.Next(), TimeSpan.Zero, Backoff.First);
    }

    [Fact]
    public void Two_devices_do_not_wait_alike()
    {
        Assert.NotEqual(new Backoff(new Random(1)).Next(), new Backoff(new Random(2)).Next());
    }
}
