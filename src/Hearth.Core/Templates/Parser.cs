namespace Hearth.Core.Templates;

/// <summary>Reads the statements of a template.</summary>
internal sealed class Parser
{
    private readonly TokenCursor _cursor;
    private readonly ExpressionParser _expressions;
    private readonly TagParser _tags;

    private Parser(string source)
    {
        _cursor = new TokenCursor(source, Lexer.Read(source));
        _expressions = new ExpressionParser(_cursor);
        _tags = new TagParser(_cursor, _expressions, this);
    }

    public static (Block Block, EntityMentions Mentions) Parse(string source)
    {
        var parser = new Parser(Lexer.Normalized(source));
        var block = parser.ParseBlock("");
        return parser._cursor.Current.Kind == TokenKind.End
            ? (block, parser._cursor.Mentions)
            : throw parser._cursor.Fault(
                $"{parser._cursor.Following.Shown} closes nothing.",
                parser._cursor.Current.At
            );
    }

    /// <summary>What stands up to the first of the tags that end the block; it is not taken.
    /// </summary>
    public Block ParseBlock(string opener, params string[] enders)
    {
        int start = _cursor.Current.At;
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
                statements.Add(_tags.Parse());
            }
        }
        if (_cursor.Current.Kind == TokenKind.End && enders.Length > 0)
        {
            throw _cursor.Fault(
                $"This '{opener}' is never closed: '{enders[^1]}' is missing.",
                start
            );
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
}
