namespace Hearth.Core.Why;

/// <summary>
/// Text from outside as it may stand in a sentence. Devices and programs say anything: on a
/// terminal an escape sequence would act, and a line break would tear what is drawn around it.
/// </summary>
internal static class PlainText
{
    private const char Instead = '·';

    /// <summary>Every character visible, and so many of them as before; what is empty is shown as
    /// two quotation marks.</summary>
    public static string Shown(string text) => text.Length == 0 ? "\"\"" : Visible(text);

    /// <summary>Every character visible, and so many of them as before.</summary>
    public static string Visible(string text) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? string.Create(
                text.Length,
                text,
                static (shown, text) =>
                {
                    for (var index = 0; index < shown.Length; index++)
                    {
                        shown[index] = IsVisible(text, index) ? text[index] : Instead;
                    }
                }
            )
            : text;

    /// <summary>The beginning of a longer text, never half a character.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text
        : char.IsSurrogatePair(text[most - 1], text[most]) ? text[..(most - 1)] + "…"
        : text[..most] + "…";

    private static bool IsVisible(string text, int index) =>
        text[index] switch
        {
            // Lines and paragraphs end with these, too.
            '\u2028' or '\u2029' => false,
            // What turns the direction of writing makes other words of those that follow.
            >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' => false,
            // Half a pair is no character.
            >= '\uD800' and <= '\uDBFF' => index + 1 < text.Length
                && char.IsLowSurrogate(text[index + 1]),
            >= '\uDC00' and <= '\uDFFF' => index > 0 && char.IsHighSurrogate(text[index - 1]),
            var other => !char.IsControl(other),
        };
}
