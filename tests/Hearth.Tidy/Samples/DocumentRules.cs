using Hearth.Tidy.Rules;

namespace Hearth.Tidy.Samples;

public sealed class DocumentRules
{
    private const string Good =
        "# 0007. Lamps are round\n\nDate: 2026-11-25\nStatus: accepted\n\n"
        + "## Problem\n\n## Decision\n\n## Consequences\n";

    private const string Index = "| [0007](0007-lamps.md) | Lamps are round |";

    [Theory]
    [InlineData("[a](gone.md)", "docs/gone.md")]
    [InlineData("text\n![a](../gone.png)", "gone.png")]
    [InlineData("[a](here.md#nowhere)", "no such heading")]
    [InlineData("[a](#nowhere)", "no such heading")]
    public void A_link_that_leads_nowhere_is_found(string text, string word) =>
        Sample.Breaks(Links(text), text.Split('\n').Length, word);

    [Theory]
    [InlineData("[a](here.md)")]
    [InlineData("[a](./here.md#the-heading-is-here)")]
    [InlineData("# A `b` c\n[a](#a-b-c)")]
    [InlineData("[a](https://example.org/gone)")]
    [InlineData("`[a](gone.md)`")]
    [InlineData("```\n[a](gone.md)\n```")]
    public void A_link_that_leads_somewhere_and_code_are_fine(string text) =>
        Assert.Empty(Links(text));

    [Theory]
    [InlineData("It works. `Lamps.A_lamp_goes_on`", true)]
    [InlineData("It works. `Lamps.A_lamp_goes_off`", false)]
    [InlineData("It works. `Doors.A_lamp_goes_on`", false)]
    [InlineData("`EventCatalogue.Types` is no test", true)]
    public void A_test_that_is_named_is_looked_for(string text, bool isFine)
    {
        const string code = "class Lamps\n{\n    public void A_lamp_goes_on() { }\n}";
        var found = Documents.NamedTests(Sample.Text(text), [new TextFile("tests/Lamps.cs", code)]);

        Assert.Equal(isFine, !found.Any());
    }

    [Theory]
    [InlineData("| 3.1.0-1 | CONNECT first | holds | `Lamps.A_lamp_goes_on_MQTT_3_1_0_1` |", true)]
    [InlineData("| 3.1.0-2 | CONNECT once | holds | `Lamps.A_lamp_goes_on_MQTT_3_1_0_1` |", true)]
    [InlineData("| 3.1.0-3 | other | holds | `Lamps.A_lamp_goes_on_MQTT_3_1_0_1` |", false)]
    [InlineData("| 3.1.0-3 | other | holds | |", false)]
    [InlineData("| 3.1.0-3 | other | client's | |", true)]
    [InlineData("| 3.1.0-3 | other | not used: none | |", true)]
    [InlineData("| statement | what it asks | here | shown by |", true)]
    public void A_statement_that_holds_is_named_by_its_test(string row, bool isFine)
    {
        const string code = """
            class Lamps
            {
                // [MQTT-3.1.0-2]
                public void A_lamp_goes_on_MQTT_3_1_0_1() { }
            }
            """;
        var found = Documents.Statements(Sample.Text(row), [new TextFile("tests/Lamps.cs", code)]);

        Assert.Equal(isFine, !found.Any());
    }

    [Fact]
    public void A_decision_in_its_form_is_fine() =>
        Assert.Empty(Documents.Decision(Sample.Text(Good, "docs/adr/0007-lamps.md"), Index));

    [Theory]
    [InlineData("# 0007. ", "# 0008. ", "begin")]
    [InlineData("Date: ", "On ", "Date")]
    [InlineData("accepted", "done", "Status")]
    [InlineData("## Consequences", "## Outlook", "Consequences")]
    public void A_decision_that_lacks_something_is_found(string good, string bad, string word)
    {
        var text = Good.Replace(good, bad, StringComparison.Ordinal);
        var record = Sample.Text(text, "docs/adr/0007-lamps.md");
        Sample.Breaks(Documents.Decision(record, Index), 0, word);
    }

    [Fact]
    public void A_decision_that_is_long_or_not_listed_or_oddly_named_is_found()
    {
        var longer = Sample.Text(Good + Sample.Lines(800), "docs/adr/0007-lamps.md");
        Sample.Breaks(Documents.Decision(longer, Index), 0, "a page");
        var record = Sample.Text(Good, "docs/adr/0007-lamps.md");
        Sample.Breaks(Documents.Decision(record, ""), 0, "table");
        var odd = Sample.Text(Good, "docs/adr/0007-Lamps.md");
        Sample.Breaks(Documents.Decision(odd, Index + "](0007-Lamps.md)"), 0, "named");
    }

    [Fact]
    public void A_number_can_be_taken_once() =>
        Sample.Breaks(
            Documents.DecisionNumbers([
                "docs/adr/0001-a.md",
                "docs/adr/0002-b.md",
                "docs/adr/0001-c.md",
            ]),
            0,
            "0001"
        );

    [Fact]
    public void A_folder_without_a_word_is_found()
    {
        const string Glossary = "words\n| `Devices` | lamps |\n";
        string[] paths =
        [
            "src/Hearth.Core/Devices/A.cs",
            "src/Hearth.Core/Gadgets/A.cs",
            "src/Hearth.Core/Gadgets/B.cs",
            "src/Hearth.Core/Home.cs",
        ];
        Sample.Breaks(Documents.FolderWords(paths, Glossary), 0, "word");
    }

    [Fact]
    public void Folders_may_be_two_deep()
    {
        Assert.Empty(Documents.FolderDepth("src/Hearth.Hub/Devices/Wire/A.cs"));
        Sample.Breaks(Documents.FolderDepth("src/Hearth.Hub/Devices/Wire/Json/A.cs"), 0, "deep");
    }

    private static IEnumerable<Finding> Links(string text)
    {
        var files = new Dictionary<string, string>
        {
            ["docs/sample.md"] = text,
            ["docs/here.md"] = "# The heading, is here",
        };
        return Documents.Links(Sample.Text(text), path => files.GetValueOrDefault(path));
    }
}
