using System.Text.Json;

namespace Hearth.Core.Templates;

/// <summary>
/// Variables by name; what is not among them is looked for in the outer ones. One given as JSON,
/// or as the way to make it, becomes a value when a template first asks for it, and only then.
/// </summary>
public sealed class TemplateVariables(TemplateVariables? outer = null)
{
    private readonly Dictionary<string, Variable> _byName = new(StringComparer.Ordinal);

    /// <summary>Sets a variable; one of the same name further out is hidden by it.</summary>
    public TemplateValue this[string name]
    {
        set => _byName[name] = new Variable(value);
    }

    public void Set(string name, JsonElement json) => Set(name, () => TemplateValue.FromJson(json));

    public void Set(string name, Func<TemplateValue> make) => _byName[name] = new Variable(make);

    public bool Contains(string name) =>
        _byName.ContainsKey(name) || outer is not null && outer.Contains(name);

    public bool TryGet(string name, out TemplateValue value)
    {
        if (_byName.TryGetValue(name, out var variable))
        {
            value = variable.Value;
            return true;
        }
        value = default;
        return outer is not null && outer.TryGet(name, out value);
    }

    private sealed class Variable
    {
        private readonly Func<TemplateValue>? _make;
        private TemplateValue? _value;

        public Variable(TemplateValue value) => _value = value;

        public Variable(Func<TemplateValue> make) => _make = make;

        public TemplateValue Value => _value ??= _make!();
    }
}
