namespace Hearth.Core.Templates;

/// <summary>
/// Reads what operators stand between: literals, names, calls, filters and tests.
/// </summary>
internal sealed class OperandParser(TokenCursor cursor, ExpressionParser expressions)
{
    public FilterStep[] ParseFilters()
    {
        var filters = new List<FilterStep>();
        do
        {
            filters.Add(ParseFilter());
        } while (cursor.Take("|"));
        return [.. filters];
    }

    public Expression ParsePrimary()
    {
        var token = cursor.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                cursor.Next();
                return ParseName(token);
            case TokenKind.Text:
                string text = cursor.Next().Text;
                while (cursor.Current.Kind == TokenKind.Text)
                {
                    text += cursor.Next().Text;
                }
                return new Literal(TemplateValue.From(text));
            case TokenKind.Number:
                return new Literal(cursor.Next().Number);
            case TokenKind.Operator when token.Text == "(":
                cursor.Next();
                return ParseParentheses();
            case TokenKind.Operator when token.Text == "[":
                cursor.Next();
                return Listing(ParseItems("]"), isTuple: false);
            case TokenKind.Operator when token.Text == "{":
                cursor.Next();
                return ParseDict();
            default:
                throw cursor.Unexpected("a value");
        }
    }

    private Expression ParseName(Token token) =>
        token.Text switch
        {
            "true" or "True" => new Literal(TemplateValue.True),
            "false" or "False" => new Literal(TemplateValue.False),
            "none" or "None" => new Literal(TemplateValue.None),
            "and" or "or" or "if" or "else" or "elif" or "in" or "is" => throw cursor.Fault(
                $"Here stands '{token.Text}', but a value is needed.",
                token.At
            ),
            _ => new NameLookup(token.Text) { At = token.At },
        };

    private Expression ParseParentheses()
    {
        if (cursor.Take(")"))
        {
            return new ListLiteral([], isTuple: true);
        }
        var first = expressions.Parse();
        var value = cursor.Current.Is(",") ? TupleFrom(first, withConditional: true) : first;
        cursor.Expect(")");
        return value;
    }

    public Expression TupleFrom(Expression first, bool withConditional)
    {
        var items = new List<Expression> { first };
        while (cursor.Take(","))
        {
            bool isOver =
                cursor.Current.Is(")")
                || cursor.Current.Is("]")
                || cursor.Current.IsName("recursive")
                || cursor.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd;
            if (isOver)
            {
                break;
            }
            items.Add(expressions.Parse(withConditional));
        }
        return Listing([.. items], isTuple: true);
    }

    private Expression[] ParseItems(string closer)
    {
        var items = new List<Expression>();
        while (!cursor.Take(closer))
        {
            items.Add(expressions.Parse());
            if (!cursor.Current.Is(closer))
            {
                cursor.Expect(",");
            }
        }
        return [.. items];
    }

    private Expression ParseDict()
    {
        int at = cursor.Current.At;
        var entries = new List<(Expression Key, Expression Value)>();
        while (!cursor.Take("}"))
        {
            var key = expressions.Parse();
            cursor.Expect(":");
            entries.Add((key, expressions.Parse()));
            if (!cursor.Current.Is("}"))
            {
                cursor.Expect(",");
            }
        }
        var parts = entries.SelectMany(entry => new[] { entry.Key, entry.Value });
        return cursor.Over(at, new DictLiteral([.. entries]), [.. parts]);
    }

    public Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            int at = cursor.Current.At;
            if (cursor.Take("."))
            {
                value = ParseAttribute(value);
            }
            else if (cursor.Take("["))
            {
                value = ParseSubscript(value, at);
            }
            else if (cursor.Take("("))
            {
                var arguments = ParseArguments();
                value = cursor.Over(at, new Call(value, arguments), [value, .. arguments.All]);
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseAttribute(Expression target)
    {
        int at = cursor.Current.At;
        if (cursor.Current.Kind == TokenKind.Number)
        {
            var index = new Literal(cursor.Next().Number);
            return cursor.Over(at, new Subscript(target, index), target);
        }
        string name = cursor.Expect(TokenKind.Name, "a name").Text;
        return cursor.Over(at, new AttributeAccess(target, name), target);
    }

    private Expression ParseSubscript(Expression target, int at)
    {
        var start = cursor.Current.Is(":") ? null : expressions.ParseTuple();
        if (start is not null && cursor.Take("]"))
        {
            return cursor.Over(at, new Subscript(target, start), target, start);
        }
        cursor.Expect(":");
        var stop = cursor.Current.Is(":") || cursor.Current.Is("]") ? null : expressions.Parse();
        var step = cursor.Take(":") && !cursor.Current.Is("]") ? expressions.Parse() : null;
        cursor.Expect("]");
        return cursor.Over(
            at,
            new SliceAccess(target, start, stop, step),
            target,
            start,
            stop,
            step
        );
    }

    /// <summary>The rest of a call, whose '(' was taken.</summary>
    public CallArguments ParseArguments()
    {
        var positional = new List<Expression>();
        var named = new List<(string Name, Expression Value)>();
        Expression? spread = null;
        Expression? spreadNamed = null;
        while (!cursor.Take(")"))
        {
            var token = cursor.Current;
            if (spreadNamed is not null)
            {
                throw cursor.Unexpected("')' after '**'");
            }
            if (cursor.Take("**"))
            {
                spreadNamed = expressions.Parse();
            }
            else if (spread is null && cursor.Take("*"))
            {
                spread = expressions.Parse();
            }
            else if (token.Kind == TokenKind.Name && cursor.Following.Is("="))
            {
                named.Add(ParseNamed(named));
            }
            else if (named.Count > 0 || spread is not null)
            {
                throw cursor.Unexpected("an argument by name");
            }
            else
            {
                positional.Add(expressions.Parse());
            }
            if (!cursor.Current.Is(")"))
            {
                cursor.Expect(",");
            }
        }
        return new CallArguments([.. positional], [.. named], spread, spreadNamed);
    }

    private (string Name, Expression Value) ParseNamed(List<(string Name, Expression Value)> before)
    {
        var name = cursor.Next();
        cursor.Next();
        return before.Exists(n => n.Name == name.Text)
            ? throw cursor.Fault($"'{name.Text}' is given twice.", name.At)
            : (name.Text, expressions.Parse());
    }

    public Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            int at = cursor.Current.At;
            if (cursor.Take("|"))
            {
                at = cursor.Current.At;
                var (filter, arguments) = ParseFilter();
                value = cursor.Over(
                    at,
                    new FilterCall(value, filter, arguments),
                    [value, .. arguments.All]
                );
            }
            else if (cursor.TakeName("is"))
            {
                value = ParseTest(value);
            }
            else if (cursor.Take("("))
            {
                var arguments = ParseArguments();
                value = cursor.Over(at, new Call(value, arguments), [value, .. arguments.All]);
            }
            else
            {
                return value;
            }
        }
    }

    private FilterStep ParseFilter()
    {
        var token = cursor.Expect(TokenKind.Name, "the name of a filter");
        var filter =
            Filters.Find(token.Text)
            ?? throw cursor.Fault($"There is no filter '{token.Text}'.", token.At);
        return new(filter, cursor.Take("(") ? ParseArguments() : CallArguments.None);
    }

    private Expression ParseTest(Expression value)
    {
        bool isNegated = cursor.TakeName("not");
        var token = cursor.Expect(TokenKind.Name, "the name of a test");
        var test =
            Tests.Find(token.Text)
            ?? throw cursor.Fault($"There is no test '{token.Text}'.", token.At);
        var arguments = CallArguments.None;
        if (cursor.Take("("))
        {
            arguments = ParseArguments();
        }
        else if (StartsArgument())
        {
            arguments = new CallArguments([ParsePostfix(ParsePrimary())], []);
        }
        else if (cursor.Current.IsName("in") || cursor.Current.IsName("not"))
        {
            // Jinja takes the word for the test's argument, and then for one that is not there.
            throw cursor.Fault(
                $"Put the test into parentheses before '{cursor.Current.Text}'.",
                cursor.Current.At
            );
        }
        if (cursor.Current.IsName("is"))
        {
            throw cursor.Fault("Tests cannot be chained: join them with 'and'.", cursor.Current.At);
        }
        return cursor.Over(
            token.At,
            new TestCall(value, test, arguments, isNegated),
            [value, .. arguments.All]
        );
    }

    // "x is divisibleby 3": one argument may stand without parentheses.
    private bool StartsArgument() =>
        cursor.Current.Kind switch
        {
            TokenKind.Text or TokenKind.Number => true,
            TokenKind.Operator => cursor.Current.Text is "[" or "{" or "(",
            TokenKind.Name => cursor.Current.Text
                is not ("else" or "or" or "and" or "is" or "if" or "not" or "in"),
            _ => false,
        };

    private Expression Listing(Expression[] items, bool isTuple) =>
        cursor.Over(cursor.Current.At, new ListLiteral(items, isTuple), items);
}
