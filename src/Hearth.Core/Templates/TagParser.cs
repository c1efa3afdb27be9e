namespace Hearth.Core.Templates;

/// <summary>Reads what stands between <c>{%</c> and <c>%}</c>, with the body where it has one.
/// </summary>
internal sealed class TagParser(TokenCursor cursor, ExpressionParser expressions, Parser blocks)
{
    private readonly TargetParser _targets = new(cursor);
    private int _loops;

    public Statement Parse()
    {
        cursor.Next();
        var word = cursor.Expect(TokenKind.Name, "the name of a statement");
        int at = word.At;
        return word.Text switch
        {
            "if" => ParseIf(at),
            "for" => ParseFor(at),
            "set" => ParseSet(at),
            "with" => ParseWith(at),
            "filter" => ParseFilterBlock(at),
            "macro" => ParseMacro(at),
            "call" => ParseCall(at),
            "do" => ParseDo(at),
            "print" => ParsePrint(at),
            "break" => ParseJump(word, Flow.Break),
            "continue" => ParseJump(word, Flow.Continue),
            "include" or "import" or "from" or "extends" or "block" => throw cursor.Fault(
                $"'{word.Text}' is not possible: a template here stands alone, there are no "
                    + "others to take from. Write what is needed into this one, as a macro.",
                at
            ),
            "autoescape" => throw cursor.Fault(
                "'autoescape' is not possible: nothing is escaped, because what a template prints "
                    + "here is no HTML. Use the filter 'escape' where it is.",
                at
            ),
            _ => throw cursor.Fault($"There is no statement '{word.Text}'.", at),
        };
    }

    private If ParseIf(int at)
    {
        var branches = new List<(Expression, Block)>();
        Block? otherwise = null;
        string word = "if";
        while (word is "if" or "elif")
        {
            var test = expressions.ParseTuple(withConditional: false);
            EndTag();
            branches.Add((test, blocks.ParseBlock("if", "elif", "else", "endif")));
            word = TakeEnder();
        }
        if (word == "else")
        {
            EndTag();
            otherwise = blocks.ParseBlock("else", "endif");
            TakeEnder();
        }
        EndTag();
        return new If([.. branches], otherwise) { At = at };
    }

    private For ParseFor(int at)
    {
        var target = _targets.Parse();
        if (!cursor.TakeName("in"))
        {
            throw cursor.Unexpected("'in'");
        }
        var source = expressions.ParseTuple(withConditional: false);
        var filter = cursor.TakeName("if") ? expressions.Parse() : null;
        bool isRecursive = cursor.TakeName("recursive");
        EndTag();
        int said = cursor.Said("loop");
        int measured = cursor.Measure();
        _loops++;
        var body = blocks.ParseBlock("for", "else", "endfor");
        _loops--;
        int levels = cursor.Measured(measured);
        bool usesLoop = cursor.Said("loop") > said;
        Block? otherwise = null;
        if (TakeEnder() == "else")
        {
            EndTag();
            otherwise = blocks.ParseBlock("else", "endfor");
            TakeEnder();
        }
        EndTag();
        return new For(target, source, filter)
        {
            At = at,
            Body = body,
            Otherwise = otherwise,
            UsesLoop = usesLoop,
            IsRecursive = isRecursive,
            Levels = levels,
        };
    }

    private Statement ParseSet(int at)
    {
        var target = _targets.Parse();
        if (cursor.Take("="))
        {
            var value = expressions.ParseTuple();
            EndTag();
            return new Set(target, value) { At = at };
        }
        var filters = cursor.Take("|") ? expressions.ParseFilters() : [];
        EndTag();
        var body = blocks.ParseBlock("set", "endset");
        TakeEnder();
        EndTag();
        return new SetBlock(target, filters, body) { At = at };
    }

    private With ParseWith(int at)
    {
        var values = new List<(Target, Expression)>();
        while (cursor.Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
            {
                cursor.Expect(",");
            }
            var target = _targets.ParseOne();
            cursor.Expect("=");
            values.Add((target, expressions.Parse()));
        }
        EndTag();
        var body = blocks.ParseBlock("with", "endwith");
        TakeEnder();
        EndTag();
        return new With([.. values], body) { At = at };
    }

    private FilterBlock ParseFilterBlock(int at)
    {
        var filters = expressions.ParseFilters();
        EndTag();
        var body = blocks.ParseBlock("filter", "endfilter");
        TakeEnder();
        EndTag();
        return new FilterBlock(filters, body) { At = at };
    }

    private MacroStatement ParseMacro(int at)
    {
        string name = _targets.ParseName();
        cursor.Expect("(");
        return new MacroStatement(name, ParseMacroSource("macro")) { At = at };
    }

