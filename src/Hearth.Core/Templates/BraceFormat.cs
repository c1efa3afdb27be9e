using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>Python's <c>"{:.1f} {name}".format(…)</c>.</summary>
internal sealed class BraceFormat
{
    private readonly Frame _frame;
    private readonly Arguments _arguments;
    private int _next = 1;

    private BraceFormat(Frame frame, Arguments arguments)
    {
        _frame = frame;
        _arguments = arguments;
    }

    public static string Of(Frame frame, Arguments arguments) =>
        new BraceFormat(frame, arguments).Write(arguments[0].AsText, depth: 2);

    /// <summary>The same, with the values of a dict by name.</summary>
    public static string OfMap(Frame frame, Arguments arguments)
    {
        if (arguments[1].Kind != TemplateKind.Dict)
        {
            throw arguments.Fault("needs a dict.");
        }
        var named = arguments[1].AsDict.Select(e => KeyValuePair.Create(e.Key.ToString(), e.Value));
        return Of(frame, new Arguments("format_map", [arguments[0]], [.. named]));
    }

    // A field may stand inside of another one's format, {:{width}}, and no deeper.
    private string Write(string format, int depth)
    {
        var output = new StringBuilder();
        for (int at = 0; at < format.Length; at++)
        {
            char c = format[at];
            bool isDoubled = at + 1 < format.Length && format[at + 1] == c;
            if (c is '{' or '}' && isDoubled)
            {
                output.Append(c);
                at++;
            }
            else if (c == '}')
            {
                throw _arguments.Fault("has a '}' without its '{'.");
            }
            else if (c == '{')
            {
                int end = End(format, at);
                output.Append(Filled(format[(at + 1)..end], depth));
                at = end;
            }
            else
            {
                output.Append(c);
            }
        }
        return output.ToString();
    }

    private int End(string format, int start)
    {
        int open = 0;
        for (int at = start; at < format.Length; at++)
        {
            open += format[at] switch
            {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            if (open == 0)
            {
                return at;
            }
        }
        throw _arguments.Fault("has a '{' without its '}'.");
    }

    private string Filled(string field, int depth)
    {
        if (depth == 0)
        {
            throw _arguments.Fault("nests its fields too deeply.");
        }
        int colon = field.IndexOf(':', StringComparison.Ordinal);
        string path = colon < 0 ? field : field[..colon];
        string spec = colon < 0 ? "" : field[(colon + 1)..];
        int bang = path.IndexOf('!', StringComparison.Ordinal);
        string conversion = bang < 0 ? "" : path[(bang + 1)..];
        var value = Found(bang < 0 ? path : path[..bang]);
        value = conversion switch
        {
            "" => value,
            "r" or "a" => TemplateValue.From(PythonText.Repr(value)),
            "s" => TemplateValue.From(value.ToString()),
            _ => throw _arguments.Fault($"has a conversion '{conversion}', which is none."),
        };
        _frame.Charge(value.Weight);
        spec = spec.Contains('{', StringComparison.Ordinal) ? Write(spec, depth - 1) : spec;
        return spec.Length == 0 ? value.ToString()
            : value.Kind is TemplateKind.Time or TemplateKind.Date or TemplateKind.Clock
                ? TimeText(value, spec)
            : Read(spec, value).Apply(_frame, value);
    }

    private string TimeText(TemplateValue value, string spec)
    {
        var strftime = Methods.Find(value.Kind, "strftime")!;
        return strftime.Call(_frame, value, TemplateValue.From(spec)).AsText;
    }

    private TemplateValue Found(string path)
    {
        int end = path.AsSpan().IndexOfAny('.', '[');
        var value = Argument(end < 0 ? path : path[..end]);
        string rest = end < 0 ? "" : path[end..];
        while (rest.Length > 0)
        {
            bool isItem = rest[0] == '[';
            int close = isItem ? rest.IndexOf(']', StringComparison.Ordinal) : -1;
            int next = isItem ? close + 1 : NextStep(rest);
            if (isItem && close < 0)
            {
                throw _arguments.Fault("has a '[' without its ']'.");
            }
            string name = rest[1..(isItem ? close : next)];
            value =
                isItem && TryIndex(name, out int index)
                    ? Members.Item(_frame, value, TemplateValue.From(index))
                : isItem ? Members.Item(_frame, value, TemplateValue.From(name))
                : Members.Attribute(value, name);
            rest = rest[next..];
        }
        return value;
    }

    private static int NextStep(string rest)
    {
        int next = rest.AsSpan(1).IndexOfAny('.', '[');
        return next < 0 ? rest.Length : next + 1;
    }

    private TemplateValue Argument(string name)
    {
        if (name.Length == 0)
        {
            return _arguments[_next++];
        }
        if (TryIndex(name, out int index))
        {
            return _arguments[index + 1];
        }
        var named = Array.Find(_arguments.Named, n => n.Key == name);
        return named.Key is null ? throw _arguments.Fault($"needs '{name}'.") : named.Value;
    }

    private static bool TryIndex(string name, out int index) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out index)
        && index < int.MaxValue - 1;

    // [[fill]align][sign][#][0][width][grouping][.precision][type]
    private FormatSpec Read(string text, TemplateValue value)
    {
        var spec = new FormatSpec();
        int at = 0;
        char Peek(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\0';
        if (Peek(1) is '<' or '>' or '^' or '=')
        {
            spec = spec with { Fill = text[0], Align = text[1] };
            at = 2;
        }
        else if (Peek() is '<' or '>' or '^' or '=')
        {
            spec = spec with { Align = text[at++] };
        }
        if (Peek() is '+' or '-' or ' ')
        {
            spec = spec with { Sign = text[at++] };
        }
        if (Peek() == '#')
        {
            spec = spec with { IsAlternate = true };
            at++;
        }
        if (Peek() == '0')
        {
            spec = spec.Align == '\0' ? spec with { Fill = '0', Align = '=' } : spec;
            at++;
        }
        spec = spec with { Width = Number(text, ref at) ?? 0 };
        if (Peek() is ',' or '_')
        {
            spec = spec with { Grouping = text[at++] };
        }
        if (Peek() == '.')
        {
            at++;
            spec = spec with { Precision = Number(text, ref at) ?? throw Unknown(text) };
        }
        if (at < text.Length)
        {
            spec = spec with { Type = text[at++] };
        }
        return at == text.Length && Fits(spec, value) ? spec : throw Unknown(text);
    }

    private static bool Fits(FormatSpec spec, TemplateValue value) =>
        value.IsNumber
            ? (value.IsInteger ? "\0dxXobcneEfFgG%" : "\0eEfFgG%").Contains(
                spec.Type,
                StringComparison.Ordinal
            )
            : spec.Type is '\0' or 's' && spec.Align != '=' && value.IsText;

    private TemplateException Unknown(string spec) =>
        _arguments.Fault($"cannot write the value by ':{spec}'.");

    private int? Number(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
        return at == start ? null
            : int.TryParse(text.AsSpan(start, at - start), out int number) ? number
            : throw Unknown(text);
    }
}
