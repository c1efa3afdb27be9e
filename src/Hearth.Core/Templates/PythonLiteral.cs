using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>
/// Reads a printed text back as a value, as Home Assistant does with what a template prints: what
/// is written as a Python literal becomes one, <c>"21.5"</c> a number and <c>"[1, 2]"</c> a list.
/// Texts that look like numbers but are written otherwise (<c>1e5</c>, <c>0x10</c>, <c>007</c>)
/// stay texts, and so do quoted ones.
/// </summary>
internal ref struct PythonLiteral
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private PythonLiteral(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The value that a text stands for; the text itself where it stands for none.
    /// </summary>
    public static TemplateValue Read(string text)
    {
        if (text.Length == 0 || !MayBegin(text[0]))
        {
            return TemplateValue.From(text);
        }
        var reader = new PythonLiteral(text);
        return reader.TryTop(out var value) && IsKept(value, text)
            ? value
            : TemplateValue.From(text);
    }

    private static bool MayBegin(char c) =>
        c is '[' or '(' or '{' or '+' or '-' or '.' or 'T' or 'F' or 'N' || char.IsAsciiDigit(c);

    private static bool IsKept(TemplateValue value, string text) =>
        value.Kind switch
        {
            TemplateKind.Text => false,
            TemplateKind.Whole or TemplateKind.Huge or TemplateKind.Real => IsPlainNumber(text),
            _ => true,
        };

    // Home Assistant keeps a number only where it is written with nothing but a sign, digits and
    // one point.
    private static bool IsPlainNumber(string text)
    {
        var digits = text.AsSpan().TrimStart("+-");
        int point = digits.IndexOf('.');
        var rest = point < 0 ? [] : digits[(point + 1)..];
        var whole = point < 0 ? digits : digits[..point];
        bool leadsWithZero = whole.Length > 1 && whole[0] == '0';
        return !leadsWithZero
            && !whole.ContainsAnyExceptInRange('0', '9')
            && !rest.ContainsAnyExceptInRange('0', '9');
    }

    private bool TryTop(out TemplateValue value)
    {
        if (!TryItem(out value))
        {
            return false;
        }
        if (Peek() == ',')
        {
            var items = new List<TemplateValue> { value };
            while (Take(',') && _at < _text.Length)
            {
                if (!TryItem(out var item))
                {
                    return false;
                }
                items.Add(item);
            }
            value = TemplateValue.Tuple([.. items]);
        }
        return _at == _text.Length;
    }

    private bool TryItem(out TemplateValue value)
    {
        value = default;
        if (++_depth > TemplateBudget.DepthMax - 2)
        {
            return false;
        }
        bool isRead = Peek() switch
        {
            '[' => TryItems('[', ']', out var items) && Make(TemplateValue.List(items), out value),
            '(' => TryParentheses(out value),
            '{' => TryBraces(out value),
            '\'' or '"' => TryTexts(out value),
            '+' or '-' => TrySigned(out value),
            'T' => TakeWord("True") && Make(TemplateValue.True, out value),
            'F' => TakeWord("False") && Make(TemplateValue.False, out value),
            'N' => TakeWord("None") && Make(TemplateValue.None, out value),
            _ => TryNumber(out value),
        };
        _depth--;
        Blanks();
        return isRead;
    }

    private static bool Make(TemplateValue made, out TemplateValue value)
    {
        value = made;
        return true;
    }

    private bool TryItems(char opener, char closer, out TemplateValue[] items)
    {
        items = [];
        var read = new List<TemplateValue>();
        Take(opener);
        while (!Take(closer))
        {
            if (read.Count > TemplateBudget.StepsMax || !TryItem(out var item))
            {
                return false;
            }
            read.Add(item);
            if (!Take(',') && Peek() != closer)
            {
                return false;
            }
        }
        items = [.. read];
        return true;
    }

    private bool TryParentheses(out TemplateValue value)
    {
        int start = _at;
        value = default;
        if (!TryItems('(', ')', out var items))
        {
            return false;
        }
        bool hasComma = _text[start.._at].TrimEnd(" \t\r\n)").EndsWith(",");
        value = items.Length == 1 && !hasComma ? items[0] : TemplateValue.Tuple(items);
        return true;
    }

    private bool TryBraces(out TemplateValue value)
    {
        var dict = new TemplateDict();
        value = default;
        Take('{');
        while (!Take('}'))
        {
            bool isEntry = TryItem(out var key) & Take(':') && IsKey(key);
            if (!isEntry || !TryItem(out var item))
            {
                return false;
            }
            dict.Set(key, item);
            if (!Take(',') && Peek() != '}')
            {
                return false;
            }
        }
        value = TemplateValue.From(dict);
        return true;
    }

    private static bool IsKey(TemplateValue key) =>
        key.Kind is not (TemplateKind.List or TemplateKind.Dict);

    private bool TrySigned(out TemplateValue value)
    {
        bool isNegative = Peek() == '-';
        _at++;
        Blanks();
        if (!TryNumber(out value))
        {
            return false;
        }
        value = isNegative ? PythonNumber.Negate(value) : value;
        return true;
    }

    private bool TryNumber(out TemplateValue value)
    {
        value = default;
        int start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '.' or '_')
        {
            bool isExponent =
                Peek() is 'e' or 'E' && !_text[start..].StartsWith("0x", StringComparison.Ordinal);
            _at++;
            _at += isExponent && Peek() is '+' or '-' ? 1 : 0;
        }
        string number = _text[start.._at].ToString();
        if (number.Length == 0 || !char.IsAsciiDigit(number[0]) && number[0] != '.')
        {
            return false;
        }
        bool isZeroLed = number.Length > 1 && number[0] == '0' && char.IsAsciiDigit(number[1]);
        if (PythonNumber.TryParseInt(number, 0, out value))
        {
            return !isZeroLed || number.AsSpan().Trim('0').IsEmpty;
        }
        bool isFloat = number.AsSpan().IndexOfAny('.', 'e', 'E') >= 0;
        bool isRead = PythonNumber.TryParseFloat(number, out double real) && isFloat;
        value = TemplateValue.From(real);
        return isRead;
    }

    private bool TryTexts(out TemplateValue value)
    {
        var text = new StringBuilder();
        value = default;
        while (Peek() is '\'' or '"')
        {
            if (!TryText(text))
            {
                return false;
            }
            Blanks();
        }
        value = TemplateValue.From(text.ToString());
        return true;
    }

    private bool TryText(StringBuilder text)
    {
        char quote = _text[_at++];
        while (_at < _text.Length && _text[_at] != quote)
        {
            char c = _text[_at++];
            if (c == '\n' || c == '\\' && !TryEscape(text))
            {
                return false;
            }
            if (c != '\\')
            {
                text.Append(c);
            }
        }
        return _at++ < _text.Length;
    }

    private bool TryEscape(StringBuilder text)
    {
        char c = Peek();
        _at++;
        int digits = c switch
        {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if (digits > 0)
        {
            return TryCode(digits, text);
        }
        string? plain = c switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            'a' => "\a",
            '0' => "\0",
            '\n' => "",
            '\\' or '\'' or '"' => c.ToString(),
            'N' or (>= '1' and <= '7') or '\0' => null,
            _ => "\\" + c,
        };
        text.Append(plain);
        return plain is not null;
    }

    private bool TryCode(int digits, StringBuilder text)
    {
        bool isRead = int.TryParse(
            _text[_at..Math.Min(_at + digits, _text.Length)],
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out int code
        );
        _at += digits;
        if (!isRead || _at > _text.Length || code is < 0 or > 0x10ffff)
        {
            return false;
        }
        text.Append(code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32(code));
        return true;
    }

    private bool TakeWord(string word)
    {
        bool isThere = _text[_at..].StartsWith(word, StringComparison.Ordinal);
        _at += isThere ? word.Length : 0;
        return isThere && !char.IsLetterOrDigit(Peek()) && Peek() != '_';
    }

    private bool Take(char c)
    {
        bool isThere = Peek() == c;
        if (isThere)
        {
            _at++;
            Blanks();
        }
        return isThere;
    }

    private void Blanks()
    {
        // A line may only end inside of brackets.
        while (Peek() is ' ' or '\t' or '\f' || _depth > 0 && Peek() is '\n' or '\r')
        {
            _at++;
        }
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : '\0';
}
