namespace Hearth.Core.Templates;

/// <summary>What Python's <c>timedelta</c> can be divided by.</summary>
internal static class Durations
{
    public static TemplateValue Divide(string op, TemplateValue left, TemplateValue right)
    {
        double ticks = left.AsDuration.Ticks;
        if (right.Kind == TemplateKind.Duration)
        {
            double by = right.AsDuration.Ticks;
            if (by == 0)
            {
                throw new TemplateException("Division by zero.");
            }
            return op switch
            {
                "/" => TemplateValue.From(ticks / by),
                "//" => TemplateValue.From((long)Math.Floor(ticks / by)),
                _ => PythonTime.Duration(ticks - (Math.Floor(ticks / by) * by)),
            };
        }
        bool isPossible = right.IsNumber && (op == "/" || (op == "//" && right.IsInteger));
        if (!isPossible)
        {
            throw new TemplateException(
                $"'{op}' does not work on a timedelta and a {PythonText.TypeName(right)}."
            );
        }
        if (right.AsFloat == 0)
        {
            throw new TemplateException("Division by zero.");
        }
        double microseconds = ticks / 10 / right.AsFloat;
        return PythonTime.Duration(
            10
                * (
                    op == "/"
                        ? Math.Round(microseconds, MidpointRounding.ToEven)
                        : Math.Floor(microseconds)
                )
        );
    }
}
