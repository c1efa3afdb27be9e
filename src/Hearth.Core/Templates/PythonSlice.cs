namespace Hearth.Core.Templates;

/// <summary>
/// Indexes and slices as Python counts: from the end when negative, and texts in code points.
/// </summary>
internal static class PythonSlice
{
    public static bool TryIndex(int length, long index, out int at)
    {
        long found = index < 0 ? index + length : index;
        at = (int)Math.Clamp(found, 0, int.MaxValue);
        return found >= 0 && found < length;
    }

    public static int Length(string text)
    {
        int length = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                length--;
                i++;
            }
        }
        return length;
    }

    public static TemplateValue Character(string text, long index)
    {
        string[] characters = Characters(text);
        return TryIndex(characters.Length, index, out int at)
            ? TemplateValue.From(characters[at])
            : TemplateValue.Undefined($"The text has no character {index}.");
    }

    /// <summary>
    /// The first <paramref name="count"/> characters; all but so many if negative.
    /// </summary>
    public static string Head(string text, int count) =>
        Of(TemplateValue.From(text), null, count, null).AsText;

    public static string[] Characters(string text)
    {
        var characters = new List<string>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            characters.Add(isPair ? text.Substring(i, 2) : text[i].ToString());
            i += isPair ? 1 : 0;
        }
        return [.. characters];
    }

    public static TemplateValue Of(TemplateValue value, int? start, int? stop, int? step)
    {
        switch (value.Kind)
        {
            case TemplateKind.Text:
                var slice = Of(Characters(value.AsText), start, stop, step);
                return TemplateValue.From(string.Concat(slice));
            case TemplateKind.List:
                return TemplateValue.List(Of(value.AsItems, start, stop, step));
            case TemplateKind.Tuple:
                return TemplateValue.Tuple(Of(value.AsItems, start, stop, step));
            case TemplateKind.Undefined:
                throw new TemplateException(value.WhyUndefined);
            default:
                return TemplateValue.Undefined($"A {PythonText.TypeName(value)} has no slices.");
        }
    }

    private static T[] Of<T>(T[] items, int? start, int? stop, int? step)
    {
        int by = step ?? 1;
        if (by == 0)
        {
            throw new TemplateException("The step of a slice cannot be 0.");
        }
        int lowest = by > 0 ? 0 : -1;
        int highest = by > 0 ? items.Length : items.Length - 1;
        long from = Bound(start, items.Length, lowest, highest) ?? (by > 0 ? lowest : highest);
        long to = Bound(stop, items.Length, lowest, highest) ?? (by > 0 ? highest : lowest);
        var slice = new List<T>();
        for (long i = from; by > 0 ? i < to : i > to; i += by)
        {
            slice.Add(items[(int)i]);
        }
        return [.. slice];
    }

    private static long? Bound(int? bound, int length, int lowest, int highest) =>
        bound is int given
            ? Math.Clamp(given < 0 ? (long)given + length : given, lowest, highest)
            : null;
}
