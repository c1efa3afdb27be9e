using System.Text;

namespace Hearth.Core.Templates;

/// <summary>Python's old formatting: <c>"%.1f" % x</c> and the <c>format</c> filter.</summary>
internal sealed class PrintfFormat
{
    private readonly Frame _frame;
    private readonly string _format;
    private readonly TemplateValue _values;
    private readonly TemplateValue[] _items;
    private int _at;
    private int _used;

    private PrintfFormat(Frame frame, string format, TemplateValue values)
    {
        _frame = frame;
        _format = format;
        _values = values;
        _items = values.Kind == TemplateKind.Tuple ? values.AsItems : [values];
    }

    public static string Of(Frame frame, string format, TemplateValue values) =>
        new PrintfFormat(frame, format, values).Write();

    private string Write()
    {
        var output = new StringBuilder();
        while (_at < _format.Length)
        {
            int next = _format.IndexOf('%', _at);
            output.Append(_format, _at, (next < 0 ? _format.Length : next) - _at);
            _at = next < 0 ? _format.Length : next + 1;
            if (next >= 0)
            {
                output.Append(Field());
            }
        }
        // A dict or a list may stand there unused, one value or a tuple may not.
        bool isAll =
            _used == _items.Length
            || _values.Kind is TemplateKind.Dict or TemplateKind.List or TemplateKind.Undefined;
        return isAll
            ? output.ToString()
            : throw new TemplateException("The format asks for fewer values than it is given.");
    }

    private string Field()
    {
        string? name = Name();
        var spec = Flags();
        bool hasWidth = TryNumber(out int width, out bool isTurned);
        spec = hasWidth ? spec with { Width = width } : spec;
        spec = isTurned ? spec with { Align = '<', Fill = ' ' } : spec;
        if (Peek() == '.')
        {
            _at++;
            bool hasPrecision = TryNumber(out int precision, out _);
            spec = spec with { Precision = hasPrecision ? precision : 0 };
        }
        while (Peek() is 'l' or 'h' or 'L')
        {
            _at++;
        }
        char type = Peek();
        _at++;
        if (type == '%')
        {
            return "%";
        }
        if (!"diuoxXeEfFgGcrsa".Contains(type, StringComparison.Ordinal))
        {
            throw new TemplateException("The format is not one that Python knows.");
        }
        var value = name is null ? Next() : Member(name);
        // Texts are never filled with zeros.
        bool isText = type is 's' or 'r' or 'a' or 'c';
        spec = isText && spec.Fill == '0' ? spec with { Fill = ' ', Align = '>' } : spec;
        spec = isText && spec.Align == '\0' ? spec with { Align = '>' } : spec;
        return (spec with { Type = type }).Apply(_frame, value);
    }

    private string? Name()
    {
        if (Peek() != '(')
        {
            return null;
        }
        int end = _format.IndexOf(')', _at);
        if (end < 0)
        {
            throw new TemplateException("The format has a '%(' without its ')'.");
        }
        string name = _format[(_at + 1)..end];
        _at = end + 1;
        return name;
    }

    private FormatSpec Flags()
    {
        var spec = new FormatSpec();
        for (; Peek() is '-' or '+' or ' ' or '0' or '#'; _at++)
        {
            spec = Peek() switch
            {
                '-' => spec with { Align = '<', Fill = ' ' },
                '0' when spec.Align != '<' => spec with { Align = '=', Fill = '0' },
                '+' => spec with { Sign = '+' },
                ' ' when spec.Sign != '+' => spec with { Sign = ' ' },
                '#' => spec with { IsAlternate = true },
                _ => spec,
            };
        }
        return spec;
    }

    private bool TryNumber(out int number, out bool isTurned)
    {
        isTurned = false;
        if (Peek() == '*')
        {
            _at++;
            var value = Next();
            number =
                value.IsInteger && value.Kind != TemplateKind.Huge
                    ? (int)Math.Clamp(value.AsInt, -(1 << 30), 1 << 30)
                    : throw new TemplateException("'*' in a format needs an integer.");
            isTurned = number < 0;
            number = Math.Abs(number);
            return true;
        }
        int start = _at;
        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }
        number = 0;
        return _at > start
            && (
                int.TryParse(_format.AsSpan(start, _at - start), out number)
                    ? true
                    : throw new TemplateException("A number in the format is too large.")
            );
    }

    private TemplateValue Next()
    {
        if (_used >= _items.Length)
        {
            throw new TemplateException("The format asks for more values than it is given.");
        }
        return _items[_used++];
    }

    private TemplateValue Member(string name) =>
        _values.Kind == TemplateKind.Dict && _values.AsDict.TryGet(name, out var value)
            ? value
            : throw new TemplateException($"The format asks for '{name}', which is not given.");

    private char Peek() => _at < _format.Length ? _format[_at] : '\0';
}
