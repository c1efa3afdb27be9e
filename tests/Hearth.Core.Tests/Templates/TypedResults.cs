using System.Text.Json;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

/// <summary>What Home Assistant's own parsing of printed results gave for each of these.
/// </summary>
public sealed class TypedResults
{
    [Theory]
    [InlineData("{{ 1 + 1 }}", TemplateKind.Whole, "2")]
    [InlineData("{{ 3 / 2 }}", TemplateKind.Real, "1.5")]
    [InlineData("{{ [1] }}", TemplateKind.List, "[1]")]
    [InlineData("{{ 1 > 0 }}", TemplateKind.Bool, "True")]
    [InlineData("{{ none }}", TemplateKind.None, "None")]
    [InlineData("a{{ 1 }}", TemplateKind.Text, "a1")]
    [InlineData("{{ '3' }}", TemplateKind.Whole, "3")]
    [InlineData("  {{ '3' }}{{ 4 }}\n", TemplateKind.Whole, "34")]
    [InlineData("{% if true %} 21.50 {% endif %}", TemplateKind.Real, "21.5")]
    [InlineData("+5", TemplateKind.Whole, "5")]
    [InlineData("-5.", TemplateKind.Real, "-5.0")]
    [InlineData("{{ '007' }}", TemplateKind.Text, "007")]
    [InlineData("0.5", TemplateKind.Real, "0.5")]
    [InlineData("{{ '1e5' }}", TemplateKind.Text, "1e5")]
    [InlineData("{{ 1e20 }}", TemplateKind.Text, "1e+20")]
    [InlineData("0x10", TemplateKind.Text, "0x10")]
    [InlineData("1_000", TemplateKind.Text, "1_000")]
    [InlineData("[1, 'a', None, {'b': (1,)}]", TemplateKind.List, "[1, 'a', None, {'b': (1,)}]")]
    [InlineData("{{ [1.5, 'it\\'s'] }}", TemplateKind.List, "[1.5, \"it's\"]")]
    [InlineData("[1,\n 1e3]", TemplateKind.List, "[1, 1000.0]")]
    [InlineData("1, 2", TemplateKind.Tuple, "(1, 2)")]
    [InlineData("(1)", TemplateKind.Text, "(1)")]
    [InlineData("((1, 2), (3))", TemplateKind.Tuple, "((1, 2), 3)")]
    [InlineData("{{ 'true' }}", TemplateKind.Text, "true")]
    [InlineData("'quoted'", TemplateKind.Text, "'quoted'")]
    [InlineData("[1", TemplateKind.Text, "[1")]
    [InlineData("[on]", TemplateKind.Text, "[on]")]
    [InlineData("{[1]: 2}", TemplateKind.Text, "{[1]: 2}")]
    [InlineData("1 + 2", TemplateKind.Text, "1 + 2")]
    [InlineData("--5", TemplateKind.Text, "--5")]
    [InlineData("10:30", TemplateKind.Text, "10:30")]
    [InlineData("2026-01-02", TemplateKind.Text, "2026-01-02")]
    [InlineData("1,", TemplateKind.Tuple, "(1,)")]
    [InlineData("{'a': 1,}", TemplateKind.Dict, "{'a': 1}")]
    [InlineData("- 5", TemplateKind.Text, "- 5")]
    [InlineData("['a' 'b']", TemplateKind.List, "['ab']")]
    [InlineData("[007]", TemplateKind.Text, "[007]")]
    [InlineData("[1,,2]", TemplateKind.Text, "[1,,2]")]
    [InlineData("(,)", TemplateKind.Text, "(,)")]
    [InlineData("1.5.2", TemplateKind.Text, "1.5.2")]
    [InlineData(".5", TemplateKind.Real, "0.5")]
    [InlineData(".", TemplateKind.Text, ".")]
    [InlineData("[1e400]", TemplateKind.List, "[inf]")]
    [InlineData("{{ x }}", TemplateKind.Text, "")]
    [InlineData("{{ [x, [1, x]] | flatten }}", TemplateKind.List, "[1]")]
    public void What_is_printed_is_read_back_as_a_literal(
        string source,
        TemplateKind kind,
        string printed
    )
    {
        var result = Template.Parse(source).Evaluate(TemplateContext.Empty);

        Assert.Equal(kind, result.Kind);
        Assert.Equal(printed, result.ToString());
    }

    [Theory]
    [InlineData("{{ true }}", true)]
    [InlineData("On", true)]
    [InlineData("{{ 'YES' }}", true)]
    [InlineData("enable", true)]
    [InlineData("1", true)]
    [InlineData("{{ 0.5 }}", true)]
    [InlineData("{{ -3 }}", true)]
    [InlineData("{{ 0 }}", false)]
    [InlineData("{{ none }}", false)]
    [InlineData("{{ [1] }}", false)]
    [InlineData("anything", false)]
    [InlineData("{{ nothing }}", false)]
    public void A_condition_holds_by_Home_Assistants_words(string source, bool holds)
    {
        Assert.Equal(holds, Template.Parse(source).Holds(TemplateContext.Empty));
    }

    [Fact]
    public void A_variable_is_seen_by_its_name()
    {
        var context = new TemplateContext
        {
            Variables = new TemplateVariables
            {
                ["value"] = TemplateValue.From(51),
                ["hue"] = TemplateValue.From(12.5),
            },
        };

        Assert.Equal("51/12.5", Template.Parse("{{ value }}/{{ hue }}").Render(context));
    }

    [Fact]
    public void A_variable_given_as_JSON_is_read_when_it_is_asked_for_and_once()
    {
        int made = 0;
        var variables = new TemplateVariables { ["n"] = TemplateValue.From(1) };
        variables.Set(
            "trigger",
            JsonElement.Parse("""{"to_state":{"state":"on"},"for":[1,2.0]}""")
        );
        variables.Set("late", () => TemplateValue.From(++made));
        var context = new TemplateContext { Variables = variables };

        string before = Template.Parse("{{ n }} {{ trigger.to_state.state }}").Render(context);

        Assert.Equal("1 on", before);
        Assert.Equal(0, made);
        Assert.Equal(
            "[1, 2.0] 1 1",
            Template.Parse("{{ trigger.for }} {{ late }} {{ late }}").Render(context)
        );
    }

    [Theory]
    [InlineData("""{"a":[1,2.5,"x",true,null]}""", "{'a': [1, 2.5, 'x', True, None]}")]
    [InlineData("[1e400]", "[inf]")]
    public void JSON_becomes_a_value_and_a_value_becomes_JSON(string json, string printed)
    {
        var value = TemplateValue.FromJson(JsonElement.Parse(json));

        Assert.Equal(printed, value.ToString());
        Assert.Equal(json.Replace("1e400", "null", StringComparison.Ordinal), value.ToJson());
    }

    [Theory]
    [InlineData("{{ x }}", "\"\"")]
    [InlineData("{{ {1: (2,)} }}", """{"1":[2]}""")]
    public void What_JSON_has_no_words_for_is_written_as_it_prints(string source, string json)
    {
        Assert.Equal(json, Template.Parse(source).Evaluate(TemplateContext.Empty).ToJson());
    }

    [Fact]
    public void JSON_with_half_a_surrogate_pair_is_undefined()
    {
        Assert.True(TemplateValue.FromJson(JsonElement.Parse("""["\ud800"]""")).IsUndefined);
    }
}
