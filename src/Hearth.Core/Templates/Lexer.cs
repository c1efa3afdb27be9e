using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>
/// Cuts a source into tokens as Jinja2 does, with its traps: <c>{%if x%}</c> without blanks, and
/// a dict literal against the delimiter, <c>{{{"a": 1}|to_json}}</c>, where braces must balance
/// before <c>}}</c> may end the tag.
/// </summary>
internal sealed class Lexer
{
    private static readonly string[] LongOperators = ["==", "!=", "<=", ">=", "//", "**"];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _open = new();
    private int _at;
    private bool _trimsNext;

    private Lexer(string source)
    {
        _source = source;
    }

    public static List<Token> Read(string source)
    {
        var lexer = new Lexer(source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    /// <summary>
    /// A source as Jinja reads it: every line ends in a newline alone, and one at the very end
    /// belongs to the file, not to the text.
    /// </summary>
    public static string Normalized(string source)
    {
        string text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    public static TemplateException Fault(string source, int at, string message)
    {
        var before = source.AsSpan(0, Math.Min(at, source.Length));
        int line = before.Count('\n') + 1;
        int column = before.Length - before.LastIndexOf('\n');
        return new TemplateException(message, line, column);
    }

    private void ReadAll()
    {
        while (_at < _source.Length)
        {
            int open = NextTag(_at);
            int end = open < 0 ? _source.Length : open;
            AddRaw(_at, end, open >= 0 && CharAt(open + 2) == '-');
            _at = end;
            if (open >= 0)
            {
                ReadTag();
            }
        }
        Add(TokenKind.End, "", _source.Length);
    }

    private int NextTag(int from)
    {
        for (int at = _source.IndexOf('{', from); at >= 0; at = _source.IndexOf('{', at + 1))
        {
            if (CharAt(at + 1) is '{' or '%' or '#')
            {
                return at;
            }
        }
        return -1;
    }

    private void AddRaw(int from, int to, bool trimsEnd)
    {
        var text = _source.AsSpan(from, to - from);
        text = _trimsNext ? text.TrimStart() : text;
        text = trimsEnd ? text.TrimEnd() : text;
        _trimsNext = false;
        if (!text.IsEmpty)
        {
            Add(TokenKind.Raw, text.ToString(), from);
        }
    }

    private void ReadTag()
    {
        char kind = CharAt(_at + 1);
        int start = _at;
        _at += 2;
        if (CharAt(_at) is '-' or '+')
        {
            _at++;
        }
        if (kind == '#')
        {
            SkipComment(start);
        }
        else if (kind == '{')
        {
            Add(TokenKind.VariableBegin, "{{", start);
            ReadExpression('}', TokenKind.VariableEnd, start);
        }
        else if (!SkipRawBlock(start))
        {
            Add(TokenKind.BlockBegin, "{%", start);
            ReadExpression('%', TokenKind.BlockEnd, start);
        }
    }

    private void SkipComment(int start)
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Fault(_source, start, "This comment is never closed; '#}' is missing.");
        }
        _trimsNext = end > _at && _source[end - 1] == '-';
        _at = end + 2;
    }

    private bool SkipRawBlock(int start)
    {
        if (!TryReadBlockTag(_at, "raw", out int body, out bool trimsStart))
        {
            return false;
        }
        for (int at = body; at < _source.Length; at++)
        {
            at = _source.IndexOf("{%", at, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }
            int inside = CharAt(at + 2) is '-' or '+' ? at + 3 : at + 2;
            if (TryReadBlockTag(inside, "endraw", out int after, out bool trimsAfter))
            {
                _trimsNext = trimsStart;
                AddRaw(body, at, CharAt(at + 2) == '-');
                _trimsNext = trimsAfter;
                _at = after;
                return true;
            }
        }
        throw Fault(_source, start, "This raw block is never closed; 'endraw' is missing.");
    }

    private bool TryReadBlockTag(int from, string name, out int after, out bool trims)
    {
        int at = SkipBlanks(from);
        after = 0;
        trims = false;
        if (string.CompareOrdinal(_source, at, name, 0, name.Length) != 0)
        {
            return false;
        }
        at = SkipBlanks(at + name.Length);
        trims = CharAt(at) == '-';
        at += CharAt(at) is '-' or '+' ? 1 : 0;
        after = at + 2;
        return string.CompareOrdinal(_source, at, "%}", 0, 2) == 0;
    }

    private void ReadExpression(char closer, TokenKind end, int start)
    {
        _open.Clear();
        while (true)
        {
            _at = SkipBlanks(_at);
            if (_at >= _source.Length)
            {
                string missing = closer == '}' ? "}}" : "%}";
                throw Fault(_source, start, $"This tag is never closed; '{missing}' is missing.");
            }
            if (_open.Count == 0 && EndsTag(closer, out int length))
            {
                _trimsNext = CharAt(_at) == '-';
                Add(end, "", _at);
                _at += length;
                return;
            }
            ReadToken();
        }
    }

    private bool EndsTag(char closer, out int length)
    {
        int at = CharAt(_at) is '-' || (closer == '%' && CharAt(_at) is '+') ? _at + 1 : _at;
        length = at - _at + 2;
        return CharAt(at) == closer && CharAt(at + 1) == '}';
    }

    private void ReadToken()
    {
        char c = _source[_at];
        if (char.IsLetter(c) || c == '_')
        {
            int end = _at;
            while (
                end < _source.Length && (char.IsLetterOrDigit(_source[end]) || CharAt(end) == '_')
            )
            {
                end++;
            }
            Add(TokenKind.Name, _source[_at..end], _at);
            _at = end;
        }
        else if (char.IsAsciiDigit(c))
        {
            ReadNumber();
        }
        else if (c is '"' or '\'')
        {
            ReadText(c);
        }
        else
        {
            ReadOperator(c);
        }
    }

    private void ReadNumber()
    {
        int end = _at;
        bool isFloat = false;
        // After a dot digits are an index (a.0.1), never the start of a float.
        bool isIndex = _tokens[^1].Is(".");
        while (char.IsAsciiLetterOrDigit(CharAt(end)) || CharAt(end) is '_' or '.')
        {
            char c = CharAt(end);
            if (c == '.' && (isIndex || isFloat || !char.IsAsciiDigit(CharAt(end + 1))))
            {
                break;
            }
            bool isHex = CharAt(_at) == '0' && CharAt(_at + 1) is 'x' or 'X';
            isFloat |= c == '.' || (!isHex && c is 'e' or 'E');
            bool signFollows = !isHex && c is 'e' or 'E' && CharAt(end + 1) is '+' or '-';
            end += signFollows ? 2 : 1;
        }
        string text = _source[_at..end];
        TemplateValue number;
        if (isFloat && PythonNumber.TryParseFloat(text, out double value))
        {
            number = TemplateValue.From(value);
        }
        else if (isFloat || IsZeroLed(text) || !PythonNumber.TryParseInt(text, 0, out number))
        {
            throw Fault(_source, _at, $"'{text}' is no number.");
        }
        _tokens.Add(new Token(TokenKind.Number, text, _at, number));
        _at = end;
    }

    private static bool IsZeroLed(string digits) =>
        digits.Length > 1
        && digits[0] == '0'
        && !char.IsAsciiLetter(digits[1])
        && digits.AsSpan().ContainsAnyExcept('0', '_');

    private void ReadText(char quote)
    {
        int start = _at++;
        var text = new StringBuilder();
        while (_at < _source.Length && _source[_at] != quote)
        {
            if (_source[_at] == '\\' && _at + 1 < _source.Length)
            {
                _at = Escapes.Read(_source, _at, text);
            }
            else
            {
                text.Append(_source[_at++]);
            }
        }
        if (_at >= _source.Length)
        {
            throw Fault(_source, start, "This text is never closed; its quote is missing.");
        }
        _at++;
        Add(TokenKind.Text, text.ToString(), start);
    }

    private void ReadOperator(char c)
    {
        string op =
            Array.Find(LongOperators, o => string.CompareOrdinal(_source, _at, o, 0, 2) == 0)
            ?? c.ToString();
        if (op.Length == 1 && !"+-*/%~<>=.,:|()[]{}".Contains(c, StringComparison.Ordinal))
        {
            throw Fault(_source, _at, $"'{c}' means nothing here.");
        }
        Balance(c);
        Add(TokenKind.Operator, op, _at);
        _at += op.Length;
    }

    private void Balance(char c)
    {
        if (c is '(' or '[' or '{')
        {
            _open.Push(c);
        }
        else if (c is ')' or ']' or '}')
        {
            char opener =
                c == ')' ? '('
                : c == ']' ? '['
                : '{';
            if (!_open.TryPop(out char last) || last != opener)
            {
                throw Fault(_source, _at, $"This '{c}' closes nothing.");
            }
        }
    }

    private int SkipBlanks(int at)
    {
        while (at < _source.Length && char.IsWhiteSpace(_source[at]))
        {
            at++;
        }
        return at;
    }

    private char CharAt(int at) => at < _source.Length ? _source[at] : '\0';

    private void Add(TokenKind kind, string text, int at) => _tokens.Add(new(kind, text, at));
}
