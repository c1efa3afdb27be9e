namespace Hearth.Core.Templates;

/// <summary>A place in the list of tokens, shared by the two halves of the parser.</summary>
internal sealed class TokenCursor(string source, List<Token> tokens)
{
    private readonly Dictionary<string, int> _said = new()
    {
        ["loop"] = 0,
        ["caller"] = 0,
        ["varargs"] = 0,
        ["kwargs"] = 0,
    };

    private int _position;
    private int _depth;

    public Token Current => tokens[_position];

    public Token Following => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    /// <summary>The entities that were named so far.</summary>
    public EntityMentions Mentions { get; } = new();

    /// <summary>How many levels the deepest part since the last <see cref="Measure"/> has.
    /// </summary>
    public int Deepest { get; private set; }

    /// <summary>
    /// How often a special name was read so far: a loop asks whether its body says "loop".
    /// </summary>
    public int Said(string name) => _said[name];

    /// <summary>Begins to measure how deep what follows nests; answers what was known so far.
    /// </summary>
    public int Measure()
    {
        int before = Deepest;
        Deepest = _depth;
        return before;
    }

    /// <summary>Ends measuring; answers the levels of what was read meanwhile.</summary>
    public int Measured(int before)
    {
        int levels = Deepest - _depth + 1;
        Deepest = Math.Max(Deepest, before);
        return levels;
    }

    public Token Next()
    {
        var token = tokens[_position];
        if (token.Kind == TokenKind.Name && _said.TryGetValue(token.Text, out int times))
        {
            _said[token.Text] = times + 1;
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
        _depth++;
        Deepest = Math.Max(Deepest, _depth);
        if (_depth > TemplateBudget.DepthMax)
        {
            throw Fault(
                $"The template nests deeper than {TemplateBudget.DepthMax} levels.",
                Current.At
            );
        }
    }

    public void Ascend() => _depth--;

    /// <summary>
    /// Notes how deep an expression reaches, so that evaluating it stays bounded, and which
    /// entities it names.
    /// </summary>
    public Expression Over(int at, Expression whole, params ReadOnlySpan<Expression?> parts)
    {
        whole.At = at;
        Mentions.See(whole);
        int height = 0;
        foreach (var part in parts)
        {
            height = Math.Max(height, part?.Height ?? 0);
        }
        whole.Height = height + 1;
        Deepest = Math.Max(Deepest, _depth + whole.Height);
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
