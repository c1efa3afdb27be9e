using System.Globalization;
using System.Text;

namespace Hearth.Core.Devices;

/// <summary>
/// Names as ids: lower-case letters, digits and single underscores, accents taken off, as Home
/// Assistant makes its entity ids.
/// </summary>
internal static class Slug
{
    // What stands for the Latin letters that people's names for rooms have in them. A table,
    // because the process runs without culture data.
    private const string From = "àáâãäåāăąçćčďđèéêëēęěìíîïīłñńňòóôõöøōőřśšťùúûüūůűýÿžźż";
    private const string To = "aaaaaaaaacccddeeeeeeeiiiiilnnnoooooooorsstuuuuuuuyyzzz";

    private const string Unnamed = "unnamed";

    public static string Of(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var character in name.ToLowerInvariant())
        {
            var place = From.IndexOf(character, StringComparison.Ordinal);
            var plain = place < 0 ? character : To[place];
            if (plain is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
            {
                slug.Append(plain);
            }
            else if (plain is 'ß')
            {
                slug.Append("ss");
            }
            else if (slug.Length > 0 && slug[^1] != '_')
            {
                slug.Append('_');
            }
        }

        var text = slug.ToString().Trim('_');
        return text.Length == 0 ? Unnamed : text;
    }

    /// <summary>
    /// The name of an area, a floor or a label as its id. People name rooms in every script, and
    /// two rooms must not become one for that: letters, digits and vowel signs of any script are
    /// kept, and a name with none of them (🛋️) is spelled by its code points.
    /// </summary>
    public static string OfPlace(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var rune in name.ToLowerInvariant().EnumerateRunes())
        {
            var place = rune.IsBmp ? From.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1;
            if (place >= 0)
            {
                slug.Append(To[place]);
            }
            else if (rune.Value == 'ß')
            {
                slug.Append("ss");
            }
            else if (Rune.IsLetterOrDigit(rune) || (IsVowelSign(rune) && slug is [.., not '_']))
            {
                slug.Append(rune.ToString());
            }
            else if (!IsMark(rune) && slug is [.., not '_'])
            {
                slug.Append('_');
            }
        }

        var text = slug.ToString().Trim('_');
        return text.Length == 0 ? Spelled(name.Trim()) : text;
    }

    // Accents that follow their letter are taken off like those that are part of one.
    private static bool IsVowelSign(Rune rune) =>
        IsMark(rune) && rune.Value is not (>= 0x300 and <= 0x36F);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark;

    private static string Spelled(string name)
    {
        var points = name.EnumerateRunes()
            .Select(rune => "u" + rune.Value.ToString("x", CultureInfo.InvariantCulture));
        return name.Length == 0 ? Unnamed : string.Join('_', points);
    }

    /// <summary>The name itself, or with the lowest number behind it that nobody has.</summary>
    public static string Unused(string name, Predicate<string> used)
    {
        if (!used(name))
        {
            return name;
        }

        for (var number = 2; ; number++)
        {
            var candidate = name + "_" + number.ToString(CultureInfo.InvariantCulture);
            if (!used(candidate))
            {
                return candidate;
            }
        }
    }
}
