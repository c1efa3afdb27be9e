using Hearth.Sdk.Connection;

namespace Hearth.Sdk.Tests;

public sealed class TopicFilters
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "$SYS/up", false)]
    [InlineData("+/up", "$SYS/up", false)]
    [InlineData("$SYS/+", "$SYS/up", true)]
    public void A_filter_matches_as_MQTT_says(string filter, string topic, bool matches) =>
        Assert.Equal(matches, TopicFilter.Parse(filter, "filter").Matches(topic));

    [Theory]
    [InlineData("")]
    [InlineData("a+/b")]
    [InlineData("a/#/b")]
    [InlineData("a/b#")]
    [InlineData("a/\0")]
    public void A_malformed_filter_is_refused(string filter) =>
        Assert.ThrowsAny<ArgumentException>(() => TopicFilter.Parse(filter, "filter"));

    [Theory]
    [InlineData(new[] { "a/b", "a/#", "a/c" }, new[] { "a/#" })]
    [InlineData(new[] { "a/#", "a/b" }, new[] { "a/#" })]
    [InlineData(new[] { "a/+", "a/#" }, new[] { "a/#" })]
    [InlineData(new[] { "a/#", "a/+" }, new[] { "a/#" })]
    [InlineData(new[] { "a/+", "a/b/c" }, new[] { "a/+", "a/b/c" })]
    [InlineData(new[] { "a/b", "a/b" }, new[] { "a/b" })]
    [InlineData(new[] { "#", "$SYS/up" }, new[] { "#", "$SYS/up" })]
    public void Filters_inside_others_are_left_out(string[] given, string[] kept) =>
        Assert.Equal(
            kept,
            TopicFilter.Fewest(given.Select(f => TopicFilter.Parse(f, "f"))).Select(f => f.Text)
        );
}
