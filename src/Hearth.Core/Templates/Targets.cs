namespace Hearth.Core.Templates;

/// <summary>What stands to the left of <c>=</c> or <c>in</c>.</summary>
internal abstract class Target
{
    public abstract void Assign(Frame frame, TemplateValue value);
}

internal sealed class NameTarget(string name) : Target
{
    public string Name => name;

    public override void Assign(Frame frame, TemplateValue value) => frame.Set(name, value);
}

/// <summary><c>ns.x</c>, where <c>ns</c> is a namespace.</summary>
internal sealed class MemberTarget(string name, string member) : Target
{
    public override void Assign(Frame frame, TemplateValue value)
    {
        if (!frame.TryGet(name, out var owner) || owner.Kind != TemplateKind.Namespace)
        {
            throw new TemplateException(
                $"'{name}' is no namespace, so nothing in it can be set: "
                    + $"begin with {{% set {name} = namespace() %}}."
            );
        }
        owner.AsNamespace.Values[member] = value;
    }
}

/// <summary><c>a, (b, c)</c>: takes a value apart.</summary>
internal sealed class TupleTarget(Target[] parts) : Target
{
    public override void Assign(Frame frame, TemplateValue value)
    {
        var items = Iteration.Of(frame, value);
        if (items.Length != parts.Length)
        {
            throw new TemplateException($"{parts.Length} names cannot take {items.Length} values.");
        }
        for (int i = 0; i < items.Length; i++)
        {
            parts[i].Assign(frame, items[i]);
        }
    }
}
