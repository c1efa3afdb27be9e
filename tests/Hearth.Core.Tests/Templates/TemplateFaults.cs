using CsCheck;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

public sealed class TemplateFaults
{
    // What sources are made of, and what they should never be made of.
    private static readonly string[] Parts =
    [
        .. "{{ }} {% %} {# #} - + ~ ** // | ( ) [ ] { } , : . = == < x loop \\ ' 'a' \"b\"".Split(
            ' '
        ),
        .. "1 2.5 1e999 none true default join int round map range dict items %s 😀".Split(' '),
        .. " if ; else ; elif ; endif ; for ; in ; endfor ; set ; endset ; is ; not ".Split(';'),
        .. "{{ value_json.a;{{ [1,2,3];{% for x in [1,2] %};{% if x %};value_json;\n".Split(';'),
    ];

    [Theory]
    [InlineData("ab\n  {{ x | nosuch }}", 2, 10)]
    [InlineData("{{ 1 +", 1, 1)]
    [InlineData("{% if x %}\n{% endfor %}", 2, 4)]
    [InlineData("\n\n{{ 'open }}", 3, 4)]
    [InlineData("a\n{# never closed", 2, 1)]
    [InlineData("{{ 1 is number in [1] }}", 1, 16)]
    [InlineData("{{ 1 is number not in [1] }}", 1, 16)]
    public void A_fault_in_the_source_names_its_line_and_column(string source, int line, int column)
    {
        var fault = Assert.Throws<TemplateException>(() => Template.Parse(source));

        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Fact]
    public void A_failure_while_rendering_names_the_line_of_its_statement()
    {
        var template = Template.Parse("fine\n{{ 1 }}\n{{ 1 / 0 }}");

        var fault = Assert.Throws<TemplateException>(() => template.Render(TemplateContext.Empty));

        Assert.Equal(3, fault.Line);
    }

    [Fact]
    public void Anything_as_source_is_parsed_and_rendered_or_refused_with_a_template_exception()
    {
        var source = Gen.Int[0, Parts.Length - 1]
            .Select(i => Parts[i])
            .Array[0, 14]
            .Select(string.Concat);
        var context = new TemplateContext { Payload = Payload.FromText("""{"a":[1,"b"]}""") };

        source.Sample(text => RendersOrThrowsTemplateException(text, context), iter: 10_000);
    }

    private static bool RendersOrThrowsTemplateException(string text, TemplateContext context)
    {
        try
        {
            Template.Parse(text).Render(context);
        }
        catch (TemplateException)
        {
            return true;
        }
        return true;
    }
}
