namespace Hearth.Core.Templates;

/// <summary>Anything that a template can call.</summary>
internal abstract class Callable(string name)
{
    private static readonly TemplateValue[] NoValues = [];

    public string Name => name;

    public abstract TemplateValue Call(
        Frame frame,
        TemplateValue[] positional,
        KeyValuePair<string, TemplateValue>[] named
    );

    public TemplateValue Call(Frame frame, params TemplateValue[] positional) =>
        Call(frame, positional, []);

    public TemplateValue Call(Frame frame) => Call(frame, NoValues, []);

    /// <summary>What <c>callable.name</c> is; false where it has no such member.</summary>
    public virtual bool TryGet(string member, out TemplateValue value)
    {
        value = default;
        return false;
    }

    public override string ToString() => $"<function {name}>";
}

/// <summary>A value with members that the engine makes: <c>loop</c>, a cycler.</summary>
internal abstract class TemplateObject
{
    public abstract string TypeName { get; }

    public abstract bool TryGet(string member, out TemplateValue value);

    /// <summary>What calling the object itself does.</summary>
    public virtual Callable? Callable => null;
}
