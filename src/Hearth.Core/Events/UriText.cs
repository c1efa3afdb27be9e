using System.Buffers;

namespace Hearth.Core.Events;

/// <summary>Whether a text is a URI, by the letter of RFC 3986: the framework's own parser takes
/// blanks and umlauts and repairs them.</summary>
internal static class UriText
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
    );

    /// <summary>A URI or a relative reference; not empty.</summary>
    public static bool IsReference(string text)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAnyExcept(Allowed))
        {
            return false;
        }

        var fragment = text.IndexOf('#', StringComparison.Ordinal);
        return HasWholeEscapes(text)
            && text.LastIndexOf('#') == fragment
            && (SchemeLength(text) > 0 || !HasColonInFirstSegment(text));
    }

    /// <summary>A URI with a scheme.</summary>
    public static bool IsAbsolute(string text) => IsReference(text) && SchemeLength(text) > 0;

    private static bool HasWholeEscapes(string text)
    {
        var at = text.IndexOf('%', StringComparison.Ordinal);
        while (at >= 0)
        {
            if (
                at + 2 >= text.Length
                || !char.IsAsciiHexDigit(text[at + 1])
                || !char.IsAsciiHexDigit(text[at + 2])
            )
            {
                return false;
            }

            at = text.IndexOf('%', at + 1);
        }

        return true;
    }

    /// <summary>A relative path must not look as if it had a scheme (section 4.2).</summary>
    private static bool HasColonInFirstSegment(string text)
    {
        var end = text.AsSpan().IndexOfAny('/', '?', '#');
        return text.AsSpan(0, end < 0 ? text.Length : end).Contains(':');
    }

    private static int SchemeLength(string text)
    {
        if (!char.IsAsciiLetter(text[0]))
        {
            return 0;
        }

        var length = 1;
        while (
            length < text.Length
            && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '+' or '-' or '.')
        )
        {
            length++;
        }

        return length < text.Length && text[length] == ':' ? length : 0;
    }
}
