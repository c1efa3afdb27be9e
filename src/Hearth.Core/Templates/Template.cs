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

    private Template(string source, Block block)
    {
        Source = source;
        _block = block;
        _only = block.Statements is [Print print] ? print.Expression : null;
        _path = _only is null ? null : JsonPath.From(_only);
    }

    public string Source { get; }

    /// <summary>Reads a template. Throws a TemplateException that names line and column.</summary>
    public static Template Parse(string source)
    {
        if (source.Length > TemplateBudget.SourceMax)
        {
            throw new TemplateException(
                $"The template is longer than {TemplateBudget.SourceMax} characters."
            );
        }
        return new Template(source, Parser.Parse(source));
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
    /// The value of a template that is one expression, with its type; the printed text of any
    /// other template.
    /// </summary>
    public TemplateValue Evaluate(TemplateContext context) =>
        _only is null
            ? TemplateValue.From(Render(context))
            : Guarded(new Frame(context), _only.Evaluate);

    private T Guarded<T>(Frame frame, Func<Frame, T> evaluate)
    {
        try
        {
            return evaluate(frame);
        }
        catch (TemplateException e) when (e.Line == 0)
        {
            var located = Lexer.Fault(Source, frame.At, e.Message);
            throw new TemplateException(e.Message, located.Line, located.Column);
        }
    }
}
