using Hearth.Core.Events;

namespace Hearth.Core.Tests.Events;

public sealed class TopicPatterns
{
    [Theory]
    [InlineData("sport/#", "sport", true)]
    [InlineData("sport/#", "sport/a/b", true)]
    [InlineData("sport/#", "sports", false)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("sport/+", "sport/a/b", false)]
    [InlineData("+", "/finance", false)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("a", "A", false)]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/uptime", "$SYS/uptime", false)]
    [InlineData("$SYS/+", "$SYS/uptime", true)]
    [InlineData("a/#", "a/$b", true)]
    public void Plus_is_one_level_and_hash_the_rest(string filter, string topic, bool matches) =>
        Assert.Equal(matches, TopicPattern.Matches(filter, topic));

    [Theory]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("/", true)]
    [InlineData("a/+/#", true)]
    [InlineData("a b/ü", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("#/a", false)]
    [InlineData("a/b+/c", false)]
    [InlineData("++", false)]
    [InlineData("a\0", false)]
    public void A_wildcard_is_a_whole_level(string filter, bool isValid) =>
        Assert.Equal(isValid, TopicPattern.IsValid(filter));
}
