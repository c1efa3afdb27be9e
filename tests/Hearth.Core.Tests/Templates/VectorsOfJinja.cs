using System.Globalization;
using System.Text.Json;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

/// <summary>
/// What the real Jinja2, set up as in Home Assistant, made of every template of vectors.txt.
/// <c>jinja_oracle.py vectors</c> computes the answers anew.
/// </summary>
public sealed class VectorsOfJinja
{
    public static TheoryData<int, string> Vectors()
    {
        var data = new TheoryData<int, string>();
        int index = 0;
        foreach (var vector in Read("vectors.json").EnumerateArray())
        {
            data.Add(index++, vector.GetProperty("template").GetString()!);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_template_prints_what_Jinja_prints_or_is_refused_as_there(
        int index,
        string template
    )
    {
        var vector = Read("vectors.json")[index];
        var context = JinjaItself.Context(Variables());
        string? expected = vector.TryGetProperty("text", out var text) ? text.GetString() : null;

        Assert.Equal(expected, Printed(template, context));
        if (expected is not null)
        {
            var result = Template.Parse(template).Evaluate(context);
            Assert.Equal(vector.GetProperty("type").GetString(), TypeOf(result));
        }
    }

    private static string? Printed(string template, TemplateContext context)
    {
        try
        {
            return Template.Parse(template).Render(context);
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    private static string TypeOf(TemplateValue value) =>
        value.Kind switch
        {
            TemplateKind.None => "NoneType",
            TemplateKind.Bool => "bool",
            TemplateKind.Whole or TemplateKind.Huge => "int",
            TemplateKind.Real => "float",
            TemplateKind.Text => "str",
            var other => other.ToString().ToLower(CultureInfo.InvariantCulture),
        };

    private static TemplateVariables Variables()
    {
        var variables = new TemplateVariables();
        foreach (var member in Read("vectors.variables.json").EnumerateObject())
        {
            variables.Set(member.Name, member.Value);
        }
        return variables;
    }

    private static JsonElement Read(string name) =>
        JsonElement.Parse(File.ReadAllText(JinjaItself.PathOf(name)));
}
