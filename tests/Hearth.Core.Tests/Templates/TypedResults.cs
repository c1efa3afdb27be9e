using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

public sealed class TypedResults
{
    [Theory]
    [InlineData("{{ 1 + 1 }}", TemplateKind.Whole)]
    [InlineData("{{ 3 / 2 }}", TemplateKind.Real)]
    [InlineData("{{ [1] }}", TemplateKind.List)]
    [InlineData("{{ 1 > 0 }}", TemplateKind.Bool)]
    [InlineData("{{ none }}", TemplateKind.None)]
    [InlineData("a{{ 1 }}", TemplateKind.Text)]
    public void One_expression_keeps_its_type_and_anything_more_is_text(
        string source,
        TemplateKind kind
    )
    {
        Assert.Equal(kind, Template.Parse(source).Evaluate(TemplateContext.Empty).Kind);
    }

    [Fact]
    public void A_variable_is_seen_by_its_name()
    {
        var context = new TemplateContext
        {
            Variables = new Dictionary<string, TemplateValue>
            {
                ["value"] = TemplateValue.From(51),
                ["hue"] = TemplateValue.From(12.5),
            },
        };

        Assert.Equal("51/12.5", Template.Parse("{{ value }}/{{ hue }}").Render(context));
    }
}
