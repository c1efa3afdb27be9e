namespace Hearth.Core.Templates;

internal delegate TemplateValue FunctionBody(Frame frame, Arguments arguments);

/// <summary>
/// Something a template can call: a filter, a test, a function or a method. The parameters are
/// named so that a template may pass them by name; the last one may be <c>*</c>, which takes any
/// number of further values.
/// </summary>
internal sealed class TemplateFunction : Callable
{
    private readonly string[] _parameters;
    private readonly bool _isVariadic;
    private readonly FunctionBody _body;
    private readonly TemplateValue? _self;

    public TemplateFunction(string name, string parameters, FunctionBody body)
        : base(name)
    {
        _body = body;
        var names = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _isVariadic = names.Contains("*");
        _parameters = [.. names.Where(parameter => parameter != "*")];
    }

    private TemplateFunction(TemplateFunction method, TemplateValue self)
        : base(method.Name)
    {
        _body = method._body;
        _parameters = method._parameters;
        _isVariadic = method._isVariadic;
        _self = self;
    }

    /// <summary>The method of one value, as <c>x.lower</c> without the call gives it.</summary>
    public TemplateFunction Of(TemplateValue self) => new(this, self);

    public override bool TryGet(string member, out TemplateValue value) =>
        Functions.TryGet(Name + "." + member, out value);

    public override TemplateValue Call(
        Frame frame,
        TemplateValue[] positional,
        KeyValuePair<string, TemplateValue>[] named
    )
    {
        if (_self is TemplateValue self)
        {
            positional = [self, .. positional];
        }
        frame.Charge(1);
        foreach (var value in positional)
        {
            frame.Charge(value.Weight);
        }
        var result = _body(frame, Bind(positional, named));
        frame.Charge(result.Weight);
        return result;
    }

    private Arguments Bind(TemplateValue[] positional, KeyValuePair<string, TemplateValue>[] named)
    {
        if (_isVariadic)
        {
            return new Arguments(Name, [.. positional.Select(v => (TemplateValue?)v)], named);
        }
        if (positional.Length > _parameters.Length)
        {
            throw new TemplateException(
                $"'{Name}' takes at most {_parameters.Length} values, not {positional.Length}."
            );
        }
        var slots = new TemplateValue?[_parameters.Length];
        for (int i = 0; i < positional.Length; i++)
        {
            slots[i] = positional[i];
        }
        foreach (var (name, value) in named)
        {
            int at = Array.IndexOf(_parameters, name);
            if (at < 0 || slots[at] is not null)
            {
                throw new TemplateException($"'{Name}' cannot take '{name}' here.");
            }
            slots[at] = value;
        }
        return new Arguments(Name, slots, []);
    }
}

/// <summary>The values of one call, in the order of the parameters.</summary>
internal readonly struct Arguments(
    string callee,
    TemplateValue?[] slots,
    KeyValuePair<string, TemplateValue>[] named
)
{
    // Far beyond any budget, and far enough from the end of int that sums do not overflow.
    private const int IntMax = 1 << 30;

    public int Count => slots.Length;

    /// <summary>What was passed by name to a function that takes anything.</summary>
    public KeyValuePair<string, TemplateValue>[] Named => named;

    /// <summary>All values from a place on.</summary>
    public TemplateValue[] From(int first)
    {
        var rest = new TemplateValue[Math.Max(slots.Length - first, 0)];
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] = this[first + i];
        }
        return rest;
    }

    public bool Has(int index) => index < slots.Length && slots[index] is not null;

    /// <summary>The value at a place that must be filled.</summary>
    public TemplateValue this[int index] =>
        index < slots.Length && slots[index] is TemplateValue value
            ? value
            : throw new TemplateException($"'{callee}' needs {index + 1} values or more.");

    public TemplateValue Get(int index, TemplateValue fallback) =>
        index < slots.Length && slots[index] is TemplateValue value ? value : fallback;

    public bool Flag(int index, bool fallback = false) =>
        Has(index) ? this[index].IsTrue : fallback;

    public int Int(int index, int fallback)
    {
        if (!Has(index))
        {
            return fallback;
        }
        var value = this[index];
        return value.IsInteger && value.Kind != TemplateKind.Huge
            ? (int)Math.Clamp(value.AsInt, -IntMax, IntMax)
            : throw new TemplateException(
                $"'{callee}' needs an integer, not a {PythonText.TypeName(value)}."
            );
    }

    /// <summary>The value as text: a text as it is, anything else as it prints.</summary>
    public string Text(int index, string fallback = "") =>
        Has(index) ? this[index].ToString() : fallback;

    public TemplateException Fault(string message) => new($"'{callee}' {message}");
}
