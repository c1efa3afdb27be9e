using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Hearth.Core.Templates;

/// <summary>
/// The hot path: a template that only picks a member, <c>{{ value_json.a["b"] }}</c>, is nine in
/// ten of all templates in the field. It reads the payload's JSON directly and allocates nothing
/// but the text it answers; whatever is unusual is left to the evaluator.
/// </summary>
internal sealed class JsonPath
{
    private readonly byte[][] _names;

    private JsonPath(byte[][] names)
    {
        _names = names;
    }

    /// <summary>The path an expression is, or null where it is anything else.</summary>
    public static JsonPath? From(Expression expression)
    {
        var names = new List<byte[]>();
        while (true)
        {
            switch (expression)
            {
                case NameLookup { Name: "value_json" } when names.Count > 0:
                    names.Reverse();
                    return new JsonPath([.. names]);
                case AttributeAccess access
                    when Methods.Find(TemplateKind.Dict, access.Name) is null:
                    names.Add(Encoding.UTF8.GetBytes(access.Name));
                    expression = access.Target;
                    break;
                case Subscript { Index: Literal { Value.IsText: true } key } subscript
                    when Methods.Find(TemplateKind.Dict, key.Value.AsText) is null:
                    names.Add(Encoding.UTF8.GetBytes(key.Value.AsText));
                    expression = subscript.Target;
                    break;
                default:
                    return null;
            }
        }
    }

    public bool TryRender(TemplateContext context, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var element = context.PayloadJson;
        if (context.Variables is { } given && given.Contains("value_json"))
        {
            return false;
        }
        for (int i = 0; i < _names.Length; i++)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                return false;
            }
            if (!element.TryGetProperty(_names[i], out element))
            {
                // A missing member prints nothing, but nothing can be looked up in it.
                text = "";
                return i == _names.Length - 1;
            }
        }
        text = element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => PythonJson.NumberText(element),
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            JsonValueKind.Null => "None",
            _ => null,
        };
        return text is not null && text.Length <= TemplateBudget.OutputMax;
    }
}
