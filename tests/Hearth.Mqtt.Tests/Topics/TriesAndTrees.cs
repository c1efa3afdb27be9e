using CsCheck;
using Hearth.Mqtt.Topics;

namespace Hearth.Mqtt.Tests.Topics;

public sealed class TriesAndTrees
{
    [Fact]
    public void A_subscription_added_twice_is_there_once()
    {
        var trie = new TopicTrie<string>();

        Assert.True(trie.Add("a/+", "ana"));
        Assert.False(trie.Add("a/+", "ana"));
        Assert.Equal(["ana"], Found(trie, "a/b"));
        Assert.Equal(1, trie.Count);
    }

    [Fact]
    public void A_subscription_with_two_matching_filters_is_found_for_each()
    {
        var trie = new TopicTrie<string>();
        trie.Add("a/+", "ana");
        trie.Add("a/#", "ana");

        Assert.Equal(["ana", "ana"], Found(trie, "a/b"));
    }

    [Fact]
    public void Removing_a_filter_leaves_those_below_and_above_it()
    {
        var trie = new TopicTrie<string>();
        trie.Add("a", "ana");
        trie.Add("a/b", "ben");
        trie.Add("a/b/c", "cleo");

        Assert.True(trie.Remove("a/b", "ben"));
        Assert.False(trie.Remove("a/b", "ben"));
        Assert.False(trie.Remove("x", "ana"));
        Assert.Equal(["ana"], Found(trie, "a"));
        Assert.Empty(Found(trie, "a/b"));
        Assert.Equal(["cleo"], Found(trie, "a/b/c"));
    }

    [Fact]
    public void Adding_and_removing_in_any_order_leaves_what_was_not_removed()
    {
        Gen.Select(Matching.Filters, Gen.Bool)
            .Array[1, 40]
            .Sample(steps =>
            {
                var trie = new TopicTrie<string>();
                var expected = new HashSet<string>();
                foreach (var (filter, adds) in steps)
                {
                    var changed = adds ? expected.Add(filter) : expected.Remove(filter);
                    Assert.Equal(
                        changed,
                        adds ? trie.Add(filter, filter) : trie.Remove(filter, filter)
                    );
                }

                Assert.Equal(expected.Count, trie.Count);
                foreach (var topic in new[] { "a", "a/b", "/", "$a/b", "a/b/a" })
                {
                    Assert.Equal(
                        expected.Where(filter => TopicFilter.Matches(filter, topic)).Order(),
                        Found(trie, topic).Order()
                    );
                }
            });
    }

    [Fact]
    public void A_retained_value_replaces_the_one_before_and_can_be_cleared()
    {
        var tree = new RetainedTree<string>();

        Assert.Null(tree.Set("a/b", "one"));
        Assert.Equal("one", tree.Set("a/b", "two"));
        Assert.Equal("two", tree.Find("a/b"));
        Assert.Equal(1, tree.Count);
        Assert.Equal("two", tree.Clear("a/b"));
        Assert.Null(tree.Clear("a/b"));
        Assert.Null(tree.Clear("a"));
        Assert.Null(tree.Find("a/b"));
        Assert.Equal(0, tree.Count);
    }

    [Fact]
    public void Clearing_a_retained_value_leaves_those_below_and_above_it()
    {
        var tree = new RetainedTree<string>();
        tree.Set("a", "above");
        tree.Set("a/b", "itself");
        tree.Set("a/b/c", "below");

        tree.Clear("a/b");

        List<string> found = [];
        tree.Match("#", found);
        Assert.Equal(["above", "below"], found.Order());
    }

    private static List<string> Found(TopicTrie<string> trie, string topic)
    {
        List<string> found = [];
        trie.Match(topic, found);
        return found;
    }
}
