using Hearth.Tidy.Rules;

namespace Hearth.Tidy.Samples;

public sealed class CorePurityRules
{
    [Theory]
    [InlineData(typeof(Asks))]
    [InlineData(typeof(Waits))]
    [InlineData(typeof(Keeps))]
    [InlineData(typeof(Derives))]
    public void A_member_that_waits_or_reads_is_found(Type type) =>
        Assert.NotEmpty(CorePurity.Check(type));

    [Fact]
    public void Values_in_and_values_out_are_fine() => Assert.Empty(CorePurity.Check(typeof(Pure)));

    private interface Asks
    {
        IReadOnlyList<Task<int>[]> Ask();
    }

    private interface Waits
    {
        void Wait(CancellationToken cancellationToken);
    }

    private sealed record Keeps(Func<TimeProvider> Clock);

    private sealed class Derives : MemoryStream;

    private sealed record Pure(DateTimeOffset Time, IReadOnlyDictionary<string, int?> Values);
}
