namespace Hearth.Core.Templates;

/// <summary>A place in the list of tokens, shared by the two halves of the parser.</summary>
internal sealed class TokenCursor(string source, List<Token> tokens)
{
    private int _position;
    private int _depth;

    public Token Current => tokens[_position];

    public Token Following => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    /// <summary>
    /// Counts how often a name was read; a loop asks whether its body says "loop".
    /// </summary>
    public int LoopNames { get; private set; }

    public Token Next()
    {
        var token = tokens[_position];
        if (token.IsName("loop"))
        {
            LoopNames++;
        }
        if (token.Kind != TokenKind.End)
        {
            _position++;
        }
        return token;
    }

    public bool Take(string op)
    {
        bool isTaken = Current.Is(op);
        if (isTaken)
        {
            Next();
        }
        return isTaken;
    }

    public bool TakeName(string name)
    {
        bool isTaken = Current.IsName(name);
        if (isTaken)
        {
            Next();
        }
        return isTaken;
    }

    public void Expect(string op)
    {
        if (!Take(op))
        {
            throw Unexpected($"'{op}'");
        }
    }

    public Token Expect(TokenKind kind, string wanted) =>
        Current.Kind == kind ? Next() : throw Unexpected(wanted);

    /// <summary>Goes one level down; deeply nested sources end here, not on the stack.</summary>
    public void Descend()
    {
        if (++_depth > TemplateBudget.DepthMax)
        {
            throw Fault(
                $"The template nests deeper than {TemplateBudget.DepthMax} levels.",
                Current.At
            );
        }
    }

    public void Ascend() => _depth--;

    /// <summary>
    /// Notes how deep an expression reaches, so that evaluating it stays bounded.
    /// </summary>
    public Expression Over(Expression whole, params ReadOnlySpan<Expression?> parts)
    {
        int height = 0;
        foreach (var part in parts)
        {
            height = Math.Max(height, part?.Height ?? 0);
        }
        whole.Height = height + 1;
        return whole.Height <= TemplateBudget.DepthMax
            ? whole
            : throw Fault(
                $"The expression nests deeper than {TemplateBudget.DepthMax} levels.",
                Current.At
            );
    }

    public TemplateException Unexpected(string wanted) =>
        Fault($"Here stands {Current.Shown}, but {wanted} is needed.", Current.At);

    public TemplateException Fault(string message, int at) => Lexer.Fault(source, at, message);
}
