namespace Hearth.Core.Templates;

/// <summary>How Python walks over a value.</summary>
internal static class Iteration
{
    /// <summary>The items of anything that can be walked over; a dict gives its keys.</summary>
    public static TemplateValue[] Of(Frame frame, TemplateValue value)
    {
        frame.Charge(value.Weight);
        return value.Kind switch
        {
            TemplateKind.Undefined => [],
            TemplateKind.List or TemplateKind.Tuple => value.AsItems,
            TemplateKind.Dict or TemplateKind.Set => value.AsDict.Keys(),
            TemplateKind.Text => Characters(frame, value.AsText),
            TemplateKind.States => States(frame, value.AsStates),
            _ => throw new TemplateException(
                $"A {PythonText.TypeName(value)} cannot be walked over."
            ),
        };
    }

    public static bool IsPossible(TemplateValue value) =>
        value.Kind
            is TemplateKind.Undefined
                or TemplateKind.List
                or TemplateKind.Tuple
                or TemplateKind.Dict
                or TemplateKind.Set
                or TemplateKind.Text
                or TemplateKind.States;

    private static TemplateValue[] States(Frame frame, StatesView states)
    {
        frame.ChargeItems(states.Home.States.Count);
        return states.All();
    }

    private static TemplateValue[] Characters(Frame frame, string text)
    {
        frame.ChargeItems(text.Length);
        return Array.ConvertAll(PythonSlice.Characters(text), TemplateValue.From);
    }
}
