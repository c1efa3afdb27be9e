namespace Hearth.Core.Templates;

/// <summary>What stands between the parentheses of a call.</summary>
internal sealed class CallArguments(
    Expression[] positional,
    (string Name, Expression Value)[] named,
    Expression? spread = null,
    Expression? spreadNamed = null
)
{
    private static readonly KeyValuePair<string, TemplateValue>[] NoNames = [];

    public static CallArguments None { get; } = new([], []);

    /// <summary>The first argument, be it by place or by name; null where there is none.</summary>
    public Expression? First(string name) =>
        positional.Length > 0
            ? positional[0]
            : named.FirstOrDefault(argument => argument.Name == name).Value;

    public IEnumerable<Expression?> All =>
        [.. positional, .. named.Select(n => n.Value), spread, spreadNamed];

    /// <summary>Evaluates the arguments, with <paramref name="self"/> as the first one.</summary>
    public TemplateValue Call(
        Frame frame,
        Callable callee,
        TemplateValue? self,
        KeyValuePair<string, TemplateValue>? extra = null
    )
    {
        int at = frame.At;
        int shift = self is null ? 0 : 1;
        var values = new TemplateValue[positional.Length + shift];
        if (self is TemplateValue first)
        {
            values[0] = first;
        }
        for (int i = 0; i < positional.Length; i++)
        {
            values[i + shift] = positional[i].Evaluate(frame);
        }
        if (spread is not null)
        {
            values = [.. values, .. Iteration.Of(frame, spread.Evaluate(frame))];
        }
        var byName = Named(frame, extra);
        frame.At = at;
        return callee.Call(frame, values, byName);
    }

    private KeyValuePair<string, TemplateValue>[] Named(
        Frame frame,
        KeyValuePair<string, TemplateValue>? extra
    )
    {
        if (named.Length == 0 && spreadNamed is null && extra is null)
        {
            return NoNames;
        }
        var all = new List<KeyValuePair<string, TemplateValue>>(named.Length + 1);
        foreach (var (name, value) in named)
        {
            all.Add(new(name, value.Evaluate(frame)));
        }
        var more = spreadNamed?.Evaluate(frame) ?? TemplateValue.From(new TemplateDict(0));
        if (more.Kind != TemplateKind.Dict)
        {
            throw new TemplateException($"'**' needs a dict, not a {PythonText.TypeName(more)}.");
        }
        frame.Charge(more.Weight);
        foreach (var (key, value) in more.AsDict)
        {
            if (all.Exists(n => n.Key == key.ToString()))
            {
                throw new TemplateException($"'{key}' is given twice.");
            }
            all.Add(new(key.ToString(), value));
        }
        if (extra is { } given)
        {
            all.Add(given);
        }
        return [.. all];
    }
}

internal sealed class Call(Expression target, CallArguments arguments) : Expression
{
    public Expression Target => target;

    public CallArguments Arguments => arguments;

    public override TemplateValue Evaluate(Frame frame) => Evaluate(frame, null);

    /// <summary>Calls with one more argument by name, as a call block does.</summary>
    public TemplateValue Evaluate(Frame frame, KeyValuePair<string, TemplateValue>? extra)
    {
        // A method is called on its value without being made a value of its own first.
        if (target is AttributeAccess access)
        {
            var self = access.Target.Evaluate(frame);
            frame.At = access.At;
            if (Methods.Find(self.Kind, access.Name) is { } method)
            {
                return arguments.Call(frame, method, self, extra);
            }
            return CallValue(frame, Members.Attribute(self, access.Name), extra);
        }
        return CallValue(frame, target.Evaluate(frame), extra);
    }

    private TemplateValue CallValue(
        Frame frame,
        TemplateValue callee,
        KeyValuePair<string, TemplateValue>? extra
    )
    {
        frame.At = At;
        return arguments.Call(frame, Members.AsCallable(callee), null, extra);
    }
}

internal sealed class FilterCall(
    Expression target,
    TemplateFunction filter,
    CallArguments arguments
) : Expression
{
    public Expression Target => target;

    public TemplateFunction Filter => filter;

    public override TemplateValue Evaluate(Frame frame)
    {
        var value = target.Evaluate(frame);
        frame.At = At;
        return arguments.Call(frame, filter, value);
    }
}

internal sealed class TestCall(
    Expression target,
    TemplateFunction test,
    CallArguments arguments,
    bool isNegated
) : Expression
{
    public Expression Target => target;

    public TemplateFunction Test => test;

    public override TemplateValue Evaluate(Frame frame)
    {
        var value = target.Evaluate(frame);
        frame.At = At;
        return TemplateValue.From(arguments.Call(frame, test, value).IsTrue != isNegated);
    }
}
