using CsCheck;
using Hearth.Mqtt.Topics;

namespace Hearth.Mqtt.Tests.Topics;

public sealed class Matching
{
    // Few words and many wildcards, so that filters and topics meet often.
    private static readonly Gen<string> Level = Gen.OneOf(
        Gen.Const(""),
        Gen.Const("a"),
        Gen.Const("b"),
        Gen.Const("$a"),
        Gen.Const("hearth")
    );

    internal static Gen<string> Topics { get; } =
        Level.Array[1, 5].Select(levels => string.Join('/', levels)).Where(TopicName.IsValid);

    internal static Gen<string> Filters { get; } =
        Gen.Select(
                Gen.OneOf(Level, Gen.Const("+")).Array[0, 4],
                Gen.Bool,
                (levels, all) => string.Join('/', all ? [.. levels, "#"] : levels)
            )
            .Where(TopicFilter.IsValid);

    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("a", "A", false)]
    [InlineData("/a", "a", false)]
    [InlineData("a/+/c", "a//c", true)]
    public void Wildcards_match_as_the_standard_s_examples_MQTT_4_7_1_2(
        string filter,
        string topic,
        bool matches
    )
    {
        Assert.Equal(matches, TopicFilter.Matches(filter, topic));
        Assert.Equal(matches, MatchesInTrie(filter, topic));
        Assert.Equal(matches, MatchesInTree(filter, topic));
    }

    [Theory]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("STRASSE", "stra\u00dfe")]
    [InlineData("a/b", "a//b")]
    [InlineData("a", "a/")]
    [InlineData("a b", "a%20b")]
    [InlineData("a", "\ufeffa")]
    public void Topics_are_compared_as_they_are_MQTT_4_7_3_4(string filter, string topic)
    {
        Assert.True(TopicFilter.Matches(filter, filter));
        Assert.False(TopicFilter.Matches(filter, topic));
        Assert.False(MatchesInTrie(filter, topic));
        Assert.False(MatchesInTree(filter, topic));
    }

    [Theory]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/uptime", "$SYS/uptime", false)]
    [InlineData("$SYS/#", "$SYS/uptime", true)]
    [InlineData("$SYS/+", "$SYS/uptime", true)]
    [InlineData("#", "hearth/events/hearth.state.changed", false)]
    [InlineData("+/status", "hearth/status", false)]
    [InlineData("hearth/#", "hearth/status", true)]
    [InlineData("hearth/+", "hearth/status", true)]
    [InlineData("#", "hearths/a", true)]
    [InlineData("a/#", "a/hearth", true)]
    [InlineData("a/#", "a/$b", true)]
    [InlineData("a/+", "a/$b", true)]
    public void Wildcards_do_not_reach_the_server_s_topics_MQTT_4_7_2_1(
        string filter,
        string topic,
        bool matches
    )
    {
        Assert.Equal(matches, TopicFilter.Matches(filter, topic));
        Assert.Equal(matches, MatchesInTrie(filter, topic));
        Assert.Equal(matches, MatchesInTree(filter, topic));
    }

    [Theory]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("/", true)]
    [InlineData("a/#", true)]
    [InlineData("+/a/+", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("#/a", false)]
    [InlineData("a+", false)]
    [InlineData("+a/b", false)]
    [InlineData("a/b+/c", false)]
    [InlineData("++", false)]
    [InlineData("a\0", false)]
    public void A_wildcard_stands_for_whole_levels_MQTT_4_7_1_1(string filter, bool isValid)
    {
        Assert.Equal(isValid, TopicFilter.IsValid(filter));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("/", true)]
    [InlineData("Küche/Lampe 1", true)]
    [InlineData("", false)]
    [InlineData("a/+", false)]
    [InlineData("#", false)]
    [InlineData("a\0b", false)]
    public void A_topic_name_has_a_character_and_no_wildcard_MQTT_4_7_3_1(
        string topic,
        bool isValid
    )
    {
        Assert.Equal(isValid, TopicName.IsValid(topic));
    }

    [Fact]
    public void A_topic_name_has_at_most_65_535_bytes_MQTT_4_7_3_3()
    {
        Assert.True(TopicName.IsValid(new string('a', 65_535)));
        Assert.False(TopicName.IsValid(new string('a', 65_536)));
        Assert.False(TopicName.IsValid(new string('ü', 32_768)));
        Assert.False(TopicFilter.IsValid(new string('ü', 32_768)));
    }

    [Theory]
    [InlineData("a", 1, false)]
    [InlineData("a/b", 1, true)]
    [InlineData("a/b", 2, false)]
    [InlineData("//", 2, true)]
    public void Levels_are_counted_with_the_empty_ones(string topic, int levelsMax, bool hasMore)
    {
        Assert.Equal(hasMore, TopicName.HasMoreLevels(topic, levelsMax));
    }

    [Fact]
    public void Trie_and_tree_find_what_comparing_one_by_one_finds()
    {
        Gen.Select(Filters.Array[1, 12], Topics.Array[1, 12])
            .Sample(
                (filters, topics) =>
                {
                    var trie = new TopicTrie<string>();
                    var tree = new RetainedTree<string>();
                    Array.ForEach(filters, filter => trie.Add(filter, filter));
                    Array.ForEach(topics, topic => tree.Set(topic, topic));
                    foreach (var topic in topics)
                    {
                        List<string> found = [];
                        trie.Match(topic, found);
                        AssertSame(filters.Where(x => TopicFilter.Matches(x, topic)), found);
                    }

                    foreach (var filter in filters)
                    {
                        List<string> found = [];
                        tree.Match(filter, found);
                        AssertSame(topics.Where(x => TopicFilter.Matches(filter, x)), found);
                    }
                }
            );
    }

    private static void AssertSame(IEnumerable<string> expected, List<string> found) =>
        Assert.Equal(
            expected.Distinct().Order(StringComparer.Ordinal),
            found.Order(StringComparer.Ordinal)
        );

    private static bool MatchesInTrie(string filter, string topic)
    {
        var trie = new TopicTrie<int>();
        trie.Add(filter, 1);
        List<int> found = [];
        trie.Match(topic, found);
        return found.Count == 1;
    }

    private static bool MatchesInTree(string filter, string topic)
    {
        var tree = new RetainedTree<string>();
        tree.Set(topic, topic);
        List<string> found = [];
        tree.Match(filter, found);
        return found.Count == 1;
    }
}
