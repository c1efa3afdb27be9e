using System.Text;

namespace Hearth.Core.Templates;

/// <summary>One evaluation: what it can see, what it has used, what it has printed.</summary>
internal sealed class Frame(TemplateContext context)
{
    private readonly List<(string Name, TemplateValue Value)> _variables = [];
    private StringBuilder _output = new();
    private int _scopeStart;
    private int _steps;

    public TemplateContext Context => context;

    /// <summary>Where in the source the evaluation is, for a message.</summary>
    public int At { get; set; }

    public string Output => _output.ToString();

    public void Charge(int steps)
    {
        _steps += steps;
        if (_steps > TemplateBudget.StepsMax)
        {
            throw new TemplateException(
                $"The template takes more than {TemplateBudget.StepsMax} steps."
            );
        }
    }

    /// <summary>Pays for a text or list before it is built, so that it cannot be a bomb.</summary>
    public void ChargeText(long characters) => ChargeItems(characters >> 4);

    public void ChargeItems(long items) => Charge((int)Math.Clamp(items, 0, 1 << 20));

    public void Write(string text)
    {
        if (_output.Length + text.Length > TemplateBudget.OutputMax)
        {
            throw new TemplateException(
                $"The template prints more than {TemplateBudget.OutputMax} characters."
            );
        }
        _output.Append(text);
    }

    /// <summary>Runs a part whose output becomes a value instead of being printed.</summary>
    public string Capture(Action run)
    {
        var outer = _output;
        _output = new StringBuilder();
        run();
        string captured = _output.ToString();
        _output = outer;
        return captured;
    }

    public bool TryGet(string name, out TemplateValue value)
    {
        for (int i = _variables.Count - 1; i >= 0; i--)
        {
            if (_variables[i].Name == name)
            {
                value = _variables[i].Value;
                return true;
            }
        }
        if (context.Variables is { } given && given.TryGet(name, out value))
        {
            return true;
        }
        if (context.TryGetPayload(name, out value))
        {
            return true;
        }
        if (name == "states")
        {
            value = TemplateValue.From(new StatesView(context.Home));
            return true;
        }
        return Functions.TryGet(name, out value);
    }

    public void Set(string name, TemplateValue value)
    {
        for (int i = _variables.Count - 1; i >= _scopeStart; i--)
        {
            if (_variables[i].Name == name)
            {
                _variables[i] = (name, value);
                return;
            }
        }
        _variables.Add((name, value));
    }

    /// <summary>Opens a scope; what is set inside is gone when it is closed.</summary>
    public (int Start, int Count) Enter()
    {
        var scope = (_scopeStart, _variables.Count);
        _scopeStart = _variables.Count;
        return scope;
    }

    public void Leave((int Start, int Count) scope)
    {
        _variables.RemoveRange(scope.Count, _variables.Count - scope.Count);
        _scopeStart = scope.Start;
    }
}
