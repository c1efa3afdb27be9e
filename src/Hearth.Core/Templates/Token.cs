namespace Hearth.Core.Templates;

/// <summary>What the lexer cuts a source into.</summary>
internal enum TokenKind
{
    /// <summary>Text outside of any tag.</summary>
    Raw,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    Text,
    Number,
    Operator,
    End,
}

/// <summary>One token. <c>At</c> is its place in the source, for messages.</summary>
internal readonly record struct Token(
    TokenKind Kind,
    string Text,
    int At,
    TemplateValue Number = default
)
{
    public bool Is(string op) => Kind == TokenKind.Operator && Text == op;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>The token as a message names it.</summary>
    public string Shown =>
        Kind switch
        {
            TokenKind.VariableEnd => "'}}'",
            TokenKind.BlockEnd => "'%}'",
            TokenKind.End => "the end of the template",
            TokenKind.Text => "a text",
            TokenKind.Number => "a number",
            _ => $"'{Text}'",
        };
}
