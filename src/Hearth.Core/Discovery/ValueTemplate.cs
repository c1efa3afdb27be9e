using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>
/// A template of an announcement, or none; read when it is first needed. A message whose template
/// fails is ignored: nothing is known of the value then, so the state stays as it is.
/// </summary>
internal sealed class ValueTemplate(string? source)
{
    private Template? _template;
    private string? _fault;

    public bool IsPresent => source is not null;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault
    {
        get
        {
            _ = Parsed();
            return _fault;
        }
    }

    /// <summary>What a message says: its text, or what the template makes of it; null where that
    /// fails. Blanks around what a template prints do not count.</summary>
    public string? Read(TemplateContext message) =>
        source is null ? message.Payload!.Text : Render(message);

    /// <summary>What to send for a value: the value as it prints, or what the template makes of
    /// it and of other variables; null where that fails.</summary>
    public string? Write(
        TemplateValue value,
        IEnumerable<KeyValuePair<string, TemplateValue>>? more = null
    )
    {
        if (source is null)
        {
            return value.ToString();
        }

        var variables = new TemplateVariables();
        foreach (var (name, other) in more ?? [])
        {
            variables[name] = other;
        }

        variables["value"] = value;
        return Render(new TemplateContext { Variables = variables });
    }

    private string? Render(TemplateContext context)
    {
        try
        {
            return Parsed()?.Render(context).Trim();
        }
        catch (TemplateException)
        {
            // Devices send what their own templates cannot read, often and by design: a message
            // without the key, an event meant for another entity. That is no news.
            return null;
        }
    }

    private Template? Parsed()
    {
        if (_template is not null || _fault is not null || source is null)
        {
            return _template;
        }

        try
        {
            return _template = Template.Parse(source.Trim());
        }
        catch (TemplateException failure)
        {
            // An announcement with such a template is refused; out of a log that another version
            // wrote it may still come, and then it renders nothing.
            _fault = $"cannot be read: {failure.Message}";
            return null;
        }
    }
}
