using System.Text;

namespace Hearth.Core.Templates;

/// <summary>One evaluation: what it can see, what it has used, what it has printed.</summary>
internal sealed class Frame(TemplateContext context)
{
    // What macros and recursive loops nest inside of each other, in levels of their sources: this
    // many fit on the stack of any thread.
    private const int LevelsMax = 512;

    private StringBuilder? _output;
    private int _outputBefore;
    private int _steps;
    private int _calls;
    private int _levels;

    public TemplateContext Context => context;

    public Scope Scope { get; set; } = new(null);

    /// <summary>Where in the source the evaluation is, for a message.</summary>
    public int At { get; set; }

    public string Output => _output?.ToString() ?? "";

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

    /// <summary>Goes into a macro or one level of a recursive loop, which nests so deep itself.
    /// </summary>
    public void Descend(int levels)
    {
        _calls++;
        _levels += levels;
        if (_calls > TemplateBudget.DepthMax || _levels > LevelsMax)
        {
            throw new TemplateException(
                $"Macros and loops call each other more than {TemplateBudget.DepthMax} levels deep."
            );
        }
    }

    public void Ascend(int levels)
    {
        _calls--;
        _levels -= levels;
    }

    public void Write(string text)
    {
        if (_outputBefore + (_output?.Length ?? 0) + text.Length > TemplateBudget.OutputMax)
        {
            throw new TemplateException(
                $"The template prints more than {TemplateBudget.OutputMax} characters."
            );
        }
        (_output ??= new StringBuilder()).Append(text);
    }

    /// <summary>Runs a part whose output becomes a value instead of being printed.</summary>
    public string Capture(Block block)
    {
        var outer = _output;
        int before = _outputBefore;
        _outputBefore += outer?.Length ?? 0;
        _output = null;
        block.Run(this);
        string captured = Output;
        _output = outer;
        _outputBefore = before;
        return captured;
    }

    public bool TryGet(string name, out TemplateValue value)
    {
        if (Scope.TryGet(name, out value))
        {
            return true;
        }
        if (context.Variables is { } given && given.TryGet(name, out value))
        {
            return true;
        }
        return context.TryGetPayload(name, out value) || TryGetGlobal(name, out value);
    }

    public void Set(string name, TemplateValue value) => Scope.Set(name, value);

    /// <summary>Opens a scope; what is set inside is gone when it is closed.</summary>
    public void Enter() => Scope = new Scope(Scope);

    public void Leave() => Scope = Scope.Outer!;

    private bool TryGetGlobal(string name, out TemplateValue value)
    {
        if (name == "states")
        {
            value = context.States;
            return true;
        }
        return Functions.TryGet(name, out value);
    }
}
