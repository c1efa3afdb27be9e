using System.Text.Json;
using CsCheck;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

public sealed class MutatedTemplates
{
    private static readonly string[] Sources =
    [
        .. JsonElement
            .Parse(File.ReadAllText(JinjaItself.PathOf("vectors.json")))
            .EnumerateArray()
            .Select(vector => vector.GetProperty("template").GetString()!),
    ];

    private static readonly TemplateContext Context = new()
    {
        Home = SmallHome.Picture,
        Variables = Variables(),
    };

    [Fact]
    public void A_template_with_parts_cut_out_swapped_or_doubled_is_rendered_or_refused()
    {
        var source = Gen.Int[0, Sources.Length - 1].Select(i => Sources[i]);
        var cut = Gen.Select(Gen.Double[0, 1], Gen.Double[0, 0.3]);
        var mutated = Gen.Select(source, source, cut, cut, Gen.Int[0, 3], Mutate);

        mutated.Sample(text => Ends(text), iter: 20_000);
    }

    private static string Mutate(
        string text,
        string other,
        (double At, double Length) from,
        (double At, double Length) to,
        int how
    )
    {
        string part = Part(text, from);
        string strange = Part(other, to);
        int at = (int)(from.At * text.Length);
        return how switch
        {
            0 => text.Remove(at, part.Length),
            1 => text.Remove(at, part.Length).Insert(at, strange),
            2 => text.Insert(at, part + part),
            _ => text.Insert(at, strange),
        };
    }

    private static string Part(string text, (double At, double Length) cut)
    {
        int at = (int)(cut.At * text.Length);
        return text.Substring(at, Math.Min((int)(cut.Length * text.Length), text.Length - at));
    }

    private static bool Ends(string source)
    {
        try
        {
            var template = Template.Parse(source);
            template.Render(Context);
            template.Evaluate(Context).ToJson();
        }
        catch (TemplateException)
        {
            return true;
        }
        return true;
    }

    private static TemplateVariables Variables()
    {
        var variables = new TemplateVariables();
        var json = File.ReadAllText(JinjaItself.PathOf("vectors.variables.json"));
        foreach (var member in JsonElement.Parse(json).EnumerateObject())
        {
            variables[member.Name] = TemplateValue.FromJson(member.Value);
        }
        return variables;
    }
}
