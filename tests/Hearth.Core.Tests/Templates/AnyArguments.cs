using CsCheck;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

public sealed class AnyArguments
{
    private static readonly string[] Values =
    [
        "nothing",
        "none",
        "true",
        "0",
        "-1",
        "7",
        "2.5",
        "1e300",
        "2 ** 80",
        "''",
        "'abc'",
        "'\\ud800'",
        "'12'",
        "'😀 b'",
        "'%s {} {'",
        "'(a'",
        "[]",
        "[3, 'a', none]",
        "[1, 2, 3]",
        "(1, 2)",
        "[('a', 1), ('b', 2)]",
        "{}",
        "{'a': {'b': 1}}",
        "now()",
        "timedelta(hours=1)",
        "namespace(a=1)",
        "range",
        "'attr'",
        "'upper'",
        "'odd'",
        "-99999999999",
        "99999999999",
    ];

    private static readonly TemplateContext Context = new()
    {
        Now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    [Fact]
    public void Every_filter_test_function_and_method_takes_any_values_or_refuses_them()
    {
        var value = Gen.Int[0, Values.Length - 1].Select(i => Values[i]);
        var call = Gen.Select(Shape(), value, value.Array[0, 4], Fill);

        call.Sample(source => Ends(source), iter: 10_000);
    }

    private static Gen<string> Shape()
    {
        string[] shapes =
        [
            .. Filters.Names.Select(name => $"{{{{ (V) | {name}(A) }}}}"),
            .. Hearth
                .Core.Templates.Tests.Names.Where(name => char.IsLetter(name[0]))
                .Select(name => $"{{{{ (V) is {name}(A) }}}}"),
            .. Functions.Names.Select(name => $"{{{{ {name}(A) }}}}"),
            .. Methods.Names.Select(name => $"{{{{ (V).{name}(A) }}}}"),
            .. "+ - * / // % ** < == in ~ and".Split(' ').Select(op => $"{{{{ (V) {op} (W) }}}}"),
            "{{ (V)[W] }}",
            "{{ (V)[W:W] }}",
            "{% for a, b in V %}{{ a }}{% endfor %}",
            "{{ -(V) }}",
        ];
        return Gen.Int[0, shapes.Length - 1].Select(i => shapes[i]);
    }

    private static string Fill(string shape, string value, string[] rest) =>
        shape
            .Replace("V", value, StringComparison.Ordinal)
            .Replace("W", rest.FirstOrDefault("1"), StringComparison.Ordinal)
            .Replace("A", string.Join(", ", rest), StringComparison.Ordinal);

    private static bool Ends(string source)
    {
        try
        {
            Template.Parse(source).Render(Context);
        }
        catch (TemplateException)
        {
            return true;
        }
        return true;
    }
}
