namespace Hearth.Core.Templates;

/// <summary>
/// A Jinja2 template, read once and evaluated any number of times. Nothing of it changes after
/// parsing, so that one instance may serve any number of homes.
/// </summary>
public sealed class Template
{
    private readonly Block _block;
    private readonly Expression? _only;
    private readonly JsonPath? _path;

    private Template(string source, Block block, EntityMentions mentions)
    {
        Source = source;
        Entities = mentions.All;
        _block = block;
        _only = block.Statements is [Print print] ? print.Expression : null;
        _path = _only is null ? null : JsonPath.From(_only);
    }

    public string Source { get; }

    /// <summary>The entities whose state it asks for by name, written out in it.</summary>
    internal IReadOnlyList<string> Entities { get; }

    /// <summary>Reads a template. Throws a TemplateException that names line and column.</summary>
    public static Template Parse(string source)
    {
        if (source.Length > TemplateBudget.SourceMax)
        {
            throw new TemplateException(
                $"The template is longer than {TemplateBudget.SourceMax} characters."
            );
        }
        var (block, mentions) = Parser.Parse(source);
        return new Template(source, block, mentions);
    }

    /// <summary>The text that the template prints, exactly as Jinja2 would.</summary>
    public string Render(TemplateContext context)
    {
        if (_path is not null && _path.TryRender(context, out string? text))
        {
            return text;
        }
        var frame = new Frame(context);
        return Guarded(
            frame,
            f =>
            {
                if (_only is not null)
                {
                    var value = _only.Evaluate(f);
                    f.Charge(value.Weight);
                    f.Write(value.ToString());
                    return f.Output;
                }
                _block.Run(f);
                return f.Output;
            }
        );
    }

    /// <summary>
    /// What the template results in, with the type that Home Assistant gives it: what it prints is
    /// read back as a literal, so that <c>{{ 3 }}</c> and <c>{{ "3" }}</c> are the number 3 and
    /// <c>{{ [1] }}</c> is a list; blanks around it do not count. Everything else is text.
    /// </summary>
    public TemplateValue Evaluate(TemplateContext context)
    {
        if (_only is null)
        {
            return PythonLiteral.Read(Render(context).Trim());
        }
        return Guarded(
            new Frame(context),
            f =>
            {
                var value = _only.Evaluate(f);
                f.Charge(value.Weight);
                return value.IsLiteral && value.Kind != TemplateKind.Real
                    ? value
                    : PythonLiteral.Read(Printed(f, value).Trim());
            }
        );
    }

    /// <summary>
    /// Whether a condition holds: <c>true</c>, <c>yes</c>, <c>on</c>, <c>enable</c> (in any case)
    /// and any number but 0 do; everything else does not.
    /// </summary>
    public bool Holds(TemplateContext context) => Evaluate(context).Holds;

    private static string Printed(Frame frame, TemplateValue value)
    {
        frame.Write(value.ToString());
        return frame.Output;
    }

    private T Guarded<T>(Frame frame, Func<Frame, T> evaluate)
    {
        try
        {
            return evaluate(frame);
        }
        catch (TemplateException e) when (e.Line == 0)
        {
            var located = Lexer.Fault(Lexer.Normalized(Source), frame.At, e.Message);
            throw new TemplateException(e.Message, located.Line, located.Column);
        }
    }
}
