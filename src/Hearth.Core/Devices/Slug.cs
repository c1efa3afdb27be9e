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
        return text.Length == 0 ? "unnamed" : text;
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
