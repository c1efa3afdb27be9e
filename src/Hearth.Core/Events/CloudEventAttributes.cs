using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Core.Events;

/// <summary>
/// What CloudEvents 1.0 says about the attributes of an event (spec sections 3 and 4): names,
/// types, and the sentence for each way of getting them wrong.
/// </summary>
internal static class CloudEventAttributes
{
    public static readonly IReadOnlyList<string> Required = ["specversion", "id", "source", "type"];

    public static readonly IReadOnlySet<string> Core = new HashSet<string>
    {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "dataschema",
    };

    public static bool IsName(string name) =>
        name.Length > 0
        && name.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign));

    public static string Missing(string name) =>
        name switch
        {
            "specversion" => "specversion is missing; write \"1.0\".",
            "id" => "id is missing; write a string that no other event of this source has.",
            "source" => "source is missing; write a URI reference, like \"/garden/gate\".",
            _ => "type is missing; write a name of your own, like \"com.example.gate_opened\".",
        };

    /// <summary>What is wrong with an attribute of the specification; null when nothing is.
    /// </summary>
    public static string? FaultOf(string name, string value) =>
        FaultOfText(value)
        ?? name switch
        {
            "specversion" => value == "1.0" ? null : $"Expected \"1.0\", found {Quote(value)}.",
            "id" => FaultOfLength(name, value),
            "type" => FaultOfLength(name, value) ?? FaultOfType(value),
            "subject" => FaultOfLength(name, value),
            "source" => FaultOfLength(name, value)
                ?? (
                    UriText.IsReference(value)
                        ? null
                        : $"{Quote(value)} is no URI reference (RFC 3986); percent-encode what a"
                            + " URI cannot hold."
                ),
            "dataschema" => UriText.IsAbsolute(value)
                ? null
                : $"{Quote(value)} is no absolute URI; write one, or leave it out.",
            "time" => ReadTime(value) is null
                ? $"{Quote(value)} is no time of RFC 3339; write it like 2026-11-25T18:30:00Z."
                : null,
            "datacontenttype" => value == "application/json" || MediaType.IsMatch(value)
                ? null
                : $"{Quote(value)} is no media type; write one, like application/json.",
            _ => null,
        };

    /// <summary>CloudEvents' String type: no control characters, no halves of pairs, no
    /// noncharacters.</summary>
    public static string? FaultOfText(string value)
    {
        for (var index = 0; index < value.Length; index++)
        {
            var sign = value[index];
            if (char.IsHighSurrogate(sign) && index + 1 < value.Length)
            {
                var isPair = char.IsLowSurrogate(value[index + 1]);
                if (isPair && (char.ConvertToUtf32(sign, value[index + 1]) & 0xfffe) != 0xfffe)
                {
                    index++;
                    continue;
                }
            }

            if (char.IsControl(sign) || char.IsSurrogate(sign) || IsNoncharacter(sign))
            {
                return $"Character {index + 1} is U+{(int)sign:X4}, which an attribute cannot hold;"
                    + " leave it out, or put the text into data.";
            }
        }

        return null;
    }

    /// <summary>A time of RFC 3339; digits of the second beyond the seventh are cut off, and a
    /// leap second counts as the end of its minute.</summary>
    public static DateTimeOffset? ReadTime(string text)
    {
        // 2026-11-25T18:30:00 and then a fraction, if any, and the zone.
        if (text.Length < 20 || text[10] is not ('T' or 't'))
        {
            return null;
        }

        var zoneAt = 19;
        if (text[zoneAt] == '.')
        {
            do
            {
                zoneAt++;
            } while (zoneAt < text.Length && char.IsAsciiDigit(text[zoneAt]));
            if (zoneAt == 20)
            {
                return null;
            }
        }

        var zone = text[zoneAt..];
        var isLeap = text.AsSpan(17, 2) is "60";
        var plain = string.Concat(
            text.AsSpan(0, 10),
            "T",
            text.AsSpan(11, 6),
            isLeap ? "59.9999999" : text.AsSpan(17, Math.Min(zoneAt, 27) - 17)
        );
        // The format's zzz takes less than the RFC's ±hh:mm, and Z not at all.
        if (zone is "Z" or "z" or "-00:00")
        {
            zone = "+00:00";
        }

        return
            zone.Length == 6
            && zone[3] == ':'
            && DateTimeOffset.TryParseExact(
                plain + zone,
                "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time
            )
            ? time
            : null;
    }

    private static string? FaultOfLength(string name, string value) =>
        value.Length switch
        {
            0 => $"{name} is empty; "
                + (name == "subject" ? "leave it out, or say what it is about." : "write one."),
            > CloudEventReader.TextMax =>
                $"{name} has {value.Length} characters; at most {CloudEventReader.TextMax}.",
            _ => null,
        };

    private static string? FaultOfType(string value) =>
        value.StartsWith(EventCatalogue.ReservedPrefix, StringComparison.Ordinal)
            ? $"{Quote(value)}: what begins with \"hearth.\" is the hub's own word; write a name of"
                + " your own, like \"com.example.gate_opened\"."
            : null;

    private static bool IsNoncharacter(char sign) =>
        sign is >= '\ufdd0' and <= '\ufdef' or '\ufffe' or '\uffff';

    private static string Quote(string value) =>
        JsonWriter.Quote(value.Length <= 60 ? value : value[..57] + "…");

    private static readonly Regex MediaType = new(
        @"^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+"
            + @"([ \t]*;[ \t]*[A-Za-z0-9!#$&^_.+-]+=([A-Za-z0-9!#$&^_.+:/-]+|""[^""\\]*""))*\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    );
}
