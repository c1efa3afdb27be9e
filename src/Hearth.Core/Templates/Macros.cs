namespace Hearth.Core.Templates;

/// <summary>The parameters of a macro or of a call block, the last ones with defaults.</summary>
internal sealed record Parameters(string[] Names, Expression?[] Defaults);

/// <summary>
/// What a macro takes besides its parameters: that is decided by the names its body says.
/// </summary>
internal sealed record Extras(bool Caller, bool VarArgs, bool KwArgs);

/// <summary><c>{% macro m(a, b=1) %}…{% endmacro %}</c></summary>
internal sealed class MacroStatement(string name, MacroSource source) : Statement
{
    public override Flow Run(Frame frame)
    {
        frame.Charge(1);
        frame.Set(name, TemplateValue.From(Macro.In(frame, name, source)));
        return Flow.Next;
    }
}

/// <summary><c>{% call(a) m() %}…{% endcall %}</c>: the body is what <c>caller()</c> prints.
/// </summary>
internal sealed class CallBlock(Call call, MacroSource source) : Statement
{
    public override Flow Run(Frame frame)
    {
        frame.Charge(1);
        var caller = TemplateValue.From(Macro.In(frame, "caller", source));
        var value = call.Evaluate(frame, KeyValuePair.Create("caller", caller));
        frame.Charge(value.Weight);
        frame.Write(value.ToString());
        return Flow.Next;
    }
}

/// <summary>The source of a macro: what it takes, what it prints, how deep it nests.</summary>
internal sealed record MacroSource(Parameters Parameters, Extras Extras, Block Body, int Levels);

/// <summary>A macro: a part of a template that can be called. It sees the names of the scope it
/// was made in, not of the one it is called from.</summary>
internal sealed class Macro : Callable
{
    private readonly MacroSource _source;
    private readonly Scope _scope;

    private Macro(string name, MacroSource source, Scope scope)
        : base(name)
    {
        _source = source;
        _scope = scope;
    }

    public static Macro In(Frame frame, string name, MacroSource source)
    {
        frame.Scope.Keep();
        return new Macro(name, source, frame.Scope);
    }

    public override string ToString() => $"<Macro '{Name}'>";

    public override bool TryGet(string member, out TemplateValue value)
    {
        TemplateValue? found = member switch
        {
            "name" => TemplateValue.From(Name),
            "arguments" => TemplateValue.Tuple(
                Array.ConvertAll(_source.Parameters.Names, TemplateValue.From)
            ),
            "caller" => TemplateValue.From(_source.Extras.Caller),
            "catch_varargs" => TemplateValue.From(_source.Extras.VarArgs),
            "catch_kwargs" => TemplateValue.From(_source.Extras.KwArgs),
            _ => null,
        };
        value = found ?? default;
        return found is not null;
    }

    public override TemplateValue Call(
        Frame frame,
        TemplateValue[] positional,
        KeyValuePair<string, TemplateValue>[] named
    )
    {
        frame.Charge(1 + positional.Length + named.Length);
        var outer = frame.Scope;
        int at = frame.At;
        frame.Descend(_source.Levels);
        var scope = new Scope(_scope);
        var defaults = Bind(scope, positional, named);
        frame.Scope = scope;
        foreach (int missing in defaults)
        {
            if (_source.Parameters.Defaults[missing] is { } fallback)
            {
                scope.Set(_source.Parameters.Names[missing], fallback.Evaluate(frame));
            }
        }
        string printed = frame.Capture(_source.Body);
        frame.Scope = outer;
        frame.Ascend(_source.Levels);
        frame.At = at;
        return TemplateValue.From(printed);
    }

    // Sets what was given, and answers which parameters were not.
    private List<int> Bind(
        Scope scope,
        TemplateValue[] positional,
        KeyValuePair<string, TemplateValue>[] named
    )
    {
        string[] names = _source.Parameters.Names;
        var missing = new List<int>();
        var rest = named.ToList();
        for (int i = 0; i < names.Length; i++)
        {
            int byName = rest.FindIndex(n => n.Key == names[i]);
            if (i < positional.Length && byName >= 0)
            {
                throw new TemplateException($"'{Name}' is given '{names[i]}' twice.");
            }
            if (i < positional.Length || byName >= 0)
            {
                scope.Set(names[i], byName < 0 ? positional[i] : rest[byName].Value);
            }
            else
            {
                missing.Add(i);
                scope.Set(
                    names[i],
                    TemplateValue.Undefined($"'{Name}' was not given its '{names[i]}'.")
                );
            }
            if (byName >= 0)
            {
                rest.RemoveAt(byName);
            }
        }
        BindExtras(scope, positional, rest);
        return missing;
    }

    private void BindExtras(
        Scope scope,
        TemplateValue[] positional,
        List<KeyValuePair<string, TemplateValue>> named
    )
    {
        int taken = _source.Parameters.Names.Length;
        if (_source.Extras.Caller && Array.IndexOf(_source.Parameters.Names, "caller") < 0)
        {
            int at = named.FindIndex(n => n.Key == "caller");
            scope.Set(
                "caller",
                at < 0
                    ? TemplateValue.Undefined($"'{Name}' was called without a call block.")
                    : named[at].Value
            );
            named.RemoveRange(Math.Max(at, 0), at < 0 ? 0 : 1);
        }
        if (_source.Extras.KwArgs)
        {
            var all = new TemplateDict(named.Count);
            named.ForEach(n => all.Set(n.Key, n.Value));
            scope.Set("kwargs", TemplateValue.From(all));
        }
        else if (named.Count > 0)
        {
            throw new TemplateException($"'{Name}' takes no '{named[0].Key}'.");
        }
        if (_source.Extras.VarArgs)
        {
            var rest = positional.Length > taken ? positional[taken..] : [];
            scope.Set("varargs", TemplateValue.Tuple(rest));
        }
        else if (positional.Length > taken)
        {
            throw new TemplateException(
                $"'{Name}' takes at most {taken} values, not {positional.Length}."
            );
        }
    }
}
