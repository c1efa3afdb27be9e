using System.Text;

namespace Hearth.Hub.Events;

/// <summary>
/// Attribute values in headers: what is not printable ASCII is percent-encoded UTF-8, and some
/// senders put quotation marks around (HTTP binding of CloudEvents, section 3.1.3.2).
/// </summary>
internal static class HeaderText
{
    public static string Decode(string value)
    {
        if (value is ['"', .., '"'] && value.Length >= 2)
        {
            value = Unquote(value);
        }

        return value.Contains('%') ? Unescape(value) : value;
    }

    /// <summary>What a header cannot hold is percent-encoded.</summary>
    public static string Encode(string text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is > ' ' and <= '~' and not '"' and not '%')
            {
                escaped.Append(rune.ToString());
                continue;
            }

            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                escaped.Append('%').Append(value.ToString("X2"));
            }
        }

        return escaped.ToString();
    }

    /// <summary>Only whole and valid sequences are decoded; anything else was meant as it is.
    /// </summary>
    private static string Unescape(string value)
    {
        var bytes = new List<byte>(value.Length);
        var rest = Encoding.UTF8.GetBytes(value).AsSpan();
        while (!rest.IsEmpty)
        {
            if (
                rest.Length >= 3
                && rest[0] == '%'
                && byte.TryParse(
                    rest.Slice(1, 2),
                    System.Globalization.NumberStyles.AllowHexSpecifier,
                    null,
                    out var octet
                )
            )
            {
                bytes.Add(octet);
                rest = rest[3..];
            }
            else
            {
                bytes.Add(rest[0]);
                rest = rest[1..];
            }
        }

        var decoded = bytes.ToArray();
        return System.Text.Unicode.Utf8.IsValid(decoded) ? Encoding.UTF8.GetString(decoded) : value;
    }

    private static string Unquote(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var index = 1; index < value.Length - 1; index++)
        {
            if (value[index] == '\\' && index + 1 < value.Length - 1)
            {
                index++;
            }

            text.Append(value[index]);
        }

        return text.ToString();
    }
}
