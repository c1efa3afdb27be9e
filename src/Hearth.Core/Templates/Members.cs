namespace Hearth.Core.Templates;

/// <summary>
/// What <c>x.name</c> and <c>x[key]</c> find. As in Jinja a dot looks for a method first and an
/// item second, brackets the other way round; what is not there is undefined, and looking inside
/// of something undefined is an error.
/// </summary>
internal static class Members
{
    public static TemplateValue Attribute(TemplateValue target, string name)
    {
        if (Methods.Find(target.Kind, name) is { } method)
        {
            return TemplateValue.From(method.Of(target));
        }
        switch (target.Kind)
        {
            case TemplateKind.Undefined:
                throw new TemplateException(target.WhyUndefined);
            case TemplateKind.Dict when target.AsDict.TryGet(name, out var item):
                return item;
            case TemplateKind.Namespace:
                return target.AsNamespace.Values.TryGetValue(name, out var member)
                    ? member
                    : Missing(target, name);
            case TemplateKind.State when StateMembers.TryGet(target.AsState, name, out var fact):
                return fact;
            case TemplateKind.States:
                return target.AsStates.Member(name);
            case TemplateKind.Time when TimeMembers.TryGet(target.AsTime, name, out var part):
                return part;
            case TemplateKind.Duration
                when TimeMembers.TryGet(target.AsDuration, name, out var part):
                return part;
            case TemplateKind.Function
                when Functions.TryGet(target.AsFunction.Name + "." + name, out var function):
                return function;
            default:
                return Missing(target, name);
        }
    }

    public static TemplateValue Item(TemplateValue target, TemplateValue key)
    {
        switch (target.Kind)
        {
            case TemplateKind.Undefined:
                throw new TemplateException(target.WhyUndefined);
            case TemplateKind.Dict when target.AsDict.TryGet(key, out var item):
                return item;
            case TemplateKind.List or TemplateKind.Tuple when IsIndex(key):
                return PythonSlice.TryIndex(target.AsItems.Length, key.AsInt, out int at)
                    ? target.AsItems[at]
                    : TemplateValue.Undefined($"The list has no item {key}.");
            case TemplateKind.Text when IsIndex(key):
                return PythonSlice.Character(target.AsText, key.AsInt);
            default:
                return key.IsText ? Attribute(target, key.AsText) : Missing(target, key.ToString());
        }
    }

    /// <summary>Attribute by name, item by number: what <c>map(attribute=…)</c> reads.</summary>
    public static TemplateValue Path(TemplateValue target, TemplateValue path)
    {
        if (!path.IsText)
        {
            return Item(target, path);
        }
        foreach (string step in path.AsText.Split('.'))
        {
            target = long.TryParse(step, out long index)
                ? Item(target, TemplateValue.From(index))
                : Item(target, TemplateValue.From(step));
        }
        return target;
    }

    /// <summary>The value, if it can be a key: a list or a dict cannot.</summary>
    public static TemplateValue AsKey(TemplateValue key) =>
        key.Kind is TemplateKind.List or TemplateKind.Dict
            ? throw new TemplateException($"A {PythonText.TypeName(key)} cannot be a key.")
            : key;

    private static bool IsIndex(TemplateValue key) =>
        key.IsInteger && key.Kind != TemplateKind.Huge;

    private static TemplateValue Missing(TemplateValue target, string name) =>
        TemplateValue.Undefined($"A {PythonText.TypeName(target)} here has no '{name}'.");
}
