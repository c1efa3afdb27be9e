namespace Hearth.Core.Templates;

/// <summary>
/// Reads expressions with Jinja2's ranks: a filter binds tighter than any operator.
/// </summary>
internal sealed class ExpressionParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private readonly TokenCursor _cursor;
    private readonly OperandParser _operands;

    public ExpressionParser(TokenCursor cursor)
    {
        _cursor = cursor;
        _operands = new OperandParser(cursor, this);
    }

    /// <summary>A value, or a tuple where commas follow.</summary>
    public Expression ParseTuple(bool withConditional = true)
    {
        var first = Parse(withConditional);
        return _cursor.Current.Is(",") ? _operands.TupleFrom(first, withConditional) : first;
    }

    /// <summary>
    /// The filters behind a <c>|</c> with nothing before it, as in a filter block.
    /// </summary>
    public FilterStep[] ParseFilters() => _operands.ParseFilters();

    public CallArguments ParseArguments() => _operands.ParseArguments();

    /// <summary>A name with its members and calls, as a call block calls it.</summary>
    public Expression ParsePostfixed() => _operands.ParsePostfix(_operands.ParsePrimary());

    public Expression Parse(bool withConditional = true)
    {
        _cursor.Descend();
        var value = ParseOr();
        while (withConditional && _cursor.Current.IsName("if"))
        {
            int at = _cursor.Next().At;
            var test = ParseOr();
            var otherwise = _cursor.TakeName("else") ? Parse() : null;
            value = _cursor.Over(
                at,
                new Conditional(test, value, otherwise),
                test,
                value,
                otherwise
            );
        }
        _cursor.Ascend();
        return value;
    }

    private Expression ParseOr() =>
        ParseLogic("or", () => ParseLogic("and", ParseNot, true), false);

    private Expression ParseLogic(string word, Func<Expression> parsePart, bool isAnd)
    {
        var first = parsePart();
        if (!_cursor.Current.IsName(word))
        {
            return first;
        }
        int at = _cursor.Current.At;
        var parts = new List<Expression> { first };
        while (_cursor.TakeName(word))
        {
            parts.Add(parsePart());
        }
        return _cursor.Over(at, new Logic([.. parts], isAnd), [.. parts]);
    }

    private Expression ParseNot()
    {
        if (!_cursor.Current.IsName("not"))
        {
            return ParseComparison();
        }
        int at = _cursor.Next().At;
        _cursor.Descend();
        var part = ParseNot();
        _cursor.Ascend();
        return _cursor.Over(at, new Not(part), part);
    }

    private Expression ParseComparison()
    {
        var first = ParseChain(ParseConcat, "+", "-");
        int at = _cursor.Current.At;
        var rest = new List<(string, Expression)>();
        while (TakeComparison() is { } op)
        {
            rest.Add((op, ParseChain(ParseConcat, "+", "-")));
        }
        return rest.Count == 0
            ? first
            : _cursor.Over(
                at,
                new Comparison(first, [.. rest]),
                [first, .. rest.Select(r => r.Item2)]
            );
    }

    private string? TakeComparison()
    {
        var token = _cursor.Current;
        if (token.Kind == TokenKind.Operator && Comparisons.Contains(token.Text))
        {
            return _cursor.Next().Text;
        }
        if (_cursor.TakeName("in"))
        {
            return "in";
        }
        if (token.IsName("not") && _cursor.Following.IsName("in"))
        {
            _cursor.Next();
            _cursor.Next();
            return "not in";
        }
        return null;
    }

    private Expression ParseConcat()
    {
        var first = ParseProduct();
        if (!_cursor.Current.Is("~"))
        {
            return first;
        }
        int at = _cursor.Current.At;
        var parts = new List<Expression> { first };
        while (_cursor.Take("~"))
        {
            parts.Add(ParseProduct());
        }
        return _cursor.Over(at, new Concat([.. parts]), [.. parts]);
    }

    private Expression ParseProduct() =>
        ParseChain(() => ParseChain(() => ParseUnary(), "**"), "*", "/", "//", "%");

    private Expression ParseChain(Func<Expression> parsePart, params string[] operators)
    {
        var first = parsePart();
        int at = _cursor.Current.At;
        List<(string, Expression)>? rest = null;
        while (
            _cursor.Current.Kind == TokenKind.Operator && operators.Contains(_cursor.Current.Text)
        )
        {
            string op = _cursor.Next().Text;
            (rest ??= []).Add((op, parsePart()));
        }
        return rest is null
            ? first
            : _cursor.Over(at, new Chain(first, [.. rest]), [first, .. rest.Select(r => r.Item2)]);
    }

    private Expression ParseUnary(bool withFilters = true)
    {
        Expression value;
        if (_cursor.Current.Is("-") || _cursor.Current.Is("+"))
        {
            int at = _cursor.Current.At;
            bool isNegative = _cursor.Next().Text == "-";
            _cursor.Descend();
            var part = ParseUnary(withFilters: false);
            _cursor.Ascend();
            value = _cursor.Over(at, new Sign(part, isNegative), part);
        }
        else
        {
            value = _operands.ParsePrimary();
        }
        value = _operands.ParsePostfix(value);
        return withFilters ? _operands.ParseFiltersAndTests(value) : value;
    }
}
