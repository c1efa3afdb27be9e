namespace Hearth.Core.Templates;

/// <summary>A part of a template that has a value.</summary>
internal abstract class Expression
{
    /// <summary>How deep the parts of this one nest; the parser keeps it within bounds.</summary>
    public int Height { get; set; } = 1;

    /// <summary>Its place in the source, for messages.</summary>
    public int At { get; set; }

    public abstract TemplateValue Evaluate(Frame frame);
}

internal sealed class Literal(TemplateValue value) : Expression
{
    public TemplateValue Value => value;

    public override TemplateValue Evaluate(Frame frame) => value;
}

internal sealed class NameLookup(string name) : Expression
{
    private readonly TemplateValue _missing = TemplateValue.Undefined($"'{name}' is undefined.");

    public string Name => name;

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Charge(1);
        return frame.TryGet(name, out var value) ? value : _missing;
    }
}

internal sealed class ListLiteral(Expression[] items, bool isTuple) : Expression
{
    public Expression[] Items => items;

    public bool IsTuple => isTuple;

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.ChargeItems(items.Length);
        var values = new TemplateValue[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            values[i] = items[i].Evaluate(frame);
        }
        return isTuple ? TemplateValue.Tuple(values) : TemplateValue.List(values);
    }
}

internal sealed class DictLiteral((Expression Key, Expression Value)[] entries) : Expression
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.ChargeItems(entries.Length);
        var dict = new TemplateDict(entries.Length);
        foreach (var (key, value) in entries)
        {
            dict.Set(Members.AsKey(key.Evaluate(frame)), value.Evaluate(frame));
        }
        return TemplateValue.From(dict);
    }
}

internal sealed class AttributeAccess(Expression target, string name) : Expression
{
    public Expression Target => target;

    public string Name => name;

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Charge(1);
        var value = target.Evaluate(frame);
        frame.At = At;
        return Members.Attribute(value, name);
    }
}

internal sealed class Subscript(Expression target, Expression index) : Expression
{
    public Expression Target => target;

    public Expression Index => index;

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Charge(1);
        var value = target.Evaluate(frame);
        var key = index.Evaluate(frame);
        frame.At = At;
        return Members.Item(frame, value, key);
    }
}

internal sealed class SliceAccess(
    Expression target,
    Expression? start,
    Expression? stop,
    Expression? step
) : Expression
{
    public override TemplateValue Evaluate(Frame frame)
    {
        var value = target.Evaluate(frame);
        frame.Charge(value.Weight);
        var (from, to, by) = (Bound(start, frame), Bound(stop, frame), Bound(step, frame));
        frame.At = At;
        return PythonSlice.Of(value, from, to, by);
    }

    private static int? Bound(Expression? bound, Frame frame)
    {
        var value = bound?.Evaluate(frame) ?? TemplateValue.None;
        return value.IsNone ? null
            : value.IsInteger ? (int)Math.Clamp(value.AsInt, int.MinValue + 1, int.MaxValue)
            : throw new TemplateException("The bounds of a slice are integers.");
    }
}

internal sealed class Conditional(Expression test, Expression then, Expression? otherwise)
    : Expression
{
    private static readonly TemplateValue Nothing = TemplateValue.Undefined(
        "The inline if has no else, and its condition is false."
    );

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Charge(1);
        return test.Evaluate(frame).IsTrue
            ? then.Evaluate(frame)
            : otherwise?.Evaluate(frame) ?? Nothing;
    }
}

/// <summary><c>and</c> and <c>or</c>: the value that decides is the result, as in Python.</summary>
internal sealed class Logic(Expression[] parts, bool isAnd) : Expression
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Charge(1);
        var value = parts[0].Evaluate(frame);
        for (int i = 1; i < parts.Length && value.IsTrue == isAnd; i++)
        {
            value = parts[i].Evaluate(frame);
        }
        return value;
    }
}

internal sealed class Not(Expression part) : Expression
{
    public override TemplateValue Evaluate(Frame frame) =>
        TemplateValue.From(!part.Evaluate(frame).IsTrue);
}

internal sealed class Sign(Expression part, bool isNegative) : Expression
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Charge(1);
        return Operators.Sign(part.Evaluate(frame), isNegative);
    }
}

/// <summary>A run of operators of one rank, from left to right; long ones do not nest.</summary>
internal sealed class Chain(Expression first, (string Operator, Expression Value)[] rest)
    : Expression
{
    public override TemplateValue Evaluate(Frame frame)
    {
        var value = first.Evaluate(frame);
        foreach (var (op, right) in rest)
        {
            var other = right.Evaluate(frame);
            frame.At = At;
            value = Operators.Apply(frame, op, value, other);
        }
        return value;
    }
}

internal sealed class Comparison(Expression first, (string Operator, Expression Value)[] rest)
    : Expression
{
    public override TemplateValue Evaluate(Frame frame)
    {
        var left = first.Evaluate(frame);
        foreach (var (op, expression) in rest)
        {
            var right = expression.Evaluate(frame);
            frame.Charge(left.Weight + right.Weight);
            frame.At = At;
            if (!Operators.Holds(op, left, right))
            {
                return TemplateValue.False;
            }
            left = right;
        }
        return TemplateValue.True;
    }
}

/// <summary><c>a ~ b ~ c</c>: the parts as they print, one after the other.</summary>
internal sealed class Concat(Expression[] parts) : Expression
{
    public override TemplateValue Evaluate(Frame frame)
    {
        var texts = new string[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            var value = parts[i].Evaluate(frame);
            frame.Charge(value.Weight);
            texts[i] = value.ToString();
        }
        return TemplateValue.From(string.Concat(texts));
    }
}
