using Hearth.Core.Automations;

namespace Hearth.Core.Tests.Automations;

public sealed class Suggesting
{
    private static readonly string[] Words = ["state", "numeric_state", "time", "time_pattern"];

    [Theory]
    [InlineData("numericstate", "numeric_state")]
    [InlineData("Sate", "state")]
    [InlineData("satte", "state")]
    [InlineData("tine", "time")]
    [InlineData("time_patern", "time_pattern")]
    [InlineData("time_pattern_of_mine", "time")]
    [InlineData("moon", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_meant_if_it_is_near(string written, string? meant) =>
        Assert.Equal(meant, Suggestion.For(written, Words));
}
