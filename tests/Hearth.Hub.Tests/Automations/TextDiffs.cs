using CsCheck;
using Hearth.Hub.Automations;

namespace Hearth.Hub.Tests.Automations;

public sealed class TextDiffs
{
    [Fact]
    public void A_difference_makes_the_second_text_of_the_first_and_is_no_longer_than_need_be() =>
        Gen.Select(Texts, Texts)
            .Sample(
                (from, to) =>
                {
                    var diff = TextDiff.Of(string.Join('\n', from), string.Join('\n', to));
                    Assert.Equal(from, Without(diff, "added"));
                    Assert.Equal(to, Without(diff, "removed"));
                    Assert.Equal(Common(from, to), diff.All.Count(line => line.Change == "same"));
                }
            );

    [Fact]
    public void Far_apart_changes_are_hunks_of_their_own()
    {
        var from = Enumerable.Range(1, 30).Select(line => $"{line}").ToArray();
        var to = from.Where(line => line is not "5").Append("31").ToArray();
        var diff = TextDiff.Of(string.Join('\n', from), string.Join('\n', to));
        Assert.Equal(
            "--- a\n+++ b\n@@ -2,7 +2,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n"
                + "@@ -28,3 +27,4 @@\n 28\n 29\n 30\n+31\n",
            diff.Unified("a", "b")
        );
    }

    [Fact]
    public void Texts_that_have_nothing_in_common_are_not_compared_for_ever()
    {
        var from = string.Join('\n', Enumerable.Range(0, 60_000).Select(line => $"a{line}"));
        var to = string.Join('\n', Enumerable.Range(0, 60_000).Select(line => $"b{line}"));
        Assert.Equal(120_000, TextDiff.Of(from, to).All.Count);
    }

    // Few different lines, so that much is the same, and none is empty at the end.
    private static readonly Gen<string[]> Texts = Gen.Int[0, 2]
        .Select(number => $"{(char)('a' + number)}")
        .Array[1, 12];

    private static IEnumerable<string> Without(TextDiff diff, string change) =>
        diff.All.Where(line => line.Change != change).Select(line => line.Text);

    private static int Common(string[] from, string[] to)
    {
        var longest = new int[from.Length + 1, to.Length + 1];
        for (var x = 1; x <= from.Length; x++)
        {
            for (var y = 1; y <= to.Length; y++)
            {
                longest[x, y] =
                    from[x - 1] == to[y - 1]
                        ? longest[x - 1, y - 1] + 1
                        : Math.Max(longest[x - 1, y], longest[x, y - 1]);
            }
        }

        return longest[from.Length, to.Length];
    }
}
