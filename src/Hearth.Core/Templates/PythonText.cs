using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>
/// How Python prints values: <c>True</c>, <c>None</c>, <c>['a', 1.5]</c>, <c>1e-05</c>.
/// </summary>
internal static class PythonText
{
    /// <summary>
    /// Python's <c>str()</c>; an undefined value prints nothing, as Jinja has it.
    /// </summary>
    public static string Str(TemplateValue value) =>
        value.Kind switch
        {
            TemplateKind.Text => value.AsText,
            TemplateKind.Undefined => "",
            TemplateKind.None => "None",
            TemplateKind.Bool => value.AsBool ? "True" : "False",
            TemplateKind.Whole => value.AsInt.ToString(CultureInfo.InvariantCulture),
            TemplateKind.Real => Float(value.AsFloat),
            TemplateKind.Time => PythonTime.Str(value.AsMoment),
            TemplateKind.Date => PythonTime.Str(value.AsDate),
            TemplateKind.Clock => PythonTime.Str(value.AsClock),
            TemplateKind.Duration => PythonTime.Str(value.AsDuration),
            _ => Built(value),
        };

    /// <summary>
    /// Appends Python's <c>repr()</c>, which is how members of a list are printed.
    /// </summary>
    public static void AppendRepr(StringBuilder output, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.Undefined:
                output.Append("Undefined");
                break;
            case TemplateKind.Text:
                AppendQuoted(output, value.AsText);
                break;
            case TemplateKind.Huge:
                output.Append(value.AsBigInt.ToString(CultureInfo.InvariantCulture));
                break;
            case TemplateKind.List:
                AppendList(output, value);
                break;
            case TemplateKind.Set:
                AppendSet(output, value.AsDict);
                break;
            case TemplateKind.Tuple:
                AppendItems(output, value.AsItems, '(', ')');
                break;
            case TemplateKind.Dict:
                AppendDict(output, value.AsDict);
                break;
            case TemplateKind.Time
            or TemplateKind.Date
            or TemplateKind.Clock
            or TemplateKind.Duration:
                output.Append(PythonTime.Repr(value));
                break;
            case TemplateKind.Namespace:
                // One may hold itself, so that its content is not walked over.
                output.Append("<Namespace>");
                break;
            case TemplateKind.Object:
                output.Append(value.AsObject);
                break;
            case TemplateKind.State:
                AppendState(output, value.AsState);
                break;
            case TemplateKind.States:
                output.Append(value.AsStates);
                break;
            case TemplateKind.Function:
                output.Append(value.AsFunction);
                break;
            default:
                output.Append(Str(value));
                break;
        }
    }

    public static string Repr(TemplateValue value)
    {
        var output = new StringBuilder();
        AppendRepr(output, value);
        return output.ToString();
    }

    /// <summary>
    /// A float as Python's <c>repr()</c> writes it: the shortest text that reads back as the same
    /// number, with an exponent below 1e-4 and from 1e16 on.
    /// </summary>
    public static string Float(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan"
                : value > 0 ? "inf"
                : "-inf";
        }
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        double size = Math.Abs(value);
        if (exponentAt < 0 && (size is >= 1e-4 and < 1e16 || size == 0))
        {
            return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
        }
        return Rearranged(shortest, exponentAt, size);
    }

    /// <summary>The name Python gives the type, for messages.</summary>
    public static string TypeName(TemplateValue value) =>
        value.Kind switch
        {
            TemplateKind.Undefined => "undefined value",
            TemplateKind.None => "None",
            TemplateKind.Bool => "bool",
            TemplateKind.Whole or TemplateKind.Huge => "int",
            TemplateKind.Real => "float",
            TemplateKind.Text => "str",
            TemplateKind.List => value.Form switch
            {
                ListForm.Range => "range",
                ListForm.Generator => "generator",
                ListForm.Keys => "dict_keys",
                ListForm.Values => "dict_values",
                ListForm.Items => "dict_items",
                _ => "list",
            },
            TemplateKind.Set => "set",
            TemplateKind.Date => "date",
            TemplateKind.Clock => "time",
            TemplateKind.Object => value.AsObject.TypeName,
            TemplateKind.Tuple => "tuple",
            TemplateKind.Dict => "dict",
            TemplateKind.Time => "datetime",
            TemplateKind.Duration => "timedelta",
            TemplateKind.Namespace => "namespace",
            TemplateKind.State => "state",
            TemplateKind.States => "set of states",
            _ => "function",
        };

    private static string Built(TemplateValue value)
    {
        var output = new StringBuilder();
        AppendRepr(output, value);
        return output.ToString();
    }

    private static string Rearranged(string shortest, int exponentAt, double size)
    {
        // .NET goes over to exponents elsewhere than Python (at 1e15), so the digits are kept and
        // the point is placed anew.
        string mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        int exponent =
            exponentAt < 0
                ? 0
                : int.Parse(
                    shortest.AsSpan(exponentAt + 1),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture
                );
        string sign = mantissa.StartsWith('-') ? "-" : "";
        string plain = mantissa[sign.Length..];
        int point = plain.IndexOf('.', StringComparison.Ordinal);
        string digits = plain.Replace(".", "", StringComparison.Ordinal);
        int pointAfter = (point < 0 ? plain.Length : point) + exponent;
        int leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leading..].TrimEnd('0');
        pointAfter -= leading;
        if (size is >= 1e-4 and < 1e16)
        {
            return digits.Length > pointAfter
                ? sign + digits[..pointAfter] + "." + digits[pointAfter..]
                : sign + digits.PadRight(pointAfter, '0') + ".0";
        }
        int scientific = pointAfter - 1;
        string fraction = digits.Length > 1 ? "." + digits[1..] : "";
        string power = Math.Abs(scientific).ToString("00", CultureInfo.InvariantCulture);
        return $"{sign}{digits[0]}{fraction}e{(scientific < 0 ? '-' : '+')}{power}";
    }

    private static void AppendList(StringBuilder output, TemplateValue value)
    {
        switch (value.Form)
        {
            case ListForm.Range:
                AppendRange(output, value.AsItems);
                break;
            case ListForm.Generator:
                output.Append("<generator object>");
                break;
            case ListForm.List:
                AppendItems(output, value.AsItems, '[', ']');
                break;
            default:
                output.Append(TypeName(value)).Append('(');
                AppendItems(output, value.AsItems, '[', ']');
                output.Append(')');
                break;
        }
    }

    private static void AppendRange(StringBuilder output, TemplateValue[] items)
    {
        long first = items.Length > 0 ? items[0].AsInt : 0;
        long step = items.Length > 1 ? items[1].AsInt - first : 1;
        long end = items.Length > 0 ? items[^1].AsInt + step : 0;
        output.Append(CultureInfo.InvariantCulture, $"range({first}, {end}");
        if (step != 1)
        {
            output.Append(CultureInfo.InvariantCulture, $", {step}");
        }
        output.Append(')');
    }

    private static void AppendSet(StringBuilder output, TemplateDict keys)
    {
        if (keys.Count == 0)
        {
            output.Append("set()");
            return;
        }
        AppendItems(output, keys.Keys(), '{', '}');
    }

    private static void AppendItems(
        StringBuilder output,
        TemplateValue[] items,
        char open,
        char close
    )
    {
        output.Append(open);
        for (int i = 0; i < items.Length; i++)
        {
            Separate(output, i);
            AppendRepr(output, items[i]);
        }
        if (open == '(' && items.Length == 1)
        {
            output.Append(',');
        }
        output.Append(close);
    }

    private static void AppendState(StringBuilder output, StateView state)
    {
        // Without the attributes, which may be large while a list of states counts each as one.
        output.Append("<template TemplateState(<state ");
        output.Append(state.EntityId).Append('=').Append(state.State);
        output.Append(" @ ").Append(PythonTime.Iso(new Moment(state.LastChanged))).Append(">)>");
    }

    private static void AppendDict(StringBuilder output, TemplateDict dict)
    {
        output.Append('{');
        for (int i = 0; i < dict.Count; i++)
        {
            Separate(output, i);
            AppendRepr(output, dict.KeyAt(i));
            output.Append(": ");
            AppendRepr(output, dict.ValueAt(i));
        }
        output.Append('}');
    }

    // What a step pays for may print as more than the sixteen characters it stands for.
    private static void Separate(StringBuilder output, int index)
    {
        if (output.Length > TemplateBudget.StepsMax * 16)
        {
            throw new TemplateException("A value of the template is too large to be printed.");
        }
        if (index > 0)
        {
            output.Append(", ");
        }
    }

    private static void AppendQuoted(StringBuilder output, string text)
    {
        char quote =
            text.Contains('\'', StringComparison.Ordinal)
            && !text.Contains('"', StringComparison.Ordinal)
                ? '"'
                : '\'';
        output.Append(quote);
        foreach (char c in text)
        {
            switch (c)
            {
                case '\\':
                    output.Append(@"\\");
                    break;
                case '\n':
                    output.Append(@"\n");
                    break;
                case '\r':
                    output.Append(@"\r");
                    break;
                case '\t':
                    output.Append(@"\t");
                    break;
                case var _ when c == quote:
                    output.Append('\\').Append(c);
                    break;
                case < ' ' or (>= '\u007f' and <= '\u00a0') or '\u00ad':
                    output.Append(CultureInfo.InvariantCulture, $@"\x{(int)c:x2}");
                    break;
                default:
                    output.Append(c);
                    break;
            }
        }
        output.Append(quote);
    }
}
