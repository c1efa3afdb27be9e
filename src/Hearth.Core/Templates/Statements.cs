namespace Hearth.Core.Templates;

/// <summary>Where an evaluation goes on after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>A part of a template that does something: prints, sets, decides, repeats.</summary>
internal abstract class Statement
{
    /// <summary>Its place in the source, for messages.</summary>
    public int At { get; init; }

    public abstract Flow Run(Frame frame);
}

internal sealed class Block(Statement[] statements)
{
    public Statement[] Statements => statements;

    public Flow Run(Frame frame)
    {
        foreach (var statement in statements)
        {
            frame.At = statement.At;
            var flow = statement.Run(frame);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }
        return Flow.Next;
    }
}

internal sealed class RawText(string text) : Statement
{
    public override Flow Run(Frame frame)
    {
        frame.Charge(1 + (text.Length >> 4));
        frame.Write(text);
        return Flow.Next;
    }
}

internal sealed class Print(Expression expression) : Statement
{
    public Expression Expression => expression;

    public override Flow Run(Frame frame)
    {
        var value = expression.Evaluate(frame);
        frame.Charge(value.Weight);
        frame.Write(value.ToString());
        return Flow.Next;
    }
}

/// <summary><c>{% print a, b %}</c></summary>
internal sealed class PrintAll(Expression[] parts) : Statement
{
    public override Flow Run(Frame frame)
    {
        foreach (var part in parts)
        {
            var value = part.Evaluate(frame);
            frame.Charge(value.Weight);
            frame.Write(value.ToString());
        }
        return Flow.Next;
    }
}

internal sealed class If((Expression Test, Block Then)[] branches, Block? otherwise) : Statement
{
    public override Flow Run(Frame frame)
    {
        foreach (var (test, then) in branches)
        {
            frame.Charge(1);
            if (test.Evaluate(frame).IsTrue)
            {
                return then.Run(frame);
            }
        }
        return otherwise?.Run(frame) ?? Flow.Next;
    }
}

internal sealed class Set(Target target, Expression value) : Statement
{
    public override Flow Run(Frame frame)
    {
        frame.Charge(1);
        target.Assign(frame, value.Evaluate(frame));
        return Flow.Next;
    }
}

/// <summary><c>{% set x %}…{% endset %}</c>: what the body prints becomes the value.</summary>
internal sealed class SetBlock(Target target, FilterStep[] filters, Block body) : Statement
{
    public override Flow Run(Frame frame)
    {
        target.Assign(frame, Captured.Value(frame, filters, body));
        return Flow.Next;
    }
}

/// <summary><c>{% filter upper %}…{% endfilter %}</c>: what the body prints, filtered.</summary>
internal sealed class FilterBlock(FilterStep[] filters, Block body) : Statement
{
    public override Flow Run(Frame frame)
    {
        frame.Write(Captured.Value(frame, filters, body).ToString());
        return Flow.Next;
    }
}

/// <summary><c>{% with a = 1 %}…{% endwith %}</c>: names for a while.</summary>
internal sealed class With((Target Target, Expression Value)[] values, Block body) : Statement
{
    public override Flow Run(Frame frame)
    {
        var evaluated = Array.ConvertAll(values, v => v.Value.Evaluate(frame));
        frame.Enter();
        for (int i = 0; i < values.Length; i++)
        {
            values[i].Target.Assign(frame, evaluated[i]);
        }
        var flow = body.Run(frame);
        frame.Leave();
        return flow;
    }
}

/// <summary><c>{% do x %}</c>: evaluates and prints nothing.</summary>
internal sealed class Do(Expression expression) : Statement
{
    public override Flow Run(Frame frame)
    {
        expression.Evaluate(frame);
        return Flow.Next;
    }
}

internal sealed class Jump(Flow flow) : Statement
{
    public override Flow Run(Frame frame) => flow;
}

/// <summary>One filter of a block, with what stands between its parentheses.</summary>
internal readonly record struct FilterStep(TemplateFunction Filter, CallArguments Arguments);

/// <summary>What a body prints, as a value.</summary>
internal static class Captured
{
    public static TemplateValue Value(Frame frame, FilterStep[] filters, Block body)
    {
        frame.Enter();
        var value = TemplateValue.From(frame.Capture(body));
        frame.Leave();
        foreach (var (filter, arguments) in filters)
        {
            value = arguments.Call(frame, filter, value);
        }
        return value;
    }
}
