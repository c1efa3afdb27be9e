using System.Text;

namespace Hearth.Core.Templates;

/// <summary>
/// What <c>+ - * / // % **</c>, the comparisons and <c>in</c> do with Python's values.
/// </summary>
internal static class Operators
{
    public static TemplateValue Apply(
        Frame frame,
        string op,
        TemplateValue left,
        TemplateValue right
    )
    {
        frame.Charge(1);
        if (left.IsNumber && right.IsNumber)
        {
            return Arithmetic(op, left, right);
        }
        frame.Charge(left.Weight + right.Weight);
        if (left.Form != ListForm.List || right.Form != ListForm.List && op != "%")
        {
            throw Unfit(op, left, right);
        }
        return op switch
        {
            "+" => Plus(left, right),
            "-" => Minus(left, right),
            "*" => Times(frame, left, right),
            "%" when left.IsText => TemplateValue.From(PrintfFormat.Of(frame, left.AsText, right)),
            "/" or "//" or "%" when left.Kind == TemplateKind.Duration => Durations.Divide(
                op,
                left,
                right
            ),
            _ => throw Unfit(op, left, right),
        };
    }

    public static bool Holds(string op, TemplateValue left, TemplateValue right) =>
        op switch
        {
            "==" => left.Equals(right),
            "!=" => !left.Equals(right),
            "in" => PythonCompare.Contains(right, left),
            "not in" => !PythonCompare.Contains(right, left),
            _ when IsNaN(left) || IsNaN(right) => false,
            "<" => PythonCompare.Order(left, right) < 0,
            "<=" => PythonCompare.Order(left, right) <= 0,
            ">" => PythonCompare.Order(left, right) > 0,
            _ => PythonCompare.Order(left, right) >= 0,
        };

    public static TemplateValue Sign(TemplateValue value, bool isNegative)
    {
        if (value.Kind == TemplateKind.Duration)
        {
            return isNegative ? TemplateValue.From(-value.AsDuration) : value;
        }
        if (!value.IsNumber)
        {
            throw value.IsUndefined
                ? new TemplateException(value.WhyUndefined)
                : new TemplateException($"A {PythonText.TypeName(value)} has no sign.");
        }
        return isNegative ? PythonNumber.Negate(value)
            : value.Kind == TemplateKind.Bool ? TemplateValue.From(value.AsInt)
            : value;
    }

    public static TemplateValue Times(Frame frame, TemplateValue left, TemplateValue right)
    {
        if (left.IsInteger && !right.IsNumber)
        {
            (left, right) = (right, left);
        }
        if (left.Kind == TemplateKind.Duration && right.IsNumber)
        {
            return PythonTime.Duration(left.AsDuration.Ticks * right.AsFloat);
        }
        if (!right.IsInteger || right.Kind == TemplateKind.Huge)
        {
            throw Unfit("*", left, right);
        }
        long count = Math.Clamp(right.AsInt, 0, int.MaxValue);
        if (left.IsText)
        {
            frame.ChargeText(left.AsText.Length * count);
            return TemplateValue.From(
                new StringBuilder().Insert(0, left.AsText, (int)count).ToString()
            );
        }
        if (!left.IsSequence)
        {
            throw Unfit("*", left, right);
        }
        frame.ChargeItems(left.AsItems.Length * count);
        var items = Enumerable.Repeat(left.AsItems, (int)count).SelectMany(part => part);
        return left.Kind == TemplateKind.List
            ? TemplateValue.List([.. items])
            : TemplateValue.Tuple([.. items]);
    }

    private static TemplateValue Arithmetic(string op, TemplateValue left, TemplateValue right) =>
        op switch
        {
            "+" => PythonNumber.Add(left, right),
            "-" => PythonNumber.Subtract(left, right),
            "*" => PythonNumber.Multiply(left, right),
            "/" => PythonNumber.Divide(left, right),
            "//" => PythonNumber.FloorDivide(left, right),
            "%" => PythonNumber.Modulo(left, right),
            _ => PythonNumber.Power(left, right),
        };

    private static TemplateValue Plus(TemplateValue left, TemplateValue right) =>
        (left.Kind, right.Kind) switch
        {
            (TemplateKind.Text, TemplateKind.Text) => TemplateValue.From(
                left.AsText + right.AsText
            ),
            (TemplateKind.List, TemplateKind.List) => TemplateValue.List([
                .. left.AsItems,
                .. right.AsItems,
            ]),
            (TemplateKind.Tuple, TemplateKind.Tuple) => TemplateValue.Tuple([
                .. left.AsItems,
                .. right.AsItems,
            ]),
            (TemplateKind.Time, TemplateKind.Duration) => Moved(left, right.AsDuration),
            (TemplateKind.Duration, TemplateKind.Time) => Moved(right, left.AsDuration),
            (TemplateKind.Date, TemplateKind.Duration) => Moved(left.AsDate, right.AsDuration),
            (TemplateKind.Duration, TemplateKind.Date) => Moved(right.AsDate, left.AsDuration),
            (TemplateKind.Duration, TemplateKind.Duration) => PythonTime.Duration(
                (double)left.AsDuration.Ticks + right.AsDuration.Ticks
            ),
            _ => throw Unfit("+", left, right),
        };

    private static TemplateValue Minus(TemplateValue left, TemplateValue right) =>
        (left.Kind, right.Kind) switch
        {
            (TemplateKind.Time, TemplateKind.Time) => PythonTime.Duration(
                left.AsMoment.Minus(right.AsMoment).Ticks
            ),
            (TemplateKind.Date, TemplateKind.Date) => PythonTime.Duration(
                (left.AsDate.DayNumber - right.AsDate.DayNumber) * (double)TimeSpan.TicksPerDay
            ),
            (TemplateKind.Time, TemplateKind.Duration) => Moved(left, -right.AsDuration),
            (TemplateKind.Date, TemplateKind.Duration) => Moved(left.AsDate, -right.AsDuration),
            (TemplateKind.Set, TemplateKind.Set) => Sets.Difference(left, right),
            (TemplateKind.Duration, TemplateKind.Duration) => PythonTime.Duration(
                (double)left.AsDuration.Ticks - right.AsDuration.Ticks
            ),
            _ => throw Unfit("-", left, right),
        };

    private static TemplateValue Moved(TemplateValue time, TimeSpan by) =>
        TemplateValue.From(time.AsMoment.Plus(by.Ticks));

    private static TemplateValue Moved(DateOnly day, TimeSpan by)
    {
        double moved = day.DayNumber + Math.Floor(by.TotalDays);
        return moved >= 0 && moved <= DateOnly.MaxValue.DayNumber
            ? TemplateValue.From(DateOnly.FromDayNumber((int)moved))
            : throw new TemplateException("The day is out of range.");
    }

    private static bool IsNaN(TemplateValue value) =>
        value.Kind == TemplateKind.Real && double.IsNaN(value.AsFloat);

    private static TemplateException Unfit(string op, TemplateValue left, TemplateValue right) =>
        new(
            left.IsUndefined ? left.WhyUndefined
            : right.IsUndefined ? right.WhyUndefined
            : $"'{op}' does not work on a {PythonText.TypeName(left)} and a "
                + $"{PythonText.TypeName(right)}."
        );
}
