using System.Globalization;
using System.Text.Json;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads the members of an automation as loosely as Home Assistant takes them, and keeps everything
/// that is wrong or doubtful, each with its place.
/// </summary>
internal sealed class FieldReader(HomeNames? home = null)
{
    private const string DurationForms = "write \"HH:MM:SS\", seconds, or {\"minutes\": 5}";

    private readonly List<Fault> _faults = [];
    private readonly List<Fault> _warnings = [];
    private TemplateContext _constants = new() { Home = new NoHome() };

    public IReadOnlyList<Fault> Faults => _faults;

    public IReadOnlyList<Fault> Warnings => _warnings;

    public NameCheck Names => field ??= new NameCheck(this, home);

    public void Fault(string pointer, string detail) => _faults.Add(new Fault(pointer, detail));

    public void Fault(Node at, string detail) => Fault(at.Pointer, detail);

    /// <summary>A word that is not known; the nearest of the known ones is suggested, and all of
    /// them are listed where none is near.</summary>
    public void Unknown(
        Node at,
        string written,
        string sentence,
        IReadOnlyList<string> known,
        IReadOnlyList<string>? listed = null
    )
    {
        var meant = Suggestion.For(written, known);
        var help = meant is null
            ? "write one of " + string.Join(", ", listed ?? known)
            : $"did you mean {meant}?";
        _faults.Add(new Fault(at.Pointer, $"{sentence}; {help}", meant));
    }

    public void Warn(Node at, string detail, string? suggestion = null) =>
        Warn(at.Pointer, detail, suggestion);

    public void Warn(string pointer, string detail, string? suggestion = null)
    {
        var help = suggestion is null ? "" : $"; did you mean {suggestion}?";
        _warnings.Add(new Fault(pointer, detail + help, suggestion));
    }

    /// <summary>Whether it is a mapping; a fault where it is not.</summary>
    public bool IsMapping(Node node, string what)
    {
        if (!node.IsMapping)
        {
            Fault(node, $"is {node.Shown}; {what}");
        }

        return node.IsMapping;
    }

    public void RefuseUnknown(Node node, params ReadOnlySpan<string[]> known)
    {
        string[]? all = null;
        foreach (var member in node.Json.EnumerateObject())
        {
            var isKnown = false;
            foreach (var keys in known)
            {
                isKnown |= keys.Contains(member.Name);
            }

            if (!isKnown)
            {
                all ??= Joined(known);
                Unknown(node.Member(member.Name), member.Name, "is not known here", all);
            }
        }
    }

    /// <summary>The one of two spellings that is written; both at once is a fault.</summary>
    public Node OneOf(Node node, string name, string older)
    {
        if (node.Has(name) && node.Has(older))
        {
            Fault(
                node.Member(older),
                $"says the same as {name}, which is there too; take one of them out"
            );
        }

        return node.Has(older) && !node.Has(name) ? node.Member(older) : node.Member(name);
    }

    /// <summary>A text, as numbers and flags print; null where it is not there.</summary>
    public string? Text(Node node, string name) => Text(node.Member(name));

    public string? Text(Node value)
    {
        if (value.IsMissing)
        {
            return null;
        }

        if (value.IsMapping || value.IsList)
        {
            Fault(value, $"is {value.Shown}; write a text");
            return null;
        }

        return ScalarText(value.Json);
    }

    public string? RequiredText(Node node, string name, string help)
    {
        var value = node.Member(name);
        var text = Text(value);
        if (value.IsMissing || text is { Length: 0 })
        {
            Fault(value, "is missing; " + help);
        }

        return text;
    }

    /// <summary>A text or a list of them; flags are the states <c>on</c> and <c>off</c>. Null where
    /// the member is not there.</summary>
    public IReadOnlyList<string>? States(Node node, string name) =>
        node.Member(name) is { IsMissing: false } value
            ? [.. Scalars(value).Select(item => StateText(item.Json))]
            : null;

    /// <summary>A text or a list of them, templates filled with the constants of the automation.
    /// </summary>
    public IReadOnlyList<string> FilledTexts(Node node, string name) =>
        [.. Scalars(node.Member(name)).Select(item => Filled(item) ?? "")];

    public IEnumerable<Node> Scalars(Node value)
    {
        foreach (var item in value.Items())
        {
            if (item.IsMapping || item.IsList || item.IsMissing)
            {
                Fault(item, $"is {item.Shown}; write a text or a list of texts");
            }
            else
            {
                yield return item;
            }
        }
    }

    public static string ScalarText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string StateText(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => "on",
            JsonValueKind.False => "off",
            _ => ScalarText(value),
        };

    /// <summary>What templates in triggers, and in <c>enabled</c>, may use: they are rendered once,
    /// when the automation is read.</summary>
    public void SetConstants(IReadOnlyDictionary<string, TemplateValue> given)
    {
        var variables = new TemplateVariables();
        foreach (var (name, value) in given)
        {
            variables[name] = value;
        }

        _constants = new TemplateContext { Home = new NoHome(), Variables = variables };
    }

    public TemplateContext Constants => _constants;

