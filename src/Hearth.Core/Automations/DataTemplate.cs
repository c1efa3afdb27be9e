using System.Globalization;
using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// Data of an automation as the person wrote it: JSON in which any text, also a key, may be a
/// template. What has none in it is a constant and costs nothing to render.
/// </summary>
internal sealed class DataTemplate
{
    private readonly TemplateValue _constant;
    private readonly Template? _template;
    private readonly string _pointer = "";
    private readonly IReadOnlyList<DataTemplate>? _items;
    private readonly IReadOnlyList<(DataTemplate Key, DataTemplate Value)>? _members;

    private DataTemplate(TemplateValue constant) => _constant = constant;

    private DataTemplate(Template template, string pointer) =>
        (_template, _pointer) = (template, pointer);

    private DataTemplate(IReadOnlyList<DataTemplate> items) => _items = items;

    private DataTemplate(IReadOnlyList<(DataTemplate Key, DataTemplate Value)> members) =>
        _members = members;

    /// <summary>True where nothing has to be rendered.</summary>
    public bool IsConstant => _template is null && _items is null && _members is null;

    /// <summary>The template's source where all of it is one template; else null.</summary>
    public string? Source => _template?.Source;

    /// <summary>The members of a mapping, in the order in which they were written; none where it
    /// is no mapping with templates in it.</summary>
    public IReadOnlyList<(DataTemplate Key, DataTemplate Value)> Members => _members ?? [];

    /// <summary>The entities that the templates in it name, each with the place of its template.
    /// </summary>
    public IEnumerable<(string Pointer, string Entity)> Mentions =>
        (_template?.Entities ?? [])
            .Select(entity => (_pointer, entity))
            .Concat((_items ?? []).SelectMany(item => item.Mentions))
            .Concat(
                Members.SelectMany(member => member.Key.Mentions.Concat(member.Value.Mentions))
            );

    /// <summary>The value of a constant, not defined for anything else.</summary>
    public TemplateValue Constant => _constant;

    public static DataTemplate Of(string text) => new(TemplateValue.From(text));

    public static DataTemplate Of(IReadOnlyList<string> texts) =>
        new(TemplateValue.List([.. texts.Select(TemplateValue.From)]));

    /// <summary>A mapping that has been worked out.</summary>
    public static DataTemplate Of(IReadOnlyDictionary<string, TemplateValue> members)
    {
        var dict = new TemplateDict(members.Count);
        foreach (var (name, value) in members)
        {
            dict.Set(name, value);
        }

        return new(TemplateValue.From(dict));
    }

    /// <summary>True where a text is a template rather than plain.</summary>
    public static bool IsTemplate(string text) =>
        text.Contains("{{", StringComparison.Ordinal)
        || text.Contains("{%", StringComparison.Ordinal)
        || text.Contains("{#", StringComparison.Ordinal);

    /// <summary>Reads data; every template in it that cannot be read is a fault at its place.
    /// </summary>
    public static DataTemplate Read(JsonElement json, string pointer, Action<string, string> fault)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String when IsTemplate(json.GetString()!):
                return ReadTemplate(json.GetString()!, pointer, fault);
            case JsonValueKind.Array:
                var items = json.EnumerateArray()
                    .Select((item, index) => Read(item, $"{pointer}/{index}", fault))
                    .ToArray();
                return items.All(item => item.IsConstant)
                    ? new DataTemplate(PythonJson.From(json))
                    : new DataTemplate(items);
            case JsonValueKind.Object:
                var members = json.EnumerateObject()
                    .Select(member => ReadMember(member, pointer, fault))
                    .ToArray();
                return members.All(member => member.Key.IsConstant && member.Value.IsConstant)
                    ? new DataTemplate(PythonJson.From(json))
                    : new DataTemplate(members);
            default:
                return new DataTemplate(PythonJson.From(json));
        }
    }

    /// <summary>Reads a text that is a template even without any braces in it.</summary>
    public static DataTemplate ReadTemplate(
        string text,
        string pointer,
        Action<string, string> fault
    )
    {
        try
        {
            return new DataTemplate(Template.Parse(text), pointer);
        }
        catch (TemplateException failure)
        {
            var place = failure.Line > 0 ? $" (line {failure.Line}, column {failure.Column})" : "";
            fault(pointer, $"cannot be read as a template{place}: {failure.Message}");
            return Of("");
        }
    }

    /// <summary>The data with every template in it rendered to the type that its text spells, as
    /// Home Assistant does.</summary>
    /// <exception cref="TemplateException">A template failed.</exception>
    public TemplateValue Render(TemplateContext context)
    {
        if (_template is not null)
        {
            return _template.Evaluate(context);
        }

        if (_items is not null)
        {
            return TemplateValue.List([.. _items.Select(item => item.Render(context))]);
        }

        if (_members is null)
        {
            return _constant;
        }

        var dict = new TemplateDict(_members.Count);
        foreach (var (key, value) in _members)
        {
            dict.Set(key.Render(context), value.Render(context));
        }

        return TemplateValue.From(dict);
    }

    /// <summary>Renders a mapping member by member, each seeing what those before it set.
    /// </summary>
    /// <exception cref="TemplateException">A template failed, or it is no mapping.</exception>
    public void RenderInto(Func<TemplateContext> context, Action<string, TemplateValue> set)
    {
        if (_members is null)
        {
            var whole = Render(context());
            if (whole.Kind != TemplateKind.Dict)
            {
                throw new TemplateException("The variables are no mapping.");
            }

            foreach (var (name, value) in whole.AsDict)
            {
                set(name.ToString(), value);
            }

            return;
        }

        foreach (var (key, value) in _members)
        {
            var now = context();
            set(key.RenderText(now), value.Render(now));
        }
    }

    /// <summary>The data as text, where one template is wanted as it prints.</summary>
    public string RenderText(TemplateContext context) =>
        _template is not null ? _template.Render(context) : Render(context).ToString();

    private static (DataTemplate Key, DataTemplate Value) ReadMember(
        JsonProperty member,
        string pointer,
        Action<string, string> fault
    )
    {
        var place = $"{pointer}/{JsonText.PointerStep(member.Name)}";
        var key = IsTemplate(member.Name)
            ? ReadTemplate(member.Name, place, fault)
            : Of(member.Name);
        return (key, Read(member.Value, place, fault));
    }
}

/// <summary>
/// A length of time as the person wrote it: "HH:MM:SS", seconds, a mapping, or templates of those.
/// </summary>
internal sealed record TimeField(TimeSpan? Fixed, DataTemplate? Template)
{
    public static TimeField Of(TimeSpan span) => new(span, null);

    /// <summary>How long it is now.</summary>
    /// <exception cref="TemplateException">It is a template that makes no length of time.
    /// </exception>
    public TimeSpan Render(TemplateContext context)
    {
        if (Fixed is { } span)
        {
            return span;
        }

        var value = Template!.Render(context);
        return Duration.TryRead(value, out var duration)
            ? duration
            : throw new TemplateException(
                $"'{value}' is no length of time; it should be seconds or \"HH:MM:SS\"."
            );
    }
}
