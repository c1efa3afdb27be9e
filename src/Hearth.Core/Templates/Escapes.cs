using System.Globalization;
using System.Text;

namespace Hearth.Core.Templates;

/// <summary>What a backslash means inside of a text of a template, which is what it means in
/// Python.</summary>
internal static class Escapes
{
    /// <summary>Reads the escape that begins at a backslash; answers where it ends.</summary>
    public static int Read(string source, int at, StringBuilder text)
    {
        char c = source[at + 1];
        int digits = c switch
        {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if (digits > 0)
        {
            return ReadCode(source, at, digits, text);
        }
        if (c is >= '0' and <= '7')
        {
            return ReadOctal(source, at + 1, text);
        }
        string plain = c switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            '\n' => "",
            '\\' or '\'' or '"' => c.ToString(),
            'N' => throw Lexer.Fault(
                source,
                at,
                "Characters cannot be named: write \\u and the number."
            ),
            // An escape that Python does not know stays as it is; regexes rely on that.
            _ => "\\" + c,
        };
        text.Append(plain);
        return at + 2;
    }

    private static int ReadCode(string source, int at, int digits, StringBuilder text)
    {
        int end = at + 2 + digits;
        int code = 0;
        bool isRead =
            end <= source.Length
            && int.TryParse(
                source.AsSpan(at + 2, digits),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out code
            )
            && code is >= 0 and <= 0x10ffff;
        if (!isRead)
        {
            string letter = source[at + 1].ToString();
            throw Lexer.Fault(source, at, $"'\\{letter}' needs {digits} hexadecimal digits.");
        }
        _ =
            code > char.MaxValue
                ? text.Append(char.ConvertFromUtf32(code))
                : text.Append((char)code);
        return end;
    }

    private static int ReadOctal(string source, int at, StringBuilder text)
    {
        int code = 0;
        int end = at;
        while (end < Math.Min(at + 3, source.Length) && source[end] is >= '0' and <= '7')
        {
            code = (code * 8) + (source[end++] - '0');
        }
        text.Append((char)code);
        return end;
    }
}
