using System.Globalization;

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
            case TemplateKind.Tuple when target.IsGroup && name is "grouper" or "list":
                return target.AsItems[name == "list" ? 1 : 0];
            case TemplateKind.State when StateMembers.TryGet(target.AsState, name, out var fact):
                return fact;
            case TemplateKind.States:
                return target.AsStates.Member(name);
            case TemplateKind.Time
            or TemplateKind.Date
            or TemplateKind.Clock
            or TemplateKind.Duration when TimeMembers.TryGet(target, name, out var part):
                return part;
            case TemplateKind.Function when target.AsFunction.TryGet(name, out var function):
                return function;
            case TemplateKind.Object when target.AsObject.TryGet(name, out var own):
                return own;
            default:
                return Missing(target, name);
        }
    }

    /// <summary>An attribute alone, never an item: what the filter <c>attr</c> reads.</summary>
    public static TemplateValue OwnAttribute(TemplateValue target, string name) =>
        target.Kind == TemplateKind.Dict && Methods.Find(target.Kind, name) is null
            ? Missing(target, name)
            : Attribute(target, name);

    /// <summary>What calling a value calls; an error where it cannot be called.</summary>
    public static Callable AsCallable(TemplateValue callee) =>
        callee.Kind switch
        {
            TemplateKind.Function => callee.AsFunction,
            TemplateKind.States => StateFunctions.States,
            TemplateKind.Object when callee.AsObject.Callable is { } callable => callable,
            TemplateKind.Undefined => throw new TemplateException(callee.WhyUndefined),
            _ => throw new TemplateException($"A {PythonText.TypeName(callee)} cannot be called."),
        };

    public static TemplateValue Item(Frame frame, TemplateValue target, TemplateValue key)
    {
        if (target.IsText)
        {
            frame.Charge(target.Weight);
        }
        switch (target.Kind)
        {
            case TemplateKind.Undefined:
                throw new TemplateException(target.WhyUndefined);
            case TemplateKind.Dict when target.AsDict.TryGet(key, out var item):
                return item;
            case TemplateKind.List
            or TemplateKind.Tuple when IsIndex(key) && target.Form <= ListForm.Range:
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
    public static TemplateValue Path(Frame frame, TemplateValue target, TemplateValue path)
    {
        if (!path.IsText)
        {
            return Item(frame, target, path);
        }
        string text = path.AsText;
        frame.ChargeText(text.Length);
        while (true)
        {
            int end = text.IndexOf('.', StringComparison.Ordinal);
            string step = end < 0 ? text : text[..end];
            target = long.TryParse(step, NumberStyles.None, null, out long index)
                ? Item(frame, target, TemplateValue.From(index))
                : Item(frame, target, TemplateValue.From(step));
            if (end < 0)
            {
                return target;
            }
            text = text[(end + 1)..];
        }
    }

    /// <summary>The value, if it can be a key: a list or a dict cannot.</summary>
    public static TemplateValue AsKey(TemplateValue key) =>
        IsKey(key)
            ? key
            : throw new TemplateException($"A {PythonText.TypeName(key)} cannot be a key.");

    private static bool IsKey(TemplateValue key) =>
        (
            key.Kind is not (TemplateKind.List or TemplateKind.Dict or TemplateKind.Set)
            || key.Form == ListForm.Range
        ) && (key.Kind != TemplateKind.Tuple || Array.TrueForAll(key.AsItems, IsKey));

    private static bool IsIndex(TemplateValue key) =>
        key.IsInteger && key.Kind != TemplateKind.Huge;

    private static TemplateValue Missing(TemplateValue target, string name) =>
        TemplateValue.Undefined(
            Methods.WhyMissing(target.Kind, name)
                ?? $"A {PythonText.TypeName(target)} here has no '{name}'."
        );
}
