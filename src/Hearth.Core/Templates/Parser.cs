namespace Hearth.Core.Templates;

/// <summary>Reads the statements of a template.</summary>
internal sealed class Parser
{
    private readonly TokenCursor _cursor;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private Parser(string source)
    {
        _cursor = new TokenCursor(source, Lexer.Read(source));
        _expressions = new ExpressionParser(_cursor);
    }

    public static Block Parse(string source)
    {
        var parser = new Parser(source);
        var block = parser.ParseBlock();
        return parser._cursor.Current.Kind == TokenKind.End
            ? block
            : throw parser._cursor.Fault(
                $"{parser._cursor.Following.Shown} closes nothing.",
                parser._cursor.Current.At
            );
    }

    private Block ParseBlock(params string[] enders)
    {
        _cursor.Descend();
        var statements = new List<Statement>();
        while (_cursor.Current.Kind != TokenKind.End)
        {
            var token = _cursor.Current;
            if (token.Kind == TokenKind.Raw)
            {
                statements.Add(new RawText(_cursor.Next().Text) { At = token.At });
            }
            else if (token.Kind == TokenKind.VariableBegin)
            {
                statements.Add(ParsePrint());
            }
            else if (IsEnder(enders))
            {
                break;
            }
            else
            {
                statements.Add(ParseStatement());
            }
        }
        _cursor.Ascend();
        return new Block([.. statements]);
    }

    private bool IsEnder(string[] enders)
    {
        var word = _cursor.Following;
        bool isAnyEnder =
            word.Kind == TokenKind.Name
            && (
                word.Text is "else" or "elif"
                || word.Text.StartsWith("end", StringComparison.Ordinal)
            );
        if (isAnyEnder && !enders.Contains(word.Text))
        {
            string wanted = enders.Length == 0 ? "" : $" '{enders[^1]}' is awaited.";
            throw _cursor.Fault($"'{word.Text}' closes nothing here.{wanted}", word.At);
        }
        return isAnyEnder;
    }

    private Print ParsePrint()
    {
        int at = _cursor.Next().At;
        var expression = _expressions.ParseTuple();
        _cursor.Expect(TokenKind.VariableEnd, "'}}'");
        return new Print(expression) { At = at };
    }

    private Statement ParseStatement()
    {
        int at = _cursor.Next().At;
        var word = _cursor.Expect(TokenKind.Name, "the name of a statement");
        return word.Text switch
        {
            "if" => ParseIf(at),
            "for" => ParseFor(at),
            "set" => ParseSet(at),
            "with" => ParseWith(at),
            "filter" => ParseFilterBlock(at),
            "do" => ParseDo(at),
            "break" => ParseJump(at, word, Flow.Break),
            "continue" => ParseJump(at, word, Flow.Continue),
            _ => throw _cursor.Fault($"There is no statement '{word.Text}'.", word.At),
        };
    }

    private If ParseIf(int at)
    {
        var branches = new List<(Expression, Block)>();
        Block? otherwise = null;
        string word = "if";
        while (word is "if" or "elif")
        {
            var test = _expressions.ParseTuple();
            EndTag();
            branches.Add((test, ParseBlock("elif", "else", "endif")));
            word = TakeEnder("endif");
        }
        if (word == "else")
        {
            EndTag();
            otherwise = ParseBlock("endif");
            TakeEnder("endif");
        }
        EndTag();
        return new If([.. branches], otherwise) { At = at };
    }

    private For ParseFor(int at)
    {
        int before = _cursor.LoopNames;
        string[] targets = ParseTargets();
        if (!_cursor.TakeName("in"))
        {
            throw _cursor.Unexpected("'in'");
        }
        var source = _expressions.Parse(withConditional: false);
        var filter = _cursor.TakeName("if") ? _expressions.Parse() : null;
        EndTag();
        _loops++;
        var body = ParseBlock("else", "endfor");
        _loops--;
        Block? otherwise = null;
        if (TakeEnder("endfor") == "else")
        {
            EndTag();
            otherwise = ParseBlock("endfor");
            TakeEnder("endfor");
        }
        EndTag();
        bool usesLoop = _cursor.LoopNames > before;
        return new For(targets, source, filter, body, otherwise, usesLoop) { At = at };
    }

    private Statement ParseSet(int at)
    {
        if (_cursor.Following.Is("."))
        {
            string owner = _cursor.Expect(TokenKind.Name, "a name").Text;
            _cursor.Next();
            string member = _cursor.Expect(TokenKind.Name, "a name").Text;
            _cursor.Expect("=");
            var memberValue = _expressions.ParseTuple();
            EndTag();
            return new SetMember(owner, member, memberValue) { At = at };
        }
        string[] targets = ParseTargets();
        if (_cursor.Take("="))
        {
            var value = _expressions.ParseTuple();
            EndTag();
            return new Set(targets, value) { At = at };
        }
        var filters = _cursor.Take("|") ? _expressions.ParseFilters() : [];
        EndTag();
        var body = ParseBlock("endset");
        TakeEnder("endset");
        EndTag();
        return targets.Length == 1
            ? new SetBlock(targets[0], filters, body) { At = at }
            : throw _cursor.Fault("A set block sets one name.", at);
    }

    private With ParseWith(int at)
    {
        var values = new List<(string, Expression)>();
        while (_cursor.Current.Kind == TokenKind.Name)
        {
            string name = _cursor.Next().Text;
            _cursor.Expect("=");
            values.Add((name, _expressions.Parse()));
            if (!_cursor.Take(","))
            {
                break;
            }
        }
        EndTag();
        var body = ParseBlock("endwith");
        TakeEnder("endwith");
        EndTag();
        return new With([.. values], body) { At = at };
    }

    private FilterBlock ParseFilterBlock(int at)
    {
        var filters = _expressions.ParseFilters();
        EndTag();
        var body = ParseBlock("endfilter");
        TakeEnder("endfilter");
        EndTag();
        return new FilterBlock(filters, body) { At = at };
    }

    private Do ParseDo(int at)
    {
        var expression = _expressions.ParseTuple();
        EndTag();
        return new Do(expression) { At = at };
    }

    private Jump ParseJump(int at, Token word, Flow flow)
    {
        if (_loops == 0)
        {
            throw _cursor.Fault($"'{word.Text}' stands outside of any loop.", word.At);
        }
        EndTag();
        return new Jump(flow) { At = at };
    }

    private string[] ParseTargets()
    {
        bool isParenthesized = _cursor.Take("(");
        var names = new List<string>();
        do
        {
            if (names.Count > 0 && _cursor.Current.Kind != TokenKind.Name)
            {
                break;
            }
            names.Add(_cursor.Expect(TokenKind.Name, "a name").Text);
        } while (_cursor.Take(","));
        if (isParenthesized)
        {
            _cursor.Expect(")");
        }
        return [.. names];
    }

    private string TakeEnder(string wanted)
    {
        if (_cursor.Current.Kind != TokenKind.BlockBegin)
        {
            throw _cursor.Unexpected($"'{wanted}'");
        }
        _cursor.Next();
        return _cursor.Expect(TokenKind.Name, $"'{wanted}'").Text;
    }

    private void EndTag() => _cursor.Expect(TokenKind.BlockEnd, "'%}'");
}
