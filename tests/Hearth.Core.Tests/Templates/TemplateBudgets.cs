using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

public sealed class TemplateBudgets
{
    [Theory]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}")]
    [InlineData("{{ range(1000000000) }}")]
    [InlineData("{{ 'x' * 1000000000 }}")]
    [InlineData("{{ [1] * 1000000000 }}")]
    [InlineData("{{ 'x' | center(1000000000) }}")]
    [InlineData("{{ '%1000000000d' % 1 }}")]
    [InlineData("{{ '{:1000000000}'.format(1) }}")]
    [InlineData("{% set x = 'y' * 9999 %}{{ x.replace('y', x) }}")]
    [InlineData("{% set x = 'y' * 9999 %}{{ range(9999) | join(x) }}")]
    [InlineData("{{ 'a\n' * 9999 | indent(9999) }}")]
    [InlineData("{{ 2 ** 1000000000 }}")]
    [InlineData("{{ 10 ** 1000 * 10 ** 1000 }}")]
    [InlineData("{% set x = 'y' * 60000 %}{{ x }}{{ x }}")]
    public void A_template_that_grows_without_bound_ends_with_an_error(string source)
    {
        Assert.Throws<TemplateException>(() => Render(source));
    }

    [Fact]
    public void A_list_of_the_same_list_over_and_over_is_counted_as_often_as_it_is_reached()
    {
        string source =
            "{% set ns = namespace(x=[1]) %}{% for i in range(40) %}"
            + "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}";

        Assert.Throws<TemplateException>(() => Render(source));
    }

    [Fact]
    public void A_value_cannot_nest_without_bound()
    {
        string source =
            "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}"
            + "{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}";

        Assert.Throws<TemplateException>(() => Render(source));
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "1", "]")]
    [InlineData("not ", "1", "")]
    [InlineData("-", "1", "")]
    [InlineData("", "x", ".y")]
    [InlineData("", "x", "|string")]
    [InlineData("(1 if 1 else ", "1", ")")]
    public void A_source_that_nests_too_deeply_is_refused(
        string before,
        string middle,
        string after
    )
    {
        string open = string.Concat(Enumerable.Repeat(before, 5000));
        string close = string.Concat(Enumerable.Repeat(after, 5000));

        Assert.Throws<TemplateException>(() => Render("{{ " + open + middle + close + " }}"));
    }

    [Fact]
    public void Blocks_that_nest_too_deeply_are_refused()
    {
        string open = string.Concat(Enumerable.Repeat("{% if 1 %}", 500));
        string close = string.Concat(Enumerable.Repeat("{% endif %}", 500));

        Assert.Throws<TemplateException>(() => Template.Parse(open + close));
    }

    [Fact]
    public void A_long_run_of_operators_is_no_nesting()
    {
        string sum = string.Join(" + ", Enumerable.Repeat("1", 500));

        Assert.Equal("500", Render("{{ " + sum + " }}"));
    }

    [Fact]
    public void A_pattern_that_would_backtrack_for_ever_is_answered_at_once()
    {
        string source = "{{ ('a' * 5000) | regex_findall('^(a+)+$') | length }}";

        Assert.Equal("1", Render(source));
    }

    [Fact]
    public void A_pattern_with_a_back_reference_is_refused()
    {
        Assert.Throws<TemplateException>(() => Render(@"{{ 'aa' | regex_findall('(a)\\1') }}"));
    }

    private static string Render(string source) =>
        Template.Parse(source).Render(TemplateContext.Empty);
}