    private CallBlock ParseCall(int at)
    {
        bool hasParameters = cursor.Take("(");
        int parametersAt = cursor.Current.At;
        var parameters = hasParameters ? ParseParameters() : new Parameters([], []);
        var callee = expressions.ParsePostfixed();
        if (callee is not Call call)
        {
            throw cursor.Fault("A call block calls a macro, as in {% call m() %}.", parametersAt);
        }
        return new CallBlock(call, ParseMacroBody("call", parameters)) { At = at };
    }

    private MacroSource ParseMacroSource(string word) => ParseMacroBody(word, ParseParameters());

    // What a macro takes besides its parameters depends on the names that its body says.
    private MacroSource ParseMacroBody(string word, Parameters parameters)
    {
        EndTag();
        int loops = _loops;
        _loops = 0;
        int measured = cursor.Measure();
        var (caller, varargs, kwargs) = Said();
        var body = blocks.ParseBlock(word, "end" + word);
        var (callerAfter, varargsAfter, kwargsAfter) = Said();
        int levels = cursor.Measured(measured);
        _loops = loops;
        TakeEnder();
        EndTag();
        var extras = new Extras(callerAfter > caller, varargsAfter > varargs, kwargsAfter > kwargs);
        return new MacroSource(parameters, extras, body, levels);
    }

    private (int Caller, int VarArgs, int KwArgs) Said() =>
        (cursor.Said("caller"), cursor.Said("varargs"), cursor.Said("kwargs"));

    private Parameters ParseParameters()
    {
        var names = new List<string>();
        var defaults = new List<Expression?>();
        while (!cursor.Take(")"))
        {
            if (names.Count > 0)
            {
                cursor.Expect(",");
            }
            int at = cursor.Current.At;
            string name = _targets.ParseName();
            Expression? fallback = cursor.Take("=") ? expressions.Parse() : null;
            if (fallback is null && defaults.Count > 0 && defaults[^1] is not null)
            {
                throw cursor.Fault($"'{name}' needs a default, as those before it have one.", at);
            }
            if (names.Contains(name))
            {
                throw cursor.Fault($"There are two parameters named '{name}'.", at);
            }
            names.Add(name);
            defaults.Add(fallback);
        }
        return new Parameters([.. names], [.. defaults]);
    }

    private Do ParseDo(int at)
    {
        var expression = expressions.ParseTuple();
        EndTag();
        return new Do(expression) { At = at };
    }

    private PrintAll ParsePrint(int at)
    {
        var parts = new List<Expression>();
        while (cursor.Current.Kind != TokenKind.BlockEnd)
        {
            if (parts.Count > 0)
            {
                cursor.Expect(",");
            }
            parts.Add(expressions.Parse());
        }
        EndTag();
        return new PrintAll([.. parts]) { At = at };
    }

    private Jump ParseJump(Token word, Flow flow)
    {
        if (_loops == 0)
        {
            throw cursor.Fault($"'{word.Text}' stands outside of any loop.", word.At);
        }
        EndTag();
        return new Jump(flow) { At = word.At };
    }

    // The block before it has made sure that the tag which ends it follows.
    private string TakeEnder()
    {
        cursor.Next();
        return cursor.Next().Text;
    }

    private void EndTag() => cursor.Expect(TokenKind.BlockEnd, "'%}'");
}

/// <summary>Reads what a value is given to.</summary>
internal sealed class TargetParser(TokenCursor cursor)
{
    private static readonly string[] Reserved =
    [
        "true",
        "false",
        "none",
        "True",
        "False",
        "None",
        "loop",
    ];

    /// <summary>One target, or several between commas.</summary>
    public Target Parse()
    {
        var parts = new List<Target> { ParseOne() };
        bool isTuple = false;
        while (cursor.Take(","))
        {
            isTuple = true;
            if (cursor.Current.Kind != TokenKind.Name && !cursor.Current.Is("("))
            {
                break;
            }
            parts.Add(ParseOne());
        }
        return isTuple ? new TupleTarget([.. parts]) : parts[0];
    }

    public Target ParseOne()
    {
        if (cursor.Take("("))
        {
            cursor.Descend();
            var inner = Parse();
            cursor.Ascend();
            cursor.Expect(")");
            return inner;
        }
        if (cursor.Following.Is("."))
        {
            string owner = cursor.Expect(TokenKind.Name, "a name").Text;
            cursor.Next();
            return new MemberTarget(owner, cursor.Expect(TokenKind.Name, "a name").Text);
        }
        return new NameTarget(ParseName());
    }

    public string ParseName()
    {
        var name = cursor.Expect(TokenKind.Name, "a name");
        cursor.Mentions.Defines(name.Text);
        return Reserved.Contains(name.Text)
            ? throw cursor.Fault($"'{name.Text}' cannot be given another value.", name.At)
            : name.Text;
    }
}
