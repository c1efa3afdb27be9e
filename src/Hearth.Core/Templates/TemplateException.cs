namespace Hearth.Core.Templates;

/// <summary>
/// A template that cannot be read, or whose evaluation failed or went over its budget. The message
/// is one plain sentence; line and column count from 1 and are 0 where no place is known.
/// </summary>
public sealed class TemplateException : Exception
{
    public TemplateException() { }

    public TemplateException(string message)
        : base(message) { }

    public TemplateException(string message, Exception innerException)
        : base(message, innerException) { }

    public TemplateException(string message, int line, int column)
        : base(message)
    {
        Line = line;
        Column = column;
    }

    public int Line { get; }

    public int Column { get; }
}
