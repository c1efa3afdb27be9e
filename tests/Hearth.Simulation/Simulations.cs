namespace Hearth.Simulation;

public sealed class Simulations
{
    /// <summary>As many as fit into a normal test run; ./simulate runs any number.</summary>
    private const int SeedsInARun = 150;

    [Fact]
    public void Every_seed_keeps_every_promise()
    {
        var result = Seeds.Run(Enumerable.Range(1, SeedsInARun));

        Assert.True(result.Failures.Count == 0, string.Join('\n', result.Failures));
    }

    [Fact]
    public void A_seed_is_the_same_run_byte_for_byte()
    {
        var first = new World(4711).Run();
        var second = new World(4711).Run();

        Assert.Equal(first, second);
    }
}
