using System.Buffers;
using System.Globalization;

namespace Hearth.Core.Events;

/// <summary>JSON texts as people send them, on their way into the log.</summary>
public static class JsonText
{
    private static readonly SearchValues<char> Notable = SearchValues.Create(" \t\r\n\\");

    /// <summary>
    /// A valid JSON text without the blanks between its tokens; numbers and strings keep every
    /// digit and letter. Null where a string has an unpaired surrogate, which no reader of the log
    /// could take for text.
    /// </summary>
    public static string? Compact(string json)
    {
        if (!json.AsSpan().ContainsAny(Notable))
        {
            return json;
        }

        var kept = new char[json.Length];
        var length = 0;
        var inString = false;
        for (var index = 0; index < json.Length; index++)
        {
            var sign = json[index];
            if (inString && sign == '\\')
            {
                var escape = EscapeLength(json.AsSpan(index));
                if (escape == 0)
                {
                    return null;
                }

                json.AsSpan(index, escape).CopyTo(kept.AsSpan(length));
                length += escape;
                index += escape - 1;
                continue;
            }

            if (sign == '"')
            {
                inString = !inString;
            }

            if (inString || sign is not (' ' or '\t' or '\r' or '\n'))
            {
                kept[length++] = sign;
            }
        }

        return new string(kept, 0, length);
    }

    /// <summary>False where what stands between the quotes of a JSON string has half of a
    /// surrogate pair in it.</summary>
    public static bool IsText(ReadOnlySpan<char> escaped)
    {
        for (var at = escaped.IndexOf('\\'); at >= 0; at = escaped.IndexOf('\\'))
        {
            var escape = EscapeLength(escaped[at..]);
            if (escape == 0)
            {
                return false;
            }

            escaped = escaped[(at + escape)..];
        }

        return true;
    }

    /// <summary>A member's name as a step of a JSON pointer (RFC 6901, section 3).</summary>
    public static string PointerStep(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>How many characters an escape has: 2, 6, or 12 for a pair; 0 for half a pair.
    /// </summary>
    private static int EscapeLength(ReadOnlySpan<char> rest)
    {
        if (rest[1] != 'u')
        {
            return 2;
        }

        var first = Unit(rest);
        if (!char.IsSurrogate(first))
        {
            return 6;
        }

        var isPair =
            char.IsHighSurrogate(first)
            && rest.Length >= 12
            && rest[6] == '\\'
            && rest[7] == 'u'
            && char.IsLowSurrogate(Unit(rest[6..]));
        return isPair ? 12 : 0;
    }

    private static char Unit(ReadOnlySpan<char> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier);
}
