using System.Text;
using Hearth.Hub.Automations;

namespace Hearth.Hub.Tests.Automations;

public sealed class ReadingYaml
{
    [Theory]
    [InlineData("to: on", """{"to":"on"}""")]
    [InlineData("to: Yes", """{"to":"Yes"}""")]
    [InlineData("on: off", """{"on":"off"}""")]
    [InlineData("a: true", """{"a":true}""")]
    [InlineData("a: 'true'", """{"a":"true"}""")]
    [InlineData("at: 12:30:00", """{"at":"12:30:00"}""")]
    [InlineData("at: 7:30", """{"at":"7:30"}""")]
    [InlineData("a: -21.50", """{"a":-21.50}""")]
    [InlineData("a: 1600000000000", """{"a":1600000000000}""")]
    [InlineData("a: 0123", """{"a":"0123"}""")]
    [InlineData("a: 0x1f", """{"a":"0x1f"}""")]
    [InlineData("a: 1_000", """{"a":"1_000"}""")]
    [InlineData("a: +01:00", """{"a":"+01:00"}""")]
    [InlineData("a: 2024-01-31", """{"a":"2024-01-31"}""")]
    [InlineData("a: .inf", """{"a":".inf"}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a: ''", """{"a":""}""")]
    [InlineData("a: !!str 5", """{"a":"5"}""")]
    [InlineData("a: [1, on, {b: c}]", """{"a":[1,"on",{"b":"c"}]}""")]
    [InlineData("a: >-\n  {{ 1\n  + 2 }}", """{"a":"{{ 1 + 2 }}"}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("a: &b {c: 1}\nd: *b", """{"a":{"c":1},"d":{"c":1}}""")]
    [InlineData(
        "a: &b {c: 1, d: 2}\ne: {<<: *b, d: 3}",
        """{"a":{"c":1,"d":2},"e":{"d":3,"c":1}}"""
    )]
    [InlineData("e:\n  <<: [{c: 1}, {c: 2, d: 3}]", """{"e":{"c":1,"d":3}}""")]
    [InlineData("- alias: x", """{"alias":"x"}""")]
    [InlineData("automation:\n  - alias: x", """{"alias":"x"}""")]
    [InlineData("automation lights:\n  - alias: x", """{"alias":"x"}""")]
    [InlineData("---\n# first\nalias: x # and last\n...", """{"alias":"x"}""")]
    [InlineData("\uFEFFalias: x\r\nid: y\r\n", """{"alias":"x","id":"y"}""")]
    public void Everything_is_what_a_person_means_by_it(string yaml, string json) =>
        Assert.Equal(json, Read(yaml).Definition);

    [Theory]
    [InlineData("", 1, "nothing in it")]
    [InlineData("# only a remark", 1, "nothing in it")]
    [InlineData("a: 1\nb: 2\na: 3", 3, "written twice")]
    [InlineData("a: !secret home", 1, "write the value itself")]
    [InlineData("a:\n  - !include x.yaml", 2, "paste what is in the file")]
    [InlineData("a: !input lamp", 1, "Take control")]
    [InlineData("a: !lambda x", 1, "tags are not known")]
    [InlineData("a: *nobody", 1, "no anchor")]
    [InlineData("a: &a [*a]", 1, "no anchor")]
    [InlineData("a: 1\n---\nb: 2", 2, "second document")]
    [InlineData("- a: 1\n- a: 2", 2, "2 automations")]
    [InlineData("[]", 1, "no automation in it")]
    [InlineData("a: 1\n b: 2", 2, "not YAML here")]
    [InlineData("a:\n\tb: 2", 2, "not YAML here")]
    [InlineData("a: {{ states }}", 1, "in quotes")]
    [InlineData("x: 1\na: {{ states['b'] | float }} W", 2, "in quotes")]
    [InlineData("a: {<<: 5}", 1, "alias of a mapping")]
    [InlineData("a: 'open", 1, "not YAML here")]
    public void What_is_not_taken_is_refused_with_its_line(string yaml, int line, string why)
    {
        var text = Read(yaml);
        Assert.Null(text.Definition);
        Assert.Contains(why, text.Unreadable[0].Fault.Detail);
        Assert.Equal(line, text.Unreadable[0].At!.Value.Line);
    }

    [Fact]
    public void Bombs_are_refused_before_they_go_off()
    {
        var laughs = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (var name = 'b'; name <= 'i'; name++)
        {
            var one = $"*{(char)(name - 1)}";
            var ten = string.Join(", ", Enumerable.Repeat(one, 10));
            laughs.Append($"{name}: &{name} [{ten}]\n");
        }

        Assert.Contains("larger than 256 KiB", Refusal(laughs.ToString()));

        var deep = new StringBuilder("a0: &a0 [x]\n");
        for (var level = 1; level < 70; level++)
        {
            deep.Append($"a{level}: &a{level} [*a{level - 1}]\n");
        }

        Assert.Contains("64 levels", Refusal(deep.ToString()));
        Assert.Contains("64 levels", Refusal("a: " + new string('[', 100_000)));
        Assert.Contains("256 KiB", Refusal("a: " + new string('x', 300_000)));
        Assert.Contains(
            "parts",
            Refusal("a: [" + string.Concat(Enumerable.Repeat("x,", 60_000)) + "]")
        );
    }

    [Fact]
    public void Every_part_has_the_place_where_it_was_written()
    {
        var places = Read(
            """
            # Night
            alias: Lights out
            triggers:
              - trigger: state
                entity_id:
                  - light.desk
            """
        ).Places;
        Assert.Equal(new TextPlace(2, 1), places.Of(""));
        Assert.Equal(new TextPlace(3, 1), places.Of("/triggers"));
        Assert.Equal(new TextPlace(4, 5), places.Of("/triggers/0"));
        Assert.Equal(new TextPlace(5, 5), places.Of("/triggers/0/entity_id"));
        Assert.Equal(new TextPlace(6, 9), places.Of("/triggers/0/entity_id/0"));
        Assert.Equal(new TextPlace(4, 5), places.Of("/triggers/0/to"));
    }

    [Fact]
    public void JSON_has_its_places_too()
    {
        var places = AutomationText
            .Read(
                Encoding.UTF8.GetBytes("{\n \"ä\": 1, \"a/b\": [\n  5, {\"c\": []}]\n}"),
                isYaml: false
            )
            .Places;
        Assert.Equal(new TextPlace(1, 1), places.Of(""));
        Assert.Equal(new TextPlace(2, 10), places.Of("/a~1b"));
        Assert.Equal(new TextPlace(3, 3), places.Of("/a~1b/0"));
        Assert.Equal(new TextPlace(3, 7), places.Of("/a~1b/1/c"));
    }

    [Theory]
    [InlineData("""{"alias":"Night","mode":"on","n":5,"f":true,"z":null,"e":"","l":[],"m":{}}""")]
    [InlineData(
        """{"a":["x: y","- z","#","12:30","0123","'","\"","{{ 1 }}","*a","&b","!c","%d"," e "]}"""
    )]
    [InlineData(
        """{"a":"one\ntwo\n","b":"one\n\n two","c":"\n","d":"x \ny","e":"tab\tis","f":"ä\u0007"}"""
    )]
    [InlineData("""{"on":"off","true":"no","yes":[{"a":1,"b":[[1],[2]]}],"<<":"x","~":"null"}""")]
    public void What_was_saved_as_JSON_can_be_had_as_YAML_that_means_the_same(string json)
    {
        var yaml = AutomationYaml.Write(json);
        var read = Read(yaml);
        Assert.Empty(read.Unreadable);
        Assert.True(
            System.Text.Json.JsonElement.DeepEquals(
                System.Text.Json.JsonElement.Parse(json),
                System.Text.Json.JsonElement.Parse(read.Definition!)
            ),
            yaml
        );
    }

    private static string Refusal(string yaml) => Read(yaml).Unreadable[0].Fault.Detail;

    private static AutomationText Read(string yaml) =>
        AutomationText.Read(Encoding.UTF8.GetBytes(yaml), isYaml: true);
}
