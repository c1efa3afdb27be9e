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

internal sealed class For(
    string[] targets,
    Expression source,
    Expression? filter,
    Block body,
    Block? otherwise,
    bool usesLoop
) : Statement
{
    public override Flow Run(Frame frame)
    {
        var items = Iteration.Of(frame, source.Evaluate(frame));
        if (filter is not null)
        {
            items = Array.FindAll(items, item => Passes(frame, item, filter));
        }
        if (items.Length == 0)
        {
            return otherwise?.Run(frame) ?? Flow.Next;
        }
        for (int i = 0; i < items.Length; i++)
        {
            frame.Charge(1);
            var scope = frame.Enter();
            if (usesLoop)
            {
                frame.Set("loop", Loop(items, i));
            }
            Iteration.Unpack(frame, targets, items[i]);
            var flow = body.Run(frame);
            frame.Leave(scope);
            if (flow == Flow.Break)
            {
                break;
            }
        }
        return Flow.Next;
    }

    private bool Passes(Frame frame, TemplateValue item, Expression test)
    {
        frame.Charge(1);
        var scope = frame.Enter();
        Iteration.Unpack(frame, targets, item);
        bool passes = test.Evaluate(frame).IsTrue;
        frame.Leave(scope);
        return passes;
    }

    private static TemplateValue Loop(TemplateValue[] items, int at)
    {
        var loop = new TemplateNamespace();
        var none = TemplateValue.Undefined("The loop has no such item.");
        loop.Values["index"] = TemplateValue.From(at + 1);
        loop.Values["index0"] = TemplateValue.From(at);
        loop.Values["revindex"] = TemplateValue.From(items.Length - at);
        loop.Values["revindex0"] = TemplateValue.From(items.Length - at - 1);
        loop.Values["first"] = TemplateValue.From(at == 0);
        loop.Values["last"] = TemplateValue.From(at == items.Length - 1);
        loop.Values["length"] = TemplateValue.From(items.Length);
        loop.Values["previtem"] = at > 0 ? items[at - 1] : none;
        loop.Values["nextitem"] = at < items.Length - 1 ? items[at + 1] : none;
        loop.Values["cycle"] = TemplateValue.From(
            new TemplateFunction("cycle", "*", (_, a) => a[at % Math.Max(a.Count, 1)])
        );
        return TemplateValue.From(loop);
    }
}

internal sealed class Set(string[] targets, Expression value) : Statement
{
    public override Flow Run(Frame frame)
    {
        frame.Charge(1);
        Iteration.Unpack(frame, targets, value.Evaluate(frame));
        return Flow.Next;
    }
}

internal sealed class SetMember(string name, string member, Expression value) : Statement
{
    public override Flow Run(Frame frame)
    {
        frame.Charge(1);
        if (!frame.TryGet(name, out var owner) || owner.Kind != TemplateKind.Namespace)
        {
            throw new TemplateException($"'{name}' is no namespace, so nothing in it can be set.");
        }
        owner.AsNamespace.Values[member] = value.Evaluate(frame);
        return Flow.Next;
    }
}

/// <summary><c>{% set x %}…{% endset %}</c>: what the body prints becomes the value.</summary>
internal sealed class SetBlock(
    string name,
    (TemplateFunction Filter, CallArguments Arguments)[] filters,
    Block body
) : Statement
{
    public override Flow Run(Frame frame)
    {
        var value = Captured.Value(frame, filters, body);
        frame.Set(name, value);
        return Flow.Next;
    }
}

/// <summary><c>{% filter upper %}…{% endfilter %}</c>: what the body prints, filtered.</summary>
internal sealed class FilterBlock(
    (TemplateFunction Filter, CallArguments Arguments)[] filters,
    Block body
) : Statement
{
    public override Flow Run(Frame frame)
    {
        frame.Write(Captured.Value(frame, filters, body).ToString());
        return Flow.Next;
    }
}

internal sealed class With((string Name, Expression Value)[] values, Block body) : Statement
{
    public override Flow Run(Frame frame)
    {
        var evaluated = Array.ConvertAll(values, v => v.Value.Evaluate(frame));
        var scope = frame.Enter();
        for (int i = 0; i < values.Length; i++)
        {
            frame.Set(values[i].Name, evaluated[i]);
        }
        var flow = body.Run(frame);
        frame.Leave(scope);
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

/// <summary>What a body prints, as a value.</summary>
internal static class Captured
{
    public static TemplateValue Value(
        Frame frame,
        (TemplateFunction Filter, CallArguments Arguments)[] filters,
        Block body
    )
    {
        var scope = frame.Enter();
        var value = TemplateValue.From(frame.Capture(() => body.Run(frame)));
        frame.Leave(scope);
        foreach (var (filter, arguments) in filters)
        {
            value = arguments.Call(frame, filter, value);
        }
        return value;
    }
}

/// <summary>How Python walks over a value and takes it apart.</summary>
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
            TemplateKind.Dict => [.. value.AsDict.Select(entry => entry.Key)],
            TemplateKind.Text => Characters(frame, value.AsText),
            TemplateKind.States => States(frame, value.AsStates),
            _ => throw new TemplateException(
                $"A {PythonText.TypeName(value)} cannot be walked over."
            ),
        };
    }

    /// <summary>Sets one name to the value, or several names to its items.</summary>
    public static void Unpack(Frame frame, string[] targets, TemplateValue value)
    {
        if (targets.Length == 1)
        {
            frame.Set(targets[0], value);
            return;
        }
        var items = Of(frame, value);
        if (items.Length != targets.Length)
        {
            throw new TemplateException(
                $"{targets.Length} names cannot take {items.Length} values."
            );
        }
        for (int i = 0; i < items.Length; i++)
        {
            frame.Set(targets[i], items[i]);
        }
    }

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