    /// <summary>A text with the templates in it filled with <c>trigger_variables</c>.</summary>
    public string? Filled(Node value)
    {
        var text = Text(value);
        return text is not null && DataTemplate.IsTemplate(text)
            ? Rendered(value, text)?.ToString()
            : text;
    }

    private TemplateValue? Rendered(Node at, string text)
    {
        try
        {
            return Templates.Template.Parse(text).Evaluate(_constants);
        }
        catch (TemplateException failure)
        {
            Fault(
                at,
                "is filled when the automation is saved, from trigger_variables alone: "
                    + failure.Message
            );
            return null;
        }
    }

    public bool Flag(Node node, string name, bool usual)
    {
        var value = node.Member(name);
        return value.IsMissing ? usual : Truth(value) ?? usual;
    }

    /// <summary>Whether a part is switched on; a template of constants may say so.</summary>
    public bool Enabled(Node node)
    {
        var value = node.Member("enabled");
        if (value.Kind != JsonValueKind.String || !DataTemplate.IsTemplate(value.Json.GetString()!))
        {
            return Flag(node, "enabled", usual: true);
        }

        return Rendered(value, value.Json.GetString()!) is not { } rendered
            || Words(rendered.ToString()) is not false;
    }

    private bool? Truth(Node value)
    {
        var truth = value.Kind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => value.Json.GetDouble() != 0,
            JsonValueKind.String => Words(value.Json.GetString()!),
            _ => (bool?)null,
        };
        if (truth is null)
        {
            Fault(value, $"is {value.Shown}; write true or false");
        }

        return truth;
    }

    private static bool? Words(string text) =>
        text.Trim().ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "enable" or "1" => true,
            "false" or "no" or "off" or "disable" or "0" => false,
            _ => null,
        };

    public double? Number(Node node, string name)
    {
        var value = node.Member(name);
        if (value.IsMissing || Filled(value) is not { } text)
        {
            return null;
        }

        if (TryNumber(text, out var number))
        {
            return number;
        }

        Fault(value, $"is {value.Shown}; write a number");
        return null;
    }

    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);

    public int? Whole(Node node, string name, int least)
    {
        var number = Number(node, name);
        if (number is null || (number >= least && number <= 100_000 && number % 1 == 0))
        {
            return (int?)number;
        }

        Fault(node.Member(name), $"is {number}; write a whole number from {least} on");
        return null;
    }

    /// <summary>A length of time, templates allowed; null where it is not there.</summary>
    public TimeField? Time(Node node, string name) => Time(node.Member(name));

    public TimeField? Time(Node value)
    {
        if (value.IsMissing)
        {
            return null;
        }

        if (value.IsMapping)
        {
            RefuseUnknown(value, Duration.Units);
        }

        var faults = _faults.Count;
        var template = DataTemplate.Read(value.Json, value.Pointer, Fault);
        if (!template.IsConstant || _faults.Count > faults)
        {
            return new TimeField(null, template);
        }

        if (Duration.TryRead(value.Json, out var duration))
        {
            return TimeField.Of(duration);
        }

        Fault(value, $"is {value.Shown}; {DurationForms}");
        return null;
    }

    /// <summary>How long something must hold; zero is the same as nothing.</summary>
    public TimeField? For(Node node) =>
        Time(node, "for") is { } time && time.Fixed != TimeSpan.Zero ? time : null;

    /// <summary>So much later, or, negative, earlier.</summary>
    public TimeSpan Offset(Node node, string name)
    {
        var value = node.Member(name);
        if (value.IsMissing)
        {
            return TimeSpan.Zero;
        }

        var filled =
            value.Kind == JsonValueKind.String && Filled(value) is { } text
                ? JsonSerializer.SerializeToElement(text)
                : value.Json;
        if (!Duration.TryReadSigned(filled, out var offset))
        {
            Fault(value, $"is {value.Shown}; {DurationForms}, with a minus for earlier");
        }

        return offset;
    }

    /// <summary>A template, with or without braces; null where it is not there.</summary>
    public DataTemplate? Template(Node node, string name)
    {
        var value = node.Member(name);
        return Text(value) is { } text
            ? DataTemplate.ReadTemplate(text, value.Pointer, Fault)
            : null;
    }

    public DataTemplate? RequiredTemplate(Node node, string name)
    {
        if (node.Member(name).IsMissing)
        {
            Fault(
                node.Member(name),
                "is missing; write a template such as {{ is_state('a.b', 'on') }}"
            );
        }

        return Template(node, name);
    }

    /// <summary>A mapping in which any text may be a template; null where it is not there.
    /// </summary>
    public DataTemplate? Mapping(Node node, string name)
    {
        var value = node.Member(name);
        if (value.IsMissing || !IsMapping(value, "write a mapping of names to values"))
        {
            return null;
        }

        return DataTemplate.Read(value.Json, value.Pointer, Fault);
    }

    private static string[] Joined(ReadOnlySpan<string[]> lists)
    {
        var all = new List<string>();
        foreach (var list in lists)
        {
            all.AddRange(list);
        }

        return [.. all];
    }
}
