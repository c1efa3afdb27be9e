namespace Hearth.Core.Templates;

/// <summary><c>{% for x in … if … recursive %}…{% else %}…{% endfor %}</c></summary>
internal sealed class For(Target target, Expression source, Expression? filter) : Statement
{
    public required Block Body { get; init; }

    public Block? Otherwise { get; init; }

    /// <summary>False where the body never says <c>loop</c>.</summary>
    public bool UsesLoop { get; init; }

    public bool IsRecursive { get; init; }

    /// <summary>How deep the body nests.</summary>
    public int Levels { get; init; }

    public override Flow Run(Frame frame) =>
        RunOver(frame, Iteration.Of(frame, source.Evaluate(frame)), 0);

    public Flow RunOver(Frame frame, TemplateValue[] items, int depth)
    {
        if (filter is not null)
        {
            items = Array.FindAll(items, item => Passes(frame, item, filter));
        }
        if (items.Length == 0)
        {
            return RunOtherwise(frame);
        }
        var loop = UsesLoop ? new Loop(this, frame.Scope, items, depth) : null;
        var loopValue = loop is null ? default : TemplateValue.From(loop);
        frame.Enter();
        for (int i = 0; i < items.Length; i++)
        {
            frame.Charge(1);
            Renew(frame);
            if (loop is not null)
            {
                loop.At = i;
                frame.Set("loop", loopValue);
            }
            frame.At = At;
            target.Assign(frame, items[i]);
            if (Body.Run(frame) == Flow.Break)
            {
                break;
            }
        }
        frame.Leave();
        return Flow.Next;
    }

    // A macro that was made in the last round still reads that round's names.
    private static void Renew(Frame frame)
    {
        if (frame.Scope.IsKept)
        {
            frame.Scope = new Scope(frame.Scope.Outer);
        }
        else
        {
            frame.Scope.Clear();
        }
    }

    private Flow RunOtherwise(Frame frame)
    {
        if (Otherwise is null)
        {
            return Flow.Next;
        }
        frame.Enter();
        var flow = Otherwise.Run(frame);
        frame.Leave();
        return flow;
    }

    private bool Passes(Frame frame, TemplateValue item, Expression test)
    {
        frame.Charge(1);
        frame.Enter();
        target.Assign(frame, item);
        bool passes = test.Evaluate(frame).IsTrue;
        frame.Leave();
        return passes;
    }
}

/// <summary>What <c>loop</c> is inside of a loop.</summary>
internal sealed class Loop(For statement, Scope scope, TemplateValue[] items, int depth)
    : TemplateObject
{
    private static readonly TemplateValue NoPrevious = TemplateValue.Undefined(
        "The loop has no previous item: this is the first."
    );

    private static readonly TemplateValue NoNext = TemplateValue.Undefined(
        "The loop has no next item: this is the last."
    );

    private TemplateValue? _changing;

    public int At { get; set; }

    public override string TypeName => "loop";

    public override Callable Callable => new Recursion(statement, scope, depth);

    public override string ToString() => $"<LoopContext {At + 1}/{items.Length}>";

    public override bool TryGet(string member, out TemplateValue value)
    {
        TemplateValue? found = member switch
        {
            "index" => TemplateValue.From(At + 1),
            "index0" => TemplateValue.From(At),
            "revindex" => TemplateValue.From(items.Length - At),
            "revindex0" => TemplateValue.From(items.Length - At - 1),
            "first" => TemplateValue.From(At == 0),
            "last" => TemplateValue.From(At == items.Length - 1),
            "length" => TemplateValue.From(items.Length),
            "depth" => TemplateValue.From(depth + 1),
            "depth0" => TemplateValue.From(depth),
            "previtem" => At > 0 ? items[At - 1] : NoPrevious,
            "nextitem" => At < items.Length - 1 ? items[At + 1] : NoNext,
            "cycle" => TemplateValue.From(new TemplateFunction("cycle", "*", Cycle)),
            "changed" => TemplateValue.From(new TemplateFunction("changed", "*", Changed)),
            _ => null,
        };
        value = found ?? default;
        return found is not null;
    }

    private TemplateValue Cycle(Frame frame, Arguments a) =>
        a.Count > 0 ? a[At % a.Count] : throw a.Fault("needs values to go through.");

    private TemplateValue Changed(Frame frame, Arguments a)
    {
        var now = TemplateValue.Tuple(a.From(0));
        bool isChanged = _changing is not { } before || !before.Equals(now);
        _changing = now;
        return TemplateValue.From(isChanged);
    }

    /// <summary><c>loop(items)</c>: the same loop over the items below one of its own.</summary>
    private sealed class Recursion(For statement, Scope scope, int depth) : Callable("loop")
    {
        public override TemplateValue Call(
            Frame frame,
            TemplateValue[] positional,
            KeyValuePair<string, TemplateValue>[] named
        )
        {
            if (!statement.IsRecursive)
            {
                throw new TemplateException(
                    "Only a loop marked 'recursive' can be called: {% for … in … recursive %}."
                );
            }
            if (positional.Length != 1 || named.Length > 0)
            {
                throw new TemplateException("'loop' takes the one list to go through.");
            }
            var items = Iteration.Of(frame, positional[0]);
            var outer = frame.Scope;
            int at = frame.At;
            frame.Descend(statement.Levels);
            frame.Scope = scope;
            string printed = frame.Capture(
                new Block([new Again(statement, items, depth + 1) { At = statement.At }])
            );
            frame.Scope = outer;
            frame.Ascend(statement.Levels);
            frame.At = at;
            return TemplateValue.From(printed);
        }
    }

    private sealed class Again(For statement, TemplateValue[] items, int depth) : Statement
    {
        public override Flow Run(Frame frame) => statement.RunOver(frame, items, depth);
    }
}
