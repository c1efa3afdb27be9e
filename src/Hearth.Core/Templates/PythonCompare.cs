namespace Hearth.Core.Templates;

/// <summary>How Python compares values: what is equal, what comes first, what is in what.</summary>
internal static class PythonCompare
{
    public static bool AreEqual(TemplateValue left, TemplateValue right)
    {
        if (left.IsNumber && right.IsNumber)
        {
            return NumbersAreEqual(left, right);
        }
        if (left.Kind != right.Kind)
        {
            return false;
        }
        return left.Kind switch
        {
            TemplateKind.Undefined or TemplateKind.None => true,
            TemplateKind.Text => left.AsText == right.AsText,
            TemplateKind.List or TemplateKind.Tuple => left.Form == right.Form
                && ItemsAreEqual(left.AsItems, right.AsItems),
            TemplateKind.Dict => DictsAreEqual(left.AsDict, right.AsDict),
            TemplateKind.Set => SetsAreEqual(left.AsDict, right.AsDict),
            TemplateKind.Time => left.AsMoment.IsSame(right.AsMoment),
            TemplateKind.Date => left.AsDate == right.AsDate,
            TemplateKind.Clock => left.AsClock == right.AsClock,
            TemplateKind.Duration => left.AsDuration == right.AsDuration,
            TemplateKind.State => left.AsState.EntityId == right.AsState.EntityId
                && left.AsState.State == right.AsState.State,
            _ => left.IsSameObject(right),
        };
    }

    /// <summary>Negative, zero or positive; values of different kinds have no order.</summary>
    public static int Order(TemplateValue left, TemplateValue right)
    {
        if (left.IsNumber && right.IsNumber)
        {
            return left.IsInteger && right.IsInteger
                ? left.AsBigInt.CompareTo(right.AsBigInt)
                : left.AsFloat.CompareTo(right.AsFloat);
        }
        if (left.Kind == right.Kind && left.Form == ListForm.List && right.Form == ListForm.List)
        {
            switch (left.Kind)
            {
                case TemplateKind.Text:
                    return CompareText(left.AsText, right.AsText);
                case TemplateKind.Time:
                    return left.AsMoment.Order(right.AsMoment);
                case TemplateKind.Date:
                    return left.AsDate.CompareTo(right.AsDate);
                case TemplateKind.Clock:
                    return left.AsClock.CompareTo(right.AsClock);
                case TemplateKind.Duration:
                    return left.AsDuration.CompareTo(right.AsDuration);
                case TemplateKind.List or TemplateKind.Tuple:
                    return OrderItems(left.AsItems, right.AsItems);
            }
        }
        string leftName = PythonText.TypeName(left);
        string rightName = PythonText.TypeName(right);
        throw new TemplateException(
            left.IsUndefined ? left.WhyUndefined
            : right.IsUndefined ? right.WhyUndefined
            : $"A {leftName} and a {rightName} have no order."
        );
    }

    public static bool Contains(TemplateValue container, TemplateValue item)
    {
        switch (container.Kind)
        {
            case TemplateKind.Undefined:
                return false;
            case TemplateKind.Text when item.IsText:
                return container.AsText.Contains(item.AsText, StringComparison.Ordinal);
            case TemplateKind.Dict or TemplateKind.Set:
                return container.AsDict.TryGet(Members.AsKey(item), out _);
            case TemplateKind.List or TemplateKind.Tuple:
                return Array.Exists(container.AsItems, member => member.Equals(item));
            default:
                throw new TemplateException(
                    $"A {PythonText.TypeName(item)} cannot be looked for in a "
                        + $"{PythonText.TypeName(container)}."
                );
        }
    }

    private static bool NumbersAreEqual(TemplateValue left, TemplateValue right)
    {
        if (left.IsInteger && right.IsInteger)
        {
            return left.Kind != TemplateKind.Huge && right.Kind != TemplateKind.Huge
                ? left.AsInt == right.AsInt
                : left.AsBigInt == right.AsBigInt;
        }
        return left.AsFloat == right.AsFloat;
    }

    private static bool ItemsAreEqual(TemplateValue[] left, TemplateValue[] right) =>
        left.AsSpan().SequenceEqual(right);

    private static bool SetsAreEqual(TemplateDict left, TemplateDict right) =>
        left.Count == right.Count && left.All(entry => right.TryGet(entry.Key, out _));

    private static bool DictsAreEqual(TemplateDict left, TemplateDict right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }
        foreach (var (key, value) in left)
        {
            if (!right.TryGet(key, out var other) || !value.Equals(other))
            {
                return false;
            }
        }
        return true;
    }

    private static int OrderItems(TemplateValue[] left, TemplateValue[] right)
    {
        for (int i = 0; i < left.Length && i < right.Length; i++)
        {
            if (!left[i].Equals(right[i]))
            {
                return Order(left[i], right[i]);
            }
        }
        return left.Length.CompareTo(right.Length);
    }

    // Python orders by code point, .NET by UTF-16 unit; they differ only where surrogates meet
    // the characters from U+E000 on.
    private static int CompareText(string left, string right)
    {
        int length = Math.Min(left.Length, right.Length);
        for (int i = 0; i < length; i++)
        {
            char a = left[i];
            char b = right[i];
            if (a != b)
            {
                return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b)
                    : char.IsSurrogate(a) ? 1
                    : -1;
            }
        }
        return left.Length.CompareTo(right.Length);
    }
}
