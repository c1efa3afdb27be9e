using System.Diagnostics;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

/// <summary>
/// Templates that mean harm: each is refused by name, soon, and without much being allocated.
/// </summary>
public sealed class TemplateBombs
{
    // What a text of a budget's size, in memory several times over, comes to.
    private const long BytesMax = 64 * 1024 * 1024;

    [Theory]
    [InlineData(
        "{% for a in range(999) %}{% for b in range(999) %}{% endfor %}{% endfor %}",
        "steps"
    )]
    [InlineData(
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        ""
    )]
    [InlineData("{{ range(10 ** 12) }}", "")]
    [InlineData("{{ range(0 - 10 ** 18, 10 ** 18) | length }}", "")]
    [InlineData("{{ 'a' * 10 ** 9 }}", "steps")]
    [InlineData("{{ ('a' * 60000) * 60000 }}", "steps")]
    [InlineData("{{ [0] * 10 ** 9 }}", "steps")]
    [InlineData("{{ ([0] * 9999) * 9999 }}", "steps")]
    [InlineData("{{ 10 ** (10 ** 10) }}", "too large")]
    [InlineData("{{ 10 ** 1000 * 10 ** 1000 * 10 ** 1000 }}", "too large")]
    [InlineData("{{ (2 ** 4000 ~ '') * 999 }}", "")]
    [InlineData("{{ '%999999999d' % 1 }}", "steps")]
    [InlineData("{{ '%.999999999f' % 1 }}", "steps")]
    [InlineData("{{ '%*d' % (999999999, 1) }}", "steps")]
    [InlineData("{{ '{:999999999}'.format(1) }}", "steps")]
    [InlineData("{{ '{:{w}}'.format(1, w=999999999) }}", "steps")]
    [InlineData("{{ 'x'.ljust(10 ** 9) }}", "steps")]
    [InlineData("{{ 'x'.zfill(10 ** 9) }}", "steps")]
    [InlineData("{{ '\t'.expandtabs(10 ** 9) }}", "steps")]
    [InlineData("{{ ('a\n' * 999) | indent(99999) }}", "steps")]
    [InlineData("{{ [1] | batch(10 ** 9, 0) | list }}", "steps")]
    [InlineData("{{ [1] | slice(10 ** 9) | list }}", "steps")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "deep")]
    [InlineData("{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}", "deep")]
    [InlineData("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "deep")]
    [InlineData(
        "{% macro d(x, returns) %}{% do returns(g(x)) %}{% endmacro %}{% set g = d | as_function %}{{ g(1) }}",
        "deep"
    )]
    [InlineData(
        "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        ""
    )]
    [InlineData(
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        ""
    )]
    [InlineData(
        "{% set ns = namespace(x={}) %}{% for i in range(99) %}{% set ns.x = {1: ns.x, 2: ns.x} %}{% endfor %}",
        ""
    )]
    [InlineData(
        "{% set ns = namespace(x='aa') %}{% for i in range(99) %}{% set ns.x = ns.x.replace('a', ns.x) %}{% endfor %}",
        ""
    )]
    [InlineData("{% for i in range(99) %}{{ 'x' * 9999 }}{% endfor %}", "")]
    [InlineData("{% set x %}{{ 'x' * 65000 }}{% endset %}{{ x }}{{ x }}", "prints more")]
    [InlineData("{{ range(30000) | map('string') | sort | join(',') }}", "steps")]
    [InlineData("{{ range(9999) | map('string') | unique | list | sort }}", "")]
    [InlineData(
        "{{ zip(range(30000), range(30000), range(30000), range(30000)) | list }}",
        "steps"
    )]
    [InlineData("{{ ('a' * 50000) | regex_findall('.') | length }}", "steps")]
    [InlineData("{{ ('a' * 60000) | regex_replace('', 'bbbbbbbbbbbbbbbb') }}", "steps")]
    [InlineData("{{ 'a' | regex_match('(a{1000}){1000}') }}", "too large")]
    [InlineData("{{ 'a' | regex_match('(a)\\\\1') }}", "backtracks")]
    [InlineData("{{ 'a' | regex_search('(?=a)') }}", "backtracks")]
    [InlineData("{{ 'a' | regex_search('(?<!b)a') }}", "backtracks")]
    [InlineData("{{ ('[' * 999 ~ ']' * 999) | from_json }}", "JSON")]
    [InlineData(
        "{{ ('%Y' * 30000) | regex_replace('x', '') | length + now().strftime('%c' * 30000) | length }}",
        "steps"
    )]
    [InlineData("{{ ('ab' * 30000) | list | join | list | join | list | join | list }}", "steps")]
    [InlineData("{{ ('x' * 60000).split('x') | map('int', 0) | list }}", "steps")]
    [InlineData("{{ dict(zip(range(40000), range(40000))) }}", "steps")]
    [InlineData("{{ [[[[[[1] * 50] * 50] * 50] * 50] * 50] }}", "")]
    [InlineData("{{ range(50000) | groupby('x') }}", "steps")]
    [InlineData("{{ combine(*([dict(zip(range(999), range(999)))] * 999)) }}", "")]
    [InlineData(
        "{{ ([[1] * 999] * 99) | flatten | length + ([[1] * 999] * 99) | flatten | length }}",
        ""
    )]
    public void A_bomb_is_refused_soon_and_by_name(string source, string named)
    {
        // The first one pays for what is compiled on the way.
        Assert.Throws<TemplateException>(() => Render(source));
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long began = Stopwatch.GetTimestamp();

        var fault = Assert.Throws<TemplateException>(() => Render(source));

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(allocated < BytesMax, $"{allocated} bytes were allocated.");
        // A machine that does much else besides takes longer; hours are what this is about.
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_that_holds_itself_prints_and_compares()
    {
        string source =
            "{% set ns = namespace() %}{% set ns.x = [ns] %}{{ ns }} {{ ns.x == ns.x }}";

        Assert.Equal("<Namespace> True", Render(source));
    }

    private static string Render(string source) =>
        Template.Parse(source).Render(TemplateContext.Empty);
}
